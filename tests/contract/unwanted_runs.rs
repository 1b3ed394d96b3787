//! Runs that nobody wants any more: each is stopped, whatever the provider says to that, and what
//! it has made goes.

use std::rc::Rc;

use serde_json::json;
use stand_ins::{Behaviour, Script};

use crate::browser::Browser;
use crate::hook::{Message, path_of};
use crate::receipts::{is_done, object};
use crate::world::{HOUR, MINUTE, SECOND, World};

fn status(code: u16) -> Behaviour {
    Behaviour::Status {
        code,
        body: None,
        headers: [].into(),
    }
}

fn answers(code: u16, method: &str, path: &str) -> Script {
    Script::new("replicate", status(code))
        .method(method)
        .path(path)
}

/// The next order is answered late, and until then this happens in another tab.
fn meanwhile(world: &Rc<World>, who: &Browser<'_>, act: impl FnOnce(&Browser<'_>) + 'static) {
    let slow = Script::new("replicate", Behaviour::Delay { ms: 2000 });
    world.script(slow.method("POST").times(1));
    let (inside, token) = (Rc::clone(world), who.token());
    world.outside.meanwhile(move || {
        let elsewhere = inside.browser("ana@example.com");
        elsewhere.set_cookie("__Host-session", &token);
        act(&elsewhere);
    });
}

/// Answers the model, whose training is accepted and not begun.
fn waits_for_a_machine(who: &Browser<'_>) -> String {
    let model = who.has_a_model_with_photos(4);
    let stuck = Behaviour::StuckStarting { ms: None };
    who.world
        .script(Script::new("replicate", stuck).method("POST").times(1));
    who.asks_to_train(&model).expect(202);
    who.world.advance(20 * SECOND);
    model
}

#[test]
fn a_run_that_is_unknown_once_is_stopped_all_the_same() {
    let world = World::new();
    let ana = world.ana();
    let model = waits_for_a_machine(&ana);
    world.script(answers(404, "POST", "/cancel").times(1));
    world.script(answers(404, "GET", "/trainings/").times(1));
    assert_eq!(ana.delete(&format!("/api/model/{model}")).status, 202);
    world.settle();
    assert_eq!(world.jobs()[0].status, "starting");
    world.advance(2 * MINUTE);
    assert_eq!(world.jobs()[0].status, "canceled");
}

#[test]
fn tries_that_follow_each_other_quickly_do_not_make_a_run_lost() {
    let world = World::new();
    let ana = world.ana();
    let model = waits_for_a_machine(&ana);
    // Three tries of three requests each, and told to come back in a moment.
    world.script(answers(429, "POST", "/cancel").times(9));
    world.script(answers(404, "POST", "/cancel"));
    world.script(answers(404, "GET", "/trainings/"));
    assert_eq!(ana.delete(&format!("/api/model/{model}")).status, 202);
    world.advance(30 * MINUTE);
    world.outside.world().clear_scripts();
    world.advance(HOUR);
    assert_eq!(world.jobs()[0].status, "canceled");
}

#[test]
fn a_run_is_lost_when_the_provider_has_not_known_it_for_half_an_hour() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    ana.asks_to_train(&model).expect(202);
    world.advance(20 * SECOND);
    world.script(answers(404, "POST", "/cancel"));
    world.script(answers(404, "GET", "/trainings/"));
    let code = ana.deletes_the_account();
    world.advance(30 * MINUTE);
    assert!(!is_done(&world.receipt(&code)));
    world.advance(2 * HOUR);
    let receipt = world.receipt(&code);
    assert!(is_done(&receipt), "{receipt}");
    assert_eq!(object(&receipt, "runs")["count"], 1);
}

#[test]
fn the_version_of_a_run_goes_that_can_no_longer_be_stopped() {
    for refusal in [400, 404, 409, 410, 422] {
        let world = World::new();
        let ana = world.ana();
        let model = ana.has_a_model_with_photos(4);
        ana.asks_to_train(&model).expect(202);
        world.sleep(5 * MINUTE);
        world.script(answers(refusal, "POST", "/cancel"));
        let code = ana.deletes_the_account();
        world.advance(15 * MINUTE);
        assert!(is_done(&world.receipt(&code)), "{refusal}");
        let made = &world.jobs()[0].output["version"];
        let made = made.as_str().unwrap().to_owned();
        assert_eq!(world.living_versions(&[made].into()), 0, "{refusal}");
    }
}

#[test]
fn a_prediction_that_is_deleted_while_it_is_ordered_is_stopped() {
    let world = Rc::new(World::new());
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let stuck = Behaviour::StuckStarting { ms: None };
    world.script(Script::new("replicate", stuck).method("POST").times(1));
    meanwhile(&world, &ana, |elsewhere| {
        let list = elsewhere.get("/api/prediction").expect(200);
        let id = list["predictions"][0]["id"].as_str().unwrap();
        let gone = elsewhere.delete(&format!("/api/prediction/{id}"));
        assert_eq!(gone.status, 202);
    });
    ana.asks_for_images(&model, "the sea")
        .refused(404, "not-found");
    world.settle();
    assert_eq!(world.jobs_of("prediction")[0].status, "canceled");
    world.advance(5 * MINUTE);
    assert_eq!(world.sweep().looked_at, 0);
}

#[test]
fn a_model_that_is_deleted_while_its_training_is_ordered_leaves_no_run() {
    let world = Rc::new(World::new());
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let path = format!("/api/model/{model}");
    meanwhile(&world, &ana, move |elsewhere| {
        assert_eq!(elsewhere.delete(&path).status, 202);
    });
    ana.asks_to_train(&model).refused(404, "not-found");
    world.settle();
    assert_eq!(world.jobs()[0].status, "canceled");
    let rows = world.fake.rows();
    let left = rows.iter().filter(|(name, _)| name.contains(" operation "));
    assert_eq!(left.count(), 0);
    world.advance(5 * MINUTE);
    assert_eq!(world.sweep().looked_at, 0);
}

/// The next order is answered by nobody, and no list at the provider can be had.
fn is_given_up(world: &World, list: &str) {
    let lost = Script::new("replicate", Behaviour::DropAfter);
    world.script(lost.method("POST").times(1));
    world.script(answers(500, "GET", list));
}

#[test]
fn a_training_that_turns_up_after_it_was_given_up_leaves_nothing() {
    let world = World::with(&[("TRAINING_TIMEOUT_S", "600")]);
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let stuck = Behaviour::StuckStarting {
        ms: Some(20 * MINUTE),
    };
    world.script(Script::new("replicate", stuck).method("POST").times(1));
    is_given_up(&world, "/trainings");
    ana.asks_to_train(&model).expect(202);
    world.advance(15 * MINUTE);
    assert_eq!(ana.sees_model(&model)["state"], "failed");
    world.outside.world().clear_scripts();
    // Its first word comes when it starts.
    world.advance(6 * MINUTE);
    assert_eq!(world.jobs()[0].status, "canceled");
    assert_eq!(ana.sees_model(&model)["state"], "failed");
    assert_eq!(ana.sees_account()["quotas"]["trainings_per_day"]["used"], 0);
}

#[test]
fn the_version_goes_of_a_training_that_was_given_up_and_has_ended() {
    for deleted in [false, true] {
        let world = World::with(&[("TRAINING_TIMEOUT_S", "600")]);
        let ana = world.ana();
        let model = ana.has_a_model_with_photos(4);
        let silent = Script::new("replicate", Behaviour::WebhookDrop);
        world.script(silent.method("POST").times(1));
        is_given_up(&world, "/trainings");
        ana.asks_to_train(&model).expect(202);
        world.advance(15 * MINUTE);
        if deleted {
            assert_eq!(ana.delete(&format!("/api/model/{model}")).status, 202);
            world.advance(MINUTE);
        }
        world.outside.world().clear_scripts();
        // Word of its end arrives only now.
        let job = world.jobs().remove(0);
        let made = job.output["version"].as_str().unwrap().to_owned();
        let body = json!({"id": job.id, "status": "succeeded", "input": job.input}).to_string();
        let message = Message::to(&world, &path_of(&world, 0), body);
        message.send().expect(200);
        world.advance(10 * MINUTE);
        assert_eq!(world.living_versions(&[made].into()), 0, "{deleted}");
    }
}

#[test]
fn images_that_turn_up_after_they_were_given_up_are_not_made() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let stuck = Behaviour::StuckStarting { ms: None };
    world.script(Script::new("replicate", stuck).method("POST").times(1));
    is_given_up(&world, "/predictions?");
    let wish = ana.asks_for_images(&model, "the sea").expect(202);
    let job = world.jobs_of("prediction").remove(0);
    world.advance(25 * MINUTE);
    assert_eq!(ana.sees_prediction(&wish)["state"], "failed");
    world.outside.world().clear_scripts();
    let before = world.count_calls("replicate", "/cancel");
    let body = json!({"id": job.id, "status": "processing", "input": job.input}).to_string();
    let message = Message::to(&world, &path_of(&world, 1), body);
    message.send().expect(200);
    world.settle();
    assert_eq!(world.count_calls("replicate", "/cancel"), before + 1);
}

#[test]
fn a_hint_at_a_run_that_has_its_operation_stops_nothing() {
    let world = World::with(&[("TRAINING_TIMEOUT_S", "600")]);
    let ana = world.ana();
    let trained = ana.has_a_trained_model();
    let model = ana.has_a_model_with_photos(4);
    world.script(Script::new("replicate", Behaviour::DropBefore).method("POST"));
    ana.asks_to_train(&model).expect(202);
    world.advance(15 * MINUTE);
    assert_eq!(ana.sees_model(&model)["state"], "failed");
    world.outside.world().clear_scripts();
    // Genuine words about the first training arrive at the address of the second, and at its own.
    let job = world.jobs().remove(0);
    let body = json!({"id": job.id, "status": "succeeded", "input": job.input}).to_string();
    for address in [0, 1] {
        let message = Message::to(&world, &path_of(&world, address), body.clone());
        message.send().expect(200);
    }
    let bare = json!({"id": job.id, "status": "succeeded"}).to_string();
    Message::to(&world, &path_of(&world, 1), bare)
        .send()
        .expect(200);
    world.advance(10 * MINUTE);
    assert_eq!(world.count_calls("replicate", "/cancel"), 0);
    assert_eq!(world.living_versions(&world.noted_versions()), 1);
    assert_eq!(ana.sees_model(&trained)["state"], "ready");
}

#[test]
fn a_hint_at_images_that_another_operation_waits_for_stops_nothing() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let made = ana.creates(&model, "the hills");
    assert_eq!(made["state"], "succeeded");
    world.script(Script::new("replicate", Behaviour::DropBefore).method("POST"));
    let wish = ana.asks_for_images(&model, "the sea").expect(202);
    world.advance(15 * MINUTE);
    assert_eq!(ana.sees_prediction(&wish)["state"], "failed");
    world.outside.world().clear_scripts();
    let job = world.jobs_of("prediction").remove(0);
    let body = json!({"id": job.id, "status": "succeeded", "input": job.input}).to_string();
    let message = Message::to(&world, &path_of(&world, 2), body);
    message.send().expect(200);
    world.advance(MINUTE);
    assert_eq!(world.count_calls("replicate", "/cancel"), 0);
}

#[test]
fn words_that_do_not_say_of_what_kind_a_run_is_stop_nothing() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let gone = ana.delete(&format!("/api/model/{model}"));
    assert_eq!(gone.status, 202);
    world.advance(15 * MINUTE);
    let body = json!({"id": world.jobs()[0].id, "status": "succeeded"}).to_string();
    let message = Message::to(&world, &path_of(&world, 0), body);
    world.without_traces(|| message.send()).expect(200);
}

#[test]
fn a_training_that_was_heard_of_and_never_found_leaves_no_version() {
    let world = World::with(&[("TRAINING_TIMEOUT_S", "600")]);
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    is_given_up(&world, "/trainings");
    ana.asks_to_train(&model).expect(202);
    world.advance(8 * MINUTE);
    assert_eq!(world.heard.borrow().last(), Some(&200));
    assert_eq!(ana.sees_model(&model)["state"], "queued");
    world.advance(7 * MINUTE);
    assert_eq!(ana.sees_model(&model)["state"], "failed");
    world.outside.world().clear_scripts();
    world.advance(HOUR);
    let made = world.jobs()[0].output["version"].clone();
    let made = made.as_str().unwrap().to_owned();
    assert_eq!(world.living_versions(&[made].into()), 0);
}
