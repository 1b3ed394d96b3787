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
