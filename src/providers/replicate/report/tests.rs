use super::*;
use proptest::prelude::*;
use serde_json::json;

const ID: &str = "medrnz3bm5dd6ultvad2tejrte";
const HASH: &str = "8a43525956ef4039702e509c789964a7ea873697be9033abf9fd2badfe68c9e3";

fn train(run: &Value) -> Result<Report, Fault> {
    training(run.to_string().as_bytes(), ID, "selfie-pr/faces")
}

fn predict(run: &Value) -> Result<Report, Fault> {
    prediction(run.to_string().as_bytes(), ID)
}

#[test]
fn a_running_training_is_read_as_it_was_recorded() {
    let body = r#"{"completed_at":null,"created_at":"2023-08-16T19:33:26.906823Z","error":null,"id":"medrnz3bm5dd6ultvad2tejrte","input":{"input_images":"https://a.test/data.zip"},"logs":null,"metrics":{},"output":null,"started_at":"2023-08-16T19:33:42.114513Z","status":"processing","urls":{"get":"https://api.replicate.com/v1/trainings/medrnz3bm5dd6ultvad2tejrte","cancel":"https://api.replicate.com/v1/trainings/medrnz3bm5dd6ultvad2tejrte/cancel"},"model":"stability-ai/sdxl","version":"39ed52f2","webhook_completed":null}"#;
    let report = training(body.as_bytes(), ID, "selfie-pr/faces").unwrap();
    assert_eq!(report.seen, Some(Seen::Processing));
    assert_eq!(
        report.log,
        Progress {
            stage: Stage::Preparing,
            percent: None
        }
    );
    assert_eq!(
        (report.predict_time_us, report.version, report.error),
        (None, None, None)
    );
}

#[test]
fn each_status_has_its_meaning() {
    for (status, seen) in [
        ("starting", Some(Seen::Starting)),
        ("processing", Some(Seen::Processing)),
        ("failed", Some(Seen::Failed(Reason::ProviderError))),
        ("canceled", Some(Seen::Canceled)),
        ("aborted", Some(Seen::Canceled)),
        ("hibernating", None),
    ] {
        let run = json!({"id": ID, "status": status});
        assert_eq!(train(&run).unwrap().seen, seen, "{status}");
        assert_eq!(predict(&run).unwrap().seen, seen, "{status}");
    }
}

#[test]
fn a_finished_training_names_its_version_in_full() {
    for text in [format!("selfie-pr/faces:{HASH}"), HASH.to_owned()] {
        let report = train(&json!({
            "id": ID, "status": "succeeded", "logs": "secret caption",
            "output": {"version": text, "weights": "https://replicate.delivery/xezq/t.tar"},
            "metrics": {"predict_time": 502.713_876, "total_time": 600},
        }))
        .unwrap();
        assert_eq!(report.seen, Some(Seen::Stored));
        assert_eq!(report.version, Some(format!("selfie-pr/faces:{HASH}")));
        assert_eq!(report.predict_time_us, Some(502_713_876));
        assert!(report.outputs.is_empty());
    }
}

#[test]
fn a_success_without_a_version_is_a_failure() {
    for output in [json!(null), json!({}), json!({"version": null})] {
        let report = train(&json!({"id": ID, "status": "succeeded", "output": output})).unwrap();
        assert_eq!(report.seen, Some(Seen::Failed(Reason::ProviderError)));
    }
}

#[test]
fn a_version_that_could_lead_elsewhere_is_not_accepted() {
    let hash = HASH;
    for text in [
        "",
        "latest",
        &format!("a/../b:{hash}"),
        &format!("a/b/c:{hash}"),
        "a/b:123",
    ] {
        let run = json!({"id": ID, "status": "succeeded", "output": {"version": text}});
        assert_eq!(
            train(&run),
            Err(Fault::malformed("output.version")),
            "{text}"
        );
    }
}

#[test]
fn times_in_exponent_form_are_read() {
    let body = format!(r#"{{"id":"{ID}","status":"canceled","metrics":{{"predict_time":3e-06}}}}"#);
    assert_eq!(
        prediction(body.as_bytes(), ID).unwrap().predict_time_us,
        Some(3)
    );
    let negative = json!({"id": ID, "status": "canceled", "metrics": {"predict_time": -1}});
    assert_eq!(
        predict(&negative),
        Err(Fault::malformed("metrics.predict_time"))
    );
}

#[test]
fn outputs_come_in_every_form() {
    let url = "https://replicate.delivery/xezq/out-0.webp";
    for (output, expected) in [
        (json!(url), vec![url]),
        (
            json!([url, "https://replicate.delivery/xezq/out-2.webp"]),
            vec![url, "https://replicate.delivery/xezq/out-2.webp"],
        ),
        (
            json!(["data:image/webp;base64,AAAA"]),
            vec!["data:image/webp;base64,AAAA"],
        ),
    ] {
        let report = predict(&json!({"id": ID, "status": "succeeded", "output": output})).unwrap();
        assert_eq!(report.outputs, expected);
        assert_eq!(report.seen, Some(Seen::Finished));
    }
    for output in [json!({"a": 1}), json!([1]), json!([null]), json!(true)] {
        let run = json!({"id": ID, "status": "succeeded", "output": output});
        assert_eq!(predict(&run), Err(Fault::malformed("output")));
    }
}

#[test]
fn output_alone_is_no_success() {
    let run = json!({"id": ID, "status": "processing", "output": ["https://replicate.delivery/a"]});
    assert_eq!(predict(&run).unwrap().seen, Some(Seen::Processing));
}

#[test]
fn a_success_whose_images_are_gone_is_lost() {
    for run in [
        json!({"id": ID, "status": "succeeded", "output": null, "data_removed": true}),
        json!({"id": ID, "status": "succeeded", "output": ["https://a.test"], "data_removed": true}),
        json!({"id": ID, "status": "succeeded", "output": []}),
        json!({"id": ID, "status": "succeeded"}),
    ] {
        assert_eq!(
            predict(&run).unwrap().seen,
            Some(Seen::Failed(Reason::DataLost))
        );
    }
}

#[test]
fn failures_are_told_apart_by_their_text() {
    let nsfw = "All generated images contained NSFW content. Try running it again with a different prompt.";
    for (text, kind, reason) in [
        (nsfw, ErrorKind::NoSafeImage, Reason::NoSafeImage),
        (
            "ValueError: input_images must be a zip file",
            ErrorKind::BadPhotos,
            Reason::BadPhotos,
        ),
        (
            "no images found in input_images",
            ErrorKind::BadPhotos,
            Reason::BadPhotos,
        ),
        (
            "Error loading image: a.jpg",
            ErrorKind::BadPhotos,
            Reason::BadPhotos,
        ),
        (
            "Something went wrong (E1000)",
            ErrorKind::Transient,
            Reason::ProviderError,
        ),
        (
            "Prediction timed out (E6716)",
            ErrorKind::Transient,
            Reason::ProviderError,
        ),
        (
            "CUDA out of memory (E1001)",
            ErrorKind::Other,
            Reason::ProviderError,
        ),
    ] {
        let report = predict(&json!({"id": ID, "status": "failed", "error": text})).unwrap();
        assert_eq!(
            (report.error, report.seen),
            (Some(kind), Some(Seen::Failed(reason))),
            "{text}"
        );
    }
}

#[test]
fn the_log_shows_progress_and_is_dropped() {
    let log = "Caption for input_images/a.jpg: a secret\nStarting train job\r\
        flux_train_replicate:  12%|█▏        | 120/1000 [01:02<07:33,  1.94it/s]";
    let report = train(&json!({"id": ID, "status": "processing", "logs": log})).unwrap();
    assert_eq!(
        report.log,
        Progress {
            stage: Stage::Training,
            percent: Some(12)
        }
    );
    assert!(!format!("{report:?}").contains("secret"));
    let waiting = train(&json!({"id": ID, "status": "starting", "logs": ""})).unwrap();
    assert_eq!(waiting.log.stage, Stage::Queued);
}

#[test]
fn what_is_missing_is_named() {
    assert_eq!(
        predict(&json!({"status": "starting"})),
        Err(Fault::malformed("id"))
    );
    assert_eq!(predict(&json!({"id": ID})), Err(Fault::malformed("status")));
    assert_eq!(prediction(b"<html>", ID), Err(Fault::malformed("body")));
    let other = json!({"id": "hdwst0bb05rgp0cf0p29mzk2am", "status": "succeeded"});
    assert_eq!(predict(&other), Err(Fault::malformed("id")));
}

proptest! {
    #[test]
    fn arbitrary_answers_never_panic(body: Vec<u8>, status in "\\PC*", output in "\\PC*") {
        let _ = prediction(&body, ID);
        let _ = train(&json!({"id": ID, "status": status, "output": {"version": output}}));
    }
}
