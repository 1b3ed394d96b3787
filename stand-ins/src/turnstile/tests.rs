use crate::wire::Reaction;
use crate::{Behaviour, Script, Settings, World, handle};
use serde_json::{Map, Value, json};

const SECRET: &str = "0xdevelopmentonlyturnstilesecret";

fn ask(world: &mut World, kind: &str, body: String) -> Value {
    let request = http::Request::post("/turnstile/v0/siteverify").header("content-type", kind);
    match handle(world, request.body(body.into_bytes()).unwrap()) {
        Reaction::Answer(response) => serde_json::from_slice(response.body()).unwrap(),
        other => panic!("{other:?}"),
    }
}

fn verify(world: &mut World, fields: &Value) -> Value {
    ask(world, "application/json", fields.to_string())
}

fn codes(answer: &Value) -> &Value {
    &answer["error-codes"]
}

#[test]
fn a_token_is_good_once_and_says_where_it_was_made() {
    let mut world = World::new(Settings::default());
    let token = world.pass_turnstile("selfie.pr", "sign_in");
    let question = json!({"secret": SECRET, "response": token, "remoteip": "192.0.2.7"});
    let answer = verify(&mut world, &question);
    assert_eq!(answer["success"], true);
    assert_eq!(
        (&answer["hostname"], &answer["action"]),
        (&json!("selfie.pr"), &json!("sign_in"))
    );
    assert_eq!(
        world.verifications()[0].remoteip.as_deref(),
        Some("192.0.2.7")
    );
    assert_eq!(
        codes(&verify(&mut world, &question)),
        &json!(["timeout-or-duplicate"])
    );
}

#[test]
fn the_same_question_gets_the_same_answer() {
    let mut world = World::new(Settings::default());
    let token = world.pass_turnstile("selfie.pr", "sign_in");
    let question = json!({"secret": SECRET, "response": token, "idempotency_key": "a"});
    let first = verify(&mut world, &question);
    assert_eq!(verify(&mut world, &question), first);
    let other = json!({"secret": SECRET, "response": token, "idempotency_key": "b"});
    assert_eq!(verify(&mut world, &other)["success"], false);
}

#[test]
fn a_form_is_read_too_and_an_old_token_is_refused() {
    let mut world = World::new(Settings::default());
    let token = world.pass_turnstile("selfie.pr", "sign_in");
    let form = |token: &str| format!("secret={SECRET}&response={token}");
    let kind = "application/x-www-form-urlencoded";
    assert_eq!(ask(&mut world, kind, form(&token))["success"], true);
    let token = world.pass_turnstile("selfie.pr", "sign_in");
    world.advance(300_000);
    let late = ask(&mut world, kind, form(&token));
    assert_eq!(codes(&late), &json!(["timeout-or-duplicate"]));
}

#[test]
fn what_is_missing_or_unknown_is_named() {
    let mut world = World::new(Settings::default());
    let long = "x".repeat(2049);
    for (question, code) in [
        (json!({}), "missing-input-secret"),
        (
            json!({"secret": "0xother", "response": "x"}),
            "invalid-input-secret",
        ),
        (json!({"secret": SECRET}), "missing-input-response"),
        (
            json!({"secret": SECRET, "response": "x"}),
            "invalid-input-response",
        ),
        (
            json!({"secret": SECRET, "response": long}),
            "invalid-input-response",
        ),
    ] {
        assert_eq!(codes(&verify(&mut world, &question)), &json!([code]));
    }
}

#[test]
fn test_secrets_say_what_they_are_for() {
    let mut world = World::new(Settings::default());
    let ask = |world: &mut World, start: &str, response: &str| {
        let secret = format!("{start}0000000000000000000000000000000AA");
        verify(world, &json!({"secret": secret, "response": response}))
    };
    let passed = ask(&mut world, "1x", "XXXX.DUMMY.TOKEN.XXXX");
    assert_eq!(passed["success"], true);
    assert_eq!(passed["hostname"], "example.com");
    assert_eq!(passed["metadata"]["result_with_testing_key"], true);
    world.set_switch("turnstile_metadata", "absent").unwrap();
    world
        .set_switch("turnstile_test_hostname", "localhost")
        .unwrap();
    let passed = ask(&mut world, "1x", "XXXX.DUMMY.TOKEN.XXXX");
    assert_eq!(
        (passed.get("metadata"), &passed["hostname"]),
        (None, &json!("localhost"))
    );
    let real = world.pass_turnstile("selfie.pr", "sign_in");
    assert_eq!(
        codes(&ask(&mut world, "1x", &real)),
        &json!(["invalid-input-secret"])
    );
    assert_eq!(
        codes(&ask(&mut world, "2x", "x")),
        &json!(["invalid-input-response"])
    );
    assert_eq!(
        codes(&ask(&mut world, "3x", "x")),
        &json!(["timeout-or-duplicate"])
    );
}

#[test]
fn scripts_change_what_is_said() {
    let mut world = World::new(Settings::default());
    let set = Map::from_iter([("success".to_owned(), json!("true"))]);
    world.script(Script::new("turnstile", Behaviour::Answer { set }).times(1));
    world.script(Script::new("turnstile", Behaviour::InternalError).skip(1));
    let question = json!({"secret": SECRET, "response": "x"});
    assert_eq!(verify(&mut world, &question)["success"], "true");
    assert_eq!(
        codes(&verify(&mut world, &question)),
        &json!(["internal-error"])
    );
}

#[test]
fn the_box_hands_out_tokens_by_its_site_key() {
    let mut world = World::new(Settings::default());
    let mut token = |site_key: &str| {
        let path = format!("/turnstile/v0/widget?sitekey={site_key}&action=sign_in&hostname=h");
        let request = http::Request::get(path).body(Vec::new()).unwrap();
        let Reaction::Answer(page) = handle(&mut world, request) else {
            panic!("no page")
        };
        let html = String::from_utf8(page.into_body()).unwrap();
        let (_, rest) = html.split_once("data-token=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    assert_eq!(token("1x00000000000000000000AA"), "XXXX.DUMMY.TOKEN.XXXX");
    assert_eq!(token("2x00000000000000000000AB"), "");
    assert_eq!(token("0xunknown"), "");
    let real = token("0xdevelopmentonlysitekey");
    assert_eq!(real.len(), 402);
    let answer = verify(&mut world, &json!({"secret": SECRET, "response": real}));
    assert_eq!(
        (&answer["success"], &answer["action"]),
        (&json!(true), &json!("sign_in"))
    );
}
