use crate::wire::Reaction;
use crate::{Behaviour, Request, Response, Script, Settings, World, handle};
use serde_json::{Value, json};

fn email() -> Value {
    json!({
        "from": "Selfie.pr <hello@selfie.test>", "to": ["ada@reader.test"], "subject": "Your sign-in link",
        "text": "http://127.0.0.1:8787/sign-in/confirm#t=abc or 7Z9K4MQ2",
        "html": "<a href=\"http://127.0.0.1:8787/sign-in/confirm#t=abc\">Sign in</a>"
    })
}

fn request(body: &Value, key: Option<&str>) -> Request {
    let mut request = http::Request::builder()
        .method("POST")
        .uri("http://127.0.0.1:8788/resend/emails")
        .header("authorization", "Bearer re_development_only")
        .header("user-agent", "selfie.pr/1.0");
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    request.body(body.to_string().into_bytes()).unwrap()
}

fn answer(world: &mut World, request: Request) -> Response {
    match handle(world, request) {
        Reaction::Answer(response) => response,
        other => panic!("{other:?}"),
    }
}

fn name(response: &Response) -> String {
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    body["name"].as_str().unwrap().to_owned()
}

#[test]
fn a_letter_arrives_with_its_link_and_code() {
    let mut world = World::new(Settings::default());
    assert_eq!(
        answer(&mut world, request(&email(), Some("sign-in/1"))).status(),
        200
    );
    let letter = &world.letters()[0];
    assert_eq!(
        letter.links,
        ["http://127.0.0.1:8787/sign-in/confirm#t=abc"]
    );
    assert_eq!(letter.code.as_deref(), Some("7Z9K4MQ2"));
    assert_eq!(letter.idempotency_key.as_deref(), Some("sign-in/1"));
    assert!(world.violations().is_empty());
}

#[test]
fn the_same_key_sends_once_and_another_payload_conflicts() {
    let mut world = World::new(Settings::default());
    let first = answer(&mut world, request(&email(), Some("k")));
    let second = answer(&mut world, request(&email(), Some("k")));
    assert_eq!(first.body(), second.body());
    assert_eq!(world.letters().len(), 1);
    let mut other = email();
    other["subject"] = json!("Other");
    let refused = answer(&mut world, request(&other, Some("k")));
    assert_eq!(
        (refused.status().as_u16(), name(&refused).as_str()),
        (409, "invalid_idempotent_request")
    );
    world.advance(24 * 3_600_000);
    assert_eq!(answer(&mut world, request(&other, Some("k"))).status(), 200);
}

#[test]
fn a_cut_after_acceptance_still_gives_one_letter() {
    let mut world = World::new(Settings::default());
    world.script(Script::new("resend", Behaviour::DropAfter).times(1));
    assert!(matches!(
        handle(&mut world, request(&email(), Some("k"))),
        Reaction::Dropped
    ));
    assert_eq!(
        answer(&mut world, request(&email(), Some("k"))).status(),
        200
    );
    assert_eq!(world.letters().len(), 1);
    assert_eq!(world.calls()[0].status, None);
}

#[test]
fn wrong_requests_are_refused_with_the_names_of_the_service() {
    let cases: &[(&str, Value, u16, &str)] = &[
        ("replyTo", json!("x@selfie.test"), 422, "invalid_parameter"),
        ("to", json!("nobody"), 422, "validation_error"),
        ("to", json!([]), 422, "validation_error"),
        (
            "from",
            json!("hello@elsewhere.test"),
            403,
            "validation_error",
        ),
        ("subject", json!(5), 422, "validation_error"),
        (
            "subject",
            json!("a\r\nBcc: b@c.test"),
            422,
            "validation_error",
        ),
        (
            "tags",
            json!([{"name": "kind of", "value": "x"}]),
            422,
            "validation_error",
        ),
    ];
    for (field, value, status, expected) in cases {
        let mut world = World::new(Settings::default());
        let mut wrong = email();
        wrong[field] = value.clone();
        let refused = answer(&mut world, request(&wrong, None));
        assert_eq!(
            (refused.status().as_u16(), name(&refused).as_str()),
            (*status, *expected),
            "{field}"
        );
        assert!(world.letters().is_empty());
    }
}

#[test]
fn keys_and_user_agents_are_required() {
    let mut world = World::new(Settings::default());
    let mut bare = request(&email(), None);
    bare.headers_mut().remove("user-agent");
    let refused = answer(&mut world, bare);
    assert_eq!(
        (refused.status().as_u16(), refused.body().as_slice()),
        (403, b"error code: 1010".as_slice())
    );
    let mut anonymous = request(&email(), None);
    anonymous.headers_mut().remove("authorization");
    assert_eq!(name(&answer(&mut world, anonymous)), "missing_api_key");
    let mut stranger = request(&email(), None);
    stranger
        .headers_mut()
        .insert("authorization", "Bearer re_other".parse().unwrap());
    let refused = answer(&mut world, stranger);
    assert_eq!(
        (refused.status().as_u16(), name(&refused).as_str()),
        (403, "invalid_api_key")
    );
}

#[test]
fn the_rate_of_a_second_is_enforced() {
    let mut world = World::new(Settings::default());
    world.set_switch("resend_rate", "2").unwrap();
    let statuses: Vec<u16> = (0..3)
        .map(|_| {
            answer(&mut world, request(&email(), None))
                .status()
                .as_u16()
        })
        .collect();
    assert_eq!(statuses, [200, 200, 429]);
    world.advance(1000);
    assert_eq!(answer(&mut world, request(&email(), None)).status(), 200);
}

#[test]
fn letters_can_be_late_doubled_or_lost() {
    let mut world = World::new(Settings::default());
    world.script(Script::new("resend", Behaviour::DeliverLate { ms: 5000 }).times(1));
    world.script(
        Script::new("resend", Behaviour::Suppressed)
            .skip(1)
            .times(1),
    );
    world.script(
        Script::new("resend", Behaviour::DeliverTwice)
            .skip(2)
            .times(1),
    );
    answer(&mut world, request(&email(), None));
    assert_eq!(world.letters().len(), 0);
    world.advance(5000);
    assert_eq!(world.letters().len(), 1);
    answer(&mut world, request(&email(), None));
    assert_eq!(world.letters().len(), 1);
    answer(&mut world, request(&email(), None));
    assert_eq!(world.letters().len(), 3);
}
