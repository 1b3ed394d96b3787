//! The ledger's core over a map: one set of rows a book, changed all or not at all.

use std::collections::BTreeMap;

use crate::config::Rules;
use crate::domain::timestamp::Timestamp;
use crate::ledger::{self, Found, Kind, Rows};
use crate::ports::{Book, Fault};

type Row = (String, Option<Timestamp>);

#[derive(Default)]
struct Shelf(BTreeMap<(Kind, String), Row>);

pub(super) struct Books {
    shelves: BTreeMap<Book, Shelf>,
    rules: Rules,
    pub messages: BTreeMap<Book, u64>,
    pub rows_written: u64,
}

impl Books {
    pub fn new(rules: Rules) -> Self {
        Self {
            shelves: BTreeMap::new(),
            rules,
            messages: BTreeMap::new(),
            rows_written: 0,
        }
    }

    pub fn post(&mut self, book: &Book, now: Timestamp, message: &str) -> Result<String, Fault> {
        let shelf = self.shelves.entry(book.clone()).or_default();
        let applied = ledger::apply(shelf, book, &self.rules, now, message)?;
        let messages = self.messages.entry(book.clone()).or_default();
        *messages = messages.saturating_add(1);
        for change in applied.changes {
            self.rows_written = self.rows_written.saturating_add(1);
            let key = (change.kind, change.key);
            match change.value {
                Some(value) => shelf.0.insert(key, (value, change.due)),
                None => shelf.0.remove(&key),
            };
        }
        Ok(applied.answer)
    }

    pub fn next_alarm(&self) -> Option<(Timestamp, Book)> {
        self.alarms().min()
    }

    pub fn alarms(&self) -> impl Iterator<Item = (Timestamp, Book)> {
        let due = |shelf: &Shelf| shelf.0.values().filter_map(|(_, due)| *due).min();
        self.shelves
            .iter()
            .filter_map(move |(book, shelf)| Some((due(shelf)?, book.clone())))
    }

    pub fn rows_of(&self, book: &Book, kind: Kind) -> Vec<(String, String)> {
        let rows = self.shelves.get(book).map(|shelf| &shelf.0);
        rows.into_iter()
            .flat_map(|rows| rows.range((kind, String::new())..))
            .take_while(|((known, _), _)| *known == kind)
            .map(|((_, key), (value, _))| (key.clone(), value.clone()))
            .collect()
    }

    pub fn plant(&mut self, book: &Book, kind: Kind, key: &str, value: Option<&str>) {
        let rows = &mut self.shelves.entry(book.clone()).or_default().0;
        let key = (kind, key.to_owned());
        let due = rows.remove(&key).and_then(|(_, due)| due);
        if let Some(value) = value {
            rows.insert(key, (value.to_owned(), due));
        }
    }

    pub fn rewrite(&mut self, name: &str, value: &str) {
        for (book, shelf) in &mut self.shelves {
            for ((kind, key), row) in &mut shelf.0 {
                if name == format!("{book} {} {key}", kind.name()) {
                    value.clone_into(&mut row.0);
                }
            }
        }
    }

    pub fn entries(&self) -> Vec<(String, String)> {
        let rows = |(book, shelf): (&Book, &Shelf)| {
            let book = book.to_string();
            let entry = |((kind, key), (value, _)): (&(Kind, String), &Row)| {
                (format!("{book} {} {key}", kind.name()), value.clone())
            };
            shelf.0.iter().map(entry).collect::<Vec<_>>()
        };
        self.shelves.iter().flat_map(rows).collect()
    }
}

impl Rows for Shelf {
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

    fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Found>, Fault> {
        let mut due: Vec<_> = self
            .0
            .iter()
            .filter_map(|(key, (value, due))| {
                due.filter(|due| *due <= now).map(|d| (d, key, value))
            })
            .collect();
        due.sort();
        Ok(due
            .into_iter()
            .take(limit)
            .map(|(_, (kind, key), value)| Found {
                kind: *kind,
                key: key.clone(),
                value: value.clone(),
            })
            .collect())
    }
}
