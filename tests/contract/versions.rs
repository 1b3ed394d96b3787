//! The trained versions of a model: what each was made of, choosing one, and removing one.

use serde_json::json;

use crate::world::World;

fn version_path(model: &str, version: &str) -> String {
    format!("/api/model/{model}/version/{version}")
}

#[test]
fn a_version_says_which_photos_it_was_made_of() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let photos = ana
        .get(&format!("/api/bytescale?model={model}"))
        .expect(200);
    let ids: Vec<_> = photos["photos"]
        .as_array()
        .unwrap()
        .iter()
        .map(|photo| photo["id"].clone())
        .collect();
    let made_of = ana.sees_model(&model)["versions"][0]["photo_ids"].clone();
    assert_eq!(made_of.as_array().unwrap().len(), 4);
    assert!(
        ids.iter()
            .all(|id| made_of.as_array().unwrap().contains(id))
    );
}

#[test]
fn a_removed_version_goes_at_the_provider_and_its_name_is_not_given_again() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    ana.trains(&model);
    let names = |model: &serde_json::Value| -> Vec<String> {
        let versions = model["versions"].as_array().unwrap().iter();
        versions
            .map(|v| v["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&ana.sees_model(&model)), ["v1", "v2"]);
    let left = ana.delete(&version_path(&model, "v2")).expect(200);
    assert_eq!(
        (names(&left), &left["state"]),
        (vec!["v1".to_owned()], &json!("ready"))
    );
    world.settle();
    assert_eq!(world.count_calls("replicate", "DELETE"), 1);
    ana.trains(&model);
    assert_eq!(names(&ana.sees_model(&model)), ["v1", "v3"]);
}

#[test]
fn images_of_a_removed_version_stay_and_no_more_are_made_with_it() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    ana.trains(&model);
    let made = ana.asks_for_images(&model, "a hat").expect(202);
    world.settle();
    ana.delete(&version_path(&model, "v2")).expect(200);
    world.settle();
    let path = format!("/api/prediction/{}", made["id"].as_str().unwrap());
    assert_eq!(ana.get(&path).expect(200)["recipe"]["version"], "v2");
    let body = json!({"model": model, "prompt": "a hat", "version": "v2"});
    let ask = || {
        ana.request("POST", "/create")
            .json(&body)
            .fresh_key()
            .send()
    };
    world.without_traces(ask).refused(422, "invalid-request");
    let newest = ana.asks_for_images(&model, "a hat").expect(202);
    assert_eq!(newest["recipe"]["version"], "v1");
}

#[test]
fn a_model_without_its_last_version_is_a_draft_with_its_photos() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let left = ana.delete(&version_path(&model, "v1")).expect(200);
    assert_eq!(
        (&left["state"], &left["photos"]),
        (&json!("draft"), &json!(4))
    );
    ana.trains(&model);
    assert_eq!(ana.sees_model(&model)["versions"][0]["id"], "v2");
}

#[test]
fn a_version_that_is_not_there_or_of_a_model_in_training_is_not_removed() {
    let world = World::new();
    let (ana, ben) = (world.ana(), world.ben());
    let model = ana.has_a_trained_model();
    for version in ["v2", "v0", "latest", "v1%2f"] {
        let path = version_path(&model, version);
        world
            .without_traces(|| ana.delete(&path))
            .refused(404, "not-found");
    }
    let path = version_path(&model, "v1");
    world
        .without_traces(|| ben.delete(&path))
        .refused(404, "not-found");
    ana.asks_to_train(&model).expect(202);
    let problem = world
        .without_traces(|| ana.delete(&path))
        .refused(409, "conflict");
    assert_eq!(problem["state"], "queued");
}
