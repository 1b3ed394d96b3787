//! Models before their first training: the photos may come before the name.

use serde_json::json;

use crate::world::World;

#[test]
fn a_draft_with_photos_is_still_told_what_it_is_of() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let path = format!("/api/model/{model}");
    let changed = ana
        .patch(&path, &json!({"name": "Rex", "subject": "pet"}))
        .expect(200);
    assert_eq!(
        (&changed["name"], &changed["subject"]),
        (&json!("Rex"), &json!("pet"))
    );
    assert_eq!(changed["photos"], 4);
    world.settle();
    let seen = ana.sees_model(&model);
    assert_eq!(
        (&seen["name"], &seen["subject"]),
        (&json!("Rex"), &json!("pet"))
    );
}

#[test]
fn a_name_alone_leaves_the_subject_as_it_is() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(0);
    let changed = ana
        .patch(&format!("/api/model/{model}"), &json!({"name": "Rex"}))
        .expect(200);
    assert_eq!(changed["subject"], "woman");
}

#[test]
fn once_trained_a_model_keeps_its_subject() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let path = format!("/api/model/{model}");
    let body = json!({"name": "Rex", "subject": "pet"});
    let problem = world
        .without_traces(|| ana.patch(&path, &body))
        .refused(409, "conflict");
    assert_eq!(problem["state"], "ready");
    let same = json!({"name": "Rex", "subject": "woman"});
    assert_eq!(ana.patch(&path, &same).expect(200)["name"], "Rex");
}

#[test]
fn a_subject_that_there_is_not_is_refused_by_its_name() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(0);
    let path = format!("/api/model/{model}");
    let body = json!({"name": "Rex", "subject": "child"});
    let problem = world
        .without_traces(|| ana.patch(&path, &body))
        .refused(422, "invalid-request");
    assert_eq!(problem["errors"][0]["pointer"], "/subject");
}

#[test]
fn what_a_training_takes_and_costs_is_said_before_it_is_ordered() {
    let world = World::new();
    let ana = world.ana();
    let offers = ana.sees_account()["trainings"].clone();
    let presets: Vec<_> = offers.as_array().unwrap().iter().collect();
    assert_eq!(presets.len(), 2);
    assert_eq!(
        offers[0],
        json!({"preset": "fast", "micro_usd": 1_500_000, "seconds": 122})
    );
    assert_eq!(
        offers[1],
        json!({"preset": "quality", "micro_usd": 2_000_000, "seconds": 1311})
    );
}
