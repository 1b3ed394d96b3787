//! What costs money: asked for once, paid once, given back when nothing came of it.

use serde_json::json;
use stand_ins::{Behaviour, Script};

use crate::world::{MINUTE, SECOND, World};

fn order(behaviour: Behaviour) -> Script {
    Script::new("replicate", behaviour).method("POST")
}

fn status(code: u16) -> Behaviour {
    Behaviour::Status {
        code,
        body: None,
        headers: [("retry-after".to_owned(), "1".to_owned())].into(),
    }
}

/// PD-01
#[test]
fn the_same_request_under_the_same_key_is_answered_alike_and_done_once() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let key = world.fresh_key();
    let ask = |body| {
        ana.request("POST", "/create")
            .json(&body)
            .header("idempotency-key", &key)
            .send()
    };
    let body = json!({"model": model, "prompt": "by the sea", "format": "jpg"});
    let first = ask(body.clone());
    first.expect(202);
    assert_eq!(first.header("idempotency-replayed"), None);
    world.advance(2 * MINUTE);
    let reordered = json!({"format": "jpg", "prompt": "by the sea", "model": model});
    for again in [ask(body.clone()), ask(reordered)] {
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        assert_eq!(again.expect(202), first.json());
    }
    let other = json!({"model": model, "prompt": "by the lake", "format": "jpg"});
    world.without_traces(|| ask(other).refused(422, "idempotency-key-reused"));
    assert_eq!(world.jobs_of("prediction").len(), 1);
}

/// PD-01
#[test]
fn a_key_is_needed_and_must_be_one() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let body = json!({"model": model});
    let request = || ana.request("POST", "/api/genmodel").json(&body);
    world.without_traces(|| {
        request().send().refused(400, "idempotency-key-required");
        for wrong in [
            "",
            "1",
            &"k".repeat(5000),
            "5e1f1e00-0000-4000-8000-00000000000g",
        ] {
            request()
                .header("idempotency-key", wrong)
                .send()
                .refused(400, "idempotency-key-required");
        }
        let twice = request().fresh_key().and_header("idempotency-key", "1");
        twice.send().refused(400, "idempotency-key-required");
    });
}

/// PD-01
#[test]
fn keys_of_different_people_never_meet() {
    let world = World::new();
    let (ana, ben) = (world.ana(), world.ben());
    let (hers, his) = (
        ana.has_a_model_with_photos(4),
        ben.has_a_model_with_photos(4),
    );
    let key = format!("\"{}\"", world.fresh_key().to_uppercase());
    for (person, model) in [(&ana, &hers), (&ben, &his)] {
        let request = person
            .request("POST", "/api/genmodel")
            .json(&json!({"model": model}));
        let answer = request.header("idempotency-key", &key).send();
        assert_eq!(answer.expect(202)["id"], **model);
        assert_eq!(answer.header("idempotency-replayed"), None);
    }
    assert_eq!(world.jobs_of("training").len(), 2);
}

/// PD-02
#[test]
fn a_double_click_with_two_keys_trains_once() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    ana.asks_to_train(&model).expect(202);
    let problem = world
        .without_traces(|| ana.asks_to_train(&model))
        .refused(409, "conflict");
    assert_eq!(problem["state"], "queued");
    let other = ana.has_a_model_with_photos(4);
    world
        .without_traces(|| ana.asks_to_train(&other))
        .refused(409, "conflict");
    assert_eq!(world.jobs_of("training").len(), 1);
}

/// PD-04
#[test]
fn a_provider_that_asks_to_wait_is_waited_for() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    world.script(order(status(429)).times(1));
    ana.asks_for_images(&model, "by the sea").expect(202);
    assert_eq!(world.count_calls("replicate", "POST /predictions"), 2);
    assert_eq!(world.jobs_of("prediction").len(), 1);
}

/// PD-05
#[test]
fn a_provider_that_never_has_time_costs_nothing() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    world.script(order(status(429)));
    let before = world.now_ms();
    let answer = ana.asks_for_images(&model, "by the sea");
    assert_eq!(
        answer.refused(503, "provider-unavailable")["provider"],
        "replicate"
    );
    assert!(answer.header("retry-after").is_some());
    assert!(world.now_ms() - before <= 20 * SECOND);
    assert_eq!(world.count_calls("replicate", "POST /predictions"), 3);
    assert_eq!(
        ana.sees_account()["quotas"]["predictions_per_day"]["used"],
        0
    );
    assert_eq!(
        ana.get("/api/prediction").expect(200)["predictions"],
        json!([])
    );
}

/// PD-06
#[test]
fn trouble_with_our_account_is_told_to_the_operator_and_costs_nobody_anything() {
    for code in [401, 402, 403] {
        let world = World::new();
        let ana = world.ana();
        let model = ana.has_a_model_with_photos(4);
        world.script(order(status(code)).path("/trainings"));
        for _ in 0..2 {
            ana.asks_to_train(&model)
                .refused(503, "provider-unavailable");
            world.advance(10 * SECOND);
        }
        assert_eq!(
            world.count_calls("replicate", "POST"),
            1,
            "it is not asked again at once"
        );
        assert_eq!(world.count_alerts("replicate account"), 1);
        assert_eq!(ana.sees_account()["quotas"]["trainings_per_day"]["used"], 0);
        assert_eq!(ana.sees_model(&model)["state"], "bundled");
        world.outside.world().clear_scripts();
        world.advance(5 * MINUTE);
        ana.trains(&model);
    }
}

#[test]
fn an_order_that_is_refused_is_released_and_its_key_is_free_again() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let key = world.fresh_key();
    let ask = || {
        let request = ana
            .request("POST", "/api/genmodel")
            .json(&json!({"model": model}));
        request.header("idempotency-key", &key).send()
    };
    let words = r#"{"detail":"The secret words of the provider"}"#.to_owned();
    let refusal = Behaviour::Status {
        code: 422,
        body: Some(words),
        headers: [].into(),
    };
    world.script(order(refusal).path("/trainings").times(1));
    let answer = ask();
    answer.refused(502, "provider-refused");
    assert!(!answer.text().contains("secret words"));
    ask().expect(202);
    assert_eq!(world.jobs_of("training").len(), 1);
}

/// PD-10
#[test]
fn a_training_that_fails_is_given_back_once_and_told() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    world.script(
        order(Behaviour::Fail {
            error: "CUDA is out of memory".to_owned(),
        })
        .times(1),
    );
    world.script(order(Behaviour::WebhookDuplicate).times(1));
    ana.asks_to_train(&model).expect(202);
    assert_eq!(ana.sees_account()["quotas"]["trainings_per_day"]["used"], 1);
    world.advance(5 * MINUTE);
    let failed = ana.sees_model(&model);
    assert_eq!(
        (&failed["state"], &failed["failure"]["refunded"]),
        (&json!("failed"), &json!(true))
    );
    assert_eq!(failed["failure"]["reason"], "provider-error");
    assert!(!failed.to_string().contains("CUDA"));
    assert_eq!(ana.sees_account()["quotas"]["trainings_per_day"]["used"], 0);
    assert_eq!(world.count_alerts("training failed"), 1);
    ana.trains(&model);
}
