//! Both values of the switches for what is unconfirmed.

use super::*;

const DELETE: &str = "/bytescale/v2/accounts/devSeLf/files?filePath=/u/a/1.jpg";

#[test]
fn an_etag_may_be_absent() {
    for (value, present) in [("present", true), ("absent", false)] {
        let mut world = World::new(Settings::default());
        world.set_switch("etag", value).unwrap();
        assert_eq!(
            body(&upload(&mut world, "/u/a/1.jpg", "image/jpeg", b"x"))
                .get("etag")
                .is_some(),
            present
        );
    }
}

#[test]
fn a_missing_file_may_be_deleted_or_not_found() {
    for (value, status) in [("204", 204), ("404", 404)] {
        let mut world = World::new(Settings::default());
        world.set_switch("missing_delete", value).unwrap();
        assert_eq!(
            call(&mut world, "DELETE", DELETE, "text/plain", b"")
                .status()
                .as_u16(),
            status
        );
    }
}

#[test]
fn a_deleted_file_may_stay_listed_for_a_while() {
    let mut world = World::new(Settings::default());
    world.set_switch("delete_consistency", "listed").unwrap();
    upload(&mut world, "/u/a/1.jpg", "image/jpeg", b"x");
    call(&mut world, "DELETE", DELETE, "text/plain", b"");
    let list = "/bytescale/v2/accounts/devSeLf/folders/list?folderPath=/u/a";
    let mut counts = Vec::new();
    for wait_ms in [0, 29_999, 1] {
        world.advance(wait_ms);
        let page = body(&call(&mut world, "GET", list, "text/plain", b""));
        counts.push(page["items"].as_array().map(Vec::len));
    }
    assert_eq!(counts, [Some(1), Some(1), Some(0)]);
    assert_eq!(world.files().count(), 0);
}

#[test]
fn equal_names_in_an_archive_are_an_error_renamed_or_replaced() {
    for (value, status, count) in [
        ("error", 400, None),
        ("renamed", 200, Some(2)),
        ("last", 200, Some(1)),
    ] {
        let mut world = World::new(Settings::default());
        world.set_switch("zip_duplicate", value).unwrap();
        upload(&mut world, "/u/a/1.jpg", "image/jpeg", b"first");
        upload(&mut world, "/u/b/1.jpg", "image/jpeg", b"second");
        let save = json!({"destination": "/u/z.zip", "extendedParams": {"file": "/u/b/1.jpg"}})
            .to_string();
        let target = "/bytescale-cdn/devSeLf/save/archive/u/a/1.jpg?m=archive&out=zip";
        let saved = call(
            &mut world,
            "POST",
            target,
            "application/json",
            save.as_bytes(),
        );
        assert_eq!(saved.status().as_u16(), status, "{value}");
        let listing = call(
            &mut world,
            "GET",
            "/bytescale-cdn/devSeLf/archive/u/z.zip?m=extract",
            "text/plain",
            b"",
        );
        assert_eq!(
            body(&listing)["files"].as_array().map(Vec::len),
            count,
            "{value}"
        );
    }
}

#[test]
fn tagged_files_may_expire_by_a_rule() {
    let mut world = World::new(Settings::default());
    world.set_switch("tag_ttl", "1h").unwrap();
    upload(&mut world, "/u/a/1.jpg", "image/jpeg", b"x");
    world.advance(3_599_999);
    assert_eq!(world.files().count(), 1);
    world.advance(1);
    assert_eq!(world.files().count(), 0);
}

#[test]
fn jobs_may_fail_or_never_end() {
    for (effect, status) in [
        (Behaviour::JobFailed, "Failed"),
        (Behaviour::JobStuck, "Running"),
    ] {
        let mut world = World::new(Settings::default());
        upload(&mut world, "/u/a/1.jpg", "image/jpeg", b"x");
        world.script(Script::new("bytescale", effect).times(1));
        let files = json!({"files": ["/u/a/1.jpg"]}).to_string();
        let target = "/bytescale/v2/accounts/devSeLf/files/batch";
        let job = body(&call(
            &mut world,
            "DELETE",
            target,
            "application/json",
            files.as_bytes(),
        ));
        world.advance(3_600_000);
        let url = format!(
            "/bytescale/v2/accounts/devSeLf/jobs/DeleteFileBatchJob/{}",
            job["jobId"].as_str().unwrap()
        );
        assert_eq!(
            body(&call(&mut world, "GET", &url, "text/plain", b""))["status"],
            status
        );
        assert_eq!(world.files().count(), 1);
    }
}

#[test]
fn an_upload_may_be_stored_short() {
    let mut world = World::new(Settings::default());
    world.script(Script::new("bytescale", Behaviour::StoredShort { bytes: 2 }).times(1));
    upload(&mut world, "/u/a/1.jpg", "image/jpeg", b"bytes");
    assert_eq!(world.files().next().unwrap().bytes, b"by");
}
