//! Schemas of what is sent: the members come from `requests`, which is held against the fields that
//! each endpoint reads.

use selfie::api::routes::{Endpoint, Route, Take};
use selfie::domain::consent::Language;
use selfie::domain::prediction::MAX_COUNT;
use serde_json::{Map, Value, json};

use super::answers::nullable;
use super::grammars::{caption, text};
use super::reference;
use crate::requests::{Member, REQUESTS, Request};

/// The body that a route takes.
pub fn body(route: &Route) -> Option<Value> {
    let content = match route.take {
        Take::Nothing => return None,
        Take::Json => {
            let name = request(route.endpoint);
            json!({"application/json": {"schema": reference("schemas", name)}})
        }
        Take::Picture => {
            let picture = |ty: &str| (ty.to_owned(), json!({}));
            let types = ["image/jpeg", "image/png", "image/webp"];
            types.map(picture).into_iter().collect::<Map<_, _>>().into()
        }
        Take::Webhook => json!({"application/json": {"schema": {
            "type": "object",
            "description": "A prediction or a training of Replicate.",
            "properties": {"id": text(), "status": text()},
            "required": ["id", "status"],
        }}}),
        Take::Form => json!({"application/x-www-form-urlencoded": {"schema": {
            "type": "object",
            "properties": {"signed_request": {"type": "string", "format": "facebook-signed-request"}},
            "required": ["signed_request"],
            // Others may stand beside it, each once.
            "additionalProperties": text(),
        }}}),
    };
    let max_bytes = route.take.max_bytes();
    let description = format!("At most {max_bytes} bytes.");
    Some(json!({"required": true, "description": description, "content": content}))
}

/// The name of the body of an endpoint that takes JSON.
fn request(endpoint: Endpoint) -> &'static str {
    match endpoint {
        Endpoint::AskForLink => "LinkRequest",
        Endpoint::ConfirmLink => "ConfirmRequest",
        Endpoint::DeleteAccount => "DeleteRequest",
        Endpoint::AcceptConsent => "ConsentRequest",
        Endpoint::CreateModel => "NewModel",
        Endpoint::RenameModel => "RenameModel",
        Endpoint::CaptionPhoto => "CaptionRequest",
        Endpoint::DescribePhoto => "DescribeRequest",
        Endpoint::BundlePhotos => "BundleRequest",
        Endpoint::TrainModel => "TrainRequest",
        Endpoint::MakeImages => "CreateRequest",
        Endpoint::MarkFavorite => "FavoriteRequest",
        other => panic!("{other:?}: name its body in tests/tidy/openapi/sent.rs"),
    }
}

pub fn schemas() -> Map<String, Value> {
    let named = |request: &Request| (request.name.to_owned(), schema(request));
    REQUESTS.iter().map(named).collect()
}

fn schema(request: &Request) -> Value {
    if request.one_of {
        let alternatives: Vec<Value> = request
            .members
            .iter()
            .map(|sent| {
                let member = |other: &Member| {
                    let schema = if other.name == sent.name {
                        member_schema(request.name, other)
                    } else {
                        json!({"type": "null"})
                    };
                    (other.name.to_owned(), schema)
                };
                let properties: Map<_, _> = request.members.iter().map(member).collect();
                object(&properties, &[sent.name])
            })
            .collect();
        return json!({"oneOf": alternatives});
    }
    let properties: Map<String, Value> = request
        .members
        .iter()
        .map(|member| {
            let schema = member_schema(request.name, member);
            let schema = if request.takes_null(member) {
                nullable(schema)
            } else {
                schema
            };
            (member.name.to_owned(), schema)
        })
        .collect();
    let required: Vec<&str> = request
        .members
        .iter()
        .filter(|member| !member.optional)
        .map(|member| member.name)
        .collect();
    object(&properties, &required)
}

/// Members that nobody asked for are refused.
fn object(properties: &Map<String, Value>, required: &[&str]) -> Value {
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn member_schema(request: &str, member: &Member) -> Value {
    let schema = |name: &str| reference("schemas", name);
    let whole = |min: u64, max: u64| json!({"type": "integer", "minimum": min, "maximum": max});
    match (request, member.name) {
        (_, "email") => json!({"type": "string", "format": "idn-email", "maxLength": 254}),
        (_, "confirm") => json!({"type": "string", "const": "delete"}),
        ("NewModel" | "RenameModel", "name") => schema("ModelName"),
        (_, "subject") => schema("Subject"),
        (_, "caption") => caption(),
        (_, "model") => schema("ModelId"),
        (_, "photo") => schema("Serial"),
        (_, "preset") => schema("Preset"),
        ("CreateRequest", "version") => schema("VersionId"),
        (_, "prompt") => schema("Prompt"),
        (_, "style") => schema("StyleId"),
        (_, "aspect_ratio") => schema("AspectRatio"),
        (_, "format") => schema("Format"),
        (_, "count") => whole(1, MAX_COUNT.into()),
        (_, "seed") => whole(0, u32::MAX.into()),
        (_, "language") => {
            json!({"type": "string", "enum": Language::ALL.map(Language::name)})
        }
        (_, "favorite") => json!({"type": "boolean"}),
        // Whatever it says it is taken, and may be the wrong one.
        (_, "next" | "cf-turnstile-response" | "token" | "code" | "version") => text(),
        (request, name) => {
            panic!("{request}.{name}: say in tests/tidy/openapi/sent.rs what may stand in it")
        }
    }
}
