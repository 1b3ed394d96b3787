//! Uploads, reads, deletions and jobs from the outside.

use super::*;

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
