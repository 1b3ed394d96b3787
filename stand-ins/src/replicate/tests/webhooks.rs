//! What is delivered, in which order and how often.

use super::*;

#[test]
fn webhooks_come_in_order_and_only_the_last_is_repeated() {
    let mut world = world_with_photos();
    send(&mut world, "POST", TRAINER, &training());
    let due = world.take_deliveries();
    let statuses: Vec<Value> = due
        .iter()
        .map(|delivery| {
            serde_json::from_slice::<Value>(delivery.request.body()).unwrap()["status"].clone()
        })
        .collect();
    assert_eq!(statuses, ["processing", "succeeded"]);
    let id = due[1].request.headers()["webhook-id"].clone();
    for delivery in &due {
        world.report_delivery(delivery.id, Some(500));
    }
    assert!(world.take_deliveries().is_empty());
    let mut waits = Vec::new();
    while let Some(due_ms) = world.next_due_ms() {
        waits.push(due_ms - world.now_ms());
        world.advance(due_ms - world.now_ms());
        let again = world.take_deliveries();
        assert_eq!(again.len(), 1);
        assert_eq!(again[0].request.headers()["webhook-id"], id);
        world.report_delivery(again[0].id, None);
    }
    assert_eq!(waits, [1000, 2000, 4000, 8000, 15_000, 30_000]);
}

#[test]
fn webhooks_can_be_dropped_doubled_reordered_and_forged() {
    let counts = [
        (Behaviour::WebhookDrop, 0),
        (Behaviour::WebhookDuplicate, 4),
        (Behaviour::WebhookForge, 2),
        (Behaviour::WebhookStale, 2),
        (Behaviour::WebhookReorder, 2),
        (Behaviour::WebhookWrongOperation, 2),
        (Behaviour::WebhookDelay { ms: 5 }, 2),
    ];
    for (effect, count) in counts {
        let mut world = world_with_photos();
        world.script(Script::new("replicate", effect.clone()).method("POST"));
        send(&mut world, "POST", TRAINER, &training());
        world.advance(10);
        let due = world.take_deliveries();
        assert_eq!(due.len(), count, "{effect:?}");
        let first = due.first().map(|delivery| {
            serde_json::from_slice::<Value>(delivery.request.body()).unwrap()["status"].clone()
        });
        if effect == Behaviour::WebhookReorder {
            assert_eq!(first, Some(json!("succeeded")));
        }
        if effect == Behaviour::WebhookWrongOperation {
            assert_ne!(due[0].request.uri(), "https://selfie.test/hook/1");
        }
    }
}

#[test]
fn a_webhook_can_come_before_the_answer() {
    let mut world = World::new(Settings {
        training_ms: 60_000,
        ..Settings::default()
    });
    let script = Script::new("replicate", Behaviour::WebhookBeforeAnswer);
    world.script(script.method("POST").path("/trainings"));
    let request = http::Request::post(TRAINER)
        .header(
            "authorization",
            format!("Bearer {}", world.settings().replicate_token),
        )
        .body(training().to_string().into_bytes())
        .unwrap();
    let Reaction::Delayed { ms, .. } = handle(&mut world, request) else {
        panic!("answered at once");
    };
    world.advance(1);
    assert_eq!(world.take_deliveries().len(), 2);
    assert!(ms > 1);
}

#[test]
fn a_delivered_webhook_is_not_repeated_and_a_redirect_loses_it() {
    for status in [200, 301, 308] {
        let mut world = world_with_photos();
        send(&mut world, "POST", TRAINER, &training());
        for delivery in world.take_deliveries() {
            world.report_delivery(delivery.id, Some(status));
        }
        assert_eq!(world.next_due_ms(), None);
    }
}
