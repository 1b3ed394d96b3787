use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

type Map = BTreeMap<(Kind, String), (String, Option<Timestamp>)>;

/// Rows of a map, which is what a book without a buffer is.
#[derive(Clone, Default)]
struct Plain(Map);

fn apply(map: &mut Map, changes: Vec<Change>) {
    for change in changes {
        let key = (change.kind, change.key);
        match change.value {
            Some(value) => map.insert(key, (value, change.due)),
            None => map.remove(&key),
        };
    }
}

fn found(((kind, key), (value, _)): (&(Kind, String), &(String, Option<Timestamp>))) -> Found {
    Found {
        kind: *kind,
        key: key.clone(),
        value: value.clone(),
    }
}

impl Disk for Plain {
    fn get(&self, kind: Kind, key: &str) -> Result<Option<String>, Fault> {
        let row = self.0.get(&(kind, key.to_owned()));
        Ok(row.map(|(value, _)| value.clone()))
    }

    fn list(
        &self,
        kind: Kind,
        prefix: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<Found>, Fault> {
        let rows = self.0.iter().filter(|((k, key), _)| {
            *k == kind && key.starts_with(prefix) && (after.is_empty() || key.as_str() > after)
        });
        Ok(rows.map(found).take(limit).collect())
    }

    fn earliest(&self, limit: usize) -> Result<Vec<(Timestamp, Found)>, Fault> {
        let due =
            |row: (&(Kind, String), &(String, Option<Timestamp>))| Some(((row.1).1?, found(row)));
        let mut rows: Vec<_> = self.0.iter().filter_map(due).collect();
        rows.sort_by_key(|(due, _)| *due);
        rows.truncate(limit);
        Ok(rows)
    }
}

/// A book with a buffer, and the same without one.
#[derive(Default)]
struct Both {
    plain: Plain,
    disk: Plain,
    buffer: Buffer,
    written: usize,
}

impl Both {
    fn rows(&self) -> Buffered<'_> {
        Buffered {
            disk: &self.disk,
            buffer: &self.buffer,
        }
    }

    fn take(&mut self, changes: &[Change]) {
        apply(&mut self.plain.0, changes.to_vec());
        let out = self.buffer.take(&self.disk, changes.to_vec()).unwrap();
        self.written += out.len();
        apply(&mut self.disk.0, out);
        let text = self.buffer.write().unwrap_or_default();
        self.buffer = Buffer::read(&text).unwrap();
        assert!(text.len() <= MOST_BYTES);
    }
}

fn change(kind: Kind, key: &str, bytes: Option<usize>, due: u64) -> Change {
    Change {
        kind,
        key: key.to_owned(),
        value: bytes.map(|bytes| "x".repeat(bytes)),
        due: kind.is_timed().then_some(Timestamp::from_ms(due)),
        at_rest: bytes == Some(10) && due.is_multiple_of(5),
    }
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let kind = prop::sample::select(vec![Kind::Prediction, Kind::Outbox, Kind::Key]);
    let bytes = prop::option::weighted(0.7, prop::sample::select(vec![0, 10, 900, 3000, 5000]));
    let one = (kind, 0..15_u8, bytes, 0..50_u64)
        .prop_map(|(kind, key, bytes, due)| change(kind, &format!("k{key:02}"), bytes, due));
    prop::collection::vec(one, 1..6).prop_map(|mut changes| {
        // A command changes a row once.
        changes.sort_by(|a, b| (a.kind, &a.key).cmp(&(b.kind, &b.key)));
        changes.dedup_by(|a, b| a.kind == b.kind && a.key == b.key);
        changes
    })
}

proptest! {
    #[test]
    fn a_book_with_a_buffer_reads_like_one_without(turns in prop::collection::vec(changes(), 1..40)) {
        let mut both = Both::default();
        for turn in turns {
            both.take(&turn);
            let (rows, plain) = (both.rows(), &both.plain);
            for kind in [Kind::Prediction, Kind::Outbox, Kind::Key] {
                for (prefix, after, limit) in [("", "", 100), ("k0", "k03", 4), ("k1", "", 2)] {
                    prop_assert_eq!(
                        rows.list(kind, prefix, after, limit).unwrap(),
                        plain.list(kind, prefix, after, limit).unwrap()
                    );
                }
                prop_assert_eq!(rows.get(kind, "k07").unwrap(), plain.get(kind, "k07").unwrap());
            }
            let all = plain.earliest(usize::MAX).unwrap();
            prop_assert_eq!(rows.first_due().unwrap(), all.first().map(|(due, _)| *due));
            let now = Timestamp::from_ms(25);
            let key = |found: &Found| (found.kind, found.key.clone());
            let mut due: Vec<_> = rows.due(now, 1000).unwrap().iter().map(key).collect();
            let is_due = |(at, found): &(Timestamp, Found)| (*at <= now).then(|| key(found));
            let mut expected: Vec<_> = all.iter().filter_map(is_due).collect();
            due.sort();
            expected.sort();
            prop_assert_eq!(due, expected);
            let few = rows.due(now, 3).unwrap();
            prop_assert_eq!(few.len(), all.iter().filter(|(at, _)| *at <= now).count().min(3));
        }
    }

    #[test]
    fn no_text_breaks_a_buffer(text in "\\PC*|[\\x00-\\x7f]*") {
        if let Ok(buffer) = Buffer::read(&text) {
            let written = buffer.write().unwrap_or_default();
            prop_assert_eq!(Buffer::read(&written).unwrap().write().unwrap_or_default(), written);
        }
    }
}

#[test]
fn what_comes_and_goes_is_never_written_for_itself() {
    let mut both = Both::default();
    for number in 0..1000 {
        let key = format!("look/{number}");
        both.take(&[change(Kind::Outbox, &key, Some(200), 1)]);
        both.take(&[change(Kind::Outbox, &key, None, 1)]);
    }
    assert_eq!((both.written, both.buffer.write()), (0, None));
}

#[test]
fn what_stays_is_written_once_for_itself() {
    let mut both = Both::default();
    let keys: Vec<String> = (0..200).map(|number| format!("k{number}")).collect();
    for key in &keys {
        for _ in 0..5 {
            both.take(&[change(Kind::Prediction, key, Some(1000), 0)]);
        }
    }
    assert_eq!(both.written, both.disk.0.len());
    assert!(both.written < keys.len());
}

#[test]
fn what_is_long_or_no_line_is_written_at_once() {
    let mut both = Both::default();
    both.take(&[change(Kind::Prediction, "a", Some(10), 0)]);
    both.take(&[
        change(Kind::Prediction, "a", Some(MOST_BYTES_OF_ONE), 0),
        change(Kind::Told, "a\tb\nc", Some(1), 0),
    ]);
    assert_eq!((both.disk.0.len(), both.buffer.write()), (2, None));
    assert_eq!(both.disk.0, both.plain.0);
}

#[test]
fn a_buffer_that_cannot_be_read_fails() {
    for text in [
        "x",
        "new\tuser\t\t\n",
        "new\tghost\t\t\t{}\n",
        "new\tkey\tk\tsoon\t{}\n",
    ] {
        assert!(Buffer::read(text).is_err(), "{text}");
    }
}

#[test]
fn the_oldest_row_leaves_when_32_kib_are_full() {
    let mut both = Both::default();
    let line = 1000 + "k00".len() + FRAME_BYTES;
    for number in 0..MOST_BYTES / line {
        both.take(&[change(Kind::Photo, &format!("k{number:02}"), Some(1000), 0)]);
    }
    assert_eq!(MOST_BYTES, 32_768);
    assert_eq!(both.written, 0);
    both.take(&[change(Kind::Photo, "k99", Some(1000), 0)]);
    let left: Vec<&String> = both.disk.0.keys().map(|(_, key)| key).collect();
    assert_eq!((both.written, left), (1, vec![&"k00".to_owned()]));
}
