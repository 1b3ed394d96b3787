//! The ledger's core over a map: one set of rows a book, changed all or not at all.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Rules;
use crate::domain::timestamp::Timestamp;
use crate::ledger::{self, Buffer, Buffered, Change, Disk, Found, Kind};
use crate::ports::{Book, Fault};

type Row = (String, Option<Timestamp>);

#[derive(Default)]
struct Lying(BTreeMap<(Kind, String), Row>);

#[derive(Default)]
struct Shelf {
    disk: Lying,
    buffer: Buffer,
    alarm: Option<Timestamp>,
}

impl Shelf {
    fn rows(&self) -> Buffered<'_> {
        Buffered {
            disk: &self.disk,
            buffer: &self.buffer,
        }
    }

    /// Commits changes; answers how many rows that writes.
    fn commit(&mut self, changes: Vec<Change>) -> Result<u64, Fault> {
        if changes.is_empty() {
            return Ok(0);
        }
        let out = self.buffer.take(&self.disk, changes)?;
        // Through its text, as it would be read again.
        self.buffer = Buffer::read(&self.buffer.write().unwrap_or_default())?;
        let written = u64::try_from(out.len()).unwrap_or(u64::MAX);
        self.disk.write(out);
        Ok(written.saturating_add(1))
    }

    /// Everything as rows of its own.
    fn whole(&self) -> BTreeMap<(Kind, String), Row> {
        let mut whole = Lying(self.disk.0.clone());
        whole.write(self.buffer.changes());
        whole.0
    }

    /// Writes everything out, so that rows can be changed behind the ledger's back.
    fn flushed(&mut self) -> &mut BTreeMap<(Kind, String), Row> {
        self.disk.0 = self.whole();
        self.buffer = Buffer::default();
        &mut self.disk.0
    }

    /// Sets the alarm, unless it comes earlier anyway; answers how many rows that writes.
    fn set_alarm(&mut self) -> Result<u64, Fault> {
        let due = self.rows().first_due()?;
        let sooner = due.filter(|due| self.alarm.is_none_or(|alarm| *due < alarm));
        self.alarm = sooner.or(self.alarm);
        Ok(sooner.is_some().into())
    }
}

impl Lying {
    fn write(&mut self, changes: Vec<Change>) {
        for change in changes {
            let key = (change.kind, change.key);
            match change.value {
                Some(value) => self.0.insert(key, (value, change.due)),
                None => self.0.remove(&key),
            };
        }
    }
}

pub(super) struct Books {
    shelves: BTreeMap<Book, Shelf>,
    /// Those whose alarm is ringing; they set the next one when it is over.
    ringing: BTreeSet<Book>,
    rules: Rules,
    pub messages: BTreeMap<Book, u64>,
    pub rows_written: u64,
}

impl Books {
    pub fn new(rules: Rules) -> Self {
        Self {
            shelves: BTreeMap::new(),
            ringing: BTreeSet::new(),
            rules,
            messages: BTreeMap::new(),
            rows_written: 0,
        }
    }

    pub fn post(&mut self, book: &Book, now: Timestamp, message: &str) -> Result<String, Fault> {
        let shelf = self.shelves.entry(book.clone()).or_default();
        let applied = ledger::apply(&shelf.rows(), book, &self.rules, now, message)?;
        let messages = self.messages.entry(book.clone()).or_default();
        *messages = messages.saturating_add(1);
        let timed = applied.changes.iter().any(|change| change.kind.is_timed());
        let mut written = shelf.commit(applied.changes)?;
        if timed && !self.ringing.contains(book) {
            written = written.saturating_add(shelf.set_alarm()?);
        }
        self.rows_written = self.rows_written.saturating_add(written);
        Ok(applied.answer)
    }

    /// The alarm of a book rings, until `ends`.
    pub fn ring(&mut self, book: &Book, ends: bool) -> Result<(), Fault> {
        let shelf = self.shelves.entry(book.clone()).or_default();
        if ends {
            self.ringing.remove(book);
            let written = shelf.set_alarm()?;
            self.rows_written = self.rows_written.saturating_add(written);
        } else {
            self.ringing.insert(book.clone());
            shelf.alarm = None;
        }
        Ok(())
    }

    pub fn next_alarm(&self) -> Option<(Timestamp, Book)> {
        self.alarms().min()
    }

    pub fn alarms(&self) -> impl Iterator<Item = (Timestamp, Book)> {
        self.shelves.iter().filter_map(|(book, shelf)| {
            let due = shelf.rows().first_due().ok().flatten()?;
            Some((due, book.clone()))
        })
    }

    pub fn rows_of(&self, book: &Book, kind: Kind) -> Vec<(String, String)> {
        let rows = self.shelves.get(book).map(Shelf::whole);
        rows.into_iter()
            .flatten()
            .filter(|((known, _), _)| *known == kind)
            .map(|((_, key), (value, _))| (key, value))
            .collect()
    }

    pub fn plant(&mut self, book: &Book, kind: Kind, key: &str, value: Option<&str>) {
        let rows = self.shelves.entry(book.clone()).or_default().flushed();
        let key = (kind, key.to_owned());
        let due = rows.remove(&key).and_then(|(_, due)| due);
        if let Some(value) = value {
            rows.insert(key, (value.to_owned(), due));
        }
    }

    /// Puts many rows into a book at once that are not there yet.
    pub fn crowd(&mut self, book: &Book, kind: Kind, rows: Vec<(String, String)>) {
        let lying = self.shelves.entry(book.clone()).or_default().flushed();
        lying.extend(
            rows.into_iter()
                .map(|(key, value)| ((kind, key), (value, None))),
        );
    }

    pub fn rewrite(&mut self, name: &str, value: &str) {
        for (book, shelf) in &mut self.shelves {
            for ((kind, key), row) in shelf.flushed() {
                if name == format!("{book} {} {key}", kind.name()) {
                    value.clone_into(&mut row.0);
                }
            }
        }
    }

    pub fn entries(&self) -> Vec<(String, String)> {
        let rows = |(book, shelf): (&Book, &Shelf)| {
            let book = book.to_string();
            let entry = |((kind, key), (value, _)): ((Kind, String), Row)| {
                (format!("{book} {} {key}", kind.name()), value)
            };
            shelf.whole().into_iter().map(entry).collect::<Vec<_>>()
        };
        self.shelves.iter().flat_map(rows).collect()
    }
}

impl Disk for Lying {
    fn get(&self, kind: Kind, key: &str) -> Result<Option<String>, Fault> {
        Ok(self
            .0
            .get(&(kind, key.to_owned()))
            .map(|(value, _)| value.clone()))
    }

    fn list(
        &self,
        kind: Kind,
        prefix: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<Found>, Fault> {
        Ok(self
            .0
            .range((kind, prefix.to_owned())..)
            .take_while(|((k, key), _)| *k == kind && key.starts_with(prefix))
            .filter(|((_, key), _)| after.is_empty() || key.as_str() > after)
            .take(limit)
            .map(|((kind, key), (value, _))| Found {
                kind: *kind,
                key: key.clone(),
                value: value.clone(),
            })
            .collect())
    }

    fn earliest(&self, limit: usize) -> Result<Vec<(Timestamp, Found)>, Fault> {
        let mut due: Vec<_> = self
            .0
            .iter()
            .filter_map(|(key, (value, due))| due.map(|due| (due, key, value)))
            .collect();
        due.sort();
        Ok(due
            .into_iter()
            .take(limit)
            .map(|(due, (kind, key), value)| {
                let found = Found {
                    kind: *kind,
                    key: key.clone(),
                    value: value.clone(),
                };
                (due, found)
            })
            .collect())
    }
}
