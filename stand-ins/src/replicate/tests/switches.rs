//! Both values of every switch for what is unconfirmed.

use super::*;

fn created(world: &mut World) -> Value {
    body(&send(world, "POST", TRAINER, &training()))
}

fn path_of(job: &Value) -> String {
    format!("/replicate/v1/trainings/{}", job["id"].as_str().unwrap())
}

#[test]
fn the_webhook_may_be_echoed() {
    for (value, echoed) in [
        ("absent", None),
        ("present", Some("https://selfie.test/hook/1")),
    ] {
        let mut world = world_with_photos();
        world.set_switch("webhook_echo", value).unwrap();
        let job = created(&mut world);
        assert_eq!(
            read(&mut world, &path_of(&job))
                .get("webhook")
                .and_then(Value::as_str),
            echoed
        );
        let list = read(&mut world, "/replicate/v1/trainings");
        assert_eq!(
            list["results"][0].get("webhook").and_then(Value::as_str),
            echoed
        );
    }
}

#[test]
fn the_version_may_be_a_bare_hash() {
    let mut world = world_with_photos();
    world.set_switch("output_version", "bare").unwrap();
    let version = trained(&mut world);
    assert!(version.len() == 64 && !version.contains(':'));
    assert_eq!(
        predicted(&mut world, &prediction(&version))["status"],
        "succeeded"
    );
}

#[test]
fn created_objects_have_the_shape_of_their_year() {
    for (value, present) in [("2026", true), ("2024", false)] {
        let mut world = world_with_photos();
        world.set_switch("new_fields", value).unwrap();
        let job = created(&mut world);
        for field in ["output", "data_removed"] {
            assert_eq!(job.get(field).is_some(), present, "{field}");
        }
        assert_eq!(job["urls"].get("web").is_some(), present);
    }
}

#[test]
fn training_inputs_may_be_checked_at_creation() {
    let mut world = world_with_photos();
    world.set_switch("validation", "creation").unwrap();
    let empty = json!({"destination": "selfie-dev/faces", "input": {}});
    let refused = send(&mut world, "POST", TRAINER, &empty);
    assert_eq!(refused.status(), 422);
    assert_eq!(
        body(&refused)["detail"],
        "- input: input_images is required\n"
    );
    assert!(world.jobs().is_empty());
}

#[test]
fn a_throttle_may_say_when_to_come_back() {
    for (body_value, header_value) in [("retry_after", "present"), ("bare", "absent")] {
        let mut world = world_with_photos();
        world.set_switch("throttle_body", body_value).unwrap();
        world.set_switch("throttle_header", header_value).unwrap();
        let status = Behaviour::Status {
            code: 429,
            body: None,
            headers: [].into(),
        };
        world.script(Script::new("replicate", status));
        let refused = send(&mut world, "GET", "/replicate/v1/account", &Value::Null);
        assert_eq!(refused.status(), 429);
        assert_eq!(
            body(&refused).get("retry_after").is_some(),
            body_value == "retry_after"
        );
        assert_eq!(
            refused.headers().contains_key("retry-after"),
            header_value == "present"
        );
    }
}

#[test]
fn a_used_name_conflicts_in_either_shape() {
    let model =
        json!({"owner": "selfie-dev", "name": "faces", "visibility": "private", "hardware": "cpu"});
    let text = "A model with that name and owner already exists.";
    for (value, pointer) in [("detail", "/detail"), ("errors", "/errors/0/detail")] {
        let mut world = World::new(Settings::default());
        world.set_switch("model_conflict", value).unwrap();
        let refused = send(&mut world, "POST", "/replicate/v1/models", &model);
        assert_eq!(refused.status(), 409);
        assert_eq!(body(&refused).pointer(pointer), Some(&json!(text)));
    }
}

#[test]
fn a_deleted_name_is_never_free_again() {
    let mut world = World::new(Settings::default());
    let model =
        json!({"owner": "selfie-dev", "name": "more", "visibility": "private", "hardware": "cpu"});
    let statuses: Vec<u16> = ["POST", "DELETE", "POST"]
        .into_iter()
        .map(|method| {
            let target = if method == "POST" {
                "/replicate/v1/models"
            } else {
                "/replicate/v1/models/selfie-dev/more"
            };
            send(&mut world, method, target, &model).status().as_u16()
        })
        .collect();
    assert_eq!(statuses, [201, 204, 409]);
}

#[test]
fn a_deletion_may_be_refused_in_three_ways() {
    let path = TRAINER.strip_suffix("/trainings").unwrap();
    for (value, status) in [("403", 403), ("409", 409), ("202", 202)] {
        let mut world = World::new(Settings::default());
        world.set_switch("delete_refused", value).unwrap();
        assert_eq!(
            send(&mut world, "DELETE", path, &Value::Null)
                .status()
                .as_u16(),
            status
        );
        world.advance(3_600_000);
        assert_eq!(send(&mut world, "GET", path, &Value::Null).status(), 200);
    }
}

#[test]
fn an_aborted_job_may_be_silent() {
    for (value, count) in [("sent", 1), ("absent", 0)] {
        let mut world = world_with_photos();
        world.set_switch("aborted_webhook", value).unwrap();
        world.script(Script::new("replicate", Behaviour::Aborted).times(1));
        created(&mut world);
        assert_eq!(world.take_deliveries().len(), count);
        assert!(world.dollars().abs() < f64::EPSILON);
    }
}

#[test]
fn the_fast_trainer_may_log_nothing() {
    for (value, empty) in [("tqdm", false), ("none", true)] {
        let mut world = world_with_photos();
        world.set_switch("fast_logs", value).unwrap();
        let job = created(&mut world);
        let logs = read(&mut world, &path_of(&job))["logs"]
            .as_str()
            .unwrap()
            .to_owned();
        assert_eq!(logs.is_empty(), empty);
    }
}

#[test]
fn a_training_may_be_purged() {
    for (value, removed) in [("kept", false), ("purged", true)] {
        let mut world = world_with_photos();
        world.set_switch("training_retention", value).unwrap();
        let job = created(&mut world);
        world.advance(3_600_000);
        let later = read(&mut world, &path_of(&job));
        assert_eq!(later["data_removed"], json!(removed));
        assert_eq!(later["input"] == json!({}), removed);
    }
}

#[test]
fn a_bad_token_is_told_in_either_words() {
    for (value, text) in [
        ("2023", "You did not pass a valid authentication token"),
        ("newer", "Invalid or expired API token."),
    ] {
        let mut world = World::new(Settings::default());
        world.set_switch("bad_token_text", value).unwrap();
        let request =
            http::Request::get("/replicate/v1/account").header("authorization", "Bearer r8_x");
        let refused = answer(handle(&mut world, request.body(Vec::new()).unwrap()));
        assert_eq!(
            (refused.status().as_u16(), body(&refused)["detail"].clone()),
            (401, json!(text))
        );
    }
}

#[test]
fn webhooks_may_carry_two_signatures_and_need_https_when_asked() {
    let mut world = world_with_photos();
    world.set_switch("webhook_signatures", "two").unwrap();
    created(&mut world);
    let due = world.take_deliveries();
    let signatures = due[0].request.headers()["webhook-signature"]
        .to_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        signatures
            .split(' ')
            .filter(|entry| entry.starts_with("v1,"))
            .count(),
        2
    );
    world.set_switch("webhook_http", "refused").unwrap();
    let mut plain = training();
    plain["webhook"] = json!("http://127.0.0.1:8787/hook");
    let refused = send(&mut world, "POST", TRAINER, &plain);
    assert_eq!(body(&refused)["invalid_fields"][0]["type"], "format");
}
