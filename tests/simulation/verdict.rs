//! What must be true once everything has come to its end.

mod books;
mod copies;
mod money;
mod told;

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use selfie::domain::operation::Phase;
use selfie::ledger::Kind;
use selfie::records::{self, Model, Operation, Photo};

use crate::history::History;
use crate::platform::Sim;

pub fn judge(history: &mut History<'_>) {
    let mut found = left_to_do(&history.sim);
    found.extend(history.sim.outside.borrow().violations().to_vec());
    found.extend(money::of_orders(&history.sim));
    found.extend(money::of_runs(history));
    found.extend(money::of_days(&history.sim));
    found.extend(books::of_accounts(history));
    found.extend(copies::of_records(&history.sim));
    found.extend(copies::of_files(&history.sim));
    found.extend(copies::of_log_lines(&history.sim));
    found.extend(told::of_wishes(history));
    found.extend(told::of_letters(history));
    found.extend(told::of_strangers(history));
    let mut witness = history.sim.witness.borrow_mut();
    for violation in found {
        witness.complain(violation);
    }
}

/// What waits, runs or is reserved; at the end of a history nothing may.
pub fn left_to_do(sim: &Sim) -> Vec<String> {
    let mut left = Vec::new();
    let users = books::of_people(sim);
    for (book, _) in sim.fake.alarms().into_iter().map(|(due, book)| (book, due)) {
        let rows = sim.fake.rows_of(&book, Kind::Outbox).into_iter();
        // The photos of a model go long after its training, a day is told when it is over, and every
        // day is looked for what is overdue; that is nothing to wait for.
        let later = ["expire/", "digest/", "keep-terms"];
        let rows = rows.filter(|(id, _)| !later.iter().any(|start| id.starts_with(start)));
        left.extend(rows.map(|(id, _)| format!("{book} has still to {id}")));
    }
    let open = sim.fake.rows_of(&selfie::ports::Book::Global, Kind::Open);
    left.extend(
        open.into_iter()
            .map(|(id, _)| format!("{id} is still open")),
    );
    for book in &users {
        for (id, text) in sim.fake.rows_of(book, Kind::Operation) {
            let row = records::read::<Operation>(&text);
            if row.is_none_or(|row| !Phase::from(row.phase).is_final()) {
                left.push(format!("operation {id} has no end: {text}"));
            }
        }
        for (id, text) in sim.fake.rows_of(book, Kind::Model) {
            if records::read::<Model>(&text).is_none_or(|model| model.state.is_running()) {
                left.push(format!("model {id} still trains"));
            }
        }
        for (id, text) in sim.fake.rows_of(book, Kind::Photo) {
            if records::read::<Photo>(&text).is_none_or(|photo| !photo.stored) {
                left.push(format!("the place of photo {id} is still reserved"));
            }
        }
    }
    let jobs = sim.outside.borrow().jobs();
    let running = jobs
        .iter()
        .filter(|job| matches!(job.status, "starting" | "processing"));
    left.extend(running.map(|job| format!("run {} goes on for nobody", job.id)));
    left
}

/// The result of what only waits for others to go first.
pub fn at_once<T>(sim: &Sim, future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => {
                sim.take_wake();
            }
        }
    }
}
