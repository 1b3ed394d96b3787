//! What the operator reads: an event, a line, a request id, and nothing of anybody.

use serde_json::{Value, json};
use stand_ins::{Behaviour, Script};

use crate::answer::Answer;
use crate::hook::{Message, path_of};
use crate::pictures;
use crate::world::{MINUTE, World};

/// The lines of the log as they are read, which must be one JSON object each.
fn events(world: &World) -> Vec<Value> {
    let read = |line: String| {
        assert!(!line.contains(char::is_control), "{line:?}");
        let event: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line}"));
        assert!(
            event["event"].is_string() && event["request"].is_string(),
            "{line}"
        );
        event
    };
    world.fake.lines().into_iter().map(read).collect()
}

/// The lines about one request.
fn about(world: &World, answer: &Answer) -> Vec<Value> {
    let id = answer.header("x-request-id").unwrap();
    let mut events = events(world);
    events.retain(|event| event["request"] == id);
    events
}

/// PV-09: every event of a request has one line, which says who asked for what from which network.
#[test]
fn every_event_is_one_line_with_the_id_of_its_request() {
    let world = World::new();
    let ana = world.browser("ana@example.com");
    ana.asks_for_a_link();
    let token = ana.letter_token();
    let wrong = ana.types("00000000");
    let good = ana.confirms(&token);
    let user = good.expect(200)["user"]["id"].clone();
    ana.consents();
    let model = ana.creates_a_model();
    let stranger = world.ben();
    let path = format!("/api/model/{model}");
    let forged = {
        let theirs = ana.has_a_model_with_photos(4);
        ana.asks_to_train(&theirs).expect(202);
        let mut message = Message::to(&world, &path_of(&world, 0), "{}".to_owned());
        message.signature = Some("v1,x".to_owned());
        message.send()
    };
    let cases = [
        (wrong, "sign-in", "link-invalid", Value::Null),
        (good, "sign-in", "ok", user.clone()),
        (ana.get("/api/nothing"), "refusal", "not-found", Value::Null),
        (
            ana.request("POST", "/api/model")
                .json(&json!({}))
                .without("origin")
                .send(),
            "refusal",
            "cross-site",
            user.clone(),
        ),
        (
            world.browser("nobody@example.com").get("/api/account"),
            "refusal",
            "not-signed-in",
            Value::Null,
        ),
        (forged, "bad-signature", "not-signed-in", Value::Null),
        (ana.delete(&path), "deletion", "ok", user.clone()),
        (
            ana.delete("/api/genmodel/1600000000000"),
            "refusal",
            "not-found",
            user.clone(),
        ),
        (
            ana.post("/api/model", &json!({"name": 7})),
            "rejection",
            "invalid-request",
            user.clone(),
        ),
        (
            ana.request("POST", "/api/sign-out").send(),
            "sign-out",
            "ok",
            user,
        ),
    ];
    for (answer, event, outcome, user) in cases {
        let lines = about(&world, &answer);
        let [line] = lines.as_slice() else {
            panic!("{lines:?}")
        };
        assert_eq!(
            (&line["event"], &line["outcome"]),
            (&json!(event), &json!(outcome))
        );
        assert_eq!(line["user"], user, "{line}");
        let networks = ["10.7.", "unknown"];
        let client = line["client"].as_str().unwrap();
        assert!(
            networks.iter().any(|network| client.starts_with(network)),
            "{line}"
        );
        if answer.status >= 400 {
            assert_eq!(line["status"], answer.status);
        }
    }
    let refused = stranger.get(&path);
    let [line] = about(&world, &refused).try_into().unwrap();
    assert_eq!(line["route"], "/api/model/{model}");
    assert_eq!(
        line["user"],
        stranger.get("/api/verify-token").expect(200)["user"]["id"]
    );
}

/// PV-09
#[test]
fn deletions_alerts_and_sweeps_are_told_with_the_id_of_their_run() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    ana.trains(&model);
    world.script(
        Script::new(
            "bytescale",
            Behaviour::Status {
                code: 500,
                body: None,
                headers: [].into(),
            },
        )
        .method("DELETE")
        .times(6),
    );
    ana.delete(&format!("/api/model/{model}")).expect(202);
    world.advance(30 * MINUTE);
    selfie::fake::run(selfie::app::sweep::run(world.app()));
    let events = events(&world);
    let any = |event: &str, name: &str, value: &str| {
        events
            .iter()
            .any(|line| line["event"] == event && line[name] == value)
    };
    for step in ["erase-model", "delete-version"] {
        assert!(any("deletion", "step", step), "{step}");
    }
    assert!(any("deletion", "outcome", "again") && any("deletion", "outcome", "done"));
    assert!(any("alert", "kind", "new-user") && any("sweep", "outcome", "ok"));
}

/// PV-08: line breaks, terminal codes and quotes in every text that somebody may send.
#[test]
fn nothing_that_is_sent_breaks_a_line() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let odd = "x\r\n{\"event\":\"sign-in\"}\u{1b}[31m\"'\u{2028}\u{85}";
    let bodies = [
        ("/api/magic-link", json!({"email": odd})),
        (
            "/api/magic-link",
            json!({"email": "a@example.com", "next": odd}),
        ),
        ("/api/magic-link/confirm", json!({"token": odd})),
        ("/api/magic-link/confirm", json!({"code": odd})),
        ("/api/consent", json!({"version": odd})),
        ("/api/model", json!({"name": odd, "subject": "pet"})),
        ("/api/model", json!({"name": "Ana", "subject": odd})),
        (
            "/api/model",
            json!({"name": "Ana", "subject": "pet", odd: odd}),
        ),
        ("/api/zipper", json!({"model": odd})),
        ("/api/genmodel", json!({"model": model, "preset": odd})),
        ("/create", json!({"model": model, "prompt": odd})),
        (
            "/create",
            json!({"model": model, "prompt": "a hat", "style": odd}),
        ),
        (
            "/create",
            json!({"model": model, "prompt": "a hat", "version": odd}),
        ),
    ];
    let mut answers: Vec<Answer> = Vec::new();
    for (path, body) in bodies {
        answers.push(ana.request("POST", path).json(&body).fresh_key().send());
    }
    let quoted = percent_encoding::utf8_percent_encode(odd, percent_encoding::NON_ALPHANUMERIC);
    let quoted = quoted.to_string();
    for path in [
        "/api/model/",
        "/api/prediction/",
        "/api/webhooks/replicate/",
        "/api/prediction?q=",
    ] {
        answers.push(ana.get(&format!("{path}{quoted}")));
    }
    answers.push(ana.get(&format!("/api/prediction?cursor={quoted}&limit={quoted}")));
    answers.push(
        ana.request("POST", &format!("/api/bytescale?model={model}"))
            .header("x-photo-name", &quoted)
            .body("image/jpeg", &pictures::photo(5))
            .send(),
    );
    let visible = "\"}{\\ \t";
    for name in [
        "idempotency-key",
        "user-agent",
        "cf-connecting-ip",
        "authorization",
        "origin",
    ] {
        let request = ana
            .request("POST", "/create")
            .json(&json!({"model": model, "prompt": "a hat"}));
        answers.push(request.header(name, visible).send());
    }
    world.settle();
    for answer in answers {
        assert!(answer.status < 500, "{answer:?}");
        assert!(about(&world, &answer).len() <= 1, "{answer:?}");
    }
}

/// PV-07: the search that ends every world of these tests finds what it is for.
#[test]
fn a_line_that_tells_a_secret_is_found() {
    let world = World::new();
    let ana = world.ana();
    let (link, code) = (ana.letter_token(), ana.letter_code());
    let model = ana.has_a_trained_model();
    let prediction = ana.creates(&model, "reading by the window");
    assert!(!world.fake.lines().is_empty() && world.count_alerts("training ready") == 1);
    assert_eq!(world.told_secrets(), [] as [String; 0]);
    for secret in [
        "ana@example.com",
        &ana.token(),
        &link,
        &code,
        "reading by the window",
        prediction["images"][0]["url"].as_str().unwrap(),
        &ana.address,
        &world.config.replicate.token,
    ] {
        assert!(
            world.secrets.found_in(&format!("[{secret}]")).is_some(),
            "{secret}"
        );
    }
}
