//! Files and bundles, over a provider whose answers are written down; nothing is sent.

mod folder;

use super::*;
use crate::ports::Limits;
use crate::providers::call::UNSENDABLE;
use crate::providers::scripted::{Scripted, answer, run};
use proptest::prelude::*;
use serde_json::json;

const JOB: &str = r#"{"jobDocs":"https://www.bytescale.com/docs/job-api/GetJob","jobId":"01ARZ3NDEKTSV4RRFFQ69G5FAV","jobType":"DeleteFolderBatchJob","jobUrl":"https://evil.test"}"#;
const PHOTO: &str = "/u/12/1795341600000/photos/a.jpg";
const ZIP: &str = "/u/12/1795341600000/zips/0a.zip";

pub(super) fn config() -> config::Bytescale {
    config::Bytescale {
        api_url: "https://api.bytescale.com".to_owned(),
        cdn_url: "https://upcdn.io".to_owned(),
        secret_key: "secret_A623uY2abcdefghijklm".to_owned(),
        account: "A623uY2".to_owned(),
        signing_key_id: "F91kfA1g".to_owned(),
        signing_key: b"0123456789abcdef0123456789abcdef".to_vec(),
    }
}

fn refused(status: u16) -> Fault {
    Fault::Refused {
        status,
        retry_after_s: None,
    }
}

fn status(status: &str) -> http::Response<Vec<u8>> {
    answer(200, json!({"status": status, "error": null}).to_string())
}

#[test]
fn a_photo_is_stored_under_its_path() {
    let body = json!({"accountId": "A623uY2", "filePath": PHOTO, "fileUrl": "https://x.test"});
    let platform = Scripted::new([Err(Fault::Unreachable), Ok(answer(200, body.to_string()))]);
    let stored = run(store(
        &platform,
        &config(),
        PHOTO,
        "image/jpeg",
        "photo",
        b"\xff\xd8".to_vec(),
    ));
    assert_eq!(stored, Ok(()));
    for (request, limits) in platform.requests() {
        assert_eq!(
            request.uri().to_string(),
            "https://api.bytescale.com/v2/accounts/A623uY2/uploads/binary?filePath=%2Fu%2F12%2F1795341600000%2Fphotos%2Fa.jpg&tag=photo"
        );
        assert_eq!(request.headers()["content-type"], "image/jpeg");
        assert_eq!(
            request.headers()["authorization"],
            "Bearer secret_A623uY2abcdefghijklm"
        );
        assert_eq!(request.body(), b"\xff\xd8");
        assert_eq!(limits, Limits::new(20_000, 1024 * 1024));
    }
}

#[test]
fn a_file_that_was_stored_elsewhere_is_not_stored() {
    let keep = |body: &str| {
        let platform = Scripted::new([Ok(answer(200, body))]);
        run(store(
            &platform,
            &config(),
            PHOTO,
            "image/jpeg",
            "photo",
            vec![1],
        ))
    };
    assert_eq!(
        keep(r#"{"filePath":"/elsewhere"}"#),
        Err(Fault::malformed("filePath"))
    );
    assert_eq!(keep("{}"), Err(Fault::malformed("filePath")));
    assert_eq!(keep("<html>"), Err(Fault::malformed("body")));
}

#[test]
fn an_upload_that_is_refused_is_not_repeated() {
    for status in [400, 401, 402, 403, 413] {
        let platform = Scripted::new([Ok(answer(status, "{}"))]);
        let stored = run(store(
            &platform,
            &config(),
            PHOTO,
            "image/jpeg",
            "photo",
            vec![1],
        ));
        assert_eq!(stored, Err(refused(status)));
    }
}

#[test]
fn a_zip_begins_with_the_file_in_its_address() {
    let body = json!({"async": false, "accountId": "A623uY2", "filePath": ZIP, "fileUrl": "x"});
    let platform = Scripted::new([Ok(answer(200, body.to_string()))]);
    let files = [
        PHOTO.to_owned(),
        "/u/12/1795341600000/photos/a.txt".to_owned(),
    ];
    assert_eq!(run(make_zip(&platform, &config(), ZIP, &files)), Ok(()));
    assert_eq!(
        platform.calls(),
        [format!(
            "POST https://upcdn.io/A623uY2/save/archive{PHOTO}?m=archive&out=zip"
        )]
    );
    assert_eq!(
        platform.sent(0),
        json!({
            "destination": ZIP,
            "extendedParams": [{"file": "/u/12/1795341600000/photos/a.txt"}],
            "tags": {"value": ["training_zip"]},
        })
    );
}

#[test]
fn a_zip_that_is_made_later_is_waited_for() {
    let accepted = || {
        Ok(answer(
            200,
            r#"{"async":true,"jobId":"01ARZ3NDEKTSV4RRFFQ69G5FAV","jobType":"ProcessArchiveJob","status":"Created"}"#,
        ))
    };
    let zip = |platform: &Scripted| run(make_zip(platform, &config(), ZIP, &[PHOTO.to_owned()]));
    let platform = Scripted::new([accepted(), Ok(status("Running")), Ok(status("Succeeded"))]);
    assert_eq!(zip(&platform), Ok(()));
    assert_eq!(platform.pauses(), [1000]);
    assert_eq!(
        platform.calls()[1],
        "GET https://api.bytescale.com/v2/accounts/A623uY2/jobs/ProcessArchiveJob/01ARZ3NDEKTSV4RRFFQ69G5FAV"
    );
    assert_eq!(
        zip(&Scripted::new([accepted(), Ok(status("Failed"))])),
        Err(refused(500))
    );
    let mut answers = vec![accepted()];
    answers.extend((0..8).map(|_| Ok(status("Running"))));
    assert_eq!(zip(&Scripted::new(answers)), Err(Fault::Timeout));
}

#[test]
fn a_zip_of_nothing_or_elsewhere_is_no_zip() {
    assert_eq!(
        run(make_zip(&Scripted::new([]), &config(), ZIP, &[])),
        Err(UNSENDABLE)
    );
    for (body, field) in [
        ("{}", "async"),
        (r#"{"async":false}"#, "filePath"),
        (r#"{"async":true}"#, "jobType"),
    ] {
        let platform = Scripted::new([Ok(answer(200, body))]);
        let zip = run(make_zip(&platform, &config(), ZIP, &[PHOTO.to_owned()]));
        assert_eq!(zip, Err(Fault::malformed(field)));
    }
}

#[test]
fn a_zip_is_listed_by_name_and_size_wherever_its_entries_lie() {
    let list = |body: &str| {
        let platform = Scripted::new([Ok(answer(200, body))]);
        let listing = run(list_zip(&platform, &config(), ZIP));
        assert_eq!(
            platform.calls(),
            [format!(
                "GET https://upcdn.io/A623uY2/archive{ZIP}?m=extract"
            )]
        );
        listing
    };
    let entry = |name: &str, size| Entry {
        name: name.to_owned(),
        size,
    };
    let body = r#"{"files":[{"size":12,"artifact":"/a.jpg"},{"size":1.2e3,"artifact":"/u/12/b.txt"},{"size":0,"artifact":"/u/12/"}]}"#;
    assert_eq!(
        list(body),
        Ok(vec![entry("a.jpg", 12), entry("b.txt", 1200)])
    );
    let nameless = r#"{"files":[{"size":7,"artifact":"/u/12/"}]}"#;
    assert_eq!(list(nameless), Ok(vec![entry("", 7)]));
    assert_eq!(list(r#"{"files":[]}"#), Ok(vec![]));
    for (body, field) in [
        ("{}", "files"),
        (r#"{"files":[{"size":1}]}"#, "files.artifact"),
        (r#"{"files":[{"artifact":"/a"}]}"#, "files.size"),
        (r#"{"files":[{"artifact":"/a","size":-1}]}"#, "files.size"),
    ] {
        assert_eq!(list(body), Err(Fault::malformed(field)));
    }
}

#[test]
fn a_thumbnail_is_small_and_a_webp() {
    let platform = Scripted::new([Ok(answer(200, b"RIFF\x04\0\0\0WEBP"))]);
    assert!(run(thumbnail(&platform, &config(), PHOTO, 32)).is_ok());
    assert_eq!(
        platform.calls(),
        [format!(
            "GET https://upcdn.io/A623uY2/image{PHOTO}?f=webp&w=32"
        )]
    );
    assert_eq!(platform.requests()[0].1, Limits::new(5000, 64 * 1024));
    let platform = Scripted::new([Ok(answer(200, "{\"error\":{}}"))]);
    let image = run(thumbnail(&platform, &config(), PHOTO, 32));
    assert_eq!(image, Err(Fault::malformed("image")));
}

#[test]
fn a_file_that_is_gone_is_deleted() {
    let platform = Scripted::new([
        Ok(answer(204, "")),
        Ok(answer(404, "{}")),
        Ok(answer(403, "{}")),
    ]);
    assert_eq!(run(delete_file(&platform, &config(), PHOTO)), Ok(()));
    assert_eq!(run(delete_file(&platform, &config(), PHOTO)), Ok(()));
    assert_eq!(
        run(delete_file(&platform, &config(), PHOTO)),
        Err(refused(403))
    );
    assert_eq!(
        platform.calls()[0],
        "DELETE https://api.bytescale.com/v2/accounts/A623uY2/files?filePath=%2Fu%2F12%2F1795341600000%2Fphotos%2Fa.jpg"
    );
}

#[test]
fn a_file_exists_or_not() {
    let platform = Scripted::new([Ok(answer(200, "{}")), Ok(answer(404, "{}"))]);
    assert_eq!(run(exists(&platform, &config(), PHOTO)), Ok(true));
    assert_eq!(run(exists(&platform, &config(), PHOTO)), Ok(false));
}

proptest! {
    #[test]
    fn arbitrary_answers_never_panic(body: Vec<u8>) {
        let once = || Scripted::new([Ok(answer(200, &body))]);
        let _ = run(list_zip(&once(), &config(), ZIP));
        let _ = run(store(&once(), &config(), PHOTO, "image/jpeg", "photo", vec![1]));
    }
}
