//! What is refused, listed and deleted.

use super::*;

#[test]
fn refusals_have_the_recorded_bodies() {
    let mut world = world_with_photos();
    let mut elsewhere = training();
    elsewhere["destination"] = json!("somebody/else");
    let refused = send(&mut world, "POST", TRAINER, &elsewhere);
    assert_eq!(
        (refused.status().as_u16(), body(&refused)),
        (
            404,
            json!({"detail": "The specified training destination does not exist", "status": 404})
        )
    );
    let unknown = send(
        &mut world,
        "POST",
        "/replicate/v1/predictions",
        &json!({"version": "0".repeat(64), "input": {"prompt": "x"}}),
    );
    assert_eq!(
        (unknown.status().as_u16(), body(&unknown)["title"].clone()),
        (422, json!("Invalid version or not permitted"))
    );
    let wrong = send(
        &mut world,
        "POST",
        "/replicate/v1/predictions",
        &json!({"model": "x", "input": {}}),
    );
    assert_eq!(
        body(&wrong)["detail"],
        "- version is required\n- Additional property model is not allowed\n"
    );
    assert_eq!(wrong.headers()["content-type"], "application/problem+json");
    let anonymous = answer(handle(
        &mut world,
        http::Request::builder()
            .uri("/replicate/v1/account")
            .body(Vec::new())
            .unwrap(),
    ));
    assert_eq!(
        body(&anonymous)["detail"],
        "You did not pass an authentication token"
    );
    let version = trained(&mut world);
    let (_, id) = version.split_once(':').unwrap();
    let untrainable = send(
        &mut world,
        "POST",
        &format!("/replicate/v1/models/selfie-dev/faces/versions/{id}/trainings"),
        &training(),
    );
    assert_eq!(untrainable.status(), 400);
}

#[test]
fn lists_are_paged_by_an_absolute_url() {
    let mut world = world_with_photos();
    let version = trained(&mut world);
    for _ in 0..101 {
        send(
            &mut world,
            "POST",
            "/replicate/v1/predictions",
            &prediction(&version),
        );
    }
    let first = read(
        &mut world,
        "/replicate/v1/predictions?created_after=2020-01-01T00:00:00Z",
    );
    assert_eq!(first["results"].as_array().map(Vec::len), Some(100));
    let next = first["next"].as_str().unwrap().to_owned();
    assert!(next.starts_with("http://127.0.0.1:8788/replicate/v1/predictions?created_after="));
    let second = read(&mut world, &next);
    assert_eq!(
        (second["results"].as_array().map(Vec::len), &second["next"]),
        (Some(1), &Value::Null)
    );
    let none = read(
        &mut world,
        "/replicate/v1/predictions?created_after=2040-01-01T00:00:00Z",
    );
    assert_eq!(none["results"], json!([]));
}

#[test]
fn a_deleted_version_is_gone_after_a_while() {
    let mut world = world_with_photos();
    let version = trained(&mut world);
    let path = format!(
        "/replicate/v1/models/selfie-dev/faces/versions/{}",
        version.split_once(':').unwrap().1
    );
    let deleted = send(&mut world, "DELETE", &path, &Value::Null);
    assert_eq!((deleted.status().as_u16(), deleted.body().len()), (202, 0));
    assert_eq!(send(&mut world, "GET", &path, &Value::Null).status(), 200);
    world.advance(60_000);
    assert_eq!(send(&mut world, "GET", &path, &Value::Null).status(), 404);
    assert_eq!(
        send(&mut world, "DELETE", &path, &Value::Null).status(),
        404
    );
    assert_eq!(
        send(
            &mut world,
            "POST",
            "/replicate/v1/predictions",
            &prediction(&version)
        )
        .status(),
        422
    );
}

#[test]
fn creating_predictions_is_throttled() {
    let mut world = world_with_photos();
    let version = trained(&mut world);
    world.set_switch("credit", "low").unwrap();
    assert_eq!(
        send(
            &mut world,
            "POST",
            "/replicate/v1/predictions",
            &prediction(&version)
        )
        .status(),
        201
    );
    let refused = send(
        &mut world,
        "POST",
        "/replicate/v1/predictions",
        &prediction(&version),
    );
    assert_eq!(
        (
            refused.status().as_u16(),
            body(&refused)["retry_after"].clone()
        ),
        (429, json!(10))
    );
    world.advance(10_000);
    assert_eq!(
        send(
            &mut world,
            "POST",
            "/replicate/v1/predictions",
            &prediction(&version)
        )
        .status(),
        201
    );
    world.set_switch("credit", "insufficient").unwrap();
    world.advance(10_000);
    assert_eq!(
        send(
            &mut world,
            "POST",
            "/replicate/v1/predictions",
            &prediction(&version)
        )
        .status(),
        402
    );
}
