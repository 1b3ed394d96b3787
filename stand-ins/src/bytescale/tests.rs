use crate::wire::Reaction;
use crate::{Behaviour, Response, Script, Settings, World, handle};
use serde_json::{Value, json};

const BASE: &str = "http://127.0.0.1:8788";

fn call(world: &mut World, method: &str, target: &str, kind: &str, body: &[u8]) -> Response {
    let request = http::Request::builder()
        .method(method)
        .uri(format!("{BASE}{target}"))
        .header("authorization", "Bearer secret_devSeLfdevelopmentonly")
        .header("content-type", kind)
        .body(body.to_vec())
        .unwrap();
    answer(handle(world, request))
}

fn anonymous(world: &mut World, url: &str) -> Response {
    answer(handle(
        world,
        http::Request::builder().uri(url).body(Vec::new()).unwrap(),
    ))
}

fn answer(reaction: Reaction) -> Response {
    match reaction {
        Reaction::Answer(response) => response,
        Reaction::Delayed { then, .. } => answer(*then),
        other => panic!("{other:?}"),
    }
}

fn body(response: &Response) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

fn upload(world: &mut World, path: &str, kind: &str, bytes: &[u8]) -> Response {
    call(
        world,
        "POST",
        &format!("/bytescale/v2/accounts/devSeLf/uploads/binary?filePath={path}&tag=photo"),
        kind,
        bytes,
    )
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_pixel(width, height, image::Rgb([10, 200, 90]));
    crate::picture::encode(&picture, crate::picture::Format::Jpeg, 80).unwrap()
}

fn sign(url: &str, exp: &str) -> String {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use hmac::{Hmac, Mac};
    let url = format!(
        "{url}{}exp={exp}",
        if url.contains('?') { '&' } else { '?' }
    );
    let mut hmac =
        Hmac::<sha2::Sha256>::new_from_slice(b"selfie-development-signing-key-0").unwrap();
    hmac.update(url.split_once("://").unwrap().1.as_bytes());
    format!(
        "{url}&sig=1.devSign1.{}",
        URL_SAFE_NO_PAD.encode(hmac.finalize().into_bytes())
    )
}

#[test]
fn an_upload_is_stored_and_read_back() {
    let mut world = World::new(Settings::default());
    let stored = body(&upload(&mut world, "/u/a/p.jpg", "image/jpeg", b"bytes"));
    assert_eq!(stored["filePath"], "/u/a/p.jpg");
    assert_eq!(
        stored["fileUrl"],
        format!("{BASE}/bytescale-cdn/devSeLf/raw/u/a/p.jpg")
    );
    let read = call(
        &mut world,
        "GET",
        "/bytescale-cdn/devSeLf/raw/u/a/p.jpg",
        "text/plain",
        b"",
    );
    assert_eq!(
        (read.status().as_u16(), read.body().as_slice()),
        (200, b"bytes".as_slice())
    );
    let details = call(
        &mut world,
        "GET",
        "/bytescale/v2/accounts/devSeLf/files/details?filePath=/u/a/p.jpg",
        "text/plain",
        b"",
    );
    assert_eq!(body(&details)["tags"], json!(["photo"]));
    let file = world.files().next().unwrap();
    assert_eq!(
        (file.path.as_str(), file.mime.as_str()),
        ("/u/a/p.jpg", "image/jpeg")
    );
}

#[test]
fn private_files_need_a_key_or_a_signature() {
    let mut world = World::new(Settings::default());
    upload(&mut world, "/u/a/p.jpg", "image/jpeg", b"bytes");
    upload(&mut world, "/open/p.jpg", "image/jpeg", b"bytes");
    let url = format!("{BASE}/bytescale-cdn/devSeLf/raw/u/a/p.jpg");
    assert_eq!(anonymous(&mut world, &url).status(), 403);
    world.set_switch("denied_status", "404").unwrap();
    assert_eq!(anonymous(&mut world, &url).status(), 404);
    assert_eq!(
        anonymous(
            &mut world,
            &format!("{BASE}/bytescale-cdn/devSeLf/raw/open/p.jpg")
        )
        .status(),
        200
    );
    let signed = sign(&url, &(world.now_ms() / 1000 + 60).to_string());
    assert_eq!(anonymous(&mut world, &signed).status(), 200);
    assert_eq!(
        anonymous(&mut world, &signed.replace("/a/", "/b/")).status(),
        404
    );
    world.advance(60_000);
    assert_eq!(anonymous(&mut world, &signed).status(), 404);
    let never_ends = sign(&url, "inf");
    assert_eq!(anonymous(&mut world, &never_ends).status(), 200);
    world.set_switch("bytescale_key", "revoked").unwrap();
    assert_eq!(anonymous(&mut world, &never_ends).status(), 404);
}

#[test]
fn keys_are_told_apart() {
    let mut world = World::new(Settings::default());
    let cases = [
        (None, "devSeLf", 401),
        (Some("Bearer secret_devSeLfother"), "devSeLf", 401),
        (Some("Bearer secret_devSeLfdevelopmentonly"), "W142hJk", 401),
        (Some("Bearer public_devSeLfdevelopmentonly"), "devSeLf", 403),
        (
            Some("Basic YXBpa2V5OnNlY3JldF9kZXZTZUxmZGV2ZWxvcG1lbnRvbmx5"),
            "devSeLf",
            204,
        ),
    ];
    for (authorization, account, status) in cases {
        let mut request = http::Request::builder().method("DELETE").uri(format!(
            "/bytescale/v2/accounts/{account}/files?filePath=/u/a"
        ));
        if let Some(value) = authorization {
            request = request.header("authorization", value);
        }
        let refused = answer(handle(&mut world, request.body(Vec::new()).unwrap()));
        assert_eq!(refused.status().as_u16(), status, "{authorization:?}");
    }
}

#[test]
fn wrong_uploads_name_the_field() {
    let mut world = World::new(Settings::default());
    let long = format!("/{}", "a".repeat(512));
    let cases = [
        ("filePath=u/a".to_owned(), "image/jpeg", "query.filePath"),
        (
            "filePath=/u/../a".to_owned(),
            "image/jpeg",
            "query.filePath",
        ),
        (format!("filePath={long}"), "image/jpeg", "query.filePath"),
        ("filePath=/u/a".to_owned(), "", "header.content-type"),
        (
            "filePath=/u/a&tag=a%20b".to_owned(),
            "image/jpeg",
            "query.tag",
        ),
        (
            "filePath=/u/a&fileName=b".to_owned(),
            "image/jpeg",
            "query.fileName",
        ),
        (
            "filePath=/u/a&path=b".to_owned(),
            "image/jpeg",
            "query.path",
        ),
    ];
    for (query, kind, field) in cases {
        let refused = call(
            &mut world,
            "POST",
            &format!("/bytescale/v2/accounts/devSeLf/uploads/binary?{query}"),
            kind,
            b"x",
        );
        assert_eq!(refused.status(), 400, "{query}");
        assert!(
            body(&refused)["error"]["details"].get(field).is_some(),
            "{query}"
        );
    }
    assert_eq!(world.files().count(), 0);
}

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

#[test]
fn folders_are_deleted_by_a_job_that_takes_its_time() {
    let mut world = World::new(Settings::default());
    for name in ["a/1.jpg", "a/b/2.jpg", "c/3.jpg"] {
        upload(&mut world, &format!("/u/{name}"), "image/jpeg", b"x");
    }
    let folder = json!({"folderPath": "/u/a", "recursive": true, "deleteFiles": true, "deleteVirtualFolders": true});
    let job = body(&call(
        &mut world,
        "DELETE",
        "/bytescale/v2/accounts/devSeLf/folders",
        "application/json",
        folder.to_string().as_bytes(),
    ));
    let id = job["jobId"].as_str().unwrap().to_owned();
    assert_eq!(id.len(), 26);
    let url = format!("/bytescale/v2/accounts/devSeLf/jobs/DeleteFolderBatchJob/{id}");
    let mut statuses = Vec::new();
    for step in [0, 200, 800] {
        world.advance(step);
        statuses.push((
            body(&call(&mut world, "GET", &url, "text/plain", b""))["status"].clone(),
            world.files().count(),
        ));
    }
    assert_eq!(
        statuses,
        [
            (json!("Created"), 3),
            (json!("Running"), 3),
            (json!("Succeeded"), 1)
        ]
    );
    let list = call(
        &mut world,
        "GET",
        "/bytescale/v2/accounts/devSeLf/folders/list?folderPath=/u&recursive=true",
        "text/plain",
        b"",
    );
    assert_eq!(body(&list)["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(body(&list)["isPaginationComplete"], json!(true));
}

#[test]
fn a_cached_copy_outlives_its_file_until_the_reset() {
    let mut world = World::new(Settings::default());
    world.set_switch("delete_consistency", "cached").unwrap();
    upload(&mut world, "/u/a/1.jpg", "image/jpeg", b"x");
    let read = "/bytescale-cdn/devSeLf/raw/u/a/1.jpg";
    let deleted = call(
        &mut world,
        "DELETE",
        "/bytescale/v2/accounts/devSeLf/files?filePath=/u/a/1.jpg",
        "text/plain",
        b"",
    );
    assert_eq!(deleted.status(), 204);
    assert_eq!(
        call(&mut world, "GET", read, "text/plain", b"").status(),
        200
    );
    let reset =
        json!({"pattern": "/raw/u/a/*", "resetEdgeCache": true, "resetPermanentCache": true})
            .to_string();
    call(
        &mut world,
        "POST",
        "/bytescale/v2/accounts/devSeLf/cache/reset",
        "application/json",
        reset.as_bytes(),
    );
    world.advance(1000);
    assert_eq!(
        call(&mut world, "GET", read, "text/plain", b"").status(),
        404
    );
}

#[test]
fn stored_metadata_is_a_violation() {
    let mut world = World::new(Settings::default());
    upload(
        &mut world,
        "/u/a/1.jpg",
        "image/jpeg",
        b"\xff\xd8\xff\xfe\x00\x05abc\xff\xda",
    );
    assert_eq!(
        world.violations(),
        ["bytescale: /u/a/1.jpg holds a comment section"]
    );
}

#[test]
fn a_long_url_and_an_empty_plan_are_refused() {
    let mut world = World::new(Settings::default());
    let long = format!("/bytescale-cdn/devSeLf/raw/u/{}", "a".repeat(1000));
    assert!(
        call(&mut world, "GET", &long, "text/plain", b"")
            .status()
            .is_client_error()
    );
    world.set_switch("quota", "402").unwrap();
    assert_eq!(
        upload(&mut world, "/u/a/1.jpg", "image/jpeg", b"x").status(),
        402
    );
}
