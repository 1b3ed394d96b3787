//! What the provider sends, and what others send in its name.

use std::rc::Rc;

use selfie::fake;
use serde_json::json;
use stand_ins::{Behaviour, Script};

use crate::hook::{Message, path_of};
use crate::world::{MINUTE, SECOND, World};

fn create(behaviour: Behaviour) -> Script {
    Script::new("replicate", behaviour).method("POST").times(1)
}

/// HK-01
#[test]
fn a_genuine_message_brings_the_images_in() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let accepted = ana.asks_for_images(&model, "by the sea").expect(202);
    world.sleep(10 * SECOND);
    world.heard.borrow_mut().clear();
    assert!(world.deliver_due_webhooks());
    assert_eq!(*world.heard.borrow(), [200]);
    assert_eq!(ana.sees_prediction(&accepted)["state"], "running");
    world.run_due_alarms();
    assert_eq!(ana.sees_prediction(&accepted)["state"], "succeeded");
    assert_eq!(world.stored("/images/").len(), 1);
}

/// HK-03
#[test]
fn a_message_that_comes_twice_has_one_effect() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    world.script(create(Behaviour::WebhookDuplicate));
    world.heard.borrow_mut().clear();
    ana.creates(&model, "by the sea");
    assert_eq!(*world.heard.borrow(), [200, 200]);
    assert_eq!(ana.sees_account()["prediction_count"], 1);
    assert_eq!(
        world.count_calls(
            "bytescale",
            "POST /v2/accounts/devSeLf/uploads/binary?filePath=%2Fu"
        ),
        5
    );
    assert_eq!(world.count_alerts("new prediction"), 1);
}

/// HK-04
#[test]
fn a_message_that_outruns_the_answer_to_the_order_is_made_good() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    world.script(create(Behaviour::WebhookBeforeAnswer));
    let (fake, outside) = (Rc::clone(&world.fake), Rc::clone(&world.outside));
    let config = world.config.clone();
    let heard = Rc::new(std::cell::Cell::new(0));
    let told = Rc::clone(&heard);
    world.outside.meanwhile(move || {
        let deliveries = outside.world().take_deliveries();
        for delivery in deliveries {
            let reply = fake::run(selfie::api::handle(&*fake, Ok(&config), delivery.request));
            told.set(reply.status().as_u16());
            outside
                .world()
                .report_delivery(delivery.id, Some(told.get()));
        }
    });
    let accepted = ana.asks_for_images(&model, "by the sea").expect(202);
    assert_eq!(heard.get(), 200);
    // Not only by the look that follows from nobody's word, after a minute and a half.
    world.advance(10 * SECOND);
    assert_eq!(ana.sees_prediction(&accepted)["state"], "succeeded");
    assert_eq!(world.jobs_of("prediction").len(), 1);
}

/// HK-05
#[test]
fn the_provider_is_believed_and_not_the_message() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    ana.asks_to_train(&model).expect(202);
    world.advance(20 * SECOND);
    let body = json!({"id": world.jobs()[0].id, "status": "succeeded", "output": {
        "version": "selfie-dev/faces:0000000000000000000000000000000000000000000000000000000000000000"
    }});
    Message::to(&world, &path_of(&world, 0), body.to_string())
        .send()
        .expect(200);
    let seen = ana.sees_model(&model);
    assert_eq!(
        (&seen["state"], &seen["versions"]),
        (&json!("training"), &json!([]))
    );
    world.advance(2 * MINUTE);
    assert_eq!(ana.sees_model(&model)["state"], "ready");
}

/// HK-06
#[test]
fn a_message_that_cannot_be_checked_is_asked_for_again() {
    let status = Behaviour::Status {
        code: 500,
        body: None,
        headers: [].into(),
    };
    for trouble in [status, Behaviour::Hang] {
        let world = World::new();
        let ana = world.ana();
        let model = ana.has_a_trained_model();
        let accepted = ana.asks_for_images(&model, "by the sea").expect(202);
        world.script(
            Script::new("replicate", trouble)
                .method("GET")
                .path("/predictions/")
                .times(3),
        );
        world.sleep(10 * SECOND);
        world.heard.borrow_mut().clear();
        assert!(world.deliver_due_webhooks());
        assert_eq!(*world.heard.borrow(), [503]);
        world.sleep(2 * SECOND);
        assert!(world.deliver_due_webhooks());
        assert_eq!(*world.heard.borrow(), [503, 200]);
        world.settle();
        assert_eq!(ana.sees_prediction(&accepted)["state"], "succeeded");
    }
}

/// HK-07
#[test]
fn a_message_of_two_megabytes_is_not_read() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    ana.asks_to_train(&model).expect(202);
    let message = Message::to(&world, &path_of(&world, 0), vec![b' '; 2 * 1024 * 1024]);
    let problem = world.without_traces(|| message.send().refused(413, "too-large"));
    assert_eq!(problem["max_bytes"], 1024 * 1024);
}

/// HK-08
#[test]
fn a_genuine_message_that_says_nothing_changes_nothing() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    ana.asks_to_train(&model).expect(202);
    world.settle();
    let (path, before) = (path_of(&world, 0), ana.sees_model(&model));
    let deep = format!("{}1{}", "[".repeat(5000), "]".repeat(5000));
    for body in [
        "no JSON",
        "[]",
        "{}",
        r#"{"id":7,"status":"succeeded"}"#,
        r#"{"id":"short","status":"x"}"#,
        &deep,
    ] {
        Message::to(&world, &path, body)
            .send()
            .refused(400, "malformed-request");
    }
    let unknown = json!({"id": world.jobs()[0].id, "status": "pausing"}).to_string();
    Message::to(&world, &path, unknown).send().expect(200);
    assert_eq!(ana.sees_model(&model)["state"], before["state"]);
    world.settle();
    assert_eq!(world.count_alerts("webhook unreadable"), 1);
}

/// HK-09
#[test]
fn a_message_about_one_run_does_nothing_to_another() {
    let world = World::new();
    let (ana, ben) = (world.ana(), world.ben());
    let (hers, his) = (
        ana.has_a_model_with_photos(4),
        ben.has_a_model_with_photos(4),
    );
    ana.asks_to_train(&hers).expect(202);
    ben.asks_to_train(&his).expect(202);
    world.settle();
    let before = world.count_calls("replicate", "GET");
    let body = json!({"id": world.jobs()[0].id, "status": "succeeded"}).to_string();
    Message::to(&world, &path_of(&world, 1), body)
        .send()
        .expect(200);
    assert_eq!(world.count_calls("replicate", "GET"), before);
    assert_eq!(ben.sees_model(&his)["state"], "queued");
    world.settle();
    assert_eq!(world.count_alerts("webhook mismatch"), 1);
}

/// ST-03
#[test]
fn a_ledger_that_fails_lets_the_message_come_again() {
    use selfie::fake::LedgerFault::{After, Before, Pass};
    for faults in [vec![Before], vec![Pass, Before], vec![Pass, After]] {
        let world = World::new();
        let ana = world.ana();
        let model = ana.has_a_trained_model();
        let accepted = ana.asks_for_images(&model, "by the sea").expect(202);
        world.sleep(10 * SECOND);
        world.heard.borrow_mut().clear();
        world.fake.fail_ledger(faults);
        world.deliver_due_webhooks();
        assert_eq!(*world.heard.borrow(), [503]);
        world.advance(2 * MINUTE);
        assert_eq!(*world.heard.borrow(), [503, 200]);
        assert_eq!(ana.sees_prediction(&accepted)["state"], "succeeded");
        assert_eq!(ana.sees_account()["prediction_count"], 1);
    }
}
