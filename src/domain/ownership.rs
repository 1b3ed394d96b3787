//! Proofs of who is asking and what is theirs.
//!
//! A use case that takes an [`Owned`] cannot be called without one, and one is made only from an id
//! and a [`SignedIn`]: the owner comes from the session and never from the request, so somebody
//! else's thing is simply not found.

use super::ids::{Keyed, SessionId, UserId};
use super::timestamp::Timestamp;

/// Somebody with a session. Made by the session use case alone; whatever the ledger does on their
/// behalf it does after looking up the session and the epoch once more.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(
    clippy::struct_field_names,
    reason = "the time of signing in is called nothing else"
)]
pub struct SignedIn {
    user: UserId,
    session: SessionId,
    epoch: u32,
    signed_in_at: Timestamp,
}

impl SignedIn {
    /// To be called by `app::session` only: the arguments must come from a verified token.
    pub(crate) const fn vouch(
        user: UserId,
        session: SessionId,
        epoch: u32,
        signed_in_at: Timestamp,
    ) -> Self {
        Self {
            user,
            session,
            epoch,
            signed_in_at,
        }
    }

    pub const fn user(&self) -> &UserId {
        &self.user
    }

    pub const fn session(&self) -> SessionId {
        self.session
    }

    pub const fn epoch(&self) -> u32 {
        self.epoch
    }

    pub const fn signed_in_at(&self) -> Timestamp {
        self.signed_in_at
    }

    /// The thing of that id, if it is theirs.
    pub fn own<T>(&self, id: T) -> Owned<T> {
        Owned {
            by: self.clone(),
            id,
        }
    }
}

/// A thing named by its owner.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Owned<T> {
    by: SignedIn,
    id: T,
}

impl<T: Copy> Owned<T> {
    pub const fn id(&self) -> T {
        self.id
    }

    pub const fn by(&self) -> &SignedIn {
        &self.by
    }

    pub const fn owner(&self) -> &UserId {
        &self.by.user
    }

    pub fn key(&self) -> Keyed<T> {
        Keyed {
            owner: self.by.user.clone(),
            id: self.id,
        }
    }
}
