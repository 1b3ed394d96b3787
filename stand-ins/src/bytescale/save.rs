//! The save calls: an archive or a processed image is made from stored files and stored itself.
//! It must never store anything when an input or the body is refused.

use serde_json::{Map, Value, json};

use super::error::{self, Refusal};
use super::jobs::{self, Work};
use super::upload::{self, New};
use super::{access, archive, transform};
use crate::wire::{self, Incoming, Response};
use crate::world::World;

const MAX_PARAMETER_BYTES: usize = 400 * 1024;

/// Query parameters first, then `extendedParams`, in their order.
pub(super) type Parameters = Vec<(String, String)>;

pub(super) fn save(
    world: &mut World,
    request: &Incoming,
    account: &str,
    way: &str,
    path: &str,
) -> Result<Response, Refusal> {
    let key = access::key_of(world, request, account)?;
    if !key.is_secret {
        return Err(Refusal::of_status(403));
    }
    if !matches!(way, "archive" | "image") {
        return Err(Refusal::not_found("The requested endpoint does not exist."));
    }
    upload::check_quota(world)?;
    let fields = if request.body.is_empty() {
        Map::new()
    } else {
        body(request)?
    };
    let parameters = parameters(request, &fields)?;
    let (mime, extension, bytes) = if way == "archive" {
        archive::make(world, request, path, &parameters)?
    } else {
        transform::make(world, path, &parameters)?
    };
    let destination = match fields.get("destination") {
        None | Some(Value::Null) => format!("/saved/{}.{extension}", world.random.hex(24)),
        Some(Value::String(path)) => path.clone(),
        Some(other) => return Err(Refusal::invalid("body.destination", "string", other)),
    };
    error::check_path("body.destination", &destination)?;
    let metadata = fields
        .get("metadata")
        .and_then(|value| value.get("value"))
        .and_then(Value::as_object)
        .cloned();
    let new = New {
        path: destination.clone(),
        mime: mime.to_owned(),
        tags: tags(&fields)?,
        bytes,
        metadata: metadata.unwrap_or_default(),
        original_name: None,
    };
    let file_url = world.raw_url(&destination);
    let result = json!({"accountId": account, "filePath": destination, "fileUrl": file_url});
    if way == "archive" && world.switches.is("archive_reply", "async") {
        let mut body = jobs::started(
            world,
            request,
            "ProcessImageJob",
            Work::Store(Box::new(new)),
            json!({"result": result}),
        );
        if let Some(body) = body.as_object_mut() {
            body.insert("async".to_owned(), json!(true));
        }
        return Ok(wire::json(200, &body));
    }
    upload::store(world, new);
    let reply =
        json!({"async": false, "accountId": account, "filePath": destination, "fileUrl": file_url});
    Ok(wire::json(200, &reply))
}

fn body(request: &Incoming) -> Result<Map<String, Value>, Refusal> {
    let fields = error::object(
        request,
        &["destination", "extendedParams", "metadata", "tags"],
    )?;
    for name in ["metadata", "tags"] {
        if let Some(value) = fields.get(name) {
            let inner = value
                .as_object()
                .ok_or_else(|| Refusal::invalid(&format!("body.{name}"), "object", value))?;
            error::check_keys(
                &format!("body.{name}"),
                inner,
                &["value", "merge", "setForAllArtifacts"],
            )?;
        }
    }
    Ok(fields)
}

fn tags(fields: &Map<String, Value>) -> Result<Vec<String>, Refusal> {
    let Some(value) = fields.get("tags").and_then(|tags| tags.get("value")) else {
        return Ok(Vec::new());
    };
    let list = value.as_array().filter(|list| list.len() <= 25);
    let list =
        list.ok_or_else(|| Refusal::invalid("body.tags.value", "array of at most 25 tags", value))?;
    let mut tags = Vec::new();
    for tag in list {
        let text = tag
            .as_str()
            .ok_or_else(|| Refusal::invalid("body.tags.value", "string", tag))?;
        error::check_tag("body.tags.value", text)?;
        tags.push(text.to_owned());
    }
    Ok(tags)
}

fn parameters(request: &Incoming, fields: &Map<String, Value>) -> Result<Parameters, Refusal> {
    let mut parameters = request.query_pairs();
    let Some(extended) = fields.get("extendedParams") else {
        return Ok(parameters);
    };
    let wrong = || {
        Refusal::invalid(
            "body.extendedParams",
            "object or array of objects of at most 400 KB",
            extended,
        )
    };
    if extended.to_string().len() > MAX_PARAMETER_BYTES {
        return Err(wrong());
    }
    let objects = match extended {
        Value::Array(list) => list.iter().collect(),
        one => vec![one],
    };
    for object in objects {
        for (name, value) in object.as_object().ok_or_else(wrong)? {
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                Value::Bool(flag) => flag.to_string(),
                _ => return Err(wrong()),
            };
            parameters.push((name.clone(), text));
        }
    }
    Ok(parameters)
}
