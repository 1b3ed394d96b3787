//! Proofs of who is asking and what is theirs.
//!
//! A use case that takes an [`Owned`] cannot be called without one, and one is made only from an id
//! and a [`SignedIn`]: the owner comes from the session and never from the request, so somebody
//! else's thing is simply not found.

use std::rc::Rc;

use super::ids::{Keyed, SessionId, UserId};
use super::timestamp::Timestamp;

/// Somebody with a session. Made by the session use case alone; whatever the ledger does on their
/// behalf it does after looking up the session and the epoch once more.
///
/// One pointer wide, because every use case hands it on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedIn(Rc<Vouched>);

#[derive(PartialEq, Eq, Debug)]
struct Vouched {
    user: UserId,
    session: SessionId,
    epoch: u32,
    signed_in_at: Timestamp,
}

impl SignedIn {
    /// To be called by `app::session` only: the arguments must come from a verified token.
    pub(crate) fn vouch(
        user: UserId,
        session: SessionId,
        epoch: u32,
        signed_in_at: Timestamp,
    ) -> Self {
        Self(Rc::new(Vouched {
            user,
            session,
            epoch,
            signed_in_at,
        }))
    }

    pub fn user(&self) -> &UserId {
        &self.0.user
    }

    pub fn session(&self) -> SessionId {
        self.0.session
    }

    pub fn epoch(&self) -> u32 {
        self.0.epoch
    }

    pub fn signed_in_at(&self) -> Timestamp {
        self.0.signed_in_at
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

    pub fn owner(&self) -> &UserId {
        self.by.user()
    }

    pub fn key(&self) -> Keyed<T> {
        Keyed {
            owner: self.by.user().clone(),
            id: self.id,
        }
    }
}
