use crate::wire::Reaction;
use crate::{Behaviour, Request, Response, Script, Settings, World, handle};
use serde_json::{Value, json};

fn request(body: &Value) -> Request {
    http::Request::builder()
        .method("POST")
        .uri("/pushover/1/messages.json")
        .header("content-type", "application/json")
        .body(body.to_string().into_bytes())
        .unwrap()
}

fn post(world: &mut World, body: &Value) -> Response {
    match handle(world, request(body)) {
        Reaction::Answer(response) => response,
        other => panic!("{other:?}"),
    }
}

fn message(text: &str) -> Value {
    let settings = Settings::default();
    json!({"token": settings.pushover_token, "user": settings.pushover_user, "title": "Training stuck", "message": text})
}

#[test]
fn a_message_is_kept_and_counted() {
    let mut world = World::new(Settings::default());
    let response = post(&mut world, &message("1 training in the queue for 15 min"));
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["x-limit-app-remaining"], "9999");
    assert_eq!(world.alerts().len(), 1);
    assert!(world.violations().is_empty());
}

#[test]
fn limits_are_counted_in_characters() {
    let mut world = World::new(Settings::default());
    assert_eq!(post(&mut world, &message(&"é".repeat(1024))).status(), 200);
    let refused = post(&mut world, &message(&"é".repeat(1025)));
    assert_eq!(refused.status(), 400);
    let body: Value = serde_json::from_slice(refused.body()).unwrap();
    assert_eq!(body["message"], "invalid");
}

#[test]
fn an_id_may_hold_any_letters_and_a_link_may_not_hide_among_them() {
    for (text, violations) in [
        (
            "1 × new-prediction, last about 5fv6g4httpbtj289w5n0bf5zy2",
            0,
        ),
        (
            "1 × new-prediction, last about http:4httpbtj289w5n0bf5zy2",
            1,
        ),
        (
            "1 × new-prediction, last about 5fv6g4httpbtj289w5n0bf5zy",
            1,
        ),
    ] {
        let mut world = World::new(Settings::default());
        post(&mut world, &message(text));
        assert_eq!(world.violations().len(), violations, "{text}");
    }
}

#[test]
fn a_secret_or_an_address_in_an_alert_is_a_violation() {
    for text in [
        "ada@reader.test",
        "see https://x",
        "eyJhbGciOi",
        "r8_abc",
        "secret_abc",
        "whsec_abc",
    ] {
        let mut world = World::new(Settings::default());
        post(&mut world, &message(text));
        assert!(!world.violations().is_empty(), "{text}");
    }
}

#[test]
fn repeating_a_refused_message_is_a_violation() {
    let mut world = World::new(Settings::default());
    let mut wrong = message("x");
    wrong["token"] = json!("wrong");
    assert_eq!(post(&mut world, &wrong).status(), 400);
    assert!(world.violations().is_empty());
    post(&mut world, &wrong);
    assert_eq!(world.violations().len(), 1);
}

#[test]
fn priority_two_needs_retry_and_expire() {
    let mut world = World::new(Settings::default());
    let mut urgent = message("x");
    urgent["priority"] = json!(2);
    let refused = post(&mut world, &urgent);
    let body: Value = serde_json::from_slice(refused.body()).unwrap();
    assert_eq!(body["errors"][0], "expire must be supplied with priority=2");
    urgent["retry"] = json!(30);
    urgent["expire"] = json!(3600);
    let accepted: Value = serde_json::from_slice(post(&mut world, &urgent).body()).unwrap();
    assert_eq!(accepted["receipt"].as_str().map(str::len), Some(30));
}

#[test]
fn a_retry_that_comes_too_early_is_a_violation() {
    for (behaviour, wait_ms, violations) in [
        (Behaviour::DropAfter, 4999, 1),
        (Behaviour::DropAfter, 5000, 0),
        (Behaviour::Hang, 0, 1),
    ] {
        let mut world = World::new(Settings::default());
        world.script(Script::new("pushover", behaviour).times(1));
        handle(&mut world, request(&message("x")));
        world.advance(wait_ms);
        handle(&mut world, request(&message("x")));
        assert_eq!(world.violations().len(), violations, "{wait_ms}");
    }
}

#[test]
fn ten_refusals_in_a_minute_block_the_sender() {
    let mut world = World::new(Settings::default());
    for attempt in 0..10 {
        assert_eq!(
            post(&mut world, &json!({"token": "wrong", "message": attempt})).status(),
            400
        );
    }
    assert!(matches!(
        handle(&mut world, request(&message("x"))),
        Reaction::Dropped
    ));
    assert!(world.alerts().is_empty());
}
