//! Archives and processed images from the outside.

use super::*;

#[test]
fn an_archive_is_made_and_listed() {
    let mut world = World::new(Settings::default());
    upload(&mut world, "/u/a/1.jpg", "image/jpeg", b"first");
    upload(&mut world, "/u/a/1.txt", "text/plain", b"caption");
    let save = json!({"destination": "/u/a/photos.zip", "extendedParams": [{"file": "/u/a/1.txt"}], "tags": {"value": ["training_zip"]}});
    let target = "/bytescale-cdn/devSeLf/save/archive/u/a/1.jpg?m=archive&out=zip";
    let saved = call(
        &mut world,
        "POST",
        target,
        "application/json",
        save.to_string().as_bytes(),
    );
    assert_eq!(body(&saved)["async"], json!(false));
    let listing = call(
        &mut world,
        "GET",
        "/bytescale-cdn/devSeLf/archive/u/a/photos.zip?m=extract",
        "text/plain",
        b"",
    );
    assert_eq!(
        body(&listing),
        json!({"files": [{"size": 5, "artifact": "/1.jpg"}, {"size": 7, "artifact": "/1.txt"}]})
    );
    world.set_switch("zip_names", "whole").unwrap();
    call(
        &mut world,
        "POST",
        target,
        "application/json",
        save.to_string().as_bytes(),
    );
    let listing = call(
        &mut world,
        "GET",
        "/bytescale-cdn/devSeLf/archive/u/a/photos.zip?m=extract",
        "text/plain",
        b"",
    );
    assert_eq!(body(&listing)["files"][0]["artifact"], "/u/a/1.jpg");
    let mut unknown = save;
    unknown["folder"] = json!("/u");
    let refused = call(
        &mut world,
        "POST",
        target,
        "application/json",
        unknown.to_string().as_bytes(),
    );
    assert_eq!(refused.status(), 400);
}

#[test]
fn an_archive_may_be_spoilt_or_slow() {
    let mut world = World::new(Settings::default());
    upload(&mut world, "/u/a/1.jpg", "image/jpeg", b"first");
    upload(&mut world, "/u/a/1.txt", "text/plain", b"caption");
    let save = json!({"destination": "/u/a/photos.zip", "extendedParams": {"file": "/u/a/1.txt"}})
        .to_string();
    let target = "/bytescale-cdn/devSeLf/save/archive/u/a/1.jpg?m=archive&out=zip";
    let list = "/bytescale-cdn/devSeLf/archive/u/a/photos.zip?m=extract";
    for (effect, status, count) in [
        (Behaviour::ZipEntryMissing, 200, Some(1)),
        (Behaviour::ZipForeignEntry, 200, Some(3)),
        (Behaviour::ZipTruncated, 400, None),
    ] {
        world.script(Script::new("bytescale-cdn", effect).method("POST").times(1));
        assert_eq!(
            call(
                &mut world,
                "POST",
                target,
                "application/json",
                save.as_bytes()
            )
            .status(),
            200
        );
        let listing = call(&mut world, "GET", list, "text/plain", b"");
        assert_eq!(listing.status().as_u16(), status);
        assert_eq!(body(&listing)["files"].as_array().map(Vec::len), count);
    }
    world.set_switch("archive_reply", "async").unwrap();
    let started = body(&call(
        &mut world,
        "POST",
        target,
        "application/json",
        save.as_bytes(),
    ));
    assert_eq!(
        (started["async"].clone(), started["status"].clone()),
        (json!(true), json!("Created"))
    );
    world.advance(1000);
    assert_eq!(
        body(&call(&mut world, "GET", list, "text/plain", b""))["files"]
            .as_array()
            .map(Vec::len),
        Some(2)
    );
    let missing = json!({"extendedParams": [{"file": "/u/a/none.jpg"}]}).to_string();
    for (value, status) in [("404", 404), ("400", 400), ("left_out", 200)] {
        world.set_switch("zip_missing_input", value).unwrap();
        assert_eq!(
            call(
                &mut world,
                "POST",
                target,
                "application/json",
                missing.as_bytes()
            )
            .status()
            .as_u16(),
            status
        );
    }
}

#[test]
fn images_are_scaled_and_converted() {
    let mut world = World::new(Settings::default());
    upload(&mut world, "/u/a/p.jpg", "image/jpeg", &jpeg(200, 100));
    for (query, mime, size) in [
        ("w=50", "image/jpeg", (50, 25)),
        ("w=50&h=50&fit=crop&f=webp", "image/webp", (50, 50)),
        ("f=png", "image/png", (200, 100)),
    ] {
        let response = call(
            &mut world,
            "GET",
            &format!("/bytescale-cdn/devSeLf/image/u/a/p.jpg?{query}"),
            "text/plain",
            b"",
        );
        assert_eq!(response.headers()["content-type"], mime);
        let picture = image::load_from_memory(response.body()).unwrap();
        assert_eq!((picture.width(), picture.height()), size, "{query}");
    }
    let refused = call(
        &mut world,
        "GET",
        "/bytescale-cdn/devSeLf/image/u/a/p.jpg?f=tga",
        "text/plain",
        b"",
    );
    assert_eq!(refused.status(), 400);
}
