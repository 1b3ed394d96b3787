//! Predictions and their pictures from the outside.

use super::*;

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
