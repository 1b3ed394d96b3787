//! Trainings that the provider fails by its own trouble, and providers that say nothing any more.

use serde_json::json;
use stand_ins::{Behaviour, Script};

use crate::browser::Browser;
use crate::world::{MINUTE, SECOND, World};

fn training(behaviour: Behaviour) -> Script {
    Script::new("replicate", behaviour)
        .method("POST")
        .path("/trainings")
        .times(1)
}

fn transient() -> Script {
    training(Behaviour::Fail {
        error: "Prediction interrupted; please retry (E1000)".to_owned(),
    })
}

fn orders(world: &World) -> usize {
    let training = world.count_calls("replicate", "/trainings");
    training - world.count_calls("replicate", "GET /trainings")
}

fn used(person: &Browser<'_>) -> serde_json::Value {
    person.sees_account()["quotas"]["trainings_per_day"]["used"].clone()
}

#[test]
fn the_providers_own_trouble_is_tried_once_more_with_the_other_trainer() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    world.script(transient());
    ana.asks_to_train(&model).expect(202);
    world.advance(10 * MINUTE);
    let ready = ana.sees_model(&model);
    assert_eq!(ready["state"], "ready");
    assert_eq!(ready["versions"][0]["preset"], "quality");
    let jobs = world.jobs_of("training");
    let [first, second] = jobs.as_slice() else {
        panic!("{jobs:?}")
    };
    assert_eq!((first.status, second.status), ("failed", "succeeded"));
    assert!(first.version.contains("fast-flux-trainer"));
    assert!(second.version.contains("flux-dev-lora-trainer"));
    assert_eq!(used(&ana), 1, "one reservation for both");
    let letters = world.letters_to("ana@example.com");
    let about = |words: &str| letters.iter().filter(|l| l.subject.contains(words)).count();
    assert_eq!((about("ready"), about("work out")), (1, 0));
    assert_eq!(world.count_alerts("webhook mismatch"), 0);
}

#[test]
fn without_a_fallback_the_same_trainer_tries_again() {
    let world = World::with(&[("TRAINER_FALLBACK", "")]);
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    world.script(transient());
    ana.asks_to_train(&model).expect(202);
    world.advance(10 * MINUTE);
    assert_eq!(ana.sees_model(&model)["versions"][0]["preset"], "fast");
    let jobs = world.jobs_of("training");
    assert!(
        jobs.iter()
            .all(|job| job.version.contains("fast-flux-trainer"))
    );
}

#[test]
fn a_second_failure_is_the_end_and_costs_nothing() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    // Of one order all scripts take effect, so the second waits for the next one.
    world.script(transient());
    world.script(transient().skip(1));
    ana.asks_to_train(&model).expect(202);
    world.advance(10 * MINUTE);
    let failed = ana.sees_model(&model);
    assert_eq!(
        (&failed["state"], &failed["failure"]["reason"]),
        (&json!("failed"), &json!("provider-error"))
    );
    assert_eq!(world.jobs_of("training").len(), 2);
    assert_eq!(used(&ana), 0);
    assert_eq!(world.count_alerts("training failed"), 1);
}

#[test]
fn what_the_photos_or_the_trainer_are_to_blame_for_is_not_tried_again() {
    for error in [
        "CUDA out of memory (E1001)",
        "no images found in input_images",
    ] {
        let world = World::new();
        let ana = world.ana();
        let model = ana.has_a_model_with_photos(4);
        let error = error.to_owned();
        world.script(training(Behaviour::Fail { error }));
        ana.asks_to_train(&model).expect(202);
        world.advance(10 * MINUTE);
        assert_eq!(ana.sees_model(&model)["state"], "failed");
        assert_eq!(world.jobs_of("training").len(), 1);
    }
}

#[test]
fn a_second_order_whose_answer_is_lost_is_found_and_not_repeated() {
    for behaviour in [
        Behaviour::DropAfter,
        Behaviour::Malformed,
        Behaviour::DropBefore,
    ] {
        let world = World::new();
        let ana = world.ana();
        let model = ana.has_a_model_with_photos(4);
        world.script(transient());
        world.script(training(behaviour.clone()).skip(1));
        ana.asks_to_train(&model).expect(202);
        world.advance(20 * MINUTE);
        let lost = behaviour == Behaviour::DropBefore;
        let state = if lost { "failed" } else { "ready" };
        assert_eq!(ana.sees_model(&model)["state"], state, "{behaviour:?}");
        assert_eq!(orders(&world), 2, "{behaviour:?}");
        assert_eq!(used(&ana), u8::from(!lost), "{behaviour:?}");
    }
}

#[test]
fn a_second_order_that_is_refused_ends_it_and_is_told() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    world.script(transient());
    let refused = Behaviour::Status {
        code: 422,
        body: None,
        headers: [].into(),
    };
    world.script(training(refused).skip(1));
    ana.asks_to_train(&model).expect(202);
    world.advance(10 * MINUTE);
    assert_eq!(ana.sees_model(&model)["state"], "failed");
    assert_eq!(used(&ana), 0);
    let letters = world.letters_to("ana@example.com");
    let told = letters.iter().filter(|l| l.subject.contains("work out"));
    assert_eq!(told.count(), 1);
}

/// HK-13: Runs that follow each other closely order a second run once.
#[test]
fn sweeps_and_alarms_together_order_a_second_run_once() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    world.script(Script::new("replicate", Behaviour::WebhookDrop));
    world.script(transient());
    ana.asks_to_train(&model).expect(202);
    world.run_due_alarms();
    world.sleep(3 * MINUTE);
    world.sweep();
    world.sweep();
    world.run_due_alarms();
    assert_eq!(world.jobs_of("training").len(), 2);
    world.advance(5 * MINUTE);
    world.sweep();
    assert_eq!(ana.sees_model(&model)["state"], "ready");
    assert_eq!(world.jobs_of("training").len(), 2);
}

#[test]
fn a_provider_that_says_nothing_any_more_does_not_hold_a_training_for_ever() {
    let world = World::with(&[("TRAINING_TIMEOUT_S", "600")]);
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    world.script(training(Behaviour::StuckStarting { ms: None }));
    ana.asks_to_train(&model).expect(202);
    world.advance(20 * SECOND);
    let down = Behaviour::Status {
        code: 500,
        body: None,
        headers: [].into(),
    };
    world.script(Script::new("replicate", down));
    world.advance(12 * MINUTE);
    let failed = ana.sees_model(&model);
    assert_eq!(
        (&failed["state"], &failed["failure"]["reason"]),
        (&json!("failed"), &json!("timeout"))
    );
    assert_eq!(used(&ana), 0);
    assert_eq!(world.jobs()[0].status, "starting");
    world.outside.world().clear_scripts();
    world.advance(120 * MINUTE);
    assert_eq!(world.jobs()[0].status, "canceled", "stopped when it can be");
}

#[test]
fn a_training_that_does_not_start_is_told_after_a_quarter_of_an_hour_once() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let ms = Some(30 * MINUTE);
    world.script(training(Behaviour::StuckStarting { ms }));
    ana.asks_to_train(&model).expect(202);
    world.advance(14 * MINUTE);
    assert_eq!(world.count_alerts("training stuck"), 0);
    world.advance(26 * MINUTE);
    assert_eq!(world.count_alerts("training stuck"), 1);
    assert_eq!(ana.sees_model(&model)["state"], "ready");
}
