//! The key-value store in memory, as strict as the real one about what it is given, and on order
//! as forgetful.

use std::collections::{BTreeMap, VecDeque};

use super::Fake;
use crate::domain::timestamp::Timestamp;
use crate::ports::{Fault, Kv, Namespace, Platform, Put};

type Key = (Namespace, String);

/// How a put fails; `Pass` lets one through.
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
    pub put_faults: VecDeque<PutFault>,
    pub failing_gets: usize,
    pub stale: bool,
    pub limits_puts: bool,
    written: BTreeMap<Key, Timestamp>,
    pub reads: u64,
    pub writes: u64,
}

const STALE_MS: u64 = 60_000;

impl Store {
    fn live(&self, key: &Key, now: Timestamp) -> Option<String> {
        let (value, expires) = self.values.get(key)?;
        expires
            .is_none_or(|expires| now < expires)
            .then(|| value.clone())
    }

    /// Whether the last put of this key is a second ago, which is then noted as now.
    fn is_rested(&mut self, namespace: Namespace, key: &str, now: Timestamp) -> bool {
        let last = self.written.get(&(namespace, key.to_owned()));
        let rested = last.is_none_or(|last| now.since_ms(*last) >= 1000);
        if rested {
            self.written.insert((namespace, key.to_owned()), now);
        }
        rested
    }

    pub fn plant(&mut self, namespace: Namespace, key: &str, value: &str) {
        self.values
            .insert((namespace, key.to_owned()), (value.to_owned(), None));
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
}

impl Kv for Fake {
    async fn get(&self, namespace: Namespace, key: &str) -> Result<Option<String>, Fault> {
        let now = self.now();
        let mut kv = self.kv.borrow_mut();
        kv.reads = kv.reads.saturating_add(1);
        if kv.failing_gets > 0 {
            kv.failing_gets = kv.failing_gets.saturating_sub(1);
            return Err(Fault::Unreachable);
        }
        let key = (namespace, key.to_owned());
        if kv.stale
            && let Some((value, at)) = kv.seen.get(&key)
            && now.since_ms(*at) < STALE_MS
        {
            return Ok(value.clone());
        }
        let value = kv.live(&key, now);
        kv.seen.insert(key, (value.clone(), now));
        Ok(value)
    }

    async fn put(&self, namespace: Namespace, put: Put) -> Result<(), Fault> {
        let now = self.now();
        let mut kv = self.kv.borrow_mut();
        kv.writes = kv.writes.saturating_add(1);
        let valid = (1..=512).contains(&put.key.len()) && put.ttl_s.is_none_or(|ttl| ttl >= 60);
        if !valid {
            return Err(Fault::Refused {
                status: 400,
                retry_after_s: None,
            });
        }
        let fault = kv.put_faults.pop_front();
        if fault == Some(PutFault::Before) {
            return Err(Fault::Unreachable);
        }
        if kv.limits_puts && !kv.is_rested(namespace, &put.key, now) {
            return Err(Fault::Refused {
                status: 429,
                retry_after_s: Some(2),
            });
        }
        let expires = put.ttl_s.map(|ttl_s| now.plus_s(ttl_s));
        kv.values.insert((namespace, put.key), (put.value, expires));
        if fault == Some(PutFault::After) {
            Err(Fault::Unreachable)
        } else {
            Ok(())
        }
    }

    async fn delete(&self, namespace: Namespace, key: &str) -> Result<(), Fault> {
        let mut kv = self.kv.borrow_mut();
        kv.writes = kv.writes.saturating_add(1);
        kv.values.remove(&(namespace, key.to_owned()));
        Ok(())
    }

    async fn list(&self, namespace: Namespace, prefix: &str) -> Result<Vec<String>, Fault> {
        let now = self.now();
        let mut kv = self.kv.borrow_mut();
        kv.writes = kv.writes.saturating_add(1);
        let names = kv.values.range((namespace, prefix.to_owned())..);
        let names: Vec<Key> = names
            .take_while(|((n, key), _)| *n == namespace && key.starts_with(prefix))
            .map(|(key, _)| key.clone())
            .collect();
        Ok(names
            .into_iter()
            .filter(|key| kv.live(key, now).is_some())
            .map(|(_, key)| key)
            .collect())
    }
}
