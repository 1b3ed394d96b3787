//! Messages in the name of the provider: signatures, times and addresses that are not right.

use serde_json::json;
use stand_ins::{Behaviour, Script};

use crate::hook::{Message, path_of, sign};
use crate::world::{HOUR, World};

fn create(behaviour: Behaviour) -> Script {
    Script::new("replicate", behaviour).method("POST").times(1)
}

/// HK-02
#[test]
fn one_good_signature_among_others_is_enough() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    ana.asks_to_train(&model).expect(202);
    let body = json!({"id": world.jobs()[0].id, "status": "processing"}).to_string();
    let mut message = Message::to(&world, &path_of(&world, 0), body);
    let good = message.genuine_signature();
    let bad = sign(
        b"another secret, long enough",
        &message.id,
        message.seconds,
        &message.body,
    );
    message.signature = Some(format!("{bad} v1a,{bad} {good} {bad}"));
    message.send().expect(200);
    message.signature = Some(format!("{bad} {} {bad}", good.replace("v1,", "v2,")));
    message.send().refused(401, "not-signed-in");
}

/// HK-02
#[test]
fn the_former_secret_is_good_during_a_rotation() {
    let old = "whsec_c2VsZmllLWRldmVsb3BtZW50LWhvb2tz";
    let both = format!("whsec_bmV3LXNlbGZpZS1kZXZlbG9wbWVudC1ob29rcw==,{old}");
    let world = World::with(&[("REPLICATE_WEBHOOK_SECRET", &both)]);
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    ana.trains(&model);
    assert_eq!(*world.heard.borrow(), [200, 200]);
}

#[test]
fn a_message_to_an_address_that_we_did_not_make_is_not_found() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    ana.asks_to_train(&model).expect(202);
    let path = path_of(&world, 0);
    let body = json!({"id": world.jobs()[0].id, "status": "succeeded"}).to_string();
    let last = if path.ends_with('A') { "B" } else { "A" };
    let (folder, handle) = path.rsplit_once('/').unwrap();
    let first = if handle.starts_with('A') { "B" } else { "A" };
    for wrong in [
        format!("{folder}/{first}{}", &handle[1..]),
        format!("{}{last}", &path[..path.len() - 1]),
        format!("{path}A"),
        path[..40].to_owned(),
    ] {
        let message = Message::to(&world, &wrong, body.clone());
        world.without_traces(|| message.send().refused(404, "not-found"));
    }
}

#[test]
fn forged_stale_and_unsigned_messages_are_told_alike_and_do_nothing() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    ana.asks_to_train(&model).expect(202);
    let body = json!({"id": world.jobs()[0].id, "status": "succeeded"}).to_string();
    let good = Message::to(&world, &path_of(&world, 0), body);
    let signature = good.genuine_signature();
    let forged = Message {
        signature: Some(format!("v1,{}", "A".repeat(43) + "=")),
        ..good.clone()
    };
    let changed = Message {
        body: b"{}".to_vec(),
        signature: Some(signature.clone()),
        ..good.clone()
    };
    let renamed = Message {
        id: "msg_other".to_owned(),
        signature: Some(signature.clone()),
        ..good.clone()
    };
    let stale = Message {
        seconds: good.seconds - 301,
        ..good.clone()
    };
    let early = Message {
        seconds: good.seconds + 301,
        ..good.clone()
    };
    let mut unsigned = good.request();
    unsigned.headers_mut().remove("webhook-signature");
    let first = world
        .without_traces(|| world.handle(unsigned))
        .without_request_id();
    assert_eq!(first.0, 401);
    for message in [forged, changed, renamed, stale, early] {
        assert_eq!(
            world.without_traces(|| message.send()).without_request_id(),
            first
        );
    }
    good.send().expect(200);
}

#[test]
fn messages_that_a_script_forges_or_delays_never_keep_a_training_from_its_end() {
    for behaviour in [
        Behaviour::WebhookForge,
        Behaviour::WebhookStale,
        Behaviour::WebhookWrongOperation,
        Behaviour::WebhookReorder,
        Behaviour::WebhookDelay { ms: HOUR },
    ] {
        let world = World::new();
        let ana = world.ana();
        let model = ana.has_a_model_with_photos(4);
        world.script(create(behaviour.clone()));
        ana.asks_to_train(&model).expect(202);
        world.advance(2 * HOUR);
        assert_eq!(ana.sees_model(&model)["state"], "ready", "{behaviour:?}");
        assert_eq!(
            ana.sees_model(&model)["versions"].as_array().unwrap().len(),
            1
        );
        assert_eq!(world.count_alerts("training ready"), 1);
    }
}

/// HK-12
#[test]
fn only_post_is_taken_and_no_browser_is_asked_for() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    ana.asks_to_train(&model).expect(202);
    let path = path_of(&world, 0);
    for method in ["GET", "PUT", "DELETE"] {
        let answer = world.without_traces(|| ana.request(method, &path).send());
        answer.refused(405, "method-not-allowed");
        assert_eq!(answer.header("allow"), Some("POST"));
    }
    let body = json!({"id": world.jobs()[0].id, "status": "starting"}).to_string();
    let message = Message::to(&world, &path, body);
    for name in ["origin", "sec-fetch-site", "user-agent", "cookie"] {
        assert!(message.request().headers().get(name).is_none());
    }
    message.send().expect(200);
}

/// HK-15
#[test]
fn a_thousand_forgeries_ask_nobody_and_write_nothing() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    ana.asks_to_train(&model).expect(202);
    world.settle();
    let body = json!({"id": world.jobs()[0].id, "status": "succeeded"}).to_string();
    let genuine = path_of(&world, 0);
    world.without_traces(|| {
        for number in 0_u64..1000 {
            let mut message = Message::to(&world, &genuine, body.clone());
            let secret = number.to_be_bytes().repeat(3);
            let forged = sign(&secret, &message.id, message.seconds, &message.body);
            message.signature = Some(forged);
            message.send().refused(401, "not-signed-in");
        }
    });
    assert_eq!(ana.sees_model(&model)["state"], "queued");
}

/// RO-06
#[test]
fn a_provider_whose_clock_is_off_fails_its_messages_and_nothing_else() {
    for skew_ms in [-10 * 60_000, 10 * 60_000] {
        let world = World::new();
        world.advance(HOUR);
        world.outside.set_clock_off_by(skew_ms);
        world.advance(15 * 60_000);
        let ana = world.ana();
        let model = ana.has_a_trained_model();
        assert_eq!(ana.creates(&model, "by the sea")["state"], "succeeded");
        let heard = world.heard.borrow();
        assert!(
            !heard.is_empty() && heard.iter().all(|status| *status == 401),
            "{heard:?}"
        );
        let lines = world.fake.lines();
        let clear = |line: &&String| line.contains("401") && line.contains("not-signed-in");
        assert!(
            lines.iter().filter(clear).count() >= heard.len(),
            "{lines:?}"
        );
    }
}
