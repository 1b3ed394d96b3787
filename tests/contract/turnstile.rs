//! The box that keeps robots from having letters sent, where an operator has configured one.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use stand_ins::{Behaviour, Script};

use crate::answer::Answer;
use crate::browser::Browser;
use crate::world::{MINUTE, SECOND, World};

const ON: [(&str, &str); 2] = [
    ("TURNSTILE_SITE_KEY", "0xdevelopmentonlysitekey"),
    ("TURNSTILE_SECRET", "0xdevelopmentonlyturnstilesecret"),
];

fn guarded() -> World {
    World::with(&ON)
}

fn passes(world: &World) -> String {
    world.outside.follow(world.now_ms());
    world.outside.world().pass_turnstile("127.0.0.1", "sign_in")
}

fn asks(browser: &Browser<'_>, token: &Value) -> Answer {
    let body = json!({"email": browser.email, "cf-turnstile-response": token});
    browser
        .request("POST", "/api/magic-link")
        .json(&body)
        .header("cf-connecting-ip", "192.0.2.7")
        .send()
}

/// Refused without a letter, without an attempt, and without anything stored.
#[track_caller]
fn is_refused(world: &World, ana: &Browser<'_>, token: &Value, status: u16, slug: &str) {
    let before = world.fake.rows();
    asks(ana, token).refused(status, slug);
    assert!(ana.cookie("__Host-link").is_none());
    assert_eq!(world.fake.rows(), before);
    world.settle();
    assert!(world.letters_to(ana.email).is_empty());
}

#[test]
fn a_letter_goes_to_whoever_passed_the_box() {
    let world = guarded();
    let ana = world.browser("ana@example.com");
    asks(&ana, &json!(passes(&world))).expect(202);
    ana.confirms(&ana.letter_token()).expect(200);
    let outside = world.outside.world();
    let [asked] = outside.verifications() else {
        panic!("asked more than once")
    };
    assert_eq!(asked.remoteip.as_deref(), Some("192.0.2.7"));
    assert!(
        asked
            .idempotency_key
            .as_ref()
            .is_some_and(|key| key.len() == 36)
    );
}

#[test]
fn without_a_token_nobody_is_asked_and_nothing_is_sent() {
    let world = guarded();
    let ana = world.browser("ana@example.com");
    for token in [Value::Null, json!("")] {
        let answer = world.without_traces(|| asks(&ana, &token));
        let problem = answer.refused(422, "invalid-request");
        assert_eq!(problem["errors"][0]["pointer"], "/cf-turnstile-response");
    }
    world
        .without_traces(|| ana.asks_for_a_link())
        .refused(422, "invalid-request");
    let long = json!("x".repeat(2049));
    world
        .without_traces(|| asks(&ana, &long))
        .refused(422, "invalid-request");
}

#[test]
fn an_address_that_is_none_costs_no_token() {
    let world = guarded();
    let nobody = world.browser("no address");
    let token = passes(&world);
    world
        .without_traces(|| asks(&nobody, &json!(token)))
        .refused(422, "invalid-request");
    let ana = world.browser("ana@example.com");
    asks(&ana, &json!(token)).expect(202);
}

#[test]
fn a_token_is_good_once_for_five_minutes_and_for_our_page() {
    let world = guarded();
    let used = passes(&world);
    asks(&world.browser("ben@example.com"), &json!(used)).expect(202);
    let old = passes(&world);
    world.advance(5 * MINUTE);
    let other =
        |hostname: &str, action: &str| world.outside.world().pass_turnstile(hostname, action);
    let ana = world.browser("ana@example.com");
    for token in [
        used,
        old,
        other("evil.test", "sign_in"),
        other("127.0.0.1", "sign_up"),
        "unknown".to_owned(),
        "XXXX.DUMMY.TOKEN.XXXX".to_owned(),
    ] {
        is_refused(&world, &ana, &json!(token), 422, "invalid-request");
    }
}

#[test]
fn trouble_is_asked_about_once_more_with_the_same_key() {
    let status = Behaviour::Status {
        code: 503,
        body: None,
        headers: BTreeMap::new(),
    };
    for trouble in [
        status,
        Behaviour::InternalError,
        Behaviour::DropAfter,
        Behaviour::Hang,
    ] {
        let world = guarded();
        let script = Script::new("turnstile", trouble.clone());
        world.script(script.clone().times(1));
        let ana = world.browser("ana@example.com");
        asks(&ana, &json!(passes(&world))).expect(202);
        assert_eq!(
            world.count_calls("turnstile", "/siteverify"),
            2,
            "{trouble:?}"
        );

        let world = guarded();
        world.script(script);
        let ana = world.browser("ana@example.com");
        let begun = world.now_ms();
        let token = json!(passes(&world));
        is_refused(&world, &ana, &token, 503, "provider-unavailable");
        assert!(world.now_ms() - begun <= 10 * SECOND, "{trouble:?}");
        assert_eq!(world.count_calls("turnstile", "/siteverify"), 2);
    }
}

#[test]
fn an_answer_that_only_looks_like_a_yes_is_none() {
    let set = |name: &str, value: Value| Map::from_iter([(name.to_owned(), value)]);
    for (set, status, slug) in [
        (set("success", json!("true")), 503, "provider-unavailable"),
        (set("hostname", json!("evil.test")), 422, "invalid-request"),
        (set("action", json!("other")), 422, "invalid-request"),
        (
            set("metadata", json!({"result_with_testing_key": true})),
            422,
            "invalid-request",
        ),
    ] {
        let world = guarded();
        world.script(Script::new("turnstile", Behaviour::Answer { set }));
        let ana = world.browser("ana@example.com");
        let token = json!(passes(&world));
        is_refused(&world, &ana, &token, status, slug);
    }
}

#[test]
fn a_secret_that_is_refused_sends_nothing_and_is_told_to_the_operator() {
    let wrong = [ON[0], ("TURNSTILE_SECRET", "0xanother")];
    let world = World::with(&wrong);
    let ana = world.browser("ana@example.com");
    asks(&ana, &json!(passes(&world))).refused(503, "provider-unavailable");
    world.settle();
    assert_eq!(world.count_alerts("turnstile account"), 1);
    assert!(world.letters_to(ana.email).is_empty());
}

#[test]
fn a_test_key_works_outside_of_production_whatever_it_says_of_itself() {
    for (hostname, metadata) in [("example.com", "present"), ("localhost", "absent")] {
        let world = World::with(&[
            ("TURNSTILE_SITE_KEY", "1x00000000000000000000AA"),
            ("TURNSTILE_SECRET", "1x0000000000000000000000000000000AA"),
        ]);
        let mut outside = world.outside.world();
        outside
            .set_switch("turnstile_test_hostname", hostname)
            .unwrap();
        outside.set_switch("turnstile_metadata", metadata).unwrap();
        outside.set_switch("turnstile_messages", metadata).unwrap();
        drop(outside);
        let ana = world.browser("ana@example.com");
        asks(&ana, &json!("XXXX.DUMMY.TOKEN.XXXX")).expect(202);
        let real = json!(passes(&world));
        asks(&ana, &real).refused(503, "provider-unavailable");
    }
}

#[test]
fn no_token_and_no_secret_is_logged() {
    let world = guarded();
    let ana = world.browser("ana@example.com");
    let token = passes(&world);
    asks(&ana, &json!(token)).expect(202);
    asks(&ana, &json!(token)).refused(422, "invalid-request");
    let lines = world.fake.lines().join("\n");
    assert!(!lines.contains(&token) && !lines.contains("0xdevelopment"));
}

#[test]
fn the_page_learns_which_box_to_show_and_without_one_nothing_is_asked() {
    let world = guarded();
    let health = world
        .browser("x@example.com")
        .get("/api/health")
        .expect(200);
    assert_eq!(health["providers"]["turnstile"], "closed");
    let base = &world.config.turnstile.as_ref().unwrap().url;
    assert_eq!(
        health["turnstile"],
        json!({"site_key": "0xdevelopmentonlysitekey", "script": format!("{base}/api.js")})
    );
    assert!(!health.to_string().contains("turnstilesecret"));

    let world = World::new();
    let ana = world.browser("ana@example.com");
    let health = ana.get("/api/health").expect(200);
    assert_eq!(health["providers"]["turnstile"], "disabled");
    assert_eq!(health["turnstile"], Value::Null);
    ana.asks_for_a_link().expect(202);
    world.settle();
    assert_eq!(world.count_calls("turnstile", ""), 0);
}
