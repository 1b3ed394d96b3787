//! Trainings from the outside.

use super::*;

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
    let names: Vec<&str> = job
        .entries
        .iter()
        .map(|entry| entry.name.as_str())
        .collect();
    assert_eq!(names, ["1.jpg", "1.txt", "2.JPEG", "x.heic"]);
    assert_eq!(job.entries[0].bytes, photo(20).len());
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
