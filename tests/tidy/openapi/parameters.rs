//! What endpoints take beside a body.

use selfie::domain::prediction::MAX_COUNT;
use serde_json::{Value, json};

use super::grammars::{text, words_of_some_kind};
use super::reference;

/// Every one, under the name that operations use.
pub fn components() -> Value {
    let schema = |name: &str| reference("schemas", name);
    let parameter = |at: &str, name: &str, required: bool, schema: Value, description: &str| {
        json!({
            "in": at,
            "name": name,
            "required": required,
            "schema": schema,
            "description": description,
        })
    };
    let path = |name, schema, description| parameter("path", name, true, schema, description);
    let query = |name, required, schema, description| {
        parameter("query", name, required, schema, description)
    };
    let header = |name, required, schema, description| {
        parameter("header", name, required, schema, description)
    };
    json!({
        "path-model": path("model", schema("ModelId"), "A model."),
        "path-photo": path("photo", schema("Serial"), "A photo of the model."),
        "path-prediction": path("prediction", schema("PredictionId"), "A prediction."),
        "path-version": path("version", schema("VersionId"), "A version of the model."),
        "path-code": path("code", schema("Serial"), "The code of a deletion."),
        "path-image": path(
            "image",
            json!({"type": "integer", "minimum": 1, "maximum": MAX_COUNT}),
            "Which image, from one.",
        ),
        "path-operation": path("operation", words_of_some_kind(), "As the run was given it."),
        "query-model": query("model", true, schema("ModelId"), "The model that the photo is of."),
        "query-of-model": query("model", false, schema("ModelId"), "Those of this model only."),
        "query-favorite": query("favorite", false, json!({"type": "boolean"}), "Only those, or only the others."),
        "query-q": query(
            "q",
            false,
            json!({"type": "string", "maxLength": 100}),
            "Those whose prompt contains this.",
        ),
        "query-limit": query(
            "limit",
            false,
            json!({"type": "integer", "minimum": 1, "maximum": 100, "default": 24}),
            "How many at most.",
        ),
        "query-cursor": query(
            "cursor",
            false,
            json!({"type": "string", "format": "cursor"}),
            "The next_cursor of the page before.",
        ),
        "query-next": query("next", false, text(), "The page to go on to; another address is the home page."),
        "query-code": query("code", false, text(), "As Facebook gives it."),
        "query-state": query("state", false, text(), "As it was given to Facebook."),
        "query-error": query("error", false, text(), "What Facebook says when it failed."),
        "header-idempotency-key": header(
            "Idempotency-Key",
            true,
            json!({"type": "string", "format": "uuid"}),
            "A fresh one for each thing that is wanted, and the same one when the request is repeated.",
        ),
        "header-photo-name": header("X-Photo-Name", false, text(), "A name to show, percent-encoded."),
        "header-webhook-id": header("webhook-id", true, words_of_some_kind(), "Of Standard Webhooks."),
        "header-webhook-timestamp": header(
            "webhook-timestamp",
            true,
            json!({"type": "string", "pattern": "^[0-9]+$"}),
            "Seconds since 1970.",
        ),
        "header-webhook-signature": header(
            "webhook-signature",
            true,
            words_of_some_kind(),
            "v1 and a signature, or several.",
        ),
        "cookie-link": parameter(
            "cookie",
            "__Host-link",
            false,
            text(),
            "The secret of the browser that asked; set with the answer to that.",
        ),
        "cookie-facebook": parameter(
            "cookie",
            "__Host-facebook",
            false,
            text(),
            "The secret of the browser that was sent to Facebook.",
        ),
    })
}
