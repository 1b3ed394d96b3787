//! Things that happen at the same time: whatever crosses, nothing is left lying about and nothing
//! is shown as it no longer is.

use std::rc::Rc;

use selfie::fake;
use serde_json::{Value, json};
use stand_ins::{Behaviour, Script};

use crate::browser::Browser;
use crate::world::{HOUR, MINUTE, World};

/// Lets a person ask for something while the next delayed answer of a provider is on its way.
fn meanwhile(world: &World, who: &Browser<'_>, method: &str, path: &str, body: Option<&Value>) {
    let (fake, config) = (Rc::clone(&world.fake), world.config.clone());
    let request = http::Request::builder()
        .method(method)
        .uri(path)
        .header("origin", &config.app_origin)
        .header("cookie", who.cookies())
        .header("content-type", "application/json")
        .body(body.map(Value::to_string).unwrap_or_default().into_bytes());
    world.outside.meanwhile(move || {
        let reply = fake::run(selfie::api::handle(&*fake, Ok(&config), request.unwrap()));
        assert!(reply.status().is_success(), "{}", reply.status());
    });
}

fn delay(provider: &str) -> Script {
    Script::new(provider, Behaviour::Delay { ms: 2000 }).times(1)
}

fn status(code: u16) -> Behaviour {
    Behaviour::Status {
        code,
        body: None,
        headers: [].into(),
    }
}

#[test]
fn a_bundle_of_photos_that_changed_meanwhile_does_not_stay() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let photos = ana
        .get(&format!("/api/bytescale?model={model}"))
        .expect(200);
    let photo = photos["photos"][0]["id"].as_str().unwrap();
    let path = format!("/api/bytescale/{photo}?model={model}");
    world.script(delay("bytescale-cdn"));
    meanwhile(
        &world,
        &ana,
        "PATCH",
        &path,
        Some(&json!({"caption": "a hat"})),
    );
    ana.post("/api/zipper", &json!({"model": model}))
        .refused(409, "conflict");
    assert_eq!(world.stored("/zips/").len(), 1);
    world.advance(11 * MINUTE);
    assert_eq!(world.stored("/zips/").len(), 0);
}

#[test]
fn a_bundle_that_is_made_again_is_not_removed_with_its_predecessor() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let gone = Script::new("bytescale", status(500)).method("DELETE");
    world.script(gone.path("zips").times(3));
    ana.trains(&model);
    ana.post("/api/zipper", &json!({"model": model}))
        .expect(200);
    world.advance(30 * MINUTE);
    assert_eq!(world.stored("/zips/").len(), 1);
    ana.trains(&model);
}

#[test]
fn images_that_arrive_after_their_prediction_was_deleted_do_not_stay() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let accepted = ana.asks_for_images(&model, "by the sea").expect(202);
    let path = format!("/api/prediction/{}", accepted["id"].as_str().unwrap());
    world.script(delay("replicate-delivery"));
    meanwhile(&world, &ana, "DELETE", &path, None);
    world.advance(MINUTE);
    let deletions = || world.count_calls("bytescale", "DELETE /v2/accounts/devSeLf/folders");
    assert_eq!(deletions(), 1);
    // Whoever was storing them on another machine is done by now, one way or the other.
    world.advance(11 * MINUTE);
    assert_eq!(deletions(), 2);
    assert_eq!(world.stored("/images/").len(), 0);
}

#[test]
fn images_that_could_not_all_be_brought_in_do_not_stay() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    world.script(Script::new("replicate-delivery", status(404)).skip(1));
    let body = json!({"model": model, "prompt": "by the sea", "format": "jpg", "count": 2});
    let request = ana.request("POST", "/create").json(&body).fresh_key();
    let accepted = request.send().expect(202);
    world.advance(MINUTE);
    assert_eq!(world.stored("/images/").len(), 1);
    world.advance(2 * HOUR);
    assert_eq!(
        ana.sees_prediction(&accepted)["failure"]["reason"],
        "data-lost"
    );
    assert_eq!(world.stored("/images/").len(), 0);
}

#[test]
fn one_answer_of_not_knowing_does_not_end_what_is_overdue() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    world.script(Script::new("replicate", Behaviour::WebhookDrop).times(1));
    let accepted = ana.asks_for_images(&model, "by the sea").expect(202);
    world.settle();
    world.script(Script::new("replicate", status(404)).method("GET").times(1));
    world.sleep(21 * MINUTE);
    world.advance(5 * MINUTE);
    assert_eq!(ana.sees_prediction(&accepted)["state"], "succeeded");
}

#[test]
fn a_training_that_was_looked_at_too_late_is_lost_and_not_the_providers_fault() {
    let world = World::new();
    let mut providers = world.outside.world();
    providers
        .set_switch("training_retention", "purged")
        .unwrap();
    drop(providers);
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    ana.asks_to_train(&model).expect(202);
    world.sleep(90 * MINUTE);
    world.settle();
    let failed = ana.sees_model(&model);
    assert_eq!(failed["failure"]["reason"], "data-lost");
    assert_eq!(ana.sees_account()["quotas"]["trainings_per_day"]["used"], 0);
}

#[test]
fn the_copy_of_an_account_says_what_its_row_says() {
    let world = World::new();
    let ana = world.ana();
    ana.creates_a_model();
    world.settle();
    let value = |entries: Vec<(String, String)>, start: &str| {
        let mut entries = entries.into_iter();
        let found = entries.find(|(name, _)| name.starts_with(start));
        found.unwrap().1
    };
    let kept = value(world.fake.kv_entries(), "USERS/");
    let rows = world.fake.rows().into_iter();
    let users = rows.filter(|(name, _)| name.contains(" user ")).collect();
    assert_eq!(kept, value(users, "user:"));
}

#[test]
fn the_run_of_deleted_images_is_not_taken_for_a_lost_one() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let body = json!({"model": model, "prompt": "by the sea", "seed": 7, "format": "jpg"});
    let ask = || {
        ana.request("POST", "/create")
            .json(&body)
            .fresh_key()
            .send()
    };
    let first = ask().expect(202);
    world.advance(20_000);
    let path = format!("/api/prediction/{}", first["id"].as_str().unwrap());
    assert_eq!(ana.delete(&path).status, 202);
    world.script(
        Script::new("replicate", status(500))
            .method("POST")
            .times(1),
    );
    let second = ask().expect(202);
    world.advance(15 * MINUTE);
    assert_eq!(ana.sees_prediction(&second)["state"], "failed");
    assert_eq!(ana.sees_account()["prediction_count"], 1);
}
