//! Records are a promise: what was once written decodes for ever, and is written the same today.

use selfie::records::{self, Attempt, Model, Operation, Photo, Prediction, SCHEMA, Session, User};
use serde_json::Value;

use crate::repository::{files, read};

const FOLDER: &str = "tests/fixtures/records";
const RULE: &str =
    "docs/DATA.md, \"Records\": a fixture is never changed; add one with today's date";

/// The record as it is written today, by the word behind the date in the file's name.
fn rewritten(kind: &str, text: &str) -> Option<String> {
    fn again<T: serde::Serialize + serde::de::DeserializeOwned>(text: &str) -> Option<String> {
        records::read::<T>(text).map(|record| records::write(&record))
    }
    match kind {
        "user" => again::<User>(text),
        "session" => again::<Session>(text),
        "model" => again::<Model>(text),
        "photo" => again::<Photo>(text),
        "prediction" => again::<Prediction>(text),
        "operation" => again::<Operation>(text),
        "attempt" => again::<Attempt>(text),
        _ => panic!("{FOLDER} holds a {kind}, which is no record"),
    }
}

/// The kind and the text of every fixture.
fn fixtures() -> Vec<(String, String, String)> {
    files(FOLDER, &[".json"])
        .into_iter()
        .map(|path| {
            let name = path.rsplit('/').next().unwrap();
            let kind = name["2026-11-22-".len()..]
                .split(['-', '.'])
                .next()
                .unwrap()
                .to_owned();
            let text = read(&path);
            (path, kind, text)
        })
        .collect()
}

#[test]
fn every_record_that_was_ever_written_decodes() {
    for (path, kind, text) in fixtures() {
        let today = rewritten(&kind, &text).unwrap_or_else(|| panic!("{path}: {RULE}"));
        let (was, is): (Value, Value) = (
            serde_json::from_str(&text).unwrap(),
            serde_json::from_str(&today).unwrap(),
        );
        for (field, value) in was.as_object().unwrap() {
            assert_eq!(is.get(field), Some(value), "{path}: {field}. {RULE}");
        }
    }
}

#[test]
fn every_field_that_is_written_today_is_in_a_fixture() {
    for kind in [
        "user",
        "session",
        "model",
        "photo",
        "prediction",
        "operation",
        "attempt",
    ] {
        let fixtures = fixtures();
        let mut of_kind = fixtures.iter().filter(|(_, known, _)| known == kind);
        let complete = of_kind.any(|(_, _, text)| {
            let today: Value = serde_json::from_str(&rewritten(kind, text).unwrap()).unwrap();
            serde_json::from_str::<Value>(text).unwrap() == today
        });
        assert!(complete, "no fixture has every field of a {kind}. {RULE}");
    }
}

#[test]
fn a_record_of_a_later_schema_is_not_guessed_at() {
    for (path, kind, text) in fixtures() {
        let later = text.replacen("\"schema\": 1", &format!("\"schema\": {}", SCHEMA + 1), 1);
        assert_ne!(later, text, "{path} has no schema");
        assert_eq!(rewritten(&kind, &later), None, "{path}");
    }
}
