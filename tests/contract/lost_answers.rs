//! Orders whose answer is lost, runs that hang, and everything else that must neither be paid twice
//! nor be forgotten.

use serde_json::json;
use stand_ins::{Behaviour, Script};

use crate::world::{HOUR, MINUTE, SECOND, World};

fn order(behaviour: Behaviour) -> Script {
    Script::new("replicate", behaviour).method("POST").times(1)
}

fn ambiguous() -> [Behaviour; 6] {
    [
        Behaviour::DropAfter,
        Behaviour::Malformed,
        Behaviour::Truncate { bytes: 20 },
        Behaviour::Huge {
            bytes: 50 * 1024 * 1024,
        },
        Behaviour::Delay { ms: 30_000 },
        Behaviour::DropAfter,
    ]
}

#[test]
fn a_training_whose_answer_is_lost_is_found_and_paid_once() {
    for behaviour in ambiguous() {
        let world = World::new();
        let ana = world.ana();
        let model = ana.has_a_model_with_photos(4);
        world.script(order(behaviour.clone()).path("/trainings"));
        ana.asks_to_train(&model).expect(202);
        world.advance(5 * MINUTE);
        assert_eq!(ana.sees_model(&model)["state"], "ready", "{behaviour:?}");
        assert_eq!(world.count_calls("replicate", "POST"), 1);
        assert_eq!(world.jobs_of("training").len(), 1);
    }
}

#[test]
fn images_whose_answer_is_lost_are_found_with_or_without_an_echo_of_the_address() {
    for echo in ["absent", "present"] {
        let world = World::new();
        world
            .outside
            .world()
            .set_switch("webhook_echo", echo)
            .unwrap();
        let ana = world.ana();
        let model = ana.has_a_trained_model();
        world.script(order(Behaviour::WebhookDrop));
        world.script(order(Behaviour::DropAfter));
        let accepted = ana.asks_for_images(&model, "by the sea").expect(202);
        world.advance(5 * MINUTE);
        assert_eq!(
            ana.sees_prediction(&accepted)["state"],
            "succeeded",
            "{echo}"
        );
        assert_eq!(world.count_calls("replicate", "POST /predictions"), 1);
        assert_eq!(world.jobs_of("prediction").len(), 1);
    }
}

#[test]
fn a_lost_answer_is_found_by_the_sweep_alone() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    world.script(order(Behaviour::WebhookDrop));
    world.script(order(Behaviour::DropAfter));
    ana.asks_to_train(&model).expect(202);
    world.settle();
    for _ in 0..3 {
        world.sleep(2 * MINUTE);
        world.sweep();
    }
    assert_eq!(ana.sees_model(&model)["state"], "ready");
    assert_eq!(world.jobs_of("training").len(), 1);
    assert_eq!(world.sweep().looked_at, 0);
}

/// PD-03
#[test]
fn an_order_that_never_arrived_fails_after_ten_minutes_and_is_given_back() {
    for behaviour in [
        Behaviour::DropBefore,
        Behaviour::Hang,
        Behaviour::Redirect {
            to: "https://evil.example/".to_owned(),
        },
    ] {
        let world = World::new();
        let ana = world.ana();
        let model = ana.has_a_model_with_photos(4);
        world.script(order(behaviour.clone()).path("/trainings"));
        ana.asks_to_train(&model).expect(202);
        world.advance(9 * MINUTE);
        assert_eq!(ana.sees_model(&model)["state"], "queued", "{behaviour:?}");
        world.advance(3 * MINUTE);
        let failed = ana.sees_model(&model);
        assert_eq!(
            (&failed["state"], &failed["failure"]["reason"]),
            (&json!("failed"), &json!("provider-error"))
        );
        assert_eq!(ana.sees_account()["quotas"]["trainings_per_day"]["used"], 0);
        assert_eq!(world.count_alerts("training failed"), 1);
        assert_eq!(
            world.count_calls("replicate", "POST"),
            1,
            "it is never posted again"
        );
    }
}

#[test]
fn without_any_webhook_a_job_finishes_by_its_alarms() {
    let world = World::new();
    let ana = world.ana();
    world.script(Script::new("replicate", Behaviour::WebhookDrop));
    let model = ana.has_a_trained_model();
    assert_eq!(ana.creates(&model, "by the sea")["state"], "succeeded");
    assert!(world.heard.borrow().is_empty());
}

#[test]
fn without_webhooks_and_alarms_a_job_finishes_by_the_sweep() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let accepted = ana.asks_for_images(&model, "by the sea").expect(202);
    world.settle();
    for _ in 0..2 {
        world.sleep(2 * MINUTE);
        world.sweep();
    }
    assert_eq!(ana.sees_prediction(&accepted)["state"], "succeeded");
    assert_eq!(ana.sees_account()["prediction_count"], 1);
}

#[test]
fn a_training_that_hangs_is_stopped_and_given_back() {
    let world = World::with(&[("TRAINING_TIMEOUT_S", "600")]);
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    world.script(order(Behaviour::StuckStarting { ms: None }));
    ana.asks_to_train(&model).expect(202);
    world.advance(9 * MINUTE);
    assert_eq!(ana.sees_model(&model)["state"], "queued");
    world.advance(2 * MINUTE);
    let failed = ana.sees_model(&model);
    assert_eq!(
        (&failed["state"], &failed["failure"]["reason"]),
        (&json!("failed"), &json!("timeout"))
    );
    assert_eq!(world.jobs()[0].status, "canceled");
    assert_eq!(ana.sees_account()["quotas"]["trainings_per_day"]["used"], 0);
    assert_eq!(world.count_alerts("operation overdue"), 1);
}

#[test]
fn a_training_can_be_stopped_by_its_owner() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let path = format!("/api/genmodel/{model}");
    world.without_traces(|| ana.delete(&path).refused(409, "conflict"));
    ana.asks_to_train(&model).expect(202);
    world.advance(20 * SECOND);
    assert_eq!(ana.delete(&path).expect(202)["state"], "canceled");
    world.advance(5 * MINUTE);
    assert_eq!(world.jobs()[0].status, "canceled");
    assert_eq!(ana.sees_model(&model)["state"], "canceled");
    assert_eq!(ana.sees_account()["quotas"]["trainings_per_day"]["used"], 0);
    ana.trains(&model);
}

#[test]
fn a_training_that_is_stopped_before_it_is_found_is_stopped_when_it_is() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    world.script(order(Behaviour::StuckStarting { ms: None }));
    world.script(order(Behaviour::DropAfter));
    ana.asks_to_train(&model).expect(202);
    ana.delete(&format!("/api/genmodel/{model}")).expect(202);
    world.advance(5 * MINUTE);
    assert_eq!(ana.sees_model(&model)["state"], "canceled");
    assert_eq!(world.jobs()[0].status, "canceled");
}

/// PV-02
#[test]
fn a_model_that_is_deleted_while_it_trains_goes_everywhere() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    ana.asks_to_train(&model).expect(202);
    world.advance(20 * SECOND);
    assert_eq!(ana.delete(&format!("/api/model/{model}")).status, 202);
    ana.get(&format!("/api/model/{model}"))
        .refused(404, "not-found");
    world.advance(10 * MINUTE);
    assert_eq!(world.jobs()[0].status, "canceled");
    assert_eq!(world.stored("/u/").len(), 0);
    assert!(
        world
            .fake
            .kv_entries()
            .iter()
            .all(|(key, _)| !key.contains(&model))
    );
    let left: Vec<_> = world
        .fake
        .rows()
        .into_iter()
        .filter(|(key, _)| key.contains(&model))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(world.count_alerts("training ready"), 0);
}

#[test]
fn a_ledger_that_fails_before_the_provider_is_asked_leaves_nothing() {
    use selfie::fake::LedgerFault::Before;
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let key = world.fresh_key();
    let ask = || {
        let body = json!({"model": model, "prompt": "by the sea", "format": "jpg"});
        ana.request("POST", "/create")
            .json(&body)
            .header("idempotency-key", &key)
            .send()
    };
    world.fake.fail_ledger([Before]);
    let answer = world.without_traces(ask);
    answer.refused(503, "storage-unavailable");
    assert!(answer.header("retry-after").is_some());
    assert_eq!(ask().header("idempotency-replayed"), None);
    assert_eq!(world.jobs_of("prediction").len(), 1);
}

/// ST-02
#[test]
fn a_ledger_that_fails_after_the_provider_accepted_does_not_pay_twice() {
    use selfie::fake::LedgerFault::{After, Before, Pass};
    for fault in [Before, After] {
        let world = World::new();
        let ana = world.ana();
        let model = ana.has_a_trained_model();
        let key = world.fresh_key();
        let ask = || {
            let body = json!({"model": model, "prompt": "by the sea", "format": "jpg"});
            ana.request("POST", "/create")
                .json(&body)
                .header("idempotency-key", &key)
                .send()
        };
        world.fake.fail_ledger([Pass, Pass, fault]);
        ask().refused(503, "storage-unavailable");
        if fault == Before {
            ask().refused(409, "operation-in-progress");
        }
        world.advance(30 * SECOND);
        ask().expect(202);
        world.advance(3 * MINUTE);
        let again = ask().expect(202);
        assert_eq!(world.jobs_of("prediction").len(), 1, "{fault:?}");
        assert_eq!(ana.sees_prediction(&again)["state"], "succeeded");
        assert_eq!(
            ana.sees_account()["quotas"]["predictions_per_day"]["used"],
            1
        );
    }
}

#[test]
fn a_mirror_that_cannot_be_written_is_written_later() {
    use selfie::fake::PutFault::Before;
    let world = World::new();
    let ana = world.ana();
    world.fake.fail_puts([Before, Before]);
    let model = ana.creates_a_model();
    world.settle();
    let mirrored = || {
        world
            .fake
            .kv_entries()
            .iter()
            .any(|(key, _)| key.starts_with("MODELS/") && key.ends_with(&model))
    };
    assert!(!mirrored());
    assert_eq!(ana.sees_model(&model)["state"], "draft");
    world.advance(HOUR);
    assert!(mirrored());
}
