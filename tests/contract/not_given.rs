//! What nobody is given: others' models and weights, routes for operators and tests, keys of providers.

use selfie::api::routes::{Endpoint, Route};
use serde_json::{Value, json};
use stand_ins::{Behaviour, Script};

use crate::access::{Things, call, in_order};
use crate::world::World;

/// OW-05
#[test]
fn nobodys_images_are_made_with_anothers_model_version_or_weights() {
    let world = World::new();
    let (ana, ben) = (world.ana(), world.ben());
    let (hers, his) = (ana.has_a_trained_model(), ben.has_a_trained_model());
    let ask = |body: Value| {
        let request = ben.request("POST", "/create").json(&body).fresh_key();
        world.without_traces(|| request.send())
    };
    ask(json!({"model": hers, "prompt": "a hat"})).refused(404, "not-found");
    ask(json!({"model": hers, "prompt": "a hat", "version": "v1"})).refused(404, "not-found");
    for version in [
        "v2",
        "v1000000",
        "selfie-dev/faces:0",
        "https://evil.example/lora.tar",
    ] {
        ask(json!({"model": his, "prompt": "a hat", "version": version}))
            .refused(422, "invalid-request");
    }
    for member in [
        "weights",
        "lora_weights",
        "hf_lora",
        "extra_lora",
        "provider_version",
    ] {
        let mut body = json!({"model": his, "prompt": "a hat"});
        body[member] = json!("https://evil.example/lora.tar");
        ask(body).refused(422, "invalid-request");
    }
}

/// OW-07
#[test]
fn operators_and_tests_have_no_routes() {
    let world = World::new();
    let ana = world.ana();
    for name in [
        "admin",
        "calls",
        "clock",
        "config",
        "debug",
        "env",
        "fail",
        "internal",
        "ledger",
        "letters",
        "metrics",
        "outbox",
        "panic",
        "reset",
        "script",
        "scheduled",
        "stand-ins",
        "sweep",
        "switches",
        "test",
        "version",
    ] {
        for path in [
            format!("/api/{name}"),
            format!("/{name}"),
            format!("/api/{name}/x"),
        ] {
            for method in ["GET", "POST", "PUT", "DELETE"] {
                let answer = world.without_traces(|| ana.request(method, &path).send());
                answer.refused(404, "not-found");
            }
        }
    }
}

/// PH-11
#[test]
fn no_answer_holds_a_key_of_a_provider() {
    let world = World::new();
    let ana = world.ana();
    let things = Things::of(&ana);
    let mut seen = Vec::new();
    for words in [Some("a body that tells: "), None] {
        if let Some(words) = words {
            // A provider that says our own words back in its errors.
            let body = Some(format!("{words}{}", keys().join(" ")));
            let status = Behaviour::Status {
                code: 422,
                body,
                headers: [].into(),
            };
            for provider in ["replicate", "bytescale", "bytescale-cdn"] {
                world.script(Script::new(provider, status.clone()).times(20));
            }
        } else {
            world.outside.world().clear_scripts();
        }
        for route in in_order()
            .into_iter()
            .filter(|route| words.is_none() || !ends(route))
        {
            let answer = call(&ana, route, &things);
            seen.push(format!("{:?} {}", answer.headers, answer.text()));
            world.settle();
        }
    }
    let seen = seen.concat();
    assert!(
        seen.contains("sig="),
        "addresses of single files were among it"
    );
    for key in keys() {
        assert!(!seen.contains(&key), "{key}");
    }
}

/// The secrets of the development configuration that open something at a provider, and ours.
fn keys() -> Vec<String> {
    let names = [
        "REPLICATE_API_TOKEN",
        "REPLICATE_WEBHOOK_SECRET",
        "BYTESCALE_SECRET_KEY",
        "BYTESCALE_SIGNING_KEY",
        "RESEND_API_KEY",
        "PUSHOVER_TOKEN",
        "PUSHOVER_USER",
        "EMAIL_ID_KEY",
    ];
    names
        .map(|name| selfie::fake::settings(name).unwrap())
        .to_vec()
}

fn ends(route: &Route) -> bool {
    use Endpoint as E;
    matches!(
        route.endpoint,
        E::DeletePrediction | E::DeleteModel | E::DropPhoto | E::SignOutEverywhere | E::SignOut
    )
}
