//! Descriptions whose provider is in trouble, or whose photo goes: found again, given back, stopped.

use serde_json::{Value, json};
use stand_ins::{Behaviour, Script};

use crate::world::{HOUR, MINUTE, SECOND, World};

const ORDER: &str = "POST /predictions";

fn order(behaviour: Behaviour) -> Script {
    Script::new("replicate", behaviour).method("POST").times(1)
}

fn status(code: u16) -> Behaviour {
    Behaviour::Status {
        code,
        body: None,
        headers: [].into(),
    }
}

#[test]
fn a_provider_that_refuses_to_describe_costs_nothing_and_its_key_is_free_again() {
    for (code, refused, slug) in [
        (402, 503, "provider-unavailable"),
        (429, 503, "provider-unavailable"),
        (422, 502, "provider-refused"),
    ] {
        let world = World::new();
        let ana = world.ana();
        let model = ana.has_a_model_with_photos(4);
        let photo = ana.photos_of(&model)[0].clone();
        world.script(Script::new("replicate", status(code)).method("POST"));
        ana.asks_for_a_caption(&model, &photo)
            .refused(refused, slug);
        world.settle();
        let calls = if code == 429 { 3 } else { 1 };
        assert_eq!(world.count_calls("replicate", ORDER), calls, "{code}");
        let alert = match code {
            402 => "replicate account",
            429 => "replicate throttled",
            _ => "replicate refused",
        };
        assert_eq!(world.count_alerts(alert), 1);
        assert_eq!(
            (
                ana.captions_used(),
                ana.sees_photo(&model, &photo)["captioning"].clone()
            ),
            (json!(0), Value::Null)
        );
        world.outside.world().clear_scripts();
        world.advance(5 * MINUTE);
        assert!(ana.has_described(&model, &photo)["caption"].is_string());
    }
}

#[test]
fn a_caption_whose_answer_is_lost_is_found_and_paid_once() {
    for behaviour in [
        Behaviour::DropAfter,
        Behaviour::Malformed,
        Behaviour::Truncate { bytes: 20 },
        Behaviour::Delay { ms: 30_000 },
    ] {
        for echo in ["absent", "present"] {
            let world = World::new();
            world
                .outside
                .world()
                .set_switch("webhook_echo", echo)
                .unwrap();
            let ana = world.ana();
            let model = ana.has_a_model_with_photos(4);
            let photo = ana.photos_of(&model)[0].clone();
            world.script(order(Behaviour::WebhookDrop));
            world.script(order(behaviour.clone()));
            ana.asks_for_a_caption(&model, &photo).expect(202);
            world.advance(5 * MINUTE);
            assert!(
                ana.sees_photo(&model, &photo)["caption"].is_string(),
                "{behaviour:?} {echo}"
            );
            assert_eq!(world.count_calls("replicate", ORDER), 1);
            assert_eq!(
                (world.jobs_of("description").len(), ana.captions_used()),
                (1, json!(1))
            );
        }
    }
}

#[test]
fn a_caption_whose_order_never_arrived_fails_after_ten_minutes_and_is_given_back() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let photo = ana.photos_of(&model)[0].clone();
    world.script(order(Behaviour::DropBefore));
    ana.asks_for_a_caption(&model, &photo).expect(202);
    world.advance(9 * MINUTE);
    assert_eq!(ana.sees_photo(&model, &photo)["captioning"], "running");
    world.advance(3 * MINUTE);
    assert_eq!(ana.sees_photo(&model, &photo)["captioning"], "failed");
    assert_eq!(
        (world.count_calls("replicate", ORDER), ana.captions_used()),
        (1, json!(0))
    );
}

#[test]
fn without_webhooks_and_alarms_a_caption_comes_by_the_sweep() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let photo = ana.photos_of(&model)[0].clone();
    world.script(order(Behaviour::WebhookDrop));
    ana.asks_for_a_caption(&model, &photo).expect(202);
    world.sleep(2 * MINUTE);
    assert_eq!(world.sweep().looked_at, 1);
    assert!(ana.sees_photo(&model, &photo)["caption"].is_string());
    assert_eq!(world.sweep().looked_at, 0);
}

#[test]
fn a_description_that_nobody_fetched_in_time_is_lost_and_given_back() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let photo = ana.photos_of(&model)[0].clone();
    world.script(order(Behaviour::WebhookDrop));
    ana.asks_for_a_caption(&model, &photo).expect(202);
    world.sleep(2 * HOUR);
    world.settle();
    assert_eq!(ana.sees_photo(&model, &photo)["captioning"], "failed");
    assert_eq!(ana.captions_used(), 0);
}

#[test]
fn repeated_late_and_foreign_webhooks_change_no_caption() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let photos = ana.photos_of(&model);
    for behaviour in [
        Behaviour::WebhookDuplicate,
        Behaviour::WebhookBeforeAnswer,
        Behaviour::WebhookForge,
        Behaviour::WebhookWrongOperation,
        Behaviour::WebhookDelay { ms: 40_000 },
    ] {
        world.script(order(behaviour.clone()));
        ana.asks_for_a_caption(&model, &photos[0]).expect(202);
        world.advance(5 * MINUTE);
        let photo = ana.sees_photo(&model, &photos[0]);
        assert_eq!(
            (&photo["captioning"], photo["caption"].is_string()),
            (&Value::Null, true),
            "{behaviour:?}"
        );
    }
    assert_eq!(
        (world.jobs_of("description").len(), ana.captions_used()),
        (5, json!(5))
    );
}

#[test]
fn a_photo_that_goes_takes_its_description_with_it() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(5);
    let photos = ana.photos_of(&model);
    ana.has_described(&model, &photos[0]);
    let words = ana.sees_photo(&model, &photos[0])["description"].to_string();
    world.script(order(Behaviour::StuckStarting {
        ms: Some(50 * SECOND),
    }));
    ana.asks_for_a_caption(&model, &photos[1]).expect(202);
    world.advance(SECOND);
    for photo in &photos[..2] {
        let path = format!(
            "/api/bytescale/{}?model={model}",
            photo["id"].as_str().unwrap()
        );
        assert_eq!(ana.delete(&path).status, 204);
    }
    world.advance(20 * MINUTE);
    assert_eq!(world.jobs_of("description")[1].status, "canceled");
    let (_, kept) = world
        .fake
        .rows()
        .into_iter()
        .filter(|(name, _)| !name.contains(" key "))
        .find(|(_, text)| text.contains(words.trim_matches('"')))
        .unwrap_or_default();
    assert_eq!(kept, "", "nothing keeps the words");
    assert_eq!(ana.captions_used(), 1);
}

#[test]
fn a_model_and_an_account_take_their_descriptions_with_them() {
    for account in [false, true] {
        let world = World::new();
        let ana = world.ana();
        let model = ana.has_a_model_with_photos(4);
        let photos = ana.photos_of(&model);
        ana.has_described(&model, &photos[0]);
        world.script(order(Behaviour::StuckStarting {
            ms: Some(50 * SECOND),
        }));
        ana.asks_for_a_caption(&model, &photos[1]).expect(202);
        world.advance(SECOND);
        if account {
            let code = ana.deletes_the_account();
            world.advance(30 * MINUTE);
            let receipt = ana.get(&format!("/api/deletion/{code}")).expect(200);
            assert_eq!(receipt["state"], "done", "{receipt}");
            let kinds = receipt["objects"].as_array().unwrap();
            let runs = kinds.iter().find(|kind| kind["kind"] == "runs").unwrap();
            assert_eq!(
                (&runs["count"], &runs["verified_gone"]),
                (&json!(1), &json!(true))
            );
        } else {
            assert_eq!(ana.delete(&format!("/api/model/{model}")).status, 202);
            world.advance(30 * MINUTE);
        }
        assert_eq!(world.jobs_of("description")[1].status, "canceled");
        let rows = world.fake.rows();
        let left = rows.iter().find(|(name, text)| {
            !name.contains(" key ")
                && (text.contains("the subject") || name.contains(" operation "))
        });
        assert_eq!(left, None);
    }
}
