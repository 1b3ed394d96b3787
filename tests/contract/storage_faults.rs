//! Storage that is busy, full of what nobody wrote, or unreadable in one place.

use selfie::ledger::Kind;
use selfie::ports::{Book, Namespace};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::world::{HOUR, MINUTE, World};

fn book_of(who: &Browser<'_>) -> Book {
    let id = who.sees_account()["id"].as_str().unwrap().to_owned();
    Book::User(id.parse().unwrap())
}

fn ids(list: &Value, name: &str) -> Vec<String> {
    let entries = list[name].as_array().unwrap().iter();
    entries
        .map(|entry| entry["id"].as_str().unwrap().to_owned())
        .collect()
}

/// ST-06
#[test]
fn a_record_that_is_written_too_often_ends_as_what_was_decided_last() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let prediction = ana.creates(&model, "a hat");
    let path = format!("/api/prediction/{}", prediction["id"].as_str().unwrap());
    // The attempt to sign in is forgotten by then, which writes too.
    world.advance(15 * MINUTE);
    world.fake.limit_puts();
    let (_, before) = world.fake.kv_operations();
    for favorite in [true, false, true, false, true] {
        let marked = ana.patch(&path, &json!({"favorite": favorite})).expect(200);
        assert_eq!(marked["favorite"], favorite, "the answer stands");
        world.settle();
    }
    world.advance(MINUTE);
    let (_, after) = world.fake.kv_operations();
    let mut kept = world.fake.kv_entries().into_iter();
    let (_, kept) = kept
        .rfind(|(name, _)| name.starts_with("PREDICTIONS/"))
        .unwrap();
    assert!(kept.contains("\"favorite\":true"), "{kept}");
    assert!(after - before < 20, "{} writes", after - before);
    world.advance(HOUR);
    assert_eq!(world.fake.kv_operations().1, after, "and nothing loops");
    assert_eq!(world.count_alerts("effect failed"), 0);
}

/// ST-06
#[test]
fn somebody_signs_in_although_every_key_is_busy() {
    let world = World::new();
    world.fake.limit_puts();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    assert_eq!(ana.creates(&model, "a hat")["state"], "succeeded");
    world.advance(MINUTE);
    ana.get("/api/verify-token").expect(200);
}

/// ST-07
#[test]
fn a_row_that_cannot_be_read_fails_alone_and_is_told() {
    for unreadable in ["", "{\"schema\":1", "[]", "{\"schema\":99,\"id\":\"x\"}"] {
        let world = World::new();
        let ana = world.ana();
        let (broken, sound) = (ana.creates_a_model(), ana.has_a_trained_model());
        let prediction = ana.creates(&sound, "a hat");
        let book = book_of(&ana);
        let plant = |kind, key: &str| world.fake.plant_row(&book, kind, key, Some(unreadable));
        plant(Kind::Model, &broken);
        plant(
            Kind::Prediction,
            &format!("{sound}_00000000000000000000000000"),
        );
        plant(Kind::Photo, &format!("{sound}.00000000000000000000000000"));
        assert_eq!(
            ids(&ana.get("/api/model").expect(200), "models"),
            std::slice::from_ref(&sound)
        );
        let listed = ana.get("/api/prediction").expect(200);
        assert_eq!(
            ids(&listed, "predictions"),
            [prediction["id"].as_str().unwrap()]
        );
        let photos = ana
            .get(&format!("/api/bytescale?model={sound}"))
            .expect(200);
        assert_eq!(ids(&photos, "photos").len(), 4);
        ana.get(&format!("/api/model/{broken}"))
            .refused(500, "internal");
        ana.asks_to_train(&broken).refused(500, "internal");
        assert_eq!(ana.creates(&sound, "the sea")["state"], "succeeded");
        world.advance(20 * MINUTE);
        assert!(world.count_alerts("record unreadable") > 0, "{unreadable}");
    }
}

/// ST-07
#[test]
fn a_session_that_cannot_be_read_lets_nobody_in() {
    let world = World::new();
    let (ana, ben) = (world.ana(), world.ben());
    let book = book_of(&ana);
    for (session, _) in world.fake.rows_of(&book, Kind::Session) {
        world
            .fake
            .plant_row(&book, Kind::Session, &session, Some("{}"));
        world.fake.plant(Namespace::Sessions, &session, "{}");
    }
    let body = json!({"name": "Ana", "subject": "woman"});
    let kept = || {
        let rows = world.fake.rows().into_iter();
        let of_people = |(name, _): &(String, String)| name.starts_with("user:");
        (
            rows.filter(of_people).collect::<Vec<_>>(),
            world.fake.kv_entries(),
        )
    };
    let before = kept();
    assert!(ana.get("/api/verify-token").status >= 400);
    assert!(ana.post("/api/model", &body).status >= 400);
    assert_eq!(kept(), before);
    world.settle();
    assert_eq!(world.count_alerts("internal error"), 1);
    ben.creates_a_model();
}

/// ST-08
#[test]
fn keys_that_nobody_wrote_or_that_are_missing_decide_nothing() {
    let world = World::with(&[("QUOTA_PREDICTIONS_PER_DAY", "2")]);
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let prediction = ana.creates(&model, "a hat");
    let owner = ana.sees_account()["id"].as_str().unwrap().to_owned();
    let entries = world.fake.kv_entries();
    let find = |namespace: &str| {
        let of_namespace = |(name, _): &&(String, String)| name.starts_with(namespace);
        entries.iter().find(of_namespace).unwrap().1.clone()
    };
    let (kept_model, kept_prediction) = (find("MODELS/"), find("PREDICTIONS/"));
    for number in 0..1200_u64 {
        let other = 1_772_000_000_000 + number;
        let key = format!("{owner}.{other}");
        world.fake.plant(Namespace::Models, &key, &kept_model);
        let key = format!("{owner}.{other}_{number:026}");
        world
            .fake
            .plant(Namespace::Predictions, &key, &kept_prediction);
    }
    let gone = format!("{owner}.{}", prediction["id"].as_str().unwrap());
    selfie::fake::run(selfie::ports::Kv::delete(
        &*world.fake,
        Namespace::Predictions,
        &gone,
    ))
    .unwrap();
    assert_eq!(
        ids(&ana.get("/api/model").expect(200), "models"),
        std::slice::from_ref(&model)
    );
    let listed = ana.get("/api/prediction?limit=100").expect(200);
    assert_eq!(
        ids(&listed, "predictions"),
        [prediction["id"].as_str().unwrap()]
    );
    assert_eq!(ana.sees_prediction(&prediction)["state"], "succeeded");
    ana.get("/api/model/1772000000001")
        .refused(404, "not-found");
    ana.asks_for_images("1772000000001", "a hat")
        .refused(404, "not-found");
    assert_eq!(ana.creates(&model, "the sea")["state"], "succeeded");
    ana.asks_for_images(&model, "a hat")
        .refused(429, "quota-exceeded");
    assert_eq!(world.jobs_of("prediction").len(), 2);
}
