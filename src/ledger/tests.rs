//! The core of the books, over the platform in memory.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows must stop"
)]

mod breaker;
mod captions;
mod once;
mod outbox;
mod spend;

use super::commands::account::{AcceptConsent, CountLetter, ShowAccount};
use super::commands::model::{AllotModel, DeleteModel, KeepZip, ListModels};
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

/// One person's book.
struct Shelf {
    fake: Fake,
    book: Book,
    drawn: std::cell::Cell<u8>,
}

impl Shelf {
    fn new(changes: &[(&str, &str)]) -> Self {
        let rules = fake::config(changes).unwrap().rules;
        let nobody = Box::new(|_, _, _| panic!("a book calls nobody"));
        Self {
            fake: Fake::new(1, Timestamp::from_ms(NOON), rules, nobody),
            book: Book::User("2446087e115025a1".parse().unwrap()),
            drawn: 0.into(),
        }
    }

    /// With an account that has consented.
    fn of_somebody(changes: &[(&str, &str)]) -> Self {
        let shelf = Self::new(changes);
        shelf.open_session(0);
        shelf.ask(consent()).unwrap();
        shelf
    }

    fn ask<C: Command>(&self, command: C) -> Result<C::Reply, Refusal> {
        fake::run(ask(&self.fake, &self.book, command)).unwrap()
    }

    fn pass(&self, s: u64) {
        use crate::ports::Platform as _;
        self.fake.set_now(self.fake.now().plus_s(s));
    }

    /// The keys of the rows of one kind.
    fn keys(&self, kind: Kind) -> Vec<String> {
        let prefix = format!("{} {} ", self.book, kind.name());
        let key = |(name, _): (String, String)| name.strip_prefix(&prefix).map(str::to_owned);
        self.fake.rows().into_iter().filter_map(key).collect()
    }

    fn account(&self) -> super::commands::account::Shown {
        self.ask(ShowAccount {}).unwrap()
    }

    fn open_session(&self, number: u8) -> SessionId {
        let session = SessionId::random(&[number; 32]);
        let open = OpenSession {
            session: Text(session),
            name: None,
            email: Some("ana@example.com".to_owned()),
            email_mac: Some("mac".to_owned()),
            email_id_key_version: 1,
        };
        self.ask(open).unwrap();
        session
    }

    fn serial(&self) -> Serial {
        self.drawn.set(self.drawn.get() + 1);
        Serial::random(&[self.drawn.get(); 32])
    }

    fn key(&self) -> KeyClaim {
        let key_sha256 = format!("key {}", self.serial());
        let body_sha256 = "body".to_owned();
        KeyClaim {
            key_sha256,
            body_sha256,
        }
    }

    fn model(&self) -> Text<ModelId> {
        let allot = AllotModel {
            name: "Ana".to_owned(),
            subject: "woman".to_owned(),
            trigger_word: "SLFabcdefgh".to_owned(),
        };
        self.ask(allot).unwrap().id
    }

    fn offer(&self, model: Text<ModelId>) -> OfferPhoto {
        let id = self.serial();
        let photo = Photo {
            schema: SCHEMA,
            id: Text(id),
            model,
            name: "photo.jpg".to_owned(),
            width: 640,
            height: 480,
            bytes: 1000,
            content_type: "image/jpeg".to_owned(),
            sha256: format!("hash of {id}"),
            path: format!("/u/2446087e115025a1/{model}/photos/{id}.jpg"),
            caption: None,
            description: None,
            captioning: None,
            operation: None,
            stored: false,
            uploaded_at: Timestamp::from_ms(NOON),
        };
        OfferPhoto { photo }
    }

    /// A model with four photos and their bundle.
    fn bundled_model(&self) -> Text<ModelId> {
        let model = self.model();
        let mut photos = Vec::new();
        for _ in 0..4 {
            let offer = self.offer(model);
            let photo = photo_key(*model, *offer.photo.id);
            self.ask(offer).unwrap();
            photos.push(self.ask(KeepPhoto { photo }).unwrap());
        }
        photos.sort_by_key(|photo| photo.id);
        let zip = Zip {
            path: format!("/u/2446087e115025a1/{model}/zips/0.zip"),
            set_sha256: set_sha256(&photos),
            photos: 4,
            bytes: 4000,
            created_at: Timestamp::from_ms(NOON),
        };
        self.ask(KeepZip { model, zip }).unwrap();
        model
    }

    fn training(&self, model: Text<ModelId>) -> (ReserveTraining, Text<OperationId>) {
        let operation = Text(self.serial());
        let preset = "fast".to_owned();
        let key = self.key();
        (
            ReserveTraining {
                model,
                preset,
                operation,
                key,
            },
            operation,
        )
    }

    /// A model with one version.
    fn trained_model(&self) -> Text<ModelId> {
        let model = self.bundled_model();
        let (reserve, operation) = self.training(model);
        self.ask(reserve).unwrap();
        self.submit(operation);
        self.ask(once::report(operation, once::Heard::Finished))
            .unwrap();
        model
    }

    fn submit(&self, operation: Text<OperationId>) {
        let provider_id = Some(format!("run{operation}"));
        self.ask(Submitted {
            operation,
            provider_id,
            usual: None,
        })
        .unwrap();
    }

    fn images(&self, model: Text<ModelId>) -> (ReservePrediction, Text<OperationId>) {
        let operation = Text(self.serial());
        let recipe = Recipe {
            version: String::new(),
            prompt: "in a garden".to_owned(),
            final_prompt: String::new(),
            style: None,
            aspect_ratio: "1:1".to_owned(),
            count: 1,
            seed: 7,
            steps: 28,
            guidance: 3,
            lora_scale: 1,
            format: "webp".to_owned(),
        };
        let reserve = ReservePrediction {
            model,
            serial: Text(self.serial()),
            operation,
            key: self.key(),
            version: None,
            recipe,
            style_prompt: None,
        };
        (reserve, operation)
    }
}

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
