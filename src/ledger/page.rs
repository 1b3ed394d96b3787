//! One command's view of a book: it reads through to the rows and keeps what it writes until the
//! command has decided.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use super::effect::{Alert, Effect};
use super::refusal::Refusal;
use super::rows::{Kind, Outbox, Row};
use crate::config::Rules;
use crate::domain::timestamp::Timestamp;
use crate::ports::{Book, Fault};
use crate::records;

/// A row as it lies in the book.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    pub kind: Kind,
    pub key: String,
    pub value: String,
}

/// Reading a book. `list` gives the rows of a kind under a prefix in byte order, those after
/// `after` only, and at most `limit` of them.
pub trait Rows {
    fn get(&self, kind: Kind, key: &str) -> Result<Option<String>, Fault>;
    fn list(
        &self,
        kind: Kind,
        prefix: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<Found>, Fault>;
    /// Timed rows that are due, the longest due first.
    fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Found>, Fault>;
}

/// A row to write, or to remove when there is no value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    pub kind: Kind,
    pub key: String,
    pub value: Option<String>,
    /// For timed rows: when they are due.
    pub due: Option<Timestamp>,
    /// It has come to rest, and will hardly be written again.
    pub at_rest: bool,
}

pub struct Page<'a> {
    rows: &'a dyn Rows,
    book: &'a Book,
    rules: &'a Rules,
    now: Timestamp,
    writes: BTreeMap<(Kind, String), (Option<String>, Option<Timestamp>)>,
    at_rest: BTreeSet<(Kind, String)>,
    fault: std::cell::RefCell<Option<Fault>>,
}

/// No list is read without a limit.
const MOST: usize = 10_000;
/// How many rows are read at a time where all are gone over.
const SLICE: usize = 1000;
/// How long a taken row of the outbox is left alone: longer than its doing may last.
pub(super) const LEASE_S: u64 = 180;

#[expect(
    clippy::needless_pass_by_value,
    reason = "keys are ids and texts, taken as they come"
)]
impl<'a> Page<'a> {
    pub(super) fn new(
        rows: &'a dyn Rows,
        book: &'a Book,
        rules: &'a Rules,
        now: Timestamp,
    ) -> Self {
        Self {
            rows,
            book,
            rules,
            now,
            writes: BTreeMap::new(),
            at_rest: BTreeSet::new(),
            fault: None.into(),
        }
    }

    pub const fn now(&self) -> Timestamp {
        self.now
    }

    pub const fn rules(&self) -> &'a Rules {
        self.rules
    }

    pub const fn book(&self) -> &'a Book {
        self.book
    }

    /// The row of that key, if there is one.
    pub fn find<T: Row>(&self, key: impl ToString) -> Result<Option<T>, Refusal> {
        match self.text(T::KIND, key.to_string())? {
            Some(text) => records::read(&text).map(Some).ok_or_else(corrupt::<T>),
            None => Ok(None),
        }
    }

    fn text(&self, kind: Kind, key: String) -> Result<Option<String>, Refusal> {
        let key = (kind, key);
        match self.writes.get(&key) {
            Some((value, _)) => Ok(value.clone()),
            None => self
                .rows
                .get(kind, &key.1)
                .map_err(|fault| self.failing(fault)),
        }
    }

    /// The row of that key; it is not found when there is none.
    pub fn require<T: Row>(&self, key: impl ToString) -> Result<T, Refusal> {
        self.find(key)?.ok_or(Refusal::NotFound)
    }

    /// All rows under a prefix in byte order. One that cannot be read is left out and told.
    pub fn list<T: Row>(&mut self, prefix: &str) -> Result<Vec<T>, Refusal> {
        Ok(self
            .list_from(prefix, "", MOST)?
            .into_iter()
            .map(|(_, row)| row)
            .collect())
    }

    /// At most `limit` rows under a prefix, after `after`, with their keys.
    pub fn list_from<T: Row>(
        &mut self,
        prefix: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<(String, T)>, Refusal> {
        let mut rows = Vec::new();
        for (key, text) in self.texts(T::KIND, prefix, after, limit)? {
            match records::read(&text) {
                Some(row) => rows.push((key, row)),
                None => self.tell_unreadable::<T>(),
            }
        }
        Ok(rows)
    }

    /// Goes over all rows under a prefix, however many there are, a slice at a time and in byte order;
    /// each as it stands when its slice is read. One that cannot be read is left out and told.
    pub fn walk<T: Row>(
        &mut self,
        prefix: &str,
        mut act: impl FnMut(&mut Self, T) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let mut after = String::new();
        loop {
            let slice = self.texts(T::KIND, prefix, &after, SLICE)?;
            let is_last = slice.len() < SLICE;
            for (key, text) in slice {
                match records::read(&text) {
                    Some(row) => act(self, row)?,
                    None => self.tell_unreadable::<T>(),
                }
                after = key;
            }
            if is_last {
                return Ok(());
            }
        }
    }

    fn tell_unreadable<T: Row>(&mut self) {
        let alert = Alert::new("record-unreadable", T::KIND.name());
        self.enqueue(Effect::Alert(alert));
    }

    /// The rows under a prefix as they stand after what was written here, in byte order. Fewer than
    /// `limit` are all that there are.
    pub(super) fn texts(
        &self,
        kind: Kind,
        prefix: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<(String, String)>, Refusal> {
        let mut texts = BTreeMap::new();
        let mut from = after.to_owned();
        // What was removed here makes room for rows that lie further on.
        while texts.len() < limit {
            let found = self
                .rows
                .list(kind, prefix, &from, limit)
                .map_err(|fault| self.failing(fault))?;
            let end = found.last().filter(|_| found.len() >= limit);
            let end = end.map(|row| row.key.clone());
            texts.extend(found.into_iter().map(|row| (row.key, row.value)));
            self.overlay(&mut texts, kind, prefix, (&from, end.as_deref()));
            match end {
                Some(end) => from = end,
                None => break,
            }
        }
        Ok(texts.into_iter().take(limit).collect())
    }

    /// Brings what was written here into a part of a list: after the first key, and up to the second
    /// where the list goes on behind it.
    fn overlay(
        &self,
        texts: &mut BTreeMap<String, String>,
        kind: Kind,
        prefix: &str,
        (from, end): (&str, Option<&str>),
    ) {
        let start = Bound::Excluded((kind, from.to_owned()));
        let written = self.writes.range((start, Bound::Unbounded));
        let is_here = |key: &String| end.is_none_or(|end| key.as_str() <= end);
        for ((_, key), (value, _)) in
            written.take_while(|((known, key), _)| *known == kind && is_here(key))
        {
            match value {
                Some(value) if key.starts_with(prefix) => {
                    texts.insert(key.clone(), value.clone());
                }
                _ => {
                    texts.remove(key);
                }
            }
        }
    }

    /// The keys of all rows of a kind, also of those that cannot be read.
    pub(super) fn keys(&self, kind: Kind) -> Result<Vec<String>, Refusal> {
        let texts = self.texts(kind, "", "", MOST)?;
        Ok(texts.into_iter().map(|(key, _)| key).collect())
    }

    /// Timed rows that are due, after what was written here; the longest due first.
    pub(super) fn due(&self, limit: usize) -> Result<Vec<Found>, Refusal> {
        let found = self
            .rows
            .due(self.now, limit.saturating_add(self.writes.len()))
            .map_err(|fault| self.failing(fault))?;
        let is_old = |found: &Found| {
            let key = (found.kind, found.key.clone());
            !self.writes.contains_key(&key)
        };
        let new = self
            .writes
            .iter()
            .filter_map(|((kind, key), (value, due))| {
                due.filter(|due| *due <= self.now)?;
                Some(Found {
                    kind: *kind,
                    key: key.clone(),
                    value: value.clone()?,
                })
            });
        Ok(found
            .into_iter()
            .filter(is_old)
            .chain(new)
            .take(limit)
            .collect())
    }

    pub fn put<T: Row>(&mut self, key: impl ToString, row: &T) {
        self.write(T::KIND, key.to_string(), Some(records::write(row)), None);
    }

    /// Writes a row that has come to rest: it makes room for those that have not.
    pub fn put_at_rest<T: Row>(&mut self, key: impl ToString, row: &T) {
        let key = key.to_string();
        self.at_rest.insert((T::KIND, key.clone()));
        self.put(key, row);
    }

    /// Writes a timed row.
    pub fn put_until<T: Row>(&mut self, key: impl ToString, row: &T, due: Timestamp) {
        self.write(
            T::KIND,
            key.to_string(),
            Some(records::write(row)),
            Some(due),
        );
    }

    pub fn remove<T: Row>(&mut self, key: impl ToString) {
        self.remove_found(T::KIND, key.to_string());
    }

    pub(super) fn remove_found(&mut self, kind: Kind, key: String) {
        self.write(kind, key, None, None);
    }

    /// Leaves a row as it is, whatever it says, and has it due again at a moment.
    pub(super) fn put_off(&mut self, found: Found, due: Timestamp) {
        self.write(found.kind, found.key, Some(found.value), Some(due));
    }

    /// Lets an effect follow at once.
    pub fn enqueue(&mut self, effect: Effect) {
        self.enqueue_at(effect, self.now);
    }

    /// Lets an effect follow at a moment; one that waits under the same id is replaced, and one that
    /// is being done is done again afterwards.
    pub fn enqueue_at(&mut self, effect: Effect, due: Timestamp) {
        let id = effect.id();
        let known = self.find::<Outbox>(&id).ok().flatten();
        let leased_at = known.as_ref().and_then(|row| row.leased_at);
        let row = Outbox {
            schema: records::SCHEMA,
            effect,
            leased_at,
            attempts: 0,
            again: leased_at.map(|_| due),
            first_at: known.and_then(|row| row.first_at),
        };
        let end = leased_at.map(|leased_at| leased_at.plus_s(LEASE_S));
        self.put_until(id, &row, end.unwrap_or(due));
    }

    /// Whether an effect is still to be done. One that is being done now, perhaps by whoever asks,
    /// will be gone in a moment.
    pub fn awaits(&self, effect: &Effect) -> Result<bool, Refusal> {
        let row = self.find::<Outbox>(effect.id())?;
        Ok(row.is_some_and(|row| row.leased_at.is_none()))
    }

    pub fn cancel(&mut self, effect: &Effect) {
        self.remove::<Outbox>(effect.id());
    }

    fn write(&mut self, kind: Kind, key: String, value: Option<String>, due: Option<Timestamp>) {
        self.writes.insert((kind, key), (value, due));
    }

    fn failing(&self, fault: Fault) -> Refusal {
        self.fault.replace(Some(fault));
        Refusal::Failing
    }

    pub(super) fn into_fault(self) -> Fault {
        self.fault.into_inner().unwrap_or(Fault::Unreachable)
    }

    pub(super) fn into_changes(self) -> Vec<Change> {
        let at_rest = self.at_rest;
        self.writes
            .into_iter()
            .map(|(at, (value, due))| Change {
                at_rest: at_rest.contains(&at),
                kind: at.0,
                key: at.1,
                value,
                due,
            })
            .collect()
    }
}

fn corrupt<T: Row>() -> Refusal {
    Refusal::Corrupt {
        kind: T::KIND.name().into(),
    }
}
