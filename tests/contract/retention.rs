//! Terms: what was agreed to is asked again when it changes, and what was kept goes in time.

use selfie::domain::consent::{self, Language};
use selfie::ledger::Kind;
use selfie::ports::Book;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::pictures;
use crate::receipts::id_of;
use crate::world::{HOUR, MINUTE, World};

const DAY: u64 = 24 * HOUR;

fn book_of(person: &Browser<'_>) -> Book {
    Book::User(id_of(person).parse().unwrap())
}

/// PV-01
#[test]
fn a_new_consent_text_is_asked_for_before_anything_else_is_done_with_photos() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let bundled = ana.has_a_model_with_photos(4);
    let bundles = |model: &str| ana.post("/api/zipper", &json!({"model": model}));
    bundles(&bundled).expect(200);
    world.settle();
    let (book, name) = (book_of(&ana), format!("user:{} user ", id_of(&ana)));
    let rows = world.fake.rows();
    let (_, text) = rows.iter().find(|(row, _)| *row == name).unwrap();
    let mut user: Value = serde_json::from_str(text).unwrap();
    let sha256 = user["consent"]["text_sha256"].as_str().unwrap();
    assert_eq!(sha256, consent::text_sha256(Language::English, 30));
    assert!(user["consent"]["accepted_at"].is_u64());
    user["consent"]["version"] = json!("2020-01-01");
    world
        .fake
        .plant_row(&book, Kind::User, "", Some(&user.to_string()));
    world.without_traces(|| {
        for asked in [
            ana.uploads(&model, &pictures::photo(99)),
            ana.asks_to_train(&model),
            ana.asks_for_images(&model, "a hat"),
            bundles(&model),
            // Not even one that is there already is named.
            bundles(&bundled),
        ] {
            let problem = asked.refused(403, "consent-required");
            assert_eq!(problem["version"], consent::version(30));
        }
    });
    ana.consents();
    ana.uploads(&model, &pictures::photo(99)).expect(201);
    bundles(&model).expect(200);
}

#[test]
fn what_is_kept_of_a_consent_is_the_hash_of_the_words_that_were_read() {
    let days = [("PHOTO_RETENTION_DAYS", "90")];
    let world = World::with(&days);
    let ana = world.browser("ana@example.com");
    ana.signs_in();
    let version = ana.sees_account()["required_consent"].clone();
    assert_eq!(version, consent::version(90));
    let agrees = |version: &Value, language: &str| {
        ana.post(
            "/api/consent",
            &json!({"version": version, "language": language}),
        )
    };
    world.without_traces(|| {
        // Somebody who was promised a shorter term agreed to something else.
        agrees(&json!(consent::version(30)), "de").refused(403, "consent-required");
        agrees(&version, "fr").refused(422, "invalid-request");
    });
    agrees(&version, "de").expect(200);
    world.settle();
    let name = format!("user:{} user ", id_of(&ana));
    let rows = world.fake.rows();
    let (_, text) = rows.iter().find(|(row, _)| *row == name).unwrap();
    let user: Value = serde_json::from_str(text).unwrap();
    assert_eq!(
        user["consent"]["text_sha256"],
        consent::text_sha256(Language::German, 90)
    );
}

/// PV-06: the effect that should have done it was lost.
#[test]
fn photos_go_in_time_although_the_book_has_forgotten_to_remove_them() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    world.fake.plant_row(
        &book_of(&ana),
        Kind::Outbox,
        &format!("expire/{model}"),
        None,
    );
    world.sweep();
    world.advance(29 * DAY);
    assert_eq!(world.stored("/photos/").len(), 4);
    world.advance(3 * DAY);
    assert!(world.stored("/photos/").is_empty());
}

/// PV-06: photos lie in a bundle a second time.
#[test]
fn a_bundle_that_no_training_has_used_goes_with_its_photos() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    ana.uploads(&model, &pictures::photo(99)).expect(201);
    ana.post("/api/zipper", &json!({"model": model}))
        .expect(200);
    assert_eq!(world.stored("/zips/").len(), 1);
    world.advance(31 * DAY);
    assert!(world.stored("/photos/").is_empty());
    assert!(world.stored("/zips/").is_empty());
}

#[test]
fn photos_for_the_next_training_are_not_those_of_the_last() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    world.sweep();
    world.advance(40 * DAY);
    assert!(world.stored("/photos/").is_empty());
    ana.signs_in();
    for number in 0..4 {
        ana.uploads(&model, &pictures::photo(200 + number))
            .expect(201);
    }
    world.advance(20 * DAY);
    assert_eq!(world.stored("/photos/").len(), 4);
}

/// Whether a row of the ledger or an entry of the store holds these words.
fn is_kept(world: &World, words: &str) -> bool {
    let kept = world.fake.rows().into_iter().chain(world.fake.kv_entries());
    kept.into_iter().any(|(_, text)| text.contains(words))
}

#[test]
fn words_about_a_photo_or_a_model_go_with_it_and_so_do_the_answers_that_hold_them() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(5);
    let path = format!("/api/model/{model}");
    ana.patch(&path, &json!({"name": "Lighthouse"})).expect(200);
    let photos = ana.photos_of(&model);
    let (first, second) = (&photos[0], &photos[1]);
    let describes = |photo: &Value, key: &str| {
        ana.request("POST", "/api/caption")
            .json(&json!({"model": model, "photo": photo["id"]}))
            .header("idempotency-key", key)
            .send()
    };
    let (one, other, train) = (world.fresh_key(), world.fresh_key(), world.fresh_key());
    let trains = || {
        ana.request("POST", "/api/genmodel")
            .json(&json!({"model": model}))
            .header("idempotency-key", &train)
            .send()
    };
    for (photo, key, words) in [(first, &one, "a blue door"), (second, &other, "a red hat")] {
        ana.writes(&model, photo, &json!(words));
        describes(photo, key).expect(202);
        world.advance(MINUTE);
    }
    ana.delete(&format!(
        "/api/bytescale/{}?model={model}",
        first["id"].as_str().unwrap()
    ));
    world.advance(HOUR);
    assert!(!is_kept(&world, "a blue door"));
    assert!(is_kept(&world, "a red hat"));
    describes(first, &one).refused(404, "not-found");
    describes(second, &other).expect(202);
    trains().expect(202);
    world.advance(HOUR);
    trains().expect(202);
    assert!(is_kept(&world, "Lighthouse"));
    ana.delete(&path);
    world.advance(HOUR);
    assert!(!is_kept(&world, "Lighthouse") && !is_kept(&world, "a red hat"));
    trains().refused(404, "not-found");
}
