//! Statistics and quotas are what a recount gives.

use selfie::domain::operation::Phase;
use selfie::ledger::Kind;
use selfie::ports::{Book, Platform};
use selfie::records::{self, Job, Model, Prediction, User};
use serde_json::Value;

use super::at_once;
use crate::history::History;
use crate::platform::Sim;
use crate::witness::Watched;

/// The books of everybody who has an account.
pub fn of_people(sim: &Sim) -> Vec<Book> {
    let mut books: Vec<Book> = sim
        .fake
        .alarms()
        .into_iter()
        .map(|(_, book)| book)
        .collect();
    books.extend(
        sim.witness
            .borrow()
            .operations
            .values()
            .map(|o| o.book.clone()),
    );
    books.sort();
    books.dedup();
    books.retain(|book| matches!(book, Book::User(_)));
    books
}

pub fn user(sim: &Sim, book: &Book) -> Option<User> {
    let (_, text) = sim.fake.rows_of(book, Kind::User).pop()?;
    records::read(&text)
}

pub fn of_accounts(history: &History<'_>) -> Vec<String> {
    let sim = &*history.sim;
    let mut found = Vec::new();
    for person in &history.people {
        let account = at_once(sim, person.get(sim, "/api/account"));
        if account.status != 200 {
            let status = account.status;
            found.push(format!(
                "{} is not signed in at the end: {status}",
                person.email
            ));
            continue;
        }
        found.extend(of_account(sim, &account.body));
    }
    found
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Training,
    Images,
    Caption,
}

fn sort_of(job: &Job) -> Sort {
    match job {
        Job::Training { .. } => Sort::Training,
        Job::Prediction { .. } => Sort::Images,
        Job::Caption { .. } => Sort::Caption,
    }
}

fn of_account(sim: &Sim, account: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let Some(book) = of_people(sim)
        .into_iter()
        .find(|book| user(sim, book).is_some_and(|user| account["id"] == user.id.to_string()))
    else {
        return vec![format!("an account without a book: {account}")];
    };
    let witness = sim.witness.borrow();
    let hers = |watched: &&Watched| watched.book == book;
    let hers: Vec<&Watched> = witness.operations.values().filter(hers).collect();
    let ended_well = |sort: Sort| {
        let well = hers.iter().filter(move |o| o.phase() == Phase::Succeeded);
        well.filter(move |o| sort_of(&o.row.job) == sort)
    };
    let pictures = ended_well(Sort::Images).count();
    if account["prediction_count"] != pictures {
        let counted = &account["prediction_count"];
        found.push(format!(
            "counted {counted} predictions instead of {pictures}"
        ));
    }
    let all = [Sort::Training, Sort::Images, Sort::Caption].map(ended_well);
    let total_us: u64 = all
        .into_iter()
        .flatten()
        .map(|o| o.row.predict_time_us.unwrap_or_default())
        .sum();
    let counted_us = user(sim, &book).map(|user| user.total_predict_time_us);
    if counted_us != Some(total_us) {
        found.push(format!("counted {counted_us:?} µs instead of {total_us}"));
    }
    let midnight = sim.now().next_midnight();
    for (sort, quota) in [
        (Sort::Training, "trainings_per_day"),
        (Sort::Images, "predictions_per_day"),
        (Sort::Caption, "captions_per_day"),
    ] {
        let today = ended_well(sort);
        let today = today.filter(|o| o.row.reserved_at.next_midnight() == midnight);
        let (today, used) = (today.count(), &account["quotas"][quota]["used"]);
        if *used != today {
            found.push(format!("{used} of {quota} used instead of {today}"));
        }
    }
    found
}

/// Ids of the models and predictions in a book.
pub fn ids(sim: &Sim, book: &Book) -> Vec<String> {
    let models = sim.fake.rows_of(book, Kind::Model).into_iter();
    let models = models.filter(|(_, text)| records::read::<Model>(text).is_some());
    let predictions = sim.fake.rows_of(book, Kind::Prediction).into_iter();
    let predictions = predictions.filter(|(_, text)| records::read::<Prediction>(text).is_some());
    models.chain(predictions).map(|(id, _)| id).collect()
}
