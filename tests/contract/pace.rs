//! How long a training still takes is told from those before it, and not at all without them.

use serde_json::{Value, json};
use stand_ins::{Behaviour, Script};

use crate::browser::Browser;
use crate::world::{HOUR, MINUTE, SECOND, World};

/// Trains once and answers the model half a minute later, while it runs.
fn begins(world: &World, browser: &Browser<'_>, preset: &str) -> Value {
    let model = browser.has_a_model_with_photos(4);
    let body = json!({"model": model, "preset": preset});
    let request = browser.request("POST", "/api/genmodel").json(&body);
    request.fresh_key().send().expect(202);
    world.advance(30 * SECOND);
    browser.sees_model(&model)
}

/// Somebody else's training, from its request to its end.
fn somebody_trains(world: &World, email: &'static str) {
    let somebody = world.person(email);
    begins(world, &somebody, "fast");
    world.advance(5 * MINUTE);
}

#[test]
fn after_three_trainings_of_a_preset_the_next_is_told_how_long_it_takes() {
    let world = World::new();
    let ana = world.ana();
    for email in ["one@example.com", "two@example.com"] {
        somebody_trains(&world, email);
    }
    let early = begins(&world, &ana, "fast");
    assert_eq!(early["progress"]["eta_s"], json!(null), "{early}");
    assert_eq!(early["preset"], "fast");
    world.advance(5 * MINUTE);

    let other = begins(&world, &ana, "quality");
    assert_eq!(other["progress"]["eta_s"], json!(null), "another preset");
    world.advance(HOUR);

    let told = begins(&world, &ana, "fast");
    let eta_s = told["progress"]["eta_s"].as_u64().unwrap();
    assert!((30..=90).contains(&eta_s), "{told}");
    assert_eq!(told["progress"]["late"], false);
}

#[test]
fn what_takes_longer_than_nine_of_ten_is_late() {
    let world = World::new();
    for email in ["one@example.com", "two@example.com", "three@example.com"] {
        somebody_trains(&world, email);
    }
    let stuck = Behaviour::StuckStarting { ms: None };
    let ana = world.ana();
    world.script(Script::new("replicate", stuck).method("POST").times(1));
    let model = begins(&world, &ana, "fast");
    assert_eq!(model["progress"]["late"], false);
    world.advance(10 * MINUTE);
    let late = ana.sees_model(model["id"].as_str().unwrap());
    assert_eq!(late["state"], "queued");
    assert_eq!(
        (&late["progress"]["eta_s"], &late["progress"]["late"]),
        (&json!(0), &json!(true))
    );
}

#[test]
fn a_training_that_failed_teaches_nothing() {
    let world = World::new();
    let ana = world.ana();
    for email in ["one@example.com", "two@example.com"] {
        somebody_trains(&world, email);
    }
    let fail = Behaviour::Fail {
        error: "CUDA out of memory".to_owned(),
    };
    world.script(Script::new("replicate", fail).method("POST").times(1));
    somebody_trains(&world, "three@example.com");
    let next = begins(&world, &ana, "fast");
    assert_eq!(next["progress"]["eta_s"], json!(null));
}
