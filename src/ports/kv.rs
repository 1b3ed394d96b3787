//! The key-value store: eventually consistent, one write a second for each key, no way to compare
//! and set. It is a read model and a record; nothing is decided by it.

use std::cell::RefCell;

use super::{Fault, Snapshots};

/// The five namespaces, by the names of their bindings.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Namespace {
    Users,
    Models,
    Predictions,
    MagicLinks,
    Sessions,
}

impl Namespace {
    pub const ALL: [Self; 5] = [
        Self::Users,
        Self::Models,
        Self::Predictions,
        Self::MagicLinks,
        Self::Sessions,
    ];

    pub const fn binding(self) -> &'static str {
        match self {
            Self::Users => "USERS",
            Self::Models => "MODELS",
            Self::Predictions => "PREDICTIONS",
            Self::MagicLinks => "MAGIC_LINKS",
            Self::Sessions => "SESSIONS",
        }
    }

    /// For how long a place may go on serving what it has read, where that is less than the store's
    /// own minute. A session that has ended is refused everywhere within a minute; half of that is
    /// the store's, the other half [`super::Snapshots`]'.
    pub const fn cached_s(self) -> Option<u64> {
        match self {
            Self::Sessions => Some(30),
            _ => None,
        }
    }
}

/// A write. `ttl_s` is at least 60, or the store refuses it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Put {
    pub key: String,
    pub value: String,
    pub ttl_s: Option<u64>,
}

pub trait Kv {
    /// What was read lately; of the isolate.
    fn snapshots(&self) -> &RefCell<Snapshots>;
    async fn get(&self, namespace: Namespace, key: &str) -> Result<Option<String>, Fault>;
    async fn put(&self, namespace: Namespace, put: Put) -> Result<(), Fault>;
    async fn delete(&self, namespace: Namespace, key: &str) -> Result<(), Fault>;
    /// All names under a prefix, in byte order, page by page to the end.
    async fn list(&self, namespace: Namespace, prefix: &str) -> Result<Vec<String>, Fault>;
}
