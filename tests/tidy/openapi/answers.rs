//! Schemas of what is answered: the shapes come from the wire types, and the grammar of each text
//! and the range of each number from here.

use selfie::domain::prediction::MAX_COUNT;
use serde_json::{Map, Value, json};

use super::grammars::{caption, of_pattern, uri, words_of_some_kind};
use super::reference;
use crate::wire_types::{Body, Member, bodies, comment_lines};

pub fn schemas() -> Map<String, Value> {
    let named = |body: &Body| (body.name.clone(), schema(body));
    bodies().iter().map(named).collect()
}

fn schema(body: &Body) -> Value {
    let described = |mut schema: Value, comment: &str| {
        let words = comment_lines(comment).join(" ");
        if !words.is_empty() {
            schema["description"] = words.into();
        }
        schema
    };
    let properties: Map<String, Value> = body
        .members
        .iter()
        .map(|member| {
            let schema = of_type(&body.name, member, &member.ty);
            (member.name.clone(), described(schema, &member.comment))
        })
        .collect();
    let required: Vec<&str> = body.members.iter().map(|m| m.name.as_str()).collect();
    let object = json!({"type": "object", "properties": properties, "required": required});
    described(object, &body.comment)
}

fn of_type(body: &str, member: &Member, ty: &str) -> Value {
    if let Some(inner) = ty.strip_suffix(" | null") {
        return nullable(of_type(body, member, inner));
    }
    if let Some(inner) = ty.strip_suffix("[]") {
        return json!({"type": "array", "items": of_type(body, member, inner)});
    }
    match ty {
        "boolean" => json!({"type": "boolean"}),
        "number" => number(body, &member.name),
        "string" => string(body, &member.name),
        _ if ty.starts_with('\'') => {
            let words: Vec<&str> = ty
                .split(" | ")
                .map(|word| word.trim_matches('\''))
                .collect();
            json!({"type": "string", "enum": words})
        }
        name => reference("schemas", name),
    }
}

/// The same, or null.
pub fn nullable(mut schema: Value) -> Value {
    if schema.get("type").is_some() && schema.get("enum").is_none() {
        schema["type"] = json!([schema["type"], "null"]);
        return schema;
    }
    json!({"anyOf": [schema, {"type": "null"}]})
}

fn number(body: &str, name: &str) -> Value {
    let whole = |min: u64, max: u64| json!({"type": "integer", "minimum": min, "maximum": max});
    match (body, name) {
        ("Progress", "percent") => whole(0, 100),
        ("Recipe", "count") => whole(1, MAX_COUNT.into()),
        ("Recipe", "seed") => whole(0, u32::MAX.into()),
        ("LinkSent", "expires_in_s") => whole(1, 600),
        (_, "width" | "height" | "bytes") => json!({"type": "integer", "minimum": 1}),
        // Of seconds these alone have a fraction.
        (_, name) if name.ends_with("_time_s") => json!({"type": "number", "minimum": 0}),
        _ => json!({"type": "integer", "minimum": 0}),
    }
}

fn string(body: &str, name: &str) -> Value {
    let schema = |name: &str| reference("schemas", name);
    match (body, name) {
        ("User" | "Account", "id") => schema("UserId"),
        // As the provider tells it; ours are in canonical form.
        ("User" | "Account", "email") => json!({"type": "string", "format": "email"}),
        ("User" | "Account" | "Photo", "name") => {
            json!({"type": "string", "minLength": 1, "maxLength": 100})
        }
        ("Session", "id") => of_pattern("^[A-Za-z0-9_-]{22}$"),
        ("Photo", "id")
        | ("Version", "photo_ids")
        | ("Receipt", "code")
        | ("DeletionStarted", "confirmation_code") => schema("Serial"),
        ("Model", "id") | ("Bundle" | "Prediction", "model") => schema("ModelId"),
        ("Model", "name") => schema("ModelName"),
        ("Model", "trigger_word") => of_pattern("^SLF[0-9a-hjkmnp-tv-z]{8}$"),
        ("Prediction", "id") => schema("PredictionId"),
        ("Version", "id") | ("Recipe", "version") => schema("VersionId"),
        ("Version", "preset") => schema("Preset"),
        ("TrainingFailure", "reason") => schema("FailureReason"),
        ("Recipe", "prompt") => schema("Prompt"),
        // A style may be gone that something was made with.
        ("Recipe", "style") => of_pattern("^[a-z0-9-]+$"),
        ("Style", "id") => schema("StyleId"),
        ("Style", "example") => of_pattern("^/styles/[a-z0-9-]+\\.webp$"),
        ("Photo", "caption" | "description") => caption(),
        ("Photo", "captioning") => {
            json!({"type": "string", "enum": ["running", "failed"]})
        }
        ("Photo" | "Image", "content_type") => {
            json!({"type": "string", "enum": ["image/jpeg", "image/png", "image/webp"]})
        }
        ("Image", "placeholder") => json!({
            "type": "string",
            "maxLength": 1024,
            "pattern": "^(data:image/[a-z]+;base64,[A-Za-z0-9+/]+=*)?$",
        }),
        ("Consent", "version") | ("Account", "required_consent") => {
            of_pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}(\\.[0-9]+)?$")
        }
        ("DeletedKind", "kind") => of_pattern("^[a-z]+$"),
        ("Receipt", "signature") => of_pattern("^[A-Za-z0-9_-]{43}$"),
        ("Confirmed", "next") => json!({"type": "string", "pattern": "^/", "maxLength": 512}),
        ("Health", "status") => json!({"type": "string", "const": "ok"}),
        ("Health", "environment") => {
            json!({"type": "string", "enum": ["production", "development", "test"]})
        }
        ("Health", "revision") => of_pattern("^[0-9A-Za-z._-]+$"),
        ("Providers", _) => json!({"type": "string", "enum": ["closed", "open", "disabled"]}),
        (_, "url" | "preview" | "cover" | "script") => uri(),
        (_, "next_cursor") => of_pattern("^[A-Za-z0-9_-]+$"),
        (_, "name" | "detail" | "prompt" | "final_prompt" | "site_key") => words_of_some_kind(),
        (_, name) if name.ends_with("_at") => schema("Time"),
        _ => panic!("{body}.{name}: say in tests/tidy/openapi/answers.rs what may stand in it"),
    }
}
