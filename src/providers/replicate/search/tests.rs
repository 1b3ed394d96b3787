use super::*;
use crate::providers::replicate::tests::{HASH, ID, config, new_prediction};
use crate::providers::scripted::{Scripted, answer, run};
use serde_json::json;

const OTHER: &str = "medrnz3bm5dd6ultvad2tejrte";
const NEWER: &str = "q7hm2v5kzfgd4ylw3oxe6tnbra";
const MARK: &str = "/u/12/1795341600000/zips/0a.zip?version=01op";

fn since() -> Timestamp {
    Timestamp::from_rfc3339("2026-11-22T10:01:00Z").unwrap()
}

fn page(next: Option<&str>, runs: &[Value]) -> http::Response<Vec<u8>> {
    answer(
        200,
        json!({"next": next, "previous": null, "results": runs}).to_string(),
    )
}

fn training(id: &str, created_at: &str, mark: &str) -> Value {
    let url = format!("https://upcdn.io/A623uY2/raw{mark}&exp=1&sig=2");
    json!({"id": id, "created_at": created_at, "input": {"input_images": url}})
}

fn seek(platform: &Scripted) -> Result<Option<String>, Fault> {
    run(find_training(platform, &config(), MARK, since()))
}

#[test]
fn a_training_is_found_by_its_bundle() {
    let stranger = training(
        OTHER,
        "2026-11-22T10:02:00.123456Z",
        "/u/12/1/zips/0a.zip?version=02op",
    );
    let platform = Scripted::new([Ok(page(
        None,
        &[
            stranger,
            training(ID, "2026-11-22T10:01:30.123456789Z", MARK),
        ],
    ))]);
    assert_eq!(seek(&platform), Ok(Some(ID.to_owned())));
    assert_eq!(
        platform.calls(),
        ["GET https://api.replicate.com/v1/trainings"]
    );
}

#[test]
fn entries_that_cannot_be_read_hide_no_other() {
    let entries = [
        json!({}),
        json!({"id": OTHER, "input": null}),
        training(ID, "2026-11-22T10:01:30Z", MARK),
    ];
    assert_eq!(
        seek(&Scripted::new([Ok(page(None, &entries))])),
        Ok(Some(ID.to_owned()))
    );
}

#[test]
fn a_list_is_followed_until_it_is_too_old() {
    let next = "https://api.replicate.com/v1/trainings?cursor=abc";
    let platform = Scripted::new([
        Ok(page(
            Some(next),
            &[training(OTHER, "2026-11-22T10:05:00Z", "/x")],
        )),
        Ok(page(
            Some(next),
            &[training(ID, "2026-11-22T09:59:00Z", MARK)],
        )),
    ]);
    assert_eq!(seek(&platform), Ok(None));
    assert_eq!(platform.calls()[1], format!("GET {next}"));
}

#[test]
fn a_list_that_is_not_read_to_its_end_proves_no_absence() {
    let next = Some("https://api.replicate.com/v1/trainings?cursor=abc");
    let full = || Ok(page(next, &[training(OTHER, "2026-11-22T10:05:00Z", "/x")]));
    let platform = Scripted::new((0..MAX_PAGES).map(|_| full()));
    assert_eq!(seek(&platform), Err(Fault::Timeout));
    assert_eq!(platform.requests().len(), 20);
}

#[test]
fn a_run_is_found_on_the_last_page_and_no_further_one_is_asked_for() {
    let next = Some("https://api.replicate.com/v1/trainings?cursor=abc");
    let full = || Ok(page(next, &[training(OTHER, "2026-11-22T10:05:00Z", "/x")]));
    let last = Ok(page(next, &[training(ID, "2026-11-22T10:01:30Z", MARK)]));
    let platform = Scripted::new((1..MAX_PAGES).map(|_| full()).chain([last]));
    assert_eq!(seek(&platform), Ok(Some(ID.to_owned())));
}

#[test]
fn a_list_is_not_followed_to_another_place() {
    for next in [
        "https://api.replicate.com.evil.test/v1/trainings?cursor=a",
        "https://evil.test/v1/trainings?cursor=a",
        "https://api.replicate.com/v1/trainings/../account",
        "/v1/trainings?cursor=a",
    ] {
        let platform = Scripted::new([Ok(page(Some(next), &[]))]);
        assert_eq!(seek(&platform), Err(Fault::malformed("next")), "{next}");
    }
}

#[test]
fn an_answer_without_a_list_proves_no_absence() {
    let platform = Scripted::new([Ok(answer(200, "{}"))]);
    assert_eq!(seek(&platform), Err(Fault::malformed("results")));
}

fn wanted() -> WantedPrediction {
    let input = new_prediction();
    WantedPrediction {
        webhook_url: input.webhook_url.clone(),
        input,
    }
}

fn prediction(id: &str, webhook: Option<&str>) -> Value {
    let mut run = json!({
        "id": id, "created_at": "2026-11-22T10:01:30Z", "version": HASH,
        "input": order::prediction_input(&new_prediction()),
    });
    if let Some(webhook) = webhook {
        run["webhook"] = json!(webhook);
    }
    run
}

fn seek_prediction(runs: &[Value]) -> Vec<String> {
    let platform = Scripted::new([Ok(page(None, runs))]);
    let found = run(find_prediction(&platform, &config(), &wanted(), since())).unwrap();
    assert_eq!(
        platform.calls(),
        [
            "GET https://api.replicate.com/v1/predictions?created_after=2026-11-22T10:00:00.000Z\
          &created_before=2026-11-22T10:12:00.000Z"
        ]
    );
    found
}

#[test]
fn a_prediction_is_found_by_its_webhook() {
    let runs = [
        prediction(OTHER, None),
        prediction(ID, Some(&wanted().webhook_url)),
    ];
    assert_eq!(seek_prediction(&runs), [ID]);
}

#[test]
fn a_prediction_of_another_operation_is_none_of_ours() {
    let runs = [prediction(
        OTHER,
        Some("https://selfie.pr/api/webhooks/replicate/other"),
    )];
    assert_eq!(seek_prediction(&runs), [] as [String; 0]);
}

#[test]
fn without_webhooks_equal_inputs_are_candidates() {
    let mut exponent = prediction(ID, None);
    exponent["input"]["guidance_scale"] = json!(3e0);
    exponent["input"]["megapixels"] = json!("1");
    let mut other_seed = prediction(OTHER, None);
    other_seed["input"]["seed"] = json!(7);
    let mut other_version = prediction(OTHER, None);
    other_version["version"] = json!("ab".repeat(32));
    let mut purged = prediction(OTHER, None);
    purged["input"] = json!(null);
    let newer = prediction(NEWER, None);
    let found = seek_prediction(&[newer, other_seed, other_version, purged, exponent]);
    assert_eq!(found, [ID, NEWER], "the oldest first");
}
