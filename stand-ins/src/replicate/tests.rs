use std::io::{Cursor, Write};

use crate::wire::Reaction;
use crate::{Behaviour, Response, Script, Settings, World, handle};
use serde_json::{Value, json};

const TRAINER: &str = "/replicate/v1/models/replicate/fast-flux-trainer/versions/8b10794665aed907bb98a1a5324cd1d3a8bea0e9b31e65210967fb9c9e2e08ed/trainings";
const ZIP: &str = "http://127.0.0.1:8788/bytescale-cdn/devSeLf/raw/open/photos.zip";

fn answer(reaction: Reaction) -> Response {
    match reaction {
        Reaction::Answer(response) => response,
        Reaction::Delayed { then, .. } => answer(*then),
        other => panic!("{other:?}"),
    }
}

fn send(world: &mut World, method: &str, target: &str, body: &Value) -> Response {
    let request = http::Request::builder()
        .method(method)
        .uri(target)
        .header(
            "authorization",
            format!("Bearer {}", world.settings().replicate_token),
        )
        .body(if body.is_null() {
            Vec::new()
        } else {
            body.to_string().into_bytes()
        })
        .unwrap();
    answer(handle(world, request))
}

fn read(world: &mut World, target: &str) -> Value {
    body(&send(world, "GET", target, &Value::Null))
}

fn body(response: &Response) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

fn photo(shade: u8) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(64, 80, |x, y| {
        image::Rgb([
            shade,
            u8::try_from(x * 3).unwrap(),
            u8::try_from(y * 3).unwrap(),
        ])
    });
    crate::picture::encode(&picture, crate::picture::Format::Jpeg, 85).unwrap()
}

fn zip(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn store(world: &mut World, bytes: Vec<u8>) {
    let request = http::Request::builder()
        .method("POST")
        .uri("/bytescale/v2/accounts/devSeLf/uploads/binary?filePath=/open/photos.zip")
        .header("authorization", "Bearer secret_devSeLfdevelopmentonly")
        .header("content-type", "application/zip")
        .body(bytes)
        .unwrap();
    assert_eq!(answer(handle(world, request)).status(), 200);
}

fn world_with_photos() -> World {
    let mut world = World::new(Settings::default());
    store(
        &mut world,
        zip(&[
            ("1.jpg", photo(20)),
            ("1.txt", b"a photo of SLF1".to_vec()),
            ("2.JPEG", photo(200)),
            ("x.heic", vec![1]),
        ]),
    );
    world
}

fn training() -> Value {
    json!({
        "destination": "selfie-dev/faces", "input": {"input_images": ZIP, "trigger_word": "SLF1", "lora_type": "subject"},
        "webhook": "https://selfie.test/hook/1", "webhook_events_filter": ["start", "completed"]
    })
}

fn trained(world: &mut World) -> String {
    let created = body(&send(world, "POST", TRAINER, &training()));
    let done = read(
        world,
        &format!(
            "/replicate/v1/trainings/{}",
            created["id"].as_str().unwrap()
        ),
    );
    assert_eq!(done["status"], "succeeded", "{done}");
    done["output"]["version"].as_str().unwrap().to_owned()
}

fn prediction(version: &str) -> Value {
    json!({
        "version": version, "webhook": "https://selfie.test/hook/2", "webhook_events_filter": ["completed"],
        "input": {"prompt": "SLF1 as an astronaut", "aspect_ratio": "3:4", "num_outputs": 4, "seed": 7, "output_format": "jpg", "megapixels": "0.25"}
    })
}

fn predicted(world: &mut World, request: &Value) -> Value {
    let created = send(world, "POST", "/replicate/v1/predictions", request);
    assert_eq!(created.status(), 201, "{}", body(&created));
    let id = body(&created)["id"].as_str().unwrap().to_owned();
    read(world, &format!("/replicate/v1/predictions/{id}"))
}

fn urls(prediction: &Value) -> Vec<String> {
    prediction["output"]
        .as_array()
        .unwrap()
        .iter()
        .map(|url| url.as_str().unwrap().to_owned())
        .collect()
}

fn fetch(world: &mut World, url: &str) -> Response {
    answer(handle(
        world,
        http::Request::builder().uri(url).body(Vec::new()).unwrap(),
    ))
}

#[test]
fn a_training_reads_its_zip_and_makes_a_version() {
    let mut world = world_with_photos();
    let created = send(&mut world, "POST", TRAINER, &training());
    assert_eq!(created.status(), 201);
    let created = body(&created);
    assert_eq!(created["status"], "starting");
    assert!(
        created["urls"]["get"]
            .as_str()
            .unwrap()
            .contains("/predictions/")
    );
    for absent in ["metrics", "started_at", "completed_at"] {
        assert!(created.get(absent).is_none(), "{absent}");
    }
    let done = read(
        &mut world,
        &format!(
            "/replicate/v1/trainings/{}",
            created["id"].as_str().unwrap()
        ),
    );
    assert_eq!(done["status"], "succeeded");
    assert!(
        done["urls"]["get"]
            .as_str()
            .unwrap()
            .contains("/trainings/")
    );
    let version = done["output"]["version"]
        .as_str()
        .unwrap()
        .strip_prefix("selfie-dev/faces:")
        .unwrap();
    assert_eq!(version.len(), 64);
    assert!(
        done["logs"]
            .as_str()
            .unwrap()
            .contains("\rflux_train_replicate: 100%|██████████| 1000/1000")
    );
    let job = &world.jobs()[0];
    assert_eq!(job.entries, Some(4));
    assert_eq!(
        job.captions,
        [
            ("1.jpg".to_owned(), "a photo of SLF1".to_owned()),
            ("2.JPEG".to_owned(), "a photo of SLF1".to_owned())
        ]
    );
    assert!((world.dollars() - 1.46).abs() < 1e-9);
    assert_eq!(
        send(
            &mut world,
            "GET",
            &format!("/replicate/v1/models/selfie-dev/faces/versions/{version}"),
            &Value::Null
        )
        .status(),
        200
    );
}

#[test]
fn a_bad_zip_fails_the_training_with_the_real_message() {
    let html = b"<html>".to_vec();
    let cases = [
        (html, "input_images must be a zip file"),
        (
            zip(&[
                ("readme.md", vec![1]),
                ("__MACOSX/1.jpg", vec![1]),
                ("._1.jpg", vec![1]),
            ]),
            "no images found in input_images",
        ),
        (
            zip(&[("1.jpg", b"no jpeg".to_vec())]),
            "Error loading image: input_images/1.jpg",
        ),
        (
            zip(&[("1.jpg", photo(1)), ("dir/._1.jpg", vec![0])]),
            "Error loading image: input_images/dir/._1.jpg",
        ),
    ];
    for (bytes, error) in cases {
        let mut world = World::new(Settings::default());
        store(&mut world, bytes);
        let id = body(&send(&mut world, "POST", TRAINER, &training()))["id"]
            .as_str()
            .unwrap()
            .to_owned();
        world.advance(1);
        let failed = read(&mut world, &format!("/replicate/v1/trainings/{id}"));
        assert_eq!(failed["status"], "failed");
        assert!(
            failed["error"].as_str().unwrap().starts_with(error),
            "{failed}"
        );
    }
}

#[test]
fn a_zip_elsewhere_or_unsigned_is_no_zip() {
    for url in [
        "https://elsewhere.test/photos.zip",
        "http://127.0.0.1:8788/bytescale-cdn/devSeLf/raw/u/photos.zip",
    ] {
        let mut world = world_with_photos();
        let mut request = training();
        request["input"]["input_images"] = json!(url);
        let id = body(&send(&mut world, "POST", TRAINER, &request))["id"]
            .as_str()
            .unwrap()
            .to_owned();
        world.advance(1);
        assert_eq!(
            read(&mut world, &format!("/replicate/v1/trainings/{id}"))["error"],
            "input_images must be a zip file"
        );
    }
    let mut world = World::new(Settings::default());
    let empty = json!({"destination": "selfie-dev/faces", "input": {}});
    let created = send(&mut world, "POST", TRAINER, &empty);
    assert_eq!(created.status(), 201);
    world.advance(1);
    assert_eq!(
        world.jobs()[0].error.as_deref(),
        Some("input_images must be provided")
    );
}

#[test]
fn pictures_have_the_exact_size_and_repeat_with_their_seed() {
    let mut world = world_with_photos();
    let version = trained(&mut world);
    let first = predicted(&mut world, &prediction(&version));
    let urls_of_first = urls(&first);
    assert_eq!(urls_of_first.len(), 4);
    assert!(urls_of_first[3].ends_with("/out-3.jpg"));
    let pictures: Vec<Vec<u8>> = urls_of_first
        .iter()
        .map(|url| fetch(&mut world, url).into_body())
        .collect();
    for (index, picture) in pictures.iter().enumerate() {
        let decoded =
            image::load_from_memory_with_format(picture, image::ImageFormat::Jpeg).unwrap();
        assert_eq!((decoded.width(), decoded.height()), (448, 576));
        assert!(
            pictures
                .iter()
                .skip(index + 1)
                .all(|other| other != picture)
        );
    }
    let again = predicted(&mut world, &prediction(&version));
    assert_eq!(fetch(&mut world, &urls(&again)[0]).into_body(), pictures[0]);
    for (name, value) in [("seed", json!(8)), ("prompt", json!("SLF1 as a diver"))] {
        let mut request = prediction(&version);
        request["input"][name] = value;
        let other = predicted(&mut world, &request);
        assert_ne!(
            fetch(&mut world, &urls(&other)[0]).into_body(),
            pictures[0],
            "{name}"
        );
    }
    assert!(world.violations().is_empty());
}

#[test]
fn a_token_at_the_delivery_host_is_a_violation() {
    let mut world = world_with_photos();
    let version = trained(&mut world);
    let url = urls(&predicted(&mut world, &prediction(&version)))[0].clone();
    send(&mut world, "GET", &url, &Value::Null);
    assert_eq!(world.violations().len(), 1);
}

#[test]
fn data_is_purged_after_an_hour() {
    let mut world = world_with_photos();
    let version = trained(&mut world);
    let done = predicted(&mut world, &prediction(&version));
    let url = urls(&done)[0].clone();
    world.advance(3_600_000);
    let purged = read(
        &mut world,
        &format!("/replicate/v1/predictions/{}", done["id"].as_str().unwrap()),
    );
    assert_eq!(
        (&purged["output"], &purged["data_removed"], &purged["logs"]),
        (&Value::Null, &json!(true), &Value::Null)
    );
    assert_eq!(fetch(&mut world, &url).status(), 404);
}

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
fn webhooks_come_in_order_and_only_the_last_is_repeated() {
    let mut world = world_with_photos();
    send(&mut world, "POST", TRAINER, &training());
    let due = world.take_deliveries();
    let statuses: Vec<Value> = due
        .iter()
        .map(|delivery| {
            serde_json::from_slice::<Value>(delivery.request.body()).unwrap()["status"].clone()
        })
        .collect();
    assert_eq!(statuses, ["processing", "succeeded"]);
    let id = due[1].request.headers()["webhook-id"].clone();
    for delivery in &due {
        world.report_delivery(delivery.id, Some(500));
    }
    assert!(world.take_deliveries().is_empty());
    let mut waits = Vec::new();
    while let Some(due_ms) = world.next_due_ms() {
        waits.push(due_ms - world.now_ms());
        world.advance(due_ms - world.now_ms());
        let again = world.take_deliveries();
        assert_eq!(again.len(), 1);
        assert_eq!(again[0].request.headers()["webhook-id"], id);
        world.report_delivery(again[0].id, None);
    }
    assert_eq!(waits, [1000, 2000, 4000, 8000, 15_000, 30_000]);
}

#[test]
fn webhooks_can_be_dropped_doubled_reordered_and_forged() {
    let counts = [
        (Behaviour::WebhookDrop, 0),
        (Behaviour::WebhookDuplicate, 4),
        (Behaviour::WebhookForge, 2),
        (Behaviour::WebhookStale, 2),
        (Behaviour::WebhookReorder, 2),
        (Behaviour::WebhookWrongOperation, 2),
        (Behaviour::WebhookDelay { ms: 5 }, 2),
    ];
    for (effect, count) in counts {
        let mut world = world_with_photos();
        world.script(Script::new("replicate", effect.clone()).method("POST"));
        send(&mut world, "POST", TRAINER, &training());
        world.advance(10);
        let due = world.take_deliveries();
        assert_eq!(due.len(), count, "{effect:?}");
        let first = due.first().map(|delivery| {
            serde_json::from_slice::<Value>(delivery.request.body()).unwrap()["status"].clone()
        });
        if effect == Behaviour::WebhookReorder {
            assert_eq!(first, Some(json!("succeeded")));
        }
        if effect == Behaviour::WebhookWrongOperation {
            assert_ne!(due[0].request.uri(), "https://selfie.test/hook/1");
        }
    }
}

#[test]
fn outputs_can_be_spoilt() {
    let mut world = world_with_photos();
    let version = trained(&mut world);
    let mut with = |effect: Behaviour| {
        world.script(
            Script::new("replicate", effect)
                .path("/predictions")
                .times(1),
        );
        let done = predicted(&mut world, &prediction(&version));
        let first = done["output"]
            .get(0)
            .and_then(Value::as_str)
            .map(str::to_owned);
        let response = first
            .filter(|url| url.starts_with("http://127"))
            .map(|url| fetch(&mut world, &url));
        (done, response)
    };
    let (some, _) = with(Behaviour::NsfwSome { n: 1 });
    assert_eq!(
        urls(&some)
            .iter()
            .map(|url| url.rsplit('/').next().unwrap())
            .collect::<Vec<_>>(),
        ["out-0.jpg", "out-2.jpg", "out-3.jpg"]
    );
    let (all, _) = with(Behaviour::NsfwAll);
    assert_eq!(all["status"], "failed");
    assert!(
        all["error"]
            .as_str()
            .unwrap()
            .starts_with("All generated images contained NSFW content.")
    );
    assert!(with(Behaviour::OutputString).0["output"].is_string());
    assert!(with(Behaviour::OutputNull).0["output"].is_null());
    assert!(
        with(Behaviour::OutputData).0["output"][0]
            .as_str()
            .unwrap()
            .starts_with("data:image/jpeg;base64,")
    );
    assert!(
        with(Behaviour::OutputForeignHost).0["output"][0]
            .as_str()
            .unwrap()
            .starts_with("https://pictures.example.net/")
    );
    assert_eq!(with(Behaviour::Output404).1.unwrap().status(), 404);
    assert_eq!(
        with(Behaviour::OutputTruncated { bytes: 9 })
            .1
            .unwrap()
            .body()
            .len(),
        9
    );
    assert_eq!(
        with(Behaviour::OutputWrongType).1.unwrap().headers()["content-type"],
        "text/html"
    );
    assert_eq!(
        with(Behaviour::Fail {
            error: "CUDA out of memory (E1001)".to_owned()
        })
        .0["error"],
        "CUDA out of memory (E1001)"
    );
    assert_eq!(with(Behaviour::Aborted).0["status"], "aborted");
    assert_eq!(with(Behaviour::UnknownStatus).0["status"], "pausing");
    assert!(with(Behaviour::NullLogs).0["logs"].is_null());
    assert!(with(Behaviour::ExtraFields).0.get("carbon").is_some());
}

#[test]
fn a_deadline_aborts_what_waits_and_cancels_what_runs() {
    for (effect, status) in [
        (Behaviour::StuckStarting { ms: None }, "aborted"),
        (Behaviour::UnknownStatus, "canceled"),
    ] {
        let mut world = world_with_photos();
        let version = trained(&mut world);
        world.script(Script::new("replicate", effect).times(1));
        let request = http::Request::builder()
            .method("POST")
            .uri("/replicate/v1/predictions")
            .header(
                "authorization",
                format!("Bearer {}", world.settings().replicate_token),
            )
            .header("cancel-after", "30s")
            .body(prediction(&version).to_string().into_bytes())
            .unwrap();
        let created = body(&answer(handle(&mut world, request)));
        assert!(created["deadline"].is_string());
        world.advance(29_999);
        let path = format!(
            "/replicate/v1/predictions/{}",
            created["id"].as_str().unwrap()
        );
        assert!(read(&mut world, &path)["completed_at"].is_null());
        world.advance(1);
        assert_eq!(read(&mut world, &path)["status"], status);
    }
}

#[test]
fn cancelling_stops_a_training_and_its_object_has_the_recorded_shape() {
    let mut world = World::new(Settings {
        training_ms: 60_000,
        ..Settings::default()
    });
    let id = body(&send(&mut world, "POST", TRAINER, &training()))["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let cancel = format!("/replicate/v1/trainings/{id}/cancel");
    let canceled = body(&send(&mut world, "POST", &cancel, &Value::Null));
    assert_eq!(
        (&canceled["status"], &canceled["logs"], &canceled["output"]),
        (&json!("canceled"), &Value::Null, &Value::Null)
    );
    assert!(canceled["metrics"]["predict_time"].as_f64().unwrap() < 0.001);
    assert!(
        canceled["urls"]["get"]
            .as_str()
            .unwrap()
            .contains("/predictions/")
    );
    assert!(world.dollars().abs() < f64::EPSILON);
    assert_eq!(
        send(&mut world, "POST", &cancel, &Value::Null).status(),
        200
    );
    world.set_switch("cancel_finished", "409").unwrap();
    assert_eq!(
        send(&mut world, "POST", &cancel, &Value::Null).status(),
        409
    );
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

#[test]
fn a_cut_after_acceptance_leaves_a_job_and_one_before_leaves_none() {
    let mut world = world_with_photos();
    let request = |world: &World| {
        http::Request::builder()
            .method("POST")
            .uri(TRAINER)
            .header(
                "authorization",
                format!("Bearer {}", world.settings().replicate_token),
            )
            .body(training().to_string().into_bytes())
            .unwrap()
    };
    world.script(Script::new("replicate", Behaviour::DropBefore).times(1));
    let before = request(&world);
    assert!(matches!(handle(&mut world, before), Reaction::Dropped));
    assert_eq!(world.jobs().len(), 0);
    world.script(Script::new("replicate", Behaviour::DropAfter).times(1));
    let after = request(&world);
    assert!(matches!(handle(&mut world, after), Reaction::Dropped));
    assert_eq!(world.jobs().len(), 1);
    let listed = read(&mut world, "/replicate/v1/trainings");
    assert_eq!(listed["results"][0]["input"]["input_images"], ZIP);
}
