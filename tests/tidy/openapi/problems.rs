//! The kinds of problems: their slugs come from the code, status and title from the fixtures that
//! the contract tests hold against what is really answered, and what else they carry from here.

use std::collections::BTreeSet;

use selfie::api::SLUGS;
use selfie::ledger::Quota;
use selfie::media::Rejection;
use serde_json::{Map, Value, json};

use super::headers;
use super::reference;
use crate::repository::read;

const RETRIED: [&str; 6] = [
    "operation-in-progress",
    "quota-exceeded",
    "too-many-requests",
    "provider-unavailable",
    "storage-unavailable",
    "paused",
];

/// What a problem carries beside the members of all of them, and which of it is always there.
fn extension(slug: &str) -> (Value, &'static [&'static str]) {
    let count = || json!({"type": "integer", "minimum": 0});
    match slug {
        "invalid-request" => (
            json!({"errors": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "properties": {
                        "pointer": {
                            "type": "string",
                            "pattern": "^/",
                            "description": "A JSON pointer into the body, or / and the name of a parameter.",
                        },
                        "detail": {"type": "string", "minLength": 1},
                    },
                    "required": ["pointer", "detail"],
                },
            }}),
            &["errors"],
        ),
        "session-too-old" => (
            json!({"reauthenticate": {"type": "boolean", "const": true}}),
            &["reauthenticate"],
        ),
        "consent-required" => (
            json!({"version": {
                "type": "string",
                "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}[.][0-9]+$",
                "description": "The version of the text to accept.",
            }}),
            &["version"],
        ),
        "conflict" => (
            json!({"state": {"type": "string", "minLength": 1}}),
            &["state"],
        ),
        "operation-in-progress" => (
            json!({"state": {"type": "string", "const": "in-progress"}}),
            &["state"],
        ),
        "too-large" => (
            json!({"max_bytes": {"type": "integer", "minimum": 1}}),
            &["max_bytes"],
        ),
        "unsupported-media-type" => (
            json!({"accepted": {
                "type": "array",
                "minItems": 1,
                "items": {"type": "string", "pattern": "^[a-z]+/[a-z.+-]+$"},
            }}),
            &["accepted"],
        ),
        "photo-rejected" => (
            json!({"reason": {"type": "string", "enum": Rejection::ALL.map(Rejection::reason)}}),
            &["reason"],
        ),
        "quota-exceeded" => (
            json!({
                "quota": {"type": "string", "enum": Quota::ALL.map(Quota::name)},
                "limit": count(),
                "used": count(),
                "resets_at": {
                    "anyOf": [reference("schemas", "Time"), {"type": "null"}],
                    "description": "Null where nothing comes back by waiting.",
                },
            }),
            &["quota", "limit", "used", "resets_at"],
        ),
        "provider-refused" | "provider-unavailable" => (
            json!({"provider": {
                "type": "string",
                "enum": ["replicate", "bytescale", "mail", "turnstile"],
            }}),
            &["provider"],
        ),
        "paused" => (json!({"resets_at": reference("schemas", "Time")}), &[]),
        _ => (json!({}), &[]),
    }
}

fn fixture(slug: &str) -> Value {
    serde_json::from_str(&read(&format!("tests/fixtures/problems/{slug}.json"))).unwrap()
}

pub fn status(slug: &str) -> u16 {
    let status = fixture(slug)["status"].as_u64().unwrap();
    u16::try_from(status).unwrap()
}

/// `quota-exceeded` is `QuotaExceeded`.
fn name(slug: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    slug.split('-').map(capital).collect()
}

pub fn schemas() -> Map<String, Value> {
    let named = |slug: &&str| (format!("Problem{}", name(slug)), schema(slug));
    SLUGS.iter().map(named).collect()
}

fn schema(slug: &str) -> Value {
    let fixture = fixture(slug);
    // A problem of one kind may have several titles, such as for messages and for people.
    let title = match slug {
        "not-signed-in" => json!({"type": "string", "minLength": 1}),
        _ => json!({"type": "string", "const": fixture["title"]}),
    };
    let mut properties = json!({
        "type": {"type": "string", "const": fixture["type"]},
        "title": title,
        "status": {"type": "integer", "const": fixture["status"]},
        "detail": {"type": "string", "minLength": 1, "description": "For the person."},
        "instance": {
            "type": "string",
            "pattern": format!("^urn:request:{}$", super::grammars::SERIAL),
        },
    });
    let mut required = vec!["type", "title", "status", "detail", "instance"];
    let (more, always) = extension(slug);
    required.extend(always);
    let properties_of = properties.as_object_mut().unwrap();
    properties_of.extend(more.as_object().unwrap().clone());
    json!({"type": "object", "properties": properties, "required": required})
}

/// One response for each kind that stands alone on its status somewhere, and the one that every
/// path has for other methods.
pub fn responses(paths: &Value) -> Map<String, Value> {
    let paths = paths.to_string();
    SLUGS
        .iter()
        .filter(|slug| {
            let reference = format!("#/components/responses/{}\"", name(slug));
            **slug == "method-not-allowed" || paths.contains(&reference)
        })
        .map(|slug| (name(slug), inline(&BTreeSet::from([*slug]))))
        .collect()
}

/// The response of a status that these kinds share.
pub fn response(slugs: &BTreeSet<&str>) -> Value {
    match slugs.first() {
        Some(slug) if slugs.len() == 1 => reference("responses", &name(slug)),
        _ => inline(slugs),
    }
}

fn inline(slugs: &BTreeSet<&str>) -> Value {
    let mut answer_headers = headers::of_every_answer();
    let retried = slugs.iter().filter(|slug| RETRIED.contains(slug)).count();
    if retried > 0 {
        // Of what only fills up, nothing comes back by waiting.
        let always = retried == slugs.len() && !slugs.contains("quota-exceeded");
        let component = if always {
            "Retry-After"
        } else {
            "Retry-After-If-Known"
        };
        answer_headers.insert("Retry-After".to_owned(), reference("headers", component));
    }
    if slugs.contains("method-not-allowed") {
        answer_headers.insert("Allow".to_owned(), json!({"schema": {"type": "string"}}));
    }
    let kinds: Vec<Value> = slugs
        .iter()
        .map(|slug| reference("schemas", &format!("Problem{}", name(slug))))
        .collect();
    let schema = match kinds.as_slice() {
        [kind] => kind.clone(),
        _ => json!({"anyOf": kinds}),
    };
    let words: Vec<&str> = slugs.iter().copied().collect();
    json!({
        "description": words.join(", "),
        "headers": answer_headers,
        "content": {"application/problem+json": {"schema": schema}},
    })
}

#[test]
fn every_problem_carries_what_its_fixture_does() {
    for slug in SLUGS {
        let (fixture, schema) = (fixture(slug), schema(slug));
        for member in fixture.as_object().unwrap().keys() {
            assert!(
                schema["properties"].get(member).is_some(),
                "{slug}: {member}"
            );
        }
        for member in schema["required"].as_array().unwrap() {
            let member = member.as_str().unwrap();
            assert!(fixture.get(member).is_some(), "{slug}: {member}");
        }
    }
}

#[test]
fn kinds_with_a_time_to_wait_are_those_of_the_documentation() {
    use crate::repository::{code_spans, rows, section};
    let text = read("docs/API.md");
    let documented: Vec<&str> = rows(section(&text, "## Problems"))
        .into_iter()
        .filter(|cells| cells[2].contains("`Retry-After`"))
        .map(|cells| code_spans(cells[0])[0])
        .collect();
    assert_eq!(documented, RETRIED);
}
