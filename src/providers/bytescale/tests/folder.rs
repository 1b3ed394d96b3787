//! Folders: listed to the end, deleted with everything in them, and looked for afterwards.

use super::super::folder::{delete_folder, reset_cache};
use super::*;

#[test]
fn a_folder_is_deleted_with_everything_below_it() {
    let platform = Scripted::new([
        Ok(answer(200, JOB)),
        Ok(status("Created")),
        Ok(status("Succeeded")),
    ]);
    assert_eq!(
        run(delete_folder(&platform, &config(), "/u/12")),
        Ok(Deletion::Done)
    );
    assert_eq!(
        platform.calls(),
        [
            "DELETE https://api.bytescale.com/v2/accounts/A623uY2/folders",
            "GET https://api.bytescale.com/v2/accounts/A623uY2/jobs/DeleteFolderBatchJob/01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "GET https://api.bytescale.com/v2/accounts/A623uY2/jobs/DeleteFolderBatchJob/01ARZ3NDEKTSV4RRFFQ69G5FAV",
        ]
    );
    assert_eq!(
        platform.sent(0),
        json!({"folderPath": "/u/12", "recursive": true, "deleteFiles": true, "deleteVirtualFolders": true})
    );
}

#[test]
fn a_deletion_that_takes_long_is_pending_and_a_missing_folder_is_done() {
    let mut answers = vec![Ok(answer(200, JOB))];
    answers.extend((0..8).map(|_| Ok(status("Running"))));
    let platform = Scripted::new(answers);
    assert_eq!(
        run(delete_folder(&platform, &config(), "/u/12")),
        Ok(Deletion::Pending)
    );
    assert_eq!(platform.pauses().len(), 7);
    let platform = Scripted::new([Ok(answer(404, "{}"))]);
    assert_eq!(
        run(delete_folder(&platform, &config(), "/u/12")),
        Ok(Deletion::Done)
    );
}

#[test]
fn the_root_is_never_deleted() {
    for folder in ["", "/", "//"] {
        let platform = Scripted::new([]);
        assert_eq!(
            run(delete_folder(&platform, &config(), folder)),
            Err(UNSENDABLE)
        );
    }
}

#[test]
fn a_job_that_could_lead_elsewhere_is_not_looked_at() {
    for (body, field) in [
        (r#"{"jobType":"../files","jobId":"01AR"}"#, "jobType"),
        (
            r#"{"jobType":"DeleteFolderBatchJob","jobId":"a/b"}"#,
            "jobId",
        ),
        (r#"{"jobType":"DeleteFolderBatchJob"}"#, "jobId"),
    ] {
        let platform = Scripted::new([Ok(answer(200, body))]);
        let deletion = run(delete_folder(&platform, &config(), "/u/12"));
        assert_eq!(deletion, Err(Fault::malformed(field)));
    }
}

#[test]
fn a_folder_is_listed_to_the_last_page() {
    let page = |cursor: &str, done: bool, files: &[&str]| {
        let mut items: Vec<_> = files
            .iter()
            .map(|file| json!({"type": "File", "filePath": file, "size": 1}))
            .collect();
        items.push(json!({"type": "Folder", "folderPath": "/u/12/x", "virtual": false}));
        let body = json!({"cursor": cursor, "isPaginationComplete": done, "items": items});
        Ok(answer(200, body.to_string()))
    };
    let platform = Scripted::new([
        page("c 1", false, &[]),
        page("", true, &["/u/12/a", "/u/12/b"]),
    ]);
    let files = run(list_folder(&platform, &config(), "/u/12")).unwrap();
    assert_eq!(files, ["/u/12/a", "/u/12/b"]);
    let first = "GET https://api.bytescale.com/v2/accounts/A623uY2/folders/list?folderPath=%2Fu%2F12&recursive=true&includeFiles=true&limit=1000";
    assert_eq!(
        platform.calls(),
        [first.to_owned(), format!("{first}&cursor=c+1")]
    );
}

#[test]
fn a_missing_folder_is_empty_and_an_unreadable_list_is_not() {
    let list = |status, body: &str| {
        run(list_folder(
            &Scripted::new([Ok(answer(status, body))]),
            &config(),
            "/u/12",
        ))
    };
    assert_eq!(list(404, "{}"), Ok(vec![]));
    for (body, field) in [
        ("{}", "items"),
        (r#"{"items":[]}"#, "isPaginationComplete"),
        (r#"{"items":[],"isPaginationComplete":false}"#, "cursor"),
        (
            r#"{"items":[{}],"isPaginationComplete":true}"#,
            "items.type",
        ),
        (
            r#"{"items":[{"type":"File"}],"isPaginationComplete":true}"#,
            "items.filePath",
        ),
    ] {
        assert_eq!(list(200, body), Err(Fault::malformed(field)));
    }
}

#[test]
fn a_list_without_end_is_given_up() {
    let page = r#"{"items":[],"isPaginationComplete":false,"cursor":"again"}"#;
    let platform = Scripted::new((0..100).map(|_| Ok(answer(200, page))));
    let files = run(list_folder(&platform, &config(), "/u/12"));
    assert_eq!(files, Err(Fault::malformed("cursor")));
}

#[test]
fn cached_copies_are_forgotten_by_pattern() {
    let platform = Scripted::new([Ok(answer(200, JOB)), Ok(status("Succeeded"))]);
    assert_eq!(
        run(reset_cache(&platform, &config(), "/raw/u/12/*")),
        Ok(Deletion::Done)
    );
    assert_eq!(
        platform.calls()[0],
        "POST https://api.bytescale.com/v2/accounts/A623uY2/cache/reset"
    );
    assert_eq!(
        platform.sent(0),
        json!({"pattern": "/raw/u/12/*", "resetEdgeCache": true, "resetPermanentCache": true})
    );
}

#[test]
fn a_folder_is_erased_when_nothing_is_listed_and_no_copy_is_left() {
    let gone = r#"{"items":[],"isPaginationComplete":true}"#;
    let left =
        json!({"items": [{"type": "File", "filePath": PHOTO}], "isPaginationComplete": true});
    let job = || Ok(answer(200, JOB));
    let done = || Ok(status("Succeeded"));
    let deleted = [job(), done()];
    let platform = Scripted::new(
        deleted
            .into_iter()
            .chain([Ok(answer(200, left.to_string()))]),
    );
    assert_eq!(
        run(erase_folder(&platform, &config(), "/u/12")),
        Ok(Deletion::Pending)
    );
    let empty = [job(), done(), Ok(answer(200, gone))];
    let resets = (0..3).flat_map(|_| [job(), done()]);
    let platform = Scripted::new(empty.into_iter().chain(resets));
    assert_eq!(
        run(erase_folder(&platform, &config(), "/u/12")),
        Ok(Deletion::Done)
    );
    let patterns = [3, 5, 7].map(|index| platform.sent(index)["pattern"].clone());
    assert_eq!(
        patterns,
        ["/raw/u/12/*", "/image/u/12/*", "/archive/u/12/*"]
    );
}
