//! The core of the books, over the platform in memory.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows must stop"
)]

mod breaker;
mod captions;
mod lost;
mod many;
mod once;
mod outbox;
mod shelf;
mod spend;

use shelf::Shelf;

use super::commands::account::{AcceptConsent, CountLetter, ShowAccount};
use super::commands::model::{AllotModel, DeleteModel, KeepZip, ListForZip, ListModels, PlanZip};
use super::commands::operation::{KeyClaim, Submitted};
use super::commands::photo::{KeepPhoto, OfferPhoto, photo_key, set_sha256};
use super::commands::prediction::ReservePrediction;
use super::commands::session::{OpenSession, ShowSession};
use super::commands::training::ReserveTraining;
use super::*;
use crate::domain::ids::{ModelId, OperationId, Serial};
use crate::fake::{self, Fake};
use crate::ports::Text;
use crate::records::{Model, Photo, Recipe, SCHEMA, Zip};

/// Noon, so that an hour earlier or later is the same day.
const NOON: u64 = 1_764_072_000_000;
const DAY_S: u64 = 86_400;

fn consent_required() -> Refusal {
    Refusal::ConsentRequired {
        version: crate::domain::consent::version(30).into(),
    }
}

fn consent() -> AcceptConsent {
    AcceptConsent {
        version: crate::domain::consent::version(30),
        ..AcceptConsent::default()
    }
}

#[test]
fn one_letter_a_minute_five_an_hour_ten_a_day() {
    let shelf = Shelf::new(&[]);
    let count = |letter: u64| {
        shelf
            .ask(CountLetter {
                letter: letter.to_string(),
            })
            .unwrap()
    };
    let mut sent = Vec::new();
    for second in (0..DAY_S).step_by(30) {
        if count(second) {
            sent.push(second);
            assert!(count(second), "a letter that is tried again counts once");
        }
        shelf.pass(30);
    }
    assert_eq!(sent.len(), 10);
    assert_eq!(sent[..5], [0, 60, 120, 180, 240]);
    assert_eq!(sent[5..], [3600, 3660, 3720, 3780, 3840]);
    assert!(count(DAY_S), "the next day begins anew");
}

#[test]
fn the_oldest_session_makes_room_for_the_twenty_first() {
    let shelf = Shelf::new(&[]);
    let sessions: Vec<SessionId> = (0..23)
        .map(|number| {
            shelf.pass(1);
            shelf.open_session(number)
        })
        .collect();
    let stands = |id: &SessionId| {
        shelf
            .ask(ShowSession {
                session: Text(*id),
                epoch: 0,
            })
            .is_ok()
    };
    let standing: Vec<bool> = sessions.iter().map(stands).collect();
    assert_eq!(standing, [vec![false; 3], vec![true; 20]].concat());
    assert_eq!(shelf.keys(Kind::Session).len(), 20);
}

#[test]
fn opening_a_session_again_opens_it_once() {
    let shelf = Shelf::new(&[]);
    shelf.open_session(1);
    let rows = shelf.fake.rows();
    shelf.open_session(1);
    assert_eq!(shelf.fake.rows(), rows);
}

#[test]
fn model_ids_increase_though_the_clock_stands_still() {
    let shelf = Shelf::of_somebody(&[]);
    let first = shelf.model();
    let second = shelf.model();
    let delete = DeleteModel { model: second };
    shelf.ask(delete).unwrap();
    let third = shelf.model();
    assert!(first < second && second < third, "{first} {second} {third}");
    let listed = shelf
        .ask(ListModels {
            before: None,
            limit: 10,
        })
        .unwrap();
    let ids: Vec<_> = listed.iter().map(|model: &Model| model.id).collect();
    assert_eq!(ids, [third, first], "the newest first");
}

#[test]
fn no_bundle_is_named_or_planned_without_consent() {
    let shelf = Shelf::new(&[]);
    shelf.open_session(0);
    let model = shelf.model();
    let rows = shelf.fake.rows();
    let path = "u/1/zips/2.zip".to_owned();
    let refusals = [
        shelf.ask(ListForZip { model }).map(drop),
        shelf.ask(PlanZip { model, path }).map(drop),
    ];
    assert_eq!(refusals, [Err(consent_required()), Err(consent_required())]);
    assert_eq!(shelf.fake.rows(), rows);
}

#[test]
fn a_refusal_leaves_no_trace() {
    let shelf = Shelf::new(&[("QUOTA_PHOTOS_PER_MODEL", "4")]);
    let session = shelf.open_session(0);
    let empty = shelf.model();
    let nobody = Text(ModelId(Timestamp::from_ms(1)));
    let refuse = |result: Result<(), Refusal>, expected: Refusal, rows: &[(String, String)]| {
        assert_eq!(result, Err(expected.clone()));
        assert_eq!(shelf.fake.rows(), rows, "after {expected:?}");
    };
    let rows = shelf.fake.rows();
    refuse(
        shelf.ask(shelf.offer(empty)).map(drop),
        consent_required(),
        &rows,
    );
    refuse(
        shelf.ask(shelf.training(empty).0).map(drop),
        consent_required(),
        &rows,
    );
    refuse(
        shelf.ask(shelf.images(empty).0).map(drop),
        consent_required(),
        &rows,
    );
    let old = AcceptConsent {
        version: "2020-01-01".to_owned(),
        ..AcceptConsent::default()
    };
    refuse(shelf.ask(old).map(drop), consent_required(), &rows);

    shelf.ask(consent()).unwrap();
    let bundled = shelf.bundled_model();
    let rows = shelf.fake.rows();
    refuse(
        shelf.ask(shelf.offer(nobody)).map(drop),
        Refusal::NotFound,
        &rows,
    );
    let full = Refusal::full(Quota::PhotosPerModel, 4, 4);
    refuse(shelf.ask(shelf.offer(bundled)).map(drop), full, &rows);
    let too_few = Refusal::TooFewPhotos { minimum: 4 };
    refuse(shelf.ask(shelf.training(empty).0).map(drop), too_few, &rows);
    refuse(
        shelf.ask(shelf.images(bundled).0).map(drop),
        Refusal::conflict("bundled"),
        &rows,
    );

    let (reserve, _) = shelf.training(bundled);
    shelf.ask(reserve).unwrap();
    let rows = shelf.fake.rows();
    let again = shelf.training(bundled).0;
    refuse(
        shelf.ask(again).map(drop),
        Refusal::conflict("queued"),
        &rows,
    );
    refuse(
        shelf.ask(shelf.offer(bundled)).map(drop),
        Refusal::conflict("queued"),
        &rows,
    );

    let Book::User(user) = shelf.book.clone() else {
        panic!("a person's book")
    };
    for (session, epoch) in [(session, 1), (SessionId::random(&[9; 32]), 0)] {
        let who = SignedIn::vouch(user.clone(), session, epoch, Timestamp::from_ms(NOON));
        let delete = DeleteModel { model: bundled };
        let answer = fake::run(ask_as(&shelf.fake, &who, delete)).unwrap();
        refuse(answer, Refusal::NotSignedIn, &rows);
    }
}

#[test]
fn the_kill_switch_stops_what_costs_money() {
    let shelf = Shelf::of_somebody(&[("PAUSED", "true")]);
    let model = shelf.bundled_model();
    let rows = shelf.fake.rows();
    assert_eq!(
        shelf.ask(shelf.training(model).0).map(drop),
        Err(Refusal::Paused)
    );
    assert_eq!(
        shelf.ask(shelf.images(model).0).map(drop),
        Err(Refusal::Paused)
    );
    assert_eq!(shelf.fake.rows(), rows);
}
