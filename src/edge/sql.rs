//! A book in the SQLite database of its Durable Object: a buffer of one row, and two tables, one of
//! them small, with the rows that have a moment at which they are due.

use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use worker::{SqlStorage, SqlStorageValue, State};

use crate::config::Rules;
use crate::domain::timestamp::Timestamp;
use crate::ledger::{self, Buffer, Buffered, Change, Disk, Found, Kind};
use crate::ports::{Book, Fault};

/// Handles to the storage of one object; cloning them copies references only.
#[derive(Clone)]
pub struct Store {
    storage: JsValue,
    sql: SqlStorage,
}

const FAILED: Fault = Fault::Malformed {
    field: "ledger storage",
};

const TABLES: [&str; 3] = [
    "CREATE TABLE IF NOT EXISTS settled (kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, \
     PRIMARY KEY (kind, key)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS timed (kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, \
     due INTEGER NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS buffer (id INTEGER PRIMARY KEY, value TEXT NOT NULL)",
];

const fn table(kind: Kind) -> &'static str {
    if kind.is_timed() { "timed" } else { "settled" }
}

fn text(value: &str) -> SqlStorageValue {
    SqlStorageValue::String(value.to_owned())
}

fn number(value: u64) -> SqlStorageValue {
    i64::try_from(value)
        .ok()
        .and_then(|value| SqlStorageValue::try_from_i64(value).ok())
        .unwrap_or(SqlStorageValue::Null)
}

impl Store {
    pub fn open(state: &State) -> worker::Result<Self> {
        let storage = state.storage();
        let sql = storage.sql();
        for statement in TABLES {
            sql.exec(statement, None)?;
        }
        Ok(Self {
            storage: storage.as_raw().into(),
            sql,
        })
    }

    /// Applies one message: all of its changes are committed, or none. The alarm follows, unless it
    /// is ringing: then it is set once that is over.
    pub async fn post(
        &self,
        book: &Book,
        rules: &Rules,
        message: &str,
        ringing: bool,
    ) -> Result<String, Fault> {
        let now = super::now();
        // No await from here to the commit: nothing else comes in between.
        let mut buffer = self.buffer()?;
        let rows = Buffered {
            disk: self,
            buffer: &buffer,
        };
        let applied = ledger::apply(&rows, book, rules, now, message)?;
        let timed = applied.changes.iter().any(|change| change.kind.is_timed());
        if !applied.changes.is_empty() {
            let out = buffer.take(self, applied.changes)?;
            self.commit(buffer.write(), out)?;
        }
        if timed && !ringing {
            self.set_alarm(now).await?;
        }
        Ok(applied.answer)
    }

    fn buffer(&self) -> Result<Buffer, Fault> {
        let cursor = self.sql.exec("SELECT value FROM buffer", None);
        let row = cursor.map_err(|_| FAILED)?.raw().next().transpose();
        match row.map_err(|_| FAILED)?.as_deref() {
            Some([SqlStorageValue::String(text)]) => Buffer::read(text),
            None => Ok(Buffer::default()),
            Some(_) => Err(FAILED),
        }
    }

    /// Writes everything in one transaction: SQLite in a Durable Object takes nothing back by
    /// itself, and the crate does not offer the call that does. One statement needs none.
    fn commit(&self, buffer: Option<String>, out: Vec<Change>) -> Result<(), Fault> {
        if out.is_empty() {
            return write_buffer(&self.sql, buffer).map_err(|_| FAILED);
        }
        let sql = self.sql.clone();
        let write = move || -> Result<(), JsValue> {
            write_buffer(&sql, buffer)?;
            out.iter()
                .try_for_each(|change| write(&sql, change))
                .map_err(JsValue::from)
        };
        let closure = Closure::once(write);
        let transaction = Reflect::get(&self.storage, &JsValue::from_str("transactionSync"))
            .map_err(|_| FAILED)?;
        let transaction: &Function = transaction.unchecked_ref();
        transaction
            .call1(&self.storage, closure.as_ref())
            .map(|_| ())
            .map_err(|_| FAILED)
    }

    /// Sets the alarm to the row that is due first.
    pub async fn set_alarm(&self, now: Timestamp) -> Result<(), Fault> {
        let buffer = self.buffer()?;
        let rows = Buffered {
            disk: self,
            buffer: &buffer,
        };
        match rows.first_due()? {
            Some(due) => self.alarm_at(due.max(now)).await,
            None => Ok(()),
        }
    }

    /// Sets the alarm, unless it comes earlier anyway.
    pub async fn alarm_at(&self, moment: Timestamp) -> Result<(), Fault> {
        let call = |name: &str, argument: &JsValue| {
            let function = Reflect::get(&self.storage, &JsValue::from_str(name)).ok()?;
            let promise = function
                .unchecked_ref::<Function>()
                .call1(&self.storage, argument)
                .ok()?;
            Some(wasm_bindgen_futures::JsFuture::from(
                js_sys::Promise::resolve(&promise),
            ))
        };
        let present = call("getAlarm", &JsValue::UNDEFINED).ok_or(FAILED)?.await;
        let present = present.map_err(|_| FAILED)?.as_f64().and_then(whole);
        if present.is_some_and(|present| present <= moment.as_ms()) {
            return Ok(());
        }
        #[expect(clippy::cast_precision_loss, reason = "13 digits fit")]
        let argument = JsValue::from_f64(moment.as_ms() as f64);
        call("setAlarm", &argument)
            .ok_or(FAILED)?
            .await
            .map(|_| ())
            .map_err(|_| FAILED)
    }

    fn rows(&self, query: &str, bindings: Vec<SqlStorageValue>) -> Result<Vec<Found>, Fault> {
        let cursor = self.sql.exec(query, bindings).map_err(|_| FAILED)?;
        cursor
            .raw()
            .map(|row| found(&row.map_err(|_| FAILED)?))
            .collect()
    }
}

/// A row as kind, key and value.
fn found(row: &[SqlStorageValue]) -> Result<Found, Fault> {
    match row {
        [
            SqlStorageValue::String(kind),
            SqlStorageValue::String(key),
            SqlStorageValue::String(value),
        ] => Ok(Found {
            kind: Kind::from_name(kind).ok_or(FAILED)?,
            key: key.clone(),
            value: value.clone(),
        }),
        _ => Err(FAILED),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked before"
)]
fn whole(value: f64) -> Option<u64> {
    (0.0..9e15).contains(&value).then_some(value as u64)
}

fn write_buffer(sql: &SqlStorage, buffer: Option<String>) -> worker::Result<()> {
    match buffer {
        None => sql.exec("DELETE FROM buffer", None)?,
        // Replaced in place, and so one row.
        Some(value) => sql.exec(
            "INSERT INTO buffer (id, value) VALUES (0, ?) \
             ON CONFLICT (id) DO UPDATE SET value = excluded.value",
            vec![SqlStorageValue::String(value)],
        )?,
    };
    Ok(())
}

fn write(sql: &SqlStorage, change: &Change) -> worker::Result<()> {
    let (kind, key) = (text(change.kind.name()), text(&change.key));
    match (&change.value, change.kind.is_timed()) {
        (None, _) => {
            let statement = format!(
                "DELETE FROM {} WHERE kind = ? AND key = ?",
                table(change.kind)
            );
            sql.exec(&statement, vec![kind, key])?;
        }
        (Some(value), false) => {
            let statement = "INSERT OR REPLACE INTO settled (kind, key, value) VALUES (?, ?, ?)";
            sql.exec(statement, vec![kind, key, text(value)])?;
        }
        (Some(value), true) => {
            let statement =
                "INSERT OR REPLACE INTO timed (kind, key, value, due) VALUES (?, ?, ?, ?)";
            let due = number(change.due.unwrap_or_default().as_ms());
            sql.exec(statement, vec![kind, key, text(value), due])?;
        }
    }
    Ok(())
}

impl Disk for Store {
    fn get(&self, kind: Kind, key: &str) -> Result<Option<String>, Fault> {
        let query = format!(
            "SELECT kind, key, value FROM {} WHERE kind = ? AND key = ?",
            table(kind)
        );
        let rows = self.rows(&query, vec![text(kind.name()), text(key)])?;
        Ok(rows.into_iter().next().map(|row| row.value))
    }

    fn list(
        &self,
        kind: Kind,
        prefix: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<Found>, Fault> {
        // Keys are ASCII, so everything under a prefix lies before the prefix with this behind it.
        let end = format!("{prefix}\u{7f}");
        let limit = number(u64::try_from(limit).unwrap_or(u64::MAX).min(1_000_000));
        let query = format!(
            "SELECT kind, key, value FROM {} WHERE kind = ? AND key >= ? AND key < ? AND key > ? \
             ORDER BY key LIMIT ?",
            table(kind)
        );
        // The key of an only row is empty, and nothing is greater than itself.
        if after.is_empty() {
            let query = query.replace(" AND key > ?", "");
            return self.rows(
                &query,
                vec![text(kind.name()), text(prefix), text(&end), limit],
            );
        }
        let bindings = vec![
            text(kind.name()),
            text(prefix),
            text(&end),
            text(after),
            limit,
        ];
        self.rows(&query, bindings)
    }

    fn earliest(&self, limit: usize) -> Result<Vec<(Timestamp, Found)>, Fault> {
        let query = "SELECT kind, key, value, due FROM timed ORDER BY due LIMIT ?";
        let limit = u64::try_from(limit).unwrap_or(u64::MAX).min(1_000_000);
        let cursor = self.sql.exec(query, vec![number(limit)]);
        let mut rows = Vec::new();
        for row in cursor.map_err(|_| FAILED)?.raw() {
            let row = row.map_err(|_| FAILED)?;
            let Some((due, row)) = row.split_last() else {
                return Err(FAILED);
            };
            let due = match due {
                SqlStorageValue::Integer(due) => u64::try_from(*due).ok(),
                SqlStorageValue::Float(due) => whole(*due),
                _ => None,
            };
            let due = Timestamp::from_ms(due.ok_or(FAILED)?);
            rows.push((due, found(row)?));
        }
        Ok(rows)
    }
}
