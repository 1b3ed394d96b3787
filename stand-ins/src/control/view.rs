//! What the control plane shows of the world, as JSON.
//! Bodies are shown as text; what is no UTF-8 is shown by its size.

use serde_json::{Map, Value, json};

use crate::wire::{self, Incoming, Response};
use crate::world::World;

pub(super) fn calls(world: &World) -> Value {
    let calls = world.calls().iter().map(|call| {
        let body = match std::str::from_utf8(&call.body) {
            Ok(text) => json!(text),
            Err(_) => Value::Null,
        };
        json!({
            "provider": call.provider, "method": call.method, "path": call.path, "body": body, "bytes": call.body.len(),
            "status": call.status, "at_ms": call.at_ms
        })
    });
    calls.collect()
}

pub(super) fn files(world: &World) -> Value {
    let files = world.files();
    files.map(|file| json!({"path": file.path, "mime": file.mime, "tags": file.tags, "bytes": file.bytes.len()})).collect()
}

pub(super) fn switches(world: &World) -> Value {
    let all = world
        .switches()
        .map(|(name, value, values)| (name.to_owned(), json!({"value": value, "values": values})));
    Value::Object(all.collect::<Map<_, _>>())
}

/// The bytes of a stored file, for the inbox page.
pub(super) fn file(world: &World, request: &Incoming) -> Response {
    let path = request.query_value("path").unwrap_or_default();
    match world.files().find(|file| file.path == path) {
        Some(file) => wire::answer(200, &file.mime, file.bytes.clone()),
        None => super::refuse(404, "no such file is stored"),
    }
}
