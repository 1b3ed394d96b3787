//! An image as a file of one's own: it says what made it, to programs that know nothing of us.

use std::io::Cursor;

use image::{ImageDecoder, ImageReader};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::world::{MINUTE, World};

/// The packet in a file, as a decoder of others finds it, read by a parser of others.
fn packet(file: &[u8]) -> String {
    let reader = ImageReader::new(Cursor::new(file));
    let decoder = reader.with_guessed_format().unwrap().into_decoder();
    let found = decoder.unwrap().xmp_metadata().unwrap();
    String::from_utf8(found.expect("a packet")).unwrap()
}

fn text_of(packet: &str, namespace: &str, name: &str) -> String {
    let document = roxmltree::Document::parse(packet).unwrap();
    let mut found = document
        .descendants()
        .filter(|node| node.has_tag_name((namespace, name)));
    found.next().unwrap().text().unwrap().to_owned()
}

fn made(world: &World, ana: &Browser<'_>, model: &str, format: &str) -> Value {
    let body = json!({"model": model, "prompt": "a hat", "style": "film", "format": format});
    let request = ana.request("POST", "/create").json(&body).fresh_key();
    let accepted = request.send().expect(202);
    world.advance(2 * MINUTE);
    ana.sees_prediction(&accepted)
}

fn path_of(prediction: &Value) -> String {
    let id = prediction["id"].as_str().unwrap();
    format!("/api/prediction/{id}/image/1")
}

#[test]
fn a_file_of_any_format_carries_its_whole_recipe_and_the_mark() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    for (format, content_type) in [
        ("jpg", "image/jpeg"),
        ("png", "image/png"),
        ("webp", "image/webp"),
    ] {
        let prediction = made(&world, &ana, &model, format);
        let file = ana.get(&path_of(&prediction));
        assert_eq!(
            (file.status, file.header("content-type")),
            (200, Some(content_type))
        );
        let id = prediction["id"].as_str().unwrap();
        let (_, serial) = id.split_once('_').unwrap();
        let name = format!("attachment; filename=\"selfie-{serial}-1.{format}\"");
        assert_eq!(file.header("content-disposition"), Some(name.as_str()));
        assert_eq!(
            file.header("content-security-policy"),
            Some("default-src 'none'; frame-ancestors 'none'; sandbox")
        );
        let packet = packet(&file.body);
        let iptc = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";
        assert_eq!(
            text_of(&packet, iptc, "DigitalSourceType"),
            "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
        );
        let recipe = text_of(&packet, "https://selfie.pr/ns/1.0/", "recipe");
        let recipe: Value = serde_json::from_str(&recipe).unwrap();
        assert_eq!(recipe, prediction["recipe"], "{format}");
    }
}

#[test]
fn a_file_is_its_owners_alone_and_only_where_there_is_one() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let path = path_of(&ana.creates(&model, "a hat"));
    assert_eq!(ana.get(&path).status, 200);
    for other in ["image/0", "image/2", "image/x"] {
        ana.get(&path.replace("image/1", other))
            .refused(404, "not-found");
    }
    world.ben().get(&path).refused(404, "not-found");
}
