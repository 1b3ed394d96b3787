//! How the rows of a book lie on disk: those that were written lately together in one, the buffer,
//! and all others each in one of its own.
//!
//! Storage is paid for by the row that is written, and most rows of a book are written several times
//! within seconds, or are gone again before anybody else could see them. Here a command writes one
//! row, whatever it changes; a row that leaves the buffer, because it was written longest ago, is
//! written once more, and one that is removed before that never is.
//!
//! ```text
//! buffer = *( state TAB kind TAB key TAB [ due ] TAB [ value ] LF )     ; the oldest first
//! state  = "new" / "changed" / "removed"     ; not on disk; there, as it was; there, and to go
//! ```

use super::page::{Change, Found, Rows};
use super::rows::Kind;
use crate::domain::timestamp::Timestamp;
use crate::ports::Fault;

/// So much of a book is read and written with every command.
const MOST_BYTES: usize = 32 * 1024;
/// What is longer would push out all others.
const MOST_BYTES_OF_ONE: usize = 4 * 1024;
/// What a line has beside its key and value.
const FRAME_BYTES: usize = 48;

const FAILED: Fault = Fault::Malformed {
    field: "ledger buffer",
};

/// The rows that lie on disk each for itself.
pub trait Disk {
    fn get(&self, kind: Kind, key: &str) -> Result<Option<String>, Fault>;
    /// As [`Rows::list`].
    fn list(
        &self,
        kind: Kind,
        prefix: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<Found>, Fault>;
    /// Timed rows, those first that are due first.
    fn earliest(&self, limit: usize) -> Result<Vec<(Timestamp, Found)>, Fault>;
}

/// The rows that were written lately, those first that were written longest ago.
#[derive(Clone, Debug, Default)]
pub struct Buffer(Vec<Line>);

#[derive(Clone, Debug)]
struct Line {
    kind: Kind,
    key: String,
    /// Nothing when it is removed.
    value: Option<String>,
    due: Option<Timestamp>,
    /// Whether there is one on disk, which this one overrides.
    on_disk: bool,
}

impl Line {
    fn bytes(&self) -> usize {
        let value = self.value.as_ref().map_or(0, String::len);
        value
            .saturating_add(self.key.len())
            .saturating_add(FRAME_BYTES)
    }

    fn found(&self) -> Option<Found> {
        Some(Found {
            kind: self.kind,
            key: self.key.clone(),
            value: self.value.clone()?,
        })
    }

    /// Whether it fits on a line among others.
    fn fits(&self) -> bool {
        let breaks = |text: &str| text.contains(['\t', '\n']);
        let value = self.value.as_deref().unwrap_or_default();
        self.bytes() <= MOST_BYTES_OF_ONE && !breaks(&self.key) && !breaks(value)
    }

    fn read(line: &str) -> Option<Self> {
        let mut parts = line.splitn(5, '\t');
        let (state, kind, key) = (parts.next()?, parts.next()?, parts.next()?);
        let (due, value) = (parts.next()?, parts.next()?);
        let due = match due {
            "" => None,
            ms => Some(Timestamp::from_ms(ms.parse().ok()?)),
        };
        Some(Self {
            kind: Kind::from_name(kind)?,
            key: key.to_owned(),
            value: (state != "removed").then(|| value.to_owned()),
            due,
            on_disk: state != "new",
        })
    }

    fn write(&self, out: &mut String) {
        let state = match (&self.value, self.on_disk) {
            (None, _) => "removed",
            (_, true) => "changed",
            (_, false) => "new",
        };
        let due = self.due.map(|due| due.as_ms().to_string());
        let due = due.as_deref().unwrap_or_default();
        let value = self.value.as_deref().unwrap_or_default();
        for part in [
            state,
            "\t",
            self.kind.name(),
            "\t",
            &self.key,
            "\t",
            due,
            "\t",
            value,
            "\n",
        ] {
            out.push_str(part);
        }
    }
}

impl From<Line> for Change {
    fn from(line: Line) -> Self {
        Self {
            kind: line.kind,
            key: line.key,
            value: line.value,
            due: line.due,
            at_rest: true,
        }
    }
}

impl Buffer {
    pub fn read(text: &str) -> Result<Self, Fault> {
        let lines = text.lines().map(Line::read).collect::<Option<_>>();
        lines.map(Self).ok_or(FAILED)
    }

    /// Nothing when there is nothing in it.
    pub fn write(&self) -> Option<String> {
        let mut text = String::new();
        for line in &self.0 {
            line.write(&mut text);
        }
        (!text.is_empty()).then_some(text)
    }

    /// All of it as changes to what is on disk.
    pub fn changes(&self) -> Vec<Change> {
        self.0.iter().cloned().map(Change::from).collect()
    }

    fn position(&self, kind: Kind, key: &str) -> Option<usize> {
        self.0
            .iter()
            .position(|line| line.kind == kind && line.key == key)
    }

    fn has(&self, found: &Found) -> bool {
        self.position(found.kind, &found.key).is_some()
    }

    /// Takes the changes of a command in, one for each row, and answers those to be made on disk.
    pub fn take(&mut self, disk: &dyn Disk, changes: Vec<Change>) -> Result<Vec<Change>, Fault> {
        let mut out = Vec::new();
        for change in changes {
            let known = self.position(change.kind, &change.key);
            let on_disk = match known.map(|at| self.0.remove(at)) {
                Some(line) => line.on_disk,
                None => disk.get(change.kind, &change.key)?.is_some(),
            };
            let line = Line {
                kind: change.kind,
                key: change.key,
                value: change.value,
                due: change.due,
                on_disk,
            };
            if line.value.is_none() && !on_disk {
                continue;
            }
            if line.fits() && !change.at_rest {
                self.0.push(line);
            } else {
                out.push(line.into());
            }
        }
        let mut bytes = self.0.iter().map(Line::bytes).sum::<usize>();
        let mut leaving: usize = 0;
        for line in &self.0 {
            if bytes <= MOST_BYTES {
                break;
            }
            bytes = bytes.saturating_sub(line.bytes());
            leaving = leaving.saturating_add(1);
        }
        out.extend(self.0.drain(..leaving).map(Change::from));
        Ok(out)
    }
}

/// A book as its commands see it: what is in the buffer, and else what is on disk.
pub struct Buffered<'a> {
    pub disk: &'a dyn Disk,
    pub buffer: &'a Buffer,
}

impl Buffered<'_> {
    /// When the first timed row is due.
    pub fn first_due(&self) -> Result<Option<Timestamp>, Fault> {
        // Each row on disk that is not as it was has its line in the buffer.
        let some = self.disk.earliest(self.buffer.0.len().saturating_add(1))?;
        let on_disk = some
            .into_iter()
            .filter(|(_, found)| !self.buffer.has(found));
        let on_disk = on_disk.map(|(due, _)| due);
        let lines = self.buffer.0.iter().filter(|line| line.value.is_some());
        Ok(lines.filter_map(|line| line.due).chain(on_disk).min())
    }
}

impl Rows for Buffered<'_> {
    fn get(&self, kind: Kind, key: &str) -> Result<Option<String>, Fault> {
        match self.buffer.position(kind, key) {
            Some(at) => Ok(self.buffer.0.get(at).and_then(|line| line.value.clone())),
            None => self.disk.get(kind, key),
        }
    }

    fn list(
        &self,
        kind: Kind,
        prefix: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<Found>, Fault> {
        let mine = |line: &&Line| {
            line.kind == kind
                && line.key.starts_with(prefix)
                && (after.is_empty() || line.key.as_str() > after)
        };
        let lines: Vec<&Line> = self.buffer.0.iter().filter(mine).collect();
        let most = limit.saturating_add(lines.len());
        let mut found = self.disk.list(kind, prefix, after, most)?;
        found.retain(|found| !self.buffer.has(found));
        found.extend(lines.into_iter().filter_map(Line::found));
        found.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        found.truncate(limit);
        Ok(found)
    }

    fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Found>, Fault> {
        let most = limit.saturating_add(self.buffer.0.len());
        let mut due = self.disk.earliest(most)?;
        due.retain(|(_, found)| !self.buffer.has(found));
        let lines = self.buffer.0.iter();
        due.extend(lines.filter_map(|line| Some((line.due?, line.found()?))));
        due.retain(|(at, _)| *at <= now);
        due.sort_by_key(|(at, _)| *at);
        due.truncate(limit);
        Ok(due.into_iter().map(|(_, found)| found).collect())
    }
}

#[cfg(test)]
mod tests;
