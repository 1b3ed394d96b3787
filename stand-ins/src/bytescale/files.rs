//! Details, copy and deletion of files.
//! Deleting follows the switch `delete_consistency`: a file may stay listed or cached for a while.

use serde_json::{Value, json};

use super::error::{self, Refusal};
use super::jobs::{self, Work};
use super::{Ghost, StoredFile};
use crate::wire::{self, Incoming, Response};
use crate::world::World;

const STILL_LISTED_MS: u64 = 30_000;

fn path_parameter(request: &Incoming) -> Result<String, Refusal> {
    let path = request.query_value("filePath").unwrap_or_default();
    error::check_path("query.filePath", &path)?;
    Ok(path)
}

pub(super) fn details(world: &World, request: &Incoming) -> Result<Response, Refusal> {
    let path = path_parameter(request)?;
    let file = world
        .bytescale
        .find(&path, world.now_ms)
        .ok_or_else(|| Refusal::not_found("File not found."))?;
    let etag = if world.switches.is("etag", "present") {
        json!(file.etag)
    } else {
        Value::Null
    };
    Ok(wire::json(
        200,
        &json!({
            "accountId": world.bytescale.account, "etag": etag, "filePath": path, "fileUrl": world.raw_url(&path),
            "lastModified": file.modified_ms, "metadata": file.metadata, "mime": file.mime,
            "originalFileName": file.original_name, "size": file.bytes.len(), "tags": file.tags
        }),
    ))
}

pub(super) fn delete(world: &mut World, request: &Incoming) -> Result<Response, Refusal> {
    let path = path_parameter(request)?;
    if !remove(world, &path) && world.switches.is("missing_delete", "404") {
        return Err(Refusal::not_found("File not found."));
    }
    Ok(wire::empty(204))
}

pub(super) fn delete_batch(world: &mut World, request: &Incoming) -> Result<Response, Refusal> {
    let fields = error::object(request, &["files"])?;
    let paths = error::texts(&fields, "files")?;
    for path in &paths {
        error::check_path("body.files", path)?;
    }
    Ok(jobs::start(
        world,
        request,
        "DeleteFileBatchJob",
        Work::DeleteFiles(paths),
    ))
}

pub(super) fn copy(world: &mut World, request: &Incoming) -> Result<Response, Refusal> {
    let fields = error::object(request, &["source", "destination", "condition"])?;
    let source = error::required_text(&fields, "source")?.to_owned();
    let destination = error::required_text(&fields, "destination")?.to_owned();
    error::check_path("body.source", &source)?;
    error::check_path("body.destination", &destination)?;
    let Some(file) = world.bytescale.find(&source, world.now_ms).cloned() else {
        return Ok(wire::json(200, &json!({"status": "FileNotFound"})));
    };
    let copied = StoredFile {
        path: destination.clone(),
        modified_ms: world.now_ms,
        ..file
    };
    world.bytescale.files.insert(destination, copied);
    Ok(wire::json(200, &json!({"status": "Copied"})))
}

/// Removes the file; false when there was none.
pub(super) fn remove(world: &mut World, path: &str) -> bool {
    let Some(file) = world.bytescale.files.remove(path) else {
        return false;
    };
    let consistency = world.switches.get("delete_consistency");
    if consistency != "at_once" {
        let listed_ms = if consistency == "listed" {
            STILL_LISTED_MS
        } else {
            0
        };
        let listed_until_ms = world.now_ms.saturating_add(listed_ms);
        world.bytescale.ghosts.push(Ghost {
            file,
            listed_until_ms,
            cached: consistency == "cached",
        });
    }
    true
}
