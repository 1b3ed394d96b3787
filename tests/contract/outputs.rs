//! What a run has made: brought in, checked, and only then shown.

use serde_json::{Value, json};
use stand_ins::{Behaviour, Script};

use crate::browser::Browser;
use crate::world::{HOUR, MINUTE, World};

/// A prediction of four images where this happens, two minutes later.
fn made_with(world: &World, ana: &Browser<'_>, model: &str, behaviour: Behaviour) -> Value {
    world.script(Script::new("replicate", behaviour).method("POST").times(1));
    let body = json!({"model": model, "prompt": "a hat", "format": "jpg", "count": 4});
    let accepted = ana
        .request("POST", "/create")
        .json(&body)
        .fresh_key()
        .send()
        .expect(202);
    world.advance(2 * MINUTE);
    ana.sees_prediction(&accepted)
}

fn used(ana: &Browser<'_>) -> Value {
    ana.sees_account()["quotas"]["predictions_per_day"]["used"].clone()
}

#[test]
fn images_that_the_safety_filter_removed_are_counted() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let some = made_with(&world, &ana, &model, Behaviour::NsfwSome { n: 1 });
    assert_eq!(
        (&some["state"], &some["dropped"]),
        (&json!("succeeded"), &json!(1))
    );
    assert_eq!(some["images"].as_array().unwrap().len(), 3);
    assert_eq!(used(&ana), 1);

    let none = made_with(&world, &ana, &model, Behaviour::NsfwAll);
    assert_eq!(
        (&none["state"], &none["failure"]["reason"]),
        (&json!("failed"), &json!("no-safe-image"))
    );
    assert_eq!(none["images"], json!([]));
    assert_eq!(used(&ana), 1, "what made nothing is given back");
    assert_eq!(
        world.count_alerts("prediction failed"),
        0,
        "that is no trouble of ours"
    );
}

/// HK-11
#[test]
fn what_is_no_sound_image_is_never_stored_or_shown() {
    for behaviour in [
        Behaviour::OutputWrongType,
        Behaviour::OutputTruncated { bytes: 2000 },
    ] {
        let world = World::new();
        let ana = world.ana();
        let model = ana.has_a_trained_model();
        let failed = made_with(&world, &ana, &model, behaviour.clone());
        assert_eq!(failed["state"], "failed", "{behaviour:?}");
        assert_eq!(failed["failure"]["reason"], "provider-error");
        assert_eq!(
            (&failed["images"], world.stored("/images/").len()),
            (&json!([]), 0)
        );
        assert_eq!(used(&ana), 0);
        assert_eq!(world.count_alerts("output unusable"), 1);
    }
}

/// HK-10
#[test]
fn an_output_at_a_doubtful_address_or_among_hundreds_is_not_fetched() {
    let delivery = "https://replicate.delivery/xezq/out-0.jpg";
    let cases: [Vec<&str>; 7] = [
        vec!["https://evil.example/out-0.jpg"],
        vec!["http://replicate.delivery/xezq/out-0.jpg"],
        vec!["http://127.0.0.1:9999/out-0.jpg"],
        vec!["http://[::1]/out-0.jpg"],
        vec!["http://169.254.169.254/latest"],
        vec!["file:///etc/passwd"],
        vec![delivery; 300],
    ];
    for output in cases {
        let world = World::new();
        let ana = world.ana();
        let model = ana.has_a_trained_model();
        let accepted = ana.asks_for_images(&model, "a hat").expect(202);
        let id = world.jobs_of("prediction")[0].id.clone();
        let body = json!({"id": id, "status": "succeeded", "output": output});
        let said = Behaviour::Status {
            code: 200,
            body: Some(body.to_string()),
            headers: [].into(),
        };
        world.script(Script::new("replicate", said).method("GET").path(&id));
        world.advance(2 * MINUTE);
        let failed = ana.sees_prediction(&accepted);
        assert_eq!(failed["state"], "failed", "{:?}", output[0]);
        assert_eq!(failed["failure"]["reason"], "provider-error");
        assert_eq!(world.count_calls("replicate-delivery", ""), 0);
        assert_eq!(*world.outside.strays.borrow(), [] as [String; 0]);
        assert_eq!(world.count_alerts("output unusable"), 1);
        assert_eq!(used(&ana), 0);
    }
}

/// HK-10
#[test]
fn an_output_on_another_host_is_not_fetched() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let failed = made_with(&world, &ana, &model, Behaviour::OutputForeignHost);
    assert_eq!(
        (&failed["state"], &failed["failure"]["reason"]),
        (&json!("failed"), &json!("provider-error"))
    );
    assert_eq!(world.outside.strays.borrow().len(), 0);
    assert_eq!(world.count_alerts("output unusable"), 1);
    assert_eq!(used(&ana), 0);
}

/// HK-11
#[test]
fn a_delivery_in_trouble_is_asked_again() {
    let status = Behaviour::Status {
        code: 500,
        body: None,
        headers: [].into(),
    };
    for trouble in [status, Behaviour::DropAfter, Behaviour::Hang] {
        let world = World::new();
        let ana = world.ana();
        let model = ana.has_a_trained_model();
        world.script(Script::new("replicate-delivery", trouble.clone()).times(4));
        let accepted = ana.asks_for_images(&model, "a hat").expect(202);
        world.advance(10 * MINUTE);
        assert_eq!(
            ana.sees_prediction(&accepted)["state"],
            "succeeded",
            "{trouble:?}"
        );
        assert_eq!(ana.sees_account()["prediction_count"], 1);
    }
}

/// HK-11
#[test]
fn an_output_that_is_not_there_is_looked_for_until_it_cannot_come() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let waiting = made_with(&world, &ana, &model, Behaviour::Output404);
    assert_eq!(waiting["state"], "running");
    world.advance(2 * HOUR);
    let lost = ana.sees_prediction(&waiting);
    assert_eq!(
        (&lost["state"], &lost["failure"]["reason"]),
        (&json!("failed"), &json!("data-lost"))
    );
    assert_eq!(used(&ana), 0);
}

/// HK-14
#[test]
fn outputs_that_are_gone_are_given_back_and_told() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let lost = made_with(&world, &ana, &model, Behaviour::OutputNull);
    assert_eq!(
        (&lost["state"], &lost["failure"]["reason"]),
        (&json!("failed"), &json!("data-lost"))
    );
    assert_eq!(used(&ana), 0);
    assert_eq!(world.count_alerts("prediction failed"), 1);
}

/// HK-14
#[test]
fn what_nobody_looked_at_for_an_hour_is_lost_and_given_back() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let accepted = ana.asks_for_images(&model, "a hat").expect(202);
    world.settle();
    world.sleep(2 * HOUR);
    world.sweep();
    let lost = ana.sees_prediction(&accepted);
    assert_eq!(
        (&lost["state"], &lost["failure"]["reason"]),
        (&json!("failed"), &json!("data-lost"))
    );
    assert_eq!(used(&ana), 0);
}

#[test]
fn images_are_shown_one_by_one_as_they_come() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let trouble = Behaviour::Status {
        code: 500,
        body: None,
        headers: [].into(),
    };
    let mut script = Script::new("replicate-delivery", trouble).times(9);
    script.skip = 2;
    world.script(script);
    let some = made_with(&world, &ana, &model, Behaviour::Ok);
    assert_eq!(some["state"], "running");
    assert_eq!(some["images"].as_array().unwrap().len(), 2);
    world.advance(20 * MINUTE);
    let all = ana.sees_prediction(&some);
    assert_eq!(
        (&all["state"], &all["dropped"]),
        (&json!("succeeded"), &json!(0))
    );
    assert_eq!(all["images"].as_array().unwrap().len(), 4);
    assert_eq!(world.stored("/images/").len(), 4);
}

#[test]
fn an_output_may_be_one_address_or_the_image_itself() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    for behaviour in [Behaviour::OutputString, Behaviour::OutputData] {
        world.script(
            Script::new("replicate", behaviour.clone())
                .method("POST")
                .times(1),
        );
        let prediction = ana.creates(&model, "a hat");
        assert_eq!(prediction["state"], "succeeded", "{behaviour:?}");
        assert_eq!(prediction["images"].as_array().unwrap().len(), 1);
    }
    let images = world.stored("/images/");
    assert!(
        images.len() == 2
            && images
                .iter()
                .all(|image| selfie::media::is_marked(&image.bytes))
    );
}

#[test]
fn a_deleted_prediction_takes_its_images_with_it() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let prediction = ana.creates(&model, "a hat");
    let id = prediction["id"].as_str().unwrap();
    let image = &prediction["images"][0]["preview"];
    assert_eq!(
        ana.sees_model(&model)["cover"],
        *image,
        "the first image is the cover"
    );
    assert_eq!(ana.delete(&format!("/api/prediction/{id}")).status, 202);
    ana.get(&format!("/api/prediction/{id}"))
        .refused(404, "not-found");
    world.advance(5 * MINUTE);
    assert_eq!(world.stored("/images/").len(), 0);
    assert!(
        world
            .fake
            .kv_entries()
            .iter()
            .all(|(key, _)| !key.contains(id))
    );
    assert!(
        ana.sees_model(&model)["cover"]
            .as_str()
            .unwrap()
            .contains("/photos/")
    );
    assert_eq!(
        ana.sees_account()["prediction_count"],
        1,
        "what was made was made"
    );
}

#[test]
fn a_deleted_prediction_that_still_runs_is_stopped() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let accepted = ana.asks_for_images(&model, "a hat").expect(202);
    let id = accepted["id"].as_str().unwrap();
    assert_eq!(ana.delete(&format!("/api/prediction/{id}")).status, 202);
    world.advance(5 * MINUTE);
    assert_eq!(world.jobs_of("prediction")[0].status, "canceled");
    assert_eq!((world.stored("/images/").len(), used(&ana)), (0, json!(0)));
}
