//! The files API: a zip can be uploaded here instead of being fetched from elsewhere.
//! A file lives for a day and is served only with the token.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::problem::Problem;
use crate::clock::{self, DAY_MS};
use crate::wire::{self, Incoming, Response};
use crate::world::World;

const MAX_BYTES: usize = 100 * 1024 * 1024;

#[derive(Debug)]
pub(super) struct Upload {
    id: String,
    name: String,
    content_type: String,
    content: Vec<u8>,
    created_ms: u64,
}

impl Upload {
    fn url(&self, world: &World) -> String {
        format!("{}/replicate/v1/files/{}", world.settings.origin, self.id)
    }

    fn describe(&self, world: &World) -> Value {
        let sha256 = wire::hex(&Sha256::digest(&self.content));
        json!({
            "id": self.id, "name": self.name, "content_type": self.content_type, "size": self.content.len(),
            "etag": sha256.get(..32), "checksums": {"sha256": sha256}, "metadata": {},
            "created_at": clock::rfc3339(self.created_ms, 0, 3),
            "expires_at": clock::rfc3339(self.created_ms.saturating_add(DAY_MS), 0, 3), "urls": {"get": self.url(world)}
        })
    }
}

fn living(world: &World) -> impl Iterator<Item = &Upload> {
    world
        .replicate
        .files
        .iter()
        .filter(|file| world.now_ms < file.created_ms.saturating_add(DAY_MS))
}

/// The content of a file by its URL.
pub(super) fn content(world: &World, url: &str) -> Option<Vec<u8>> {
    living(world)
        .find(|file| file.url(world) == url)
        .map(|file| file.content.clone())
}

pub(super) fn create(world: &mut World, request: &Incoming) -> Result<Response, Problem> {
    if request.body.len() > MAX_BYTES {
        return Err(Problem::new(413, "Files must be less than 100MB in size").bare());
    }
    let boundary = request
        .header("content-type")
        .and_then(|kind| kind.split_once("boundary="))
        .map(|(_, rest)| rest.trim_matches('"'));
    let part = boundary.and_then(|boundary| content_part(&request.body, boundary));
    let (head, content) = part.ok_or_else(|| Problem::new(400, "Missing content"))?;
    let quoted = |name: &str| {
        head.split(&format!("{name}=\""))
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .map(str::to_owned)
    };
    let line = head.lines().find_map(|line| {
        line.to_ascii_lowercase()
            .strip_prefix("content-type:")
            .map(|kind| kind.trim().to_owned())
    });
    let file = Upload {
        id: world.random.text(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
            48,
        ),
        name: quoted(" filename").unwrap_or_else(|| "file".to_owned()),
        content_type: line.unwrap_or_else(|| "application/octet-stream".to_owned()),
        content,
        created_ms: world.now_ms,
    };
    let body = file.describe(world);
    world.replicate.files.push(file);
    Ok(wire::json(201, &body))
}

/// The head and the bytes of the part named `content`.
fn content_part(body: &[u8], boundary: &str) -> Option<(String, Vec<u8>)> {
    let delimiter = format!("--{boundary}");
    let mut rest = body;
    loop {
        rest = rest.get(find(rest, delimiter.as_bytes())?.checked_add(delimiter.len())?..)?;
        let head_end = find(rest, b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(rest.get(..head_end)?).into_owned();
        let content = rest.get(head_end.checked_add(4)?..)?;
        let end = find(content, format!("\r\n{delimiter}").as_bytes())?;
        if head.contains("name=\"content\"") {
            return Some((head, content.get(..end)?.to_vec()));
        }
        rest = content.get(end.checked_add(2)?..)?;
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

fn position(world: &World, id: &str) -> Result<usize, Problem> {
    living(world)
        .position(|file| file.id == id)
        .ok_or_else(Problem::not_found)
}

pub(super) fn list(world: &World) -> Response {
    let results: Vec<Value> = living(world).map(|file| file.describe(world)).collect();
    wire::json(
        200,
        &json!({"next": null, "previous": null, "results": results}),
    )
}

pub(super) fn get(world: &World, id: &str) -> Result<Response, Problem> {
    let file = living(world)
        .find(|file| file.id == id)
        .ok_or_else(Problem::not_found)?;
    Ok(wire::json(200, &file.describe(world)))
}

pub(super) fn delete(world: &mut World, id: &str) -> Result<Response, Problem> {
    position(world, id)?;
    world.replicate.files.retain(|file| file.id != id);
    Ok(wire::empty(204))
}
