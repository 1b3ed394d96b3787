//! What is kept in KV, as typed tables: a model key cannot be used to read a session.
//!
//! KV is the read model and the record. Its values are mirrors of what the ledger decided, written
//! whole, so that writing one twice is harmless; nothing is decided by them.

use std::fmt::Display;

use crate::domain::ids::{AttemptId, ModelKey, PredictionKey, SessionId, UserKey};
use crate::ports::json::{FromJson, ToJson};
use crate::ports::{Fault, Kv, Mark, Namespace, Platform, Put};
use crate::records;

/// A namespace with the type of its keys and records.
pub trait Table {
    const NAMESPACE: Namespace;
    type Key: Display;
    type Record: ToJson + FromJson + Default;
}

macro_rules! tables {
    ($($(#[$doc:meta])* $table:ident: $namespace:ident, $key:ty => $record:ty;)+) => {$(
        $(#[$doc])*
        pub struct $table;

        impl Table for $table {
            const NAMESPACE: Namespace = Namespace::$namespace;
            type Key = $key;
            type Record = $record;
        }
    )+};
}

tables! {
    /// People, under `email.{id}` or `facebook.{id}`.
    Users: Users, UserKey => records::User;
    /// Models, under `{user}.{model}`.
    Models: Models, ModelKey => records::Model;
    /// Predictions, under `{user}.{model}_{serial}`.
    Predictions: Predictions, PredictionKey => records::Prediction;
    /// Attempts to sign in by mail, under the hash of the browser's nonce.
    MagicLinks: MagicLinks, AttemptId => records::Attempt;
    /// Sessions, under their id.
    Sessions: Sessions, SessionId => records::Session;
}

/// The store refuses a shorter life.
const MIN_TTL_S: u64 = 60;

/// The record of that key. One that cannot be read fails alone, as `Malformed`.
pub async fn find<T: Table>(kv: &impl Kv, key: &T::Key) -> Result<Option<T::Record>, Fault> {
    match kv.get(T::NAMESPACE, &key.to_string()).await? {
        None => Ok(None),
        Some(text) => records::read(&text)
            .map(Some)
            .ok_or(Fault::malformed(T::NAMESPACE.binding())),
    }
}

/// The record of that key as it was at most half a minute ago, or as it is read now; see
/// [`crate::ports::Snapshots`].
pub async fn recent<T: Table, E>(
    platform: &impl Platform,
    key: &T::Key,
    read: impl Future<Output = Result<Option<T::Record>, E>>,
) -> Result<Option<T::Record>, E>
where
    T::Record: Clone + 'static,
{
    let (name, now) = (key.to_string(), platform.now());
    let (known, mark) = {
        let snapshots = platform.snapshots().borrow();
        (snapshots.find(T::NAMESPACE, &name, now), snapshots.mark())
    };
    if known.is_some() {
        return Ok(known);
    }
    let found = read.await?;
    if let Some(record) = &found {
        let mut snapshots = platform.snapshots().borrow_mut();
        snapshots.keep(mark, T::NAMESPACE, name, record.clone(), now);
    }
    Ok(found)
}

/// Has a record that the ledger has just shown serve for half a minute.
pub fn remember<T: Table>(platform: &impl Platform, mark: Mark, key: &T::Key, record: T::Record)
where
    T::Record: 'static,
{
    let now = platform.now();
    let mut snapshots = platform.snapshots().borrow_mut();
    snapshots.keep(mark, T::NAMESPACE, key.to_string(), record, now);
}

/// Has the next look at a record see it as it is.
pub fn forget<T: Table>(kv: &impl Kv, key: &T::Key) {
    let mut snapshots = kv.snapshots().borrow_mut();
    snapshots.forget(T::NAMESPACE, &key.to_string());
}

/// Writes the record, or removes it when there is none. `ttl_s` is lengthened to what the store
/// allows.
pub async fn mirror<T: Table>(
    kv: &impl Kv,
    key: &T::Key,
    record: Option<&T::Record>,
    ttl_s: Option<u64>,
) -> Result<(), Fault> {
    let name = key.to_string();
    // Also afterwards: what is read meanwhile is perhaps what was there before.
    forget::<T>(kv, key);
    let written = match record {
        None => kv.delete(T::NAMESPACE, &name).await,
        Some(record) => {
            let (key, value) = (name, records::write(record));
            let ttl_s = ttl_s.map(|ttl_s| ttl_s.max(MIN_TTL_S));
            kv.put(T::NAMESPACE, Put { key, value, ttl_s }).await
        }
    };
    forget::<T>(kv, key);
    written
}
