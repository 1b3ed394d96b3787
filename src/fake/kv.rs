//! The key-value store in memory, as strict as the real one about what it is given, and on order
//! as forgetful.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::Fake;
use crate::domain::timestamp::Timestamp;
use crate::ports::{Fault, Kv, Namespace, Platform, Put, Snapshots};

type Key = (Namespace, String);

/// How a write fails, a deletion too; `Pass` lets one through.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PutFault {
    Pass,
    /// Nothing was written.
    Before,
    /// It was written, and the answer was lost.
    After,
}

#[derive(Default)]
pub(super) struct Store {
    values: BTreeMap<Key, (String, Option<Timestamp>)>,
    seen: BTreeMap<Key, (Option<String>, Timestamp)>,
    /// When each key was last written or removed.
    written: BTreeMap<Key, Timestamp>,
    pub put_faults: VecDeque<PutFault>,
    pub failing_gets: usize,
    pub stale: bool,
    /// Whether a key takes one write a second.
    pub limited: bool,
    pub reads: u64,
    pub writes: u64,
}

const STALE_MS: u64 = 60_000;
const WRITE_EVERY_MS: u64 = 1000;

const fn refused(status: u16, retry_after_s: Option<u32>) -> Fault {
    Fault::Refused {
        status,
        retry_after_s,
    }
}

impl Store {
    fn live(&self, key: &Key, now: Timestamp) -> Option<String> {
        let (value, expires) = self.values.get(key)?;
        expires
            .is_none_or(|expires| now < expires)
            .then(|| value.clone())
    }

    pub fn plant(&mut self, namespace: Namespace, key: &str, value: &str) {
        self.values
            .insert((namespace, key.to_owned()), (value.to_owned(), None));
    }

    pub fn forget_faults(&mut self) {
        self.put_faults.clear();
        self.failing_gets = 0;
    }

    pub fn entries(&self, now: Timestamp) -> Vec<(String, String)> {
        self.values
            .keys()
            .filter_map(|key| {
                let name = format!("{}/{}", key.0.binding(), key.1);
                Some((name, self.live(key, now)?))
            })
            .collect()
    }

    /// Writes or removes a value, or fails as it was told to.
    fn write(
        &mut self,
        key: Key,
        value: Option<(String, Option<Timestamp>)>,
        now: Timestamp,
    ) -> Result<(), Fault> {
        self.writes = self.writes.saturating_add(1);
        let fault = self.put_faults.pop_front();
        if fault == Some(PutFault::Before) {
            return Err(Fault::Unreachable);
        }
        let last = self.written.get(&key);
        if self.limited && last.is_some_and(|last| now.since_ms(*last) < WRITE_EVERY_MS) {
            return Err(refused(429, Some(2)));
        }
        self.written.insert(key.clone(), now);
        match value {
            Some(value) => self.values.insert(key, value),
            None => self.values.remove(&key),
        };
        if fault == Some(PutFault::After) {
            Err(Fault::Unreachable)
        } else {
            Ok(())
        }
    }
}

impl Kv for Fake {
    fn snapshots(&self) -> &RefCell<Snapshots> {
        &self.snapshots
    }

    async fn get(&self, namespace: Namespace, key: &str) -> Result<Option<String>, Fault> {
        let now = self.now();
        let mut kv = self.kv.borrow_mut();
        kv.reads = kv.reads.saturating_add(1);
        if kv.failing_gets > 0 {
            kv.failing_gets = kv.failing_gets.saturating_sub(1);
            return Err(Fault::Unreachable);
        }
        let key = (namespace, key.to_owned());
        let stale_ms = namespace
            .cached_s()
            .map_or(STALE_MS, |s| s.saturating_mul(1000));
        if kv.stale
            && let Some((value, at)) = kv.seen.get(&key)
            && now.since_ms(*at) < stale_ms
        {
            return Ok(value.clone());
        }
        let value = kv.live(&key, now);
        kv.seen.insert(key, (value.clone(), now));
        Ok(value)
    }

    async fn put(&self, namespace: Namespace, put: Put) -> Result<(), Fault> {
        let valid = (1..=512).contains(&put.key.len()) && put.ttl_s.is_none_or(|ttl| ttl >= 60);
        if !valid {
            return Err(refused(400, None));
        }
        let now = self.now();
        let expires = put.ttl_s.map(|ttl_s| now.plus_s(ttl_s));
        let mut kv = self.kv.borrow_mut();
        kv.write((namespace, put.key), Some((put.value, expires)), now)
    }

    async fn delete(&self, namespace: Namespace, key: &str) -> Result<(), Fault> {
        let now = self.now();
        self.kv
            .borrow_mut()
            .write((namespace, key.to_owned()), None, now)
    }

    async fn list(&self, namespace: Namespace, prefix: &str) -> Result<Vec<String>, Fault> {
        let now = self.now();
        let mut kv = self.kv.borrow_mut();
        kv.writes = kv.writes.saturating_add(1);
        let first = (namespace, prefix.to_owned());
        let is_under = |(n, key): &Key| *n == namespace && key.starts_with(prefix);
        let fresh = |key: &Key| {
            let written = kv.written.get(key);
            kv.stale && written.is_some_and(|at| now.since_ms(*at) < STALE_MS)
        };
        // What was written of late is not there yet, what was removed of late still is.
        let kept = kv.values.keys().filter(|key| kv.live(key, now).is_some());
        let kept = kept.filter(|key| is_under(key) && !fresh(key));
        let gone = kv.written.range(first..).map(|(key, _)| key);
        let gone = gone.filter(|key| is_under(key) && fresh(key) && !kv.values.contains_key(key));
        let names: BTreeSet<String> = kept.chain(gone).map(|(_, key)| key.clone()).collect();
        Ok(names.into_iter().collect())
    }
}
