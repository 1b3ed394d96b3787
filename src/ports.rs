//! What the product needs from the world: storage, a ledger, outgoing HTTP, mail, the time and
//! chance.
//!
//! `edge` implements these on workerd, `fake` in memory. Nothing here knows a provider or a table.
//! Futures need not be `Send`: workerd runs one thread.

mod body;
mod fault;
pub mod json;
mod kv;
pub mod log;
mod outbound;
mod snapshots;
mod stream;
mod text;

pub use body::Body;
pub use fault::Fault;
pub use kv::{Kv, Namespace, Put};
pub use outbound::{Limits, Outbound};
pub use snapshots::{Mark, Snapshots};
pub use stream::{Pieces, Sink};
pub use text::Text;

use crate::domain::ids::{AttemptId, UserId};
use crate::domain::timestamp::Timestamp;

/// Which ledger is asked: one object each.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Book {
    /// Everything that one person owns.
    User(UserId),
    /// One attempt to sign in.
    Link(AttemptId),
    /// What is counted over all people.
    Global,
}

impl std::fmt::Display for Book {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::User(id) => write!(f, "user:{id}"),
            Self::Link(id) => write!(f, "link:{id}"),
            Self::Global => f.write_str("global"),
        }
    }
}

impl std::str::FromStr for Book {
    type Err = crate::domain::ids::Malformed;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            Some(("user", id)) => id.parse().map(Self::User),
            Some(("link", id)) => id.parse().map(Self::Link),
            None if text == "global" => Ok(Self::Global),
            _ => Err(crate::domain::ids::Malformed),
        }
    }
}

/// Where decisions are made, one at a time for each book. What is posted is a command of
/// `crate::ledger` in JSON; `ledger::ask` is the typed way to do it.
pub trait Ledger {
    async fn post(&self, book: &Book, message: String) -> Result<String, Fault>;
}

/// A letter to one person, both parts saying the same.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// Sent again with the same id, it is delivered once where the provider can tell.
    pub id: String,
    /// A word for the provider's statistics: `sign_in`, `training_ready`, …
    pub kind: &'static str,
}

/// Sends letters through a binding of the platform. The HTTP adapter is `providers::resend`.
pub trait Mail {
    async fn deliver(&self, from: &str, letter: &Letter) -> Result<(), Fault>;
}

/// The world, as one argument.
pub trait Platform: Kv + Outbound + Ledger + Mail {
    fn now(&self) -> Timestamp;
    /// 32 fresh random bytes at each call.
    fn entropy(&self) -> [u8; 32];
    /// UTS-46 to A-labels, as the URL parser of the platform does it.
    fn domain_to_ascii(&self, domain: &str) -> Option<String>;
    /// Asks the shield of that name whether this client may go on; quotas are the ledger's.
    async fn admits(&self, shield: Shield, client: &str) -> bool;
    /// One line for the operator, made by [`log::line`].
    fn log(&self, line: &str);
}

/// A coarse limit per client, counted near the client and not accurately.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Shield {
    Link,
    Confirm,
    Upload,
    Webhook,
    /// What anybody may ask for again and again, and has a ledger asked each time.
    Read,
}

impl Shield {
    pub const ALL: [Self; 5] = [
        Self::Link,
        Self::Confirm,
        Self::Upload,
        Self::Webhook,
        Self::Read,
    ];

    /// The name of the binding.
    pub const fn binding(self) -> &'static str {
        match self {
            Self::Link => "RL_LINK",
            Self::Confirm => "RL_CONFIRM",
            Self::Upload => "RL_UPLOAD",
            Self::Webhook => "RL_WEBHOOK",
            Self::Read => "RL_READ",
        }
    }
}
