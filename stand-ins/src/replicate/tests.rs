//! What the tests of this stand-in share: a world with photos, a training and a prediction.

mod predictions;
mod refusals;
mod switches;
mod trainings;
mod webhooks;

use std::io::{Cursor, Write};

use crate::wire::Reaction;
use crate::{Behaviour, Response, Script, Settings, World, handle};
use serde_json::{Value, json};

pub(super) const TRAINER: &str = "/replicate/v1/models/replicate/fast-flux-trainer/versions/8b10794665aed907bb98a1a5324cd1d3a8bea0e9b31e65210967fb9c9e2e08ed/trainings";
pub(super) const ZIP: &str = "http://127.0.0.1:8788/bytescale-cdn/devSeLf/raw/open/photos.zip";

pub(super) fn answer(reaction: Reaction) -> Response {
    match reaction {
        Reaction::Answer(response) => response,
        Reaction::Delayed { then, .. } => answer(*then),
        other => panic!("{other:?}"),
    }
}

pub(super) fn send(world: &mut World, method: &str, target: &str, body: &Value) -> Response {
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

pub(super) fn read(world: &mut World, target: &str) -> Value {
    body(&send(world, "GET", target, &Value::Null))
}

pub(super) fn body(response: &Response) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

pub(super) fn photo(shade: u8) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(64, 80, |x, y| {
        image::Rgb([
            shade,
            u8::try_from(x * 3).unwrap(),
            u8::try_from(y * 3).unwrap(),
        ])
    });
    crate::picture::encode(&picture, crate::picture::Format::Jpeg, 85).unwrap()
}

pub(super) fn zip(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub(super) fn store(world: &mut World, bytes: Vec<u8>) {
    let request = http::Request::builder()
        .method("POST")
        .uri("/bytescale/v2/accounts/devSeLf/uploads/binary?filePath=/open/photos.zip")
        .header("authorization", "Bearer secret_devSeLfdevelopmentonly")
        .header("content-type", "application/zip")
        .body(bytes)
        .unwrap();
    assert_eq!(answer(handle(world, request)).status(), 200);
}

pub(super) fn world_with_photos() -> World {
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

pub(super) fn training() -> Value {
    json!({
        "destination": "selfie-dev/faces", "input": {"input_images": ZIP, "trigger_word": "SLF1", "lora_type": "subject"},
        "webhook": "https://selfie.test/hook/1", "webhook_events_filter": ["start", "completed"]
    })
}

pub(super) fn trained(world: &mut World) -> String {
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

pub(super) fn prediction(version: &str) -> Value {
    json!({
        "version": version, "webhook": "https://selfie.test/hook/2", "webhook_events_filter": ["completed"],
        "input": {"prompt": "SLF1 as an astronaut", "aspect_ratio": "3:4", "num_outputs": 4, "seed": 7, "output_format": "jpg", "megapixels": "0.25"}
    })
}

pub(super) fn predicted(world: &mut World, request: &Value) -> Value {
    let created = send(world, "POST", "/replicate/v1/predictions", request);
    assert_eq!(created.status(), 201, "{}", body(&created));
    let id = body(&created)["id"].as_str().unwrap().to_owned();
    read(world, &format!("/replicate/v1/predictions/{id}"))
}

pub(super) fn urls(prediction: &Value) -> Vec<String> {
    prediction["output"]
        .as_array()
        .unwrap()
        .iter()
        .map(|url| url.as_str().unwrap().to_owned())
        .collect()
}

pub(super) fn fetch(world: &mut World, url: &str) -> Response {
    answer(handle(
        world,
        http::Request::builder().uri(url).body(Vec::new()).unwrap(),
    ))
}
