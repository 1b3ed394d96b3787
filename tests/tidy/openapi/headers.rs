//! The headers of answers.

use serde_json::{Map, Value, json};

use super::reference;

/// What every answer carries.
pub fn of_every_answer() -> Map<String, Value> {
    ["X-Request-Id", "X-Content-Type-Options", "Cache-Control"]
        .map(|name| (name.to_owned(), reference("headers", name)))
        .into_iter()
        .collect()
}

pub fn components() -> Value {
    let header = |required: bool, description: &str, schema: Value| json!({"required": required, "description": description, "schema": schema});
    let text = || json!({"type": "string", "minLength": 1});
    json!({
        "X-Request-Id": header(true, "Names this request in problems and in the log.",
            super::grammars::serial()),
        "X-Content-Type-Options": header(true, "The declared type is the type.",
            json!({"type": "string", "const": "nosniff"})),
        "Cache-Control": header(true, "no-store unless what is answered is the same for everybody.",
            text()),
        "Set-Cookie": header(true, "Cookies of this host alone, out of reach of scripts.", text()),
        "Clear-Site-Data": header(true, "Whatever the browser keeps of this person goes.", text()),
        "Content-Disposition": header(true, "To be saved, not shown.",
            json!({"type": "string", "pattern": "^attachment"})),
        "Location": header(true, "Where to go on.", json!({"type": "string", "format": "uri-reference"})),
        "Idempotency-Replayed": header(false, "Present when the answer had been given before.",
            json!({"type": "string", "const": "true"})),
        "Retry-After": header(true, "Seconds until it is worth trying again.",
            json!({"type": "integer", "minimum": 1})),
        "Retry-After-If-Known": header(false, "Seconds until it is worth trying again.",
            json!({"type": "integer", "minimum": 1})),
    })
}
