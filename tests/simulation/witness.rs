//! What is watched at every step: each operation from its reservation to its end, and what was
//! ordered for it.

use std::collections::BTreeMap;

use selfie::app::handle;
use selfie::config::Config;
use selfie::domain::operation::{Phase, Seen};
use selfie::fake::Fake;
use selfie::ledger::Kind;
use selfie::ports::Book;
use selfie::records::{self, Job, Operation};

use crate::bug;

/// An operation as its book last showed it.
#[derive(Clone, Debug)]
pub struct Watched {
    pub book: Book,
    pub row: Operation,
    pub ended_ms: Option<u64>,
    /// Its row went with its model or prediction.
    pub is_gone: bool,
}

impl Watched {
    pub fn phase(&self) -> Phase {
        Phase::from(self.row.phase)
    }

    pub const fn is_training(&self) -> bool {
        matches!(self.row.job, Job::Training { .. })
    }
}

#[derive(Default)]
pub struct Witness {
    pub violations: Vec<String>,
    pub operations: BTreeMap<String, Watched>,
    /// For each operation, how the requests that would begin its run were answered.
    pub orders: BTreeMap<String, Vec<Option<u16>>>,
    ordering: Option<String>,
}

/// Commands that change an operation.
const MOVING: [&str; 14] = [
    "reserve-training",
    "reserve-prediction",
    "reserve-caption",
    "plan-zip",
    "drop-photo",
    "submitted",
    "refused",
    "adopt",
    "observe",
    "stored",
    "cancel-training",
    "delete-model",
    "delete-prediction",
    "expire-photos",
];

impl Witness {
    pub fn complain(&mut self, violation: String) {
        if !self.violations.contains(&violation) {
            self.violations.push(violation);
        }
    }

    /// A request is about to reach a provider.
    pub fn posted(&mut self, config: &Config, request: &http::Request<Vec<u8>>) {
        self.ordering = None;
        if !bug::creates(request) {
            return;
        }
        let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let name = body["webhook"]
            .as_str()
            .and_then(|url| url.rsplit('/').next());
        match name.and_then(|name| handle::read(config, name)) {
            Some((_, operation)) => self.ordering = Some(operation.to_string()),
            None => self.complain("an order names no operation of ours".to_owned()),
        }
    }

    pub fn answered(&mut self, status: Option<u16>) {
        if let Some(operation) = self.ordering.take() {
            self.orders.entry(operation).or_default().push(status);
        }
    }

    /// Looks at the operations of a book after a command.
    pub fn look(&mut self, fake: &Fake, book: &Book, command: &str, _answer: Option<&str>) {
        if !MOVING.contains(&command) {
            return;
        }
        let now_ms = selfie::ports::Platform::now(fake).as_ms();
        let rows = fake.rows_of(book, Kind::Operation);
        for (id, text) in &rows {
            match records::read::<Operation>(text) {
                Some(row) => self.take(book, id, row, now_ms),
                None => self.complain(format!("operation {id} cannot be read")),
            }
        }
        let of_book = self.operations.iter_mut().filter(|(_, o)| o.book == *book);
        for (id, watched) in of_book {
            if !watched.is_gone && !rows.iter().any(|(known, _)| known == id) {
                watched.is_gone = true;
                watched.ended_ms.get_or_insert(now_ms);
                watched.row.phase = watched.phase().observe(Seen::Canceled).into();
            }
        }
    }

    fn take(&mut self, book: &Book, id: &str, row: Operation, now_ms: u64) {
        let after = Phase::from(row.phase);
        if let Some(before) = self.operations.get(id).cloned() {
            let was = before.phase();
            if was.is_final() && was != after {
                self.complain(format!("operation {id} went from {was:?} to {after:?}"));
            }
            let (known, told) = (&before.row.provider_id, &row.provider_id);
            // A training that the provider failed by its own trouble is run once more.
            let again = before.row.former_id.is_none() && row.former_id == *known;
            if known.is_some() && known != told && !again {
                self.complain(format!("operation {id} changed its run"));
            }
        }
        let before = self.operations.get(id).and_then(|before| before.ended_ms);
        let ended_ms = before.or(after.is_final().then_some(now_ms));
        let watched = Watched {
            book: book.clone(),
            row,
            ended_ms,
            is_gone: false,
        };
        self.operations.insert(id.to_owned(), watched);
    }
}
