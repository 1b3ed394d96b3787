//! Copies that are old, have not arrived or cannot be read decide nothing.

use serde_json::json;

use crate::browser::Browser;
use crate::world::{MINUTE, SECOND, World};

fn is_signed_in(browser: &Browser<'_>) -> bool {
    match browser.get("/api/verify-token").status {
        200 => true,
        401 => false,
        other => panic!("{other}"),
    }
}

/// ST-01
#[test]
fn a_session_that_cannot_be_read_is_neither_in_nor_out() {
    let world = World::new();
    let ana = world.ana();
    world.fake.fail_gets(1);
    ana.get("/api/verify-token")
        .refused(503, "storage-unavailable");
    assert!(is_signed_in(&ana));
}

/// ST-04
#[test]
fn what_has_ended_is_refused_by_whatever_decides_however_old_the_copy() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    world.fake.make_kv_stale();
    assert!(is_signed_in(&ana));
    ana.sees_model(&model);
    let thief = world.browser("ana@example.com");
    thief.set_cookie("__Host-session", &ana.token());
    assert_eq!(ana.request("POST", "/api/sign-out").send().status, 204);
    thief
        .asks_for_images(&model, "a hat")
        .refused(401, "not-signed-in");
    thief
        .patch(&format!("/api/model/{model}"), &json!({"name": "x"}))
        .refused(401, "not-signed-in");
    thief
        .delete(&format!("/api/model/{model}"))
        .refused(401, "not-signed-in");
    world.advance(MINUTE);
    assert!(!is_signed_in(&thief));
    assert_eq!(world.jobs_of("prediction").len(), 0);
}

/// ST-04
#[test]
fn a_deleted_model_makes_no_images_however_old_the_copy() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    world.fake.make_kv_stale();
    ana.sees_model(&model);
    assert_eq!(ana.delete(&format!("/api/model/{model}")).status, 202);
    ana.asks_for_images(&model, "a hat")
        .refused(404, "not-found");
    ana.asks_to_train(&model).refused(404, "not-found");
    assert_eq!(world.jobs_of("prediction").len(), 0);
}

/// ST-06
#[test]
fn a_key_that_is_written_often_loses_nothing_and_costs_no_loop() {
    let world = World::new();
    world.fake.limit_puts();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let path = format!("/api/model/{model}");
    let (_, before) = world.fake.kv_operations();
    for number in 0..20 {
        ana.patch(&path, &json!({"name": format!("Name {number}")}))
            .expect(200);
        world.run_due_alarms();
    }
    assert_eq!(ana.sees_model(&model)["name"], "Name 19");
    world.advance(10 * SECOND);
    let mirrored = world.fake.kv_entries();
    let (_, mirror) = mirrored
        .iter()
        .find(|(key, _)| key.starts_with("MODELS/") && key.ends_with(&model))
        .unwrap();
    assert!(mirror.contains("Name 19"), "{mirror}");
    let (_, after) = world.fake.kv_operations();
    assert!(after - before < 50, "{} writes", after - before);
}

/// ST-08
#[test]
fn what_is_listed_never_comes_from_the_keys_of_the_store() {
    use selfie::ports::Namespace;
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let user = ana.sees_account()["id"].as_str().unwrap().to_owned();
    let kept = world.fake.kv_entries();
    let (_, record) = kept
        .iter()
        .find(|(key, _)| key.starts_with("MODELS/"))
        .unwrap();
    // A thousand doubles of the one model under keys that were never given out.
    for number in 0..1100 {
        let key = format!("{user}.{}", 1_600_000_000_000_u64 + number);
        world.fake.plant(Namespace::Models, &key, record);
    }
    let listed = ana.get("/api/model?limit=100").expect(200);
    assert_eq!(listed["models"].as_array().unwrap().len(), 1);
    assert_eq!(listed["models"][0]["id"], model);
    ana.asks_for_images("1600000000000", "a hat")
        .refused(404, "not-found");
    ana.asks_to_train("1600000000001").refused(404, "not-found");
    assert_eq!(world.jobs_of("prediction").len(), 0);
    // And without its own key there is a gap in the store, and none in the list.
    let key = format!("{user}.{model}");
    world.fake.plant(Namespace::Models, &key, "");
    assert_eq!(
        ana.get("/api/model").expect(200)["models"][0]["state"],
        "ready"
    );
    assert_eq!(ana.creates(&model, "a hat")["state"], "succeeded");
}

/// ST-05
#[test]
fn a_record_that_has_not_arrived_yet_is_there_all_the_same() {
    let world = World::new();
    world.fake.make_kv_stale();
    let ana = world.ana();
    assert!(is_signed_in(&ana));
    let model = ana.has_a_trained_model();
    let key = world.fresh_key();
    let ask = || {
        let body = json!({"model": model, "prompt": "a hat", "format": "jpg"});
        ana.request("POST", "/create")
            .json(&body)
            .header("idempotency-key", &key)
            .send()
            .expect(202)
    };
    let accepted = ask();
    assert_eq!(ana.sees_prediction(&accepted)["state"], "queued");
    assert_eq!(ask()["id"], accepted["id"]);
    world.advance(20 * SECOND);
    assert_eq!(ana.sees_prediction(&accepted)["state"], "succeeded");
    assert_eq!(world.jobs_of("prediction").len(), 1);
}

/// ST-04
#[test]
fn a_link_that_was_used_stays_used_however_old_the_copy() {
    let world = World::new();
    world.fake.make_kv_stale();
    let ana = world.browser("ana@example.com");
    ana.asks_for_a_link().expect(202);
    let token = ana.letter_token();
    let cookie = ana.cookie("__Host-link").unwrap();
    ana.confirms(&token).expect(200);
    for _ in 0..3 {
        let again = world.browser("ana@example.com");
        again.set_cookie("__Host-link", &cookie);
        again.confirms(&token).refused(400, "link-invalid");
        world.advance(20 * SECOND);
    }
}
