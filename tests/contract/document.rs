//! Holds every answer that any test gets against the OpenAPI document: its status, its headers, its
//! type and its body; and what was sent, when it was taken.

use std::sync::OnceLock;

use serde_json::Value;

use crate::answer::Answer;
use crate::schema::faults;

fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let text = include_str!("../../frontend/static/api/openapi.json");
        serde_json::from_str(text).unwrap()
    })
}

/// Where a `$ref` leads, or the thing itself.
fn resolved(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(reference) => document()
            .pointer(reference.trim_start_matches('#'))
            .unwrap(),
        None => value,
    }
}

/// What is said of a path and method; a path without parameters goes before one with them.
fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let matches = |pattern: &str| {
        let (patterns, segments) = (pattern.split('/'), path.split('/'));
        patterns.clone().count() == segments.clone().count()
            && patterns
                .zip(segments)
                .all(|(pattern, segment)| pattern.starts_with('{') || pattern == segment)
    };
    let method = if method == "HEAD" { "GET" } else { method };
    let paths = document()["paths"].as_object().unwrap();
    let of_path = paths.iter().filter(|(pattern, _)| matches(pattern));
    let (_, item) = of_path.min_by_key(|(pattern, _)| pattern.contains('{'))?;
    item.get(method.to_lowercase())
}

/// A request as it was sent.
pub struct Sent {
    method: String,
    path: String,
    body: Vec<u8>,
}

impl Sent {
    pub fn of(request: &http::Request<Vec<u8>>) -> Self {
        Self {
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            body: request.body().clone(),
        }
    }

    #[track_caller]
    pub fn must_be_answered_as_documented(&self, answer: &Answer) {
        let Some(operation) = operation(&self.method, &self.path) else {
            return;
        };
        let about = format!("{} {} answered {}", self.method, self.path, answer.status);
        let responses = operation["responses"].as_object().unwrap();
        let response = responses.get(&answer.status.to_string());
        let response = response.unwrap_or_else(|| {
            panic!(
                "{about}, which the document does not know: {}",
                answer.text()
            )
        });
        let response = resolved(response);
        for (name, header) in response["headers"].as_object().unwrap() {
            let header = resolved(header);
            match answer.header(&name.to_lowercase()) {
                Some(text) => hold_header(&header["schema"], text, &format!("{about}: {name}")),
                None => assert!(header["required"] != true, "{about} without {name}"),
            }
        }
        if self.method != "HEAD" && answer.page.is_none() {
            hold_body(response, answer, &about);
        }
        if (200..300).contains(&answer.status) {
            self.hold_request(operation, &about);
        }
    }

    /// What was taken is what is documented.
    #[track_caller]
    fn hold_request(&self, operation: &'static Value, about: &str) {
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        if schema.is_null() {
            return;
        }
        let body: Value = serde_json::from_slice(&self.body).unwrap();
        if schema.get("$ref").is_some() {
            let faults = faults(document(), schema, &body, "");
            assert!(faults.is_empty(), "{about}, but took {faults:#?}");
        }
    }
}

#[track_caller]
fn hold_header(schema: &Value, text: &str, about: &str) {
    let value = match text.parse::<u64>() {
        Ok(number) if schema["type"] == "integer" => Value::from(number),
        _ => Value::from(text),
    };
    let faults = faults(document(), schema, &value, about);
    assert!(faults.is_empty(), "{faults:#?}");
}

#[track_caller]
fn hold_body(response: &'static Value, answer: &Answer, about: &str) {
    let Some(content) = response["content"].as_object() else {
        assert!(answer.body.is_empty(), "{about} with a body");
        return;
    };
    let declared = answer.header("content-type").unwrap_or_default();
    let declared = declared.split(';').next().unwrap_or_default();
    let media = content.get(declared);
    let media = media.unwrap_or_else(|| panic!("{about} with a body of type {declared:?}"));
    if let Some(schema) = media.get("schema") {
        let faults = faults(document(), schema, &answer.json(), "");
        assert!(faults.is_empty(), "{about} with {faults:#?}");
    }
}

#[test]
fn an_answer_that_is_not_documented_is_noticed() {
    let sent = Sent::of(&http::Request::get("/api/styles").body(Vec::new()).unwrap());
    let answer = |status: u16, body: &str| {
        let mut answer = Answer {
            status,
            headers: http::HeaderMap::new(),
            body: body.as_bytes().to_vec(),
            page: None,
        };
        for (name, value) in [
            ("x-request-id", "0123456789abcdefghjkmnpqrs"),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "public, max-age=3600"),
            ("content-type", "application/json; charset=utf-8"),
        ] {
            answer.headers.insert(name, value.parse().unwrap());
        }
        answer
    };
    let accepted = |answer: &Answer| {
        std::panic::catch_unwind(|| sent.must_be_answered_as_documented(answer)).is_ok()
    };
    assert!(accepted(&answer(200, r#"{"styles":[]}"#)));
    for (status, body) in [
        (201, r#"{"styles":[]}"#),
        (200, r#"{"styles":[],"more":1}"#),
        (200, "{}"),
        (200, r#"{"styles":[{"id":"x"}]}"#),
        (200, r#"{"styles":null}"#),
    ] {
        assert!(!accepted(&answer(status, body)), "{status} {body}");
    }
    let mut without = answer(200, r#"{"styles":[]}"#);
    without.headers.remove("x-request-id");
    assert!(!accepted(&without));
}
