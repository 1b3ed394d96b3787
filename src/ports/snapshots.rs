//! What an isolate has read lately and may go on showing, as plain data and for half a minute: who
//! somebody is and that their session stands. Nothing is decided by it that the ledger decides.

use std::any::Any;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::Namespace;
use crate::domain::timestamp::Timestamp;

const KEPT_MS: u64 = 30_000;
/// An isolate that serves more people than this at a time reads more often.
const MOST: usize = 1000;

type Key = (Namespace, String);

#[derive(Default)]
pub struct Snapshots {
    kept: BTreeMap<Key, (Timestamp, Rc<dyn Any>)>,
    forgotten: u64,
}

/// That nothing was forgotten since: what was read before may be older than that.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mark(u64);

impl Snapshots {
    /// The record of that key, if it was read within the last half minute.
    pub fn find<T: Clone + 'static>(
        &self,
        namespace: Namespace,
        key: &str,
        now: Timestamp,
    ) -> Option<T> {
        let (at, record) = self.kept.get(&(namespace, key.to_owned()))?;
        let record = (now.since_ms(*at) < KEPT_MS).then_some(record)?;
        record.downcast_ref().cloned()
    }

    /// Taken before reading, and handed in with what was read.
    pub const fn mark(&self) -> Mark {
        Mark(self.forgotten)
    }

    /// Keeps what was read, unless anything was forgotten meanwhile.
    pub fn keep<T: 'static>(
        &mut self,
        mark: Mark,
        namespace: Namespace,
        key: String,
        record: T,
        now: Timestamp,
    ) {
        if mark != self.mark() {
            return;
        }
        if self.kept.len() >= MOST {
            self.kept.retain(|_, (at, _)| now.since_ms(*at) < KEPT_MS);
        }
        if self.kept.len() < MOST {
            self.kept.insert((namespace, key), (now, Rc::new(record)));
        }
    }

    /// Forgets a record that is being written or removed, and whatever is being read.
    pub fn forget(&mut self, namespace: Namespace, key: &str) {
        self.forgotten = self.forgotten.wrapping_add(1);
        self.kept.remove(&(namespace, key.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USERS: Namespace = Namespace::Users;

    fn at(ms: u64) -> Timestamp {
        Timestamp::from_ms(ms)
    }

    #[test]
    fn a_snapshot_lasts_half_a_minute() {
        let mut snapshots = Snapshots::default();
        snapshots.keep(snapshots.mark(), USERS, "a".to_owned(), 7_u8, at(1000));
        assert_eq!(snapshots.find(USERS, "a", at(30_999)), Some(7_u8));
        assert_eq!(snapshots.find::<u8>(USERS, "a", at(31_000)), None);
        assert_eq!(
            snapshots.find::<u8>(Namespace::Sessions, "a", at(1000)),
            None
        );
    }

    #[test]
    fn what_was_read_before_something_was_forgotten_is_not_kept() {
        let mut snapshots = Snapshots::default();
        let mark = snapshots.mark();
        snapshots.forget(USERS, "a");
        snapshots.keep(mark, USERS, "a".to_owned(), 7_u8, at(0));
        assert_eq!(snapshots.find::<u8>(USERS, "a", at(0)), None);
    }

    #[test]
    fn there_are_never_more_than_so_many() {
        let mut snapshots = Snapshots::default();
        for number in 0..3 * MOST {
            let (mark, now) = (snapshots.mark(), at(20 * number as u64));
            snapshots.keep(mark, USERS, number.to_string(), number, now);
            assert!(snapshots.kept.len() <= MOST);
        }
        // Those whose time is over make room.
        let now = at(1_000_000);
        snapshots.keep(snapshots.mark(), USERS, "new".to_owned(), 7_u8, now);
        assert_eq!(snapshots.find(USERS, "new", now), Some(7_u8));
    }
}
