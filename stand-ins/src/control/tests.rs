//! The control plane from the outside.

use serde_json::{Value, json};

use crate::wire::Reaction;
use crate::{Response, Settings, World, handle};

fn control(world: &mut World, method: &str, path: &str, body: &Value) -> Response {
    let request = http::Request::builder()
        .method(method)
        .uri(format!("/__control{path}"))
        .body(body.to_string().into_bytes())
        .unwrap();
    match handle(world, request) {
        Reaction::Answer(response) => response,
        other => panic!("{other:?}"),
    }
}

fn read(world: &mut World, path: &str) -> Value {
    serde_json::from_slice(control(world, "GET", path, &Value::Null).body()).unwrap()
}

fn account(world: &mut World) -> Reaction {
    handle(
        world,
        http::Request::get("/replicate/v1/account")
            .body(Vec::new())
            .unwrap(),
    )
}

#[test]
fn scripts_are_added_one_or_many_and_cleared() {
    let mut world = World::new(Settings::default());
    let drop = json!({"provider": "replicate", "behaviour": "drop_before"});
    assert_eq!(control(&mut world, "POST", "/script", &drop).status(), 204);
    assert!(matches!(account(&mut world), Reaction::Dropped));
    assert_eq!(
        control(&mut world, "DELETE", "/script", &Value::Null).status(),
        204
    );
    assert!(matches!(account(&mut world), Reaction::Answer(_)));
    let many = json!([
        {"provider": "replicate", "behaviour": "hang", "times": 1},
        {"provider": "replicate", "behaviour": "status", "status": 502, "times": 1}
    ]);
    assert_eq!(control(&mut world, "POST", "/script", &many).status(), 204);
    assert!(matches!(account(&mut world), Reaction::Never));
    let Reaction::Answer(gateway) = account(&mut world) else {
        panic!("no answer")
    };
    assert_eq!(gateway.status(), 502);
    let statuses: Vec<Value> = read(&mut world, "/calls")
        .as_array()
        .unwrap()
        .iter()
        .map(|call| call["status"].clone())
        .collect();
    assert_eq!(statuses, [Value::Null, json!(401), Value::Null, json!(502)]);
}

#[test]
fn mistakes_in_scripts_and_switches_are_told() {
    let mut world = World::new(Settings::default());
    for (path, body) in [
        (
            "/script",
            json!({"provider": "replicate", "behaviour": "explode"}),
        ),
        ("/script", json!({"behaviour": "hang"})),
        (
            "/script",
            json!({"provider": "replicat", "behaviour": "hang"}),
        ),
        ("/switch", json!({"name": "zip_names", "value": "long"})),
        ("/switch", json!({"zip_nmaes": "base"})),
        ("/clock", json!({"advance": 5})),
    ] {
        let refused = control(&mut world, "POST", path, &body);
        assert_eq!(refused.status(), 422, "{path} {body}");
    }
    assert_eq!(
        control(&mut world, "GET", "/nothing", &Value::Null).status(),
        404
    );
}

#[test]
fn switches_are_set_and_shown() {
    let mut world = World::new(Settings::default());
    control(
        &mut world,
        "POST",
        "/switch",
        &json!({"name": "zip_names", "value": "whole"}),
    );
    control(
        &mut world,
        "POST",
        "/switch",
        &json!({"etag": "absent", "quota": "402"}),
    );
    let switches = read(&mut world, "/switch");
    assert_eq!(
        switches["zip_names"],
        json!({"value": "whole", "values": ["base", "whole"]})
    );
    assert_eq!(
        (&switches["etag"]["value"], &switches["quota"]["value"]),
        (&json!("absent"), &json!("402"))
    );
}

#[test]
fn a_scripted_answer_is_spoilt_as_asked() {
    let mut world = World::new(Settings::default());
    for behaviour in [
        json!({"behaviour": "malformed"}),
        json!({"behaviour": "huge", "bytes": 100_000}),
        json!({"behaviour": "truncate", "bytes": 3}),
        json!({"behaviour": "redirect", "to": "https://elsewhere.test/"}),
        json!({"behaviour": "delay", "ms": 700}),
        json!({"behaviour": "status", "status": 503, "body": "no", "headers": {"retry-after": "7"}}),
    ] {
        let mut script = behaviour;
        script["provider"] = json!("replicate");
        script["times"] = json!(1);
        control(&mut world, "POST", "/script", &script);
    }
    let Reaction::Answer(malformed) = account(&mut world) else {
        panic!("no answer")
    };
    assert!(serde_json::from_slice::<Value>(malformed.body()).is_err());
    let Reaction::Answer(huge) = account(&mut world) else {
        panic!("no answer")
    };
    assert_eq!(huge.body().len(), 100_000);
    assert!(matches!(
        account(&mut world),
        Reaction::Truncated { bytes: 3, .. }
    ));
    let Reaction::Answer(redirect) = account(&mut world) else {
        panic!("no answer")
    };
    assert_eq!(redirect.headers()["location"], "https://elsewhere.test/");
    assert!(matches!(
        account(&mut world),
        Reaction::Delayed { ms: 700, .. }
    ));
    let Reaction::Answer(status) = account(&mut world) else {
        panic!("no answer")
    };
    assert_eq!(
        (status.status().as_u16(), status.body().as_slice()),
        (503, b"no".as_slice())
    );
    assert_eq!(status.headers()["retry-after"], "7");
}
