//! `uploads/binary`: validates path, type, tags and metadata and stores the bytes, whoever asks.
//! Every stored picture is searched for what must have been stripped before it left the product.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::access::Key;
use super::error::{self, Refusal};
use super::{StoredFile, metadata};
use crate::clock::HOUR_MS;
use crate::script::Behaviour;
use crate::wire::{self, Incoming, Response};
use crate::world::World;

const MAX_BYTES: usize = 500 * 1024 * 1024;
const MAX_METADATA_BYTES: usize = 2048;
const PARAMETERS: &[&str] = &[
    "filePath",
    "fileName",
    "fileNameFallback",
    "folderPath",
    "fileNameVariablesEnabled",
    "folderPathVariablesEnabled",
    "originalFileName",
    "tag",
];

pub(super) fn upload(
    world: &mut World,
    request: &Incoming,
    key: &Key,
) -> Result<Response, Refusal> {
    check_quota(world)?;
    if request.body.len() > MAX_BYTES {
        return Err(Refusal::new(
            413,
            "payload_too_large",
            "The file is too large.",
        ));
    }
    let query = request.query_pairs();
    if let Some((name, value)) = query
        .iter()
        .find(|(name, _)| !PARAMETERS.contains(&name.as_str()))
    {
        return Err(Refusal::invalid(
            &format!("query.{name}"),
            "unknown parameter",
            &json!(value),
        ));
    }
    let path = path_of(world, &query)?;
    let mime = request.header("content-type").unwrap_or_default();
    if !is_mime(mime) {
        return Err(Refusal::invalid(
            "header.content-type",
            r"^[a-zA-Z0-9]+/[a-zA-Z0-9+\-._]+(;k=v)*$",
            &json!(mime),
        ));
    }
    let tags: Vec<String> = query
        .iter()
        .filter(|(name, _)| name == "tag")
        .map(|(_, value)| value.clone())
        .collect();
    if tags.len() > 25 {
        return Err(Refusal::invalid(
            "query.tag",
            "at most 25 tags",
            &json!(tags.len()),
        ));
    }
    for tag in &tags {
        error::check_tag("query.tag", tag)?;
    }
    let original_name = query
        .iter()
        .find(|(name, _)| name == "originalFileName")
        .map(|(_, value)| value.clone());
    if original_name
        .as_ref()
        .is_some_and(|name| !(1..=255).contains(&name.chars().count()))
    {
        return Err(Refusal::invalid(
            "query.originalFileName",
            "1 to 255 characters",
            &json!(original_name),
        ));
    }
    if !key.is_secret && world.bytescale.find(&path, world.now_ms).is_some() {
        return Err(Refusal::new(
            403,
            "permission_denied",
            format!("You cannot overwrite files at the path \"{path}\"."),
        ));
    }
    let mut bytes = request.body.clone();
    let details = metadata_of(request)?;
    if let Some(Behaviour::StoredShort { bytes: keep }) =
        world.effects("bytescale", request).first()
    {
        bytes.truncate(*keep);
    }
    let etag = store(
        world,
        New {
            path: path.clone(),
            mime: mime.to_owned(),
            tags,
            bytes,
            metadata: details,
            original_name,
        },
    );
    let mut body = json!({"accountId": world.bytescale.account, "filePath": path, "fileUrl": world.raw_url(&path)});
    if let (Some(body), true) = (body.as_object_mut(), world.switches.is("etag", "present")) {
        body.insert("etag".to_owned(), json!(etag));
    }
    Ok(wire::json(200, &body))
}

/// What is needed to store a file.
#[derive(Debug)]
pub(super) struct New {
    pub path: String,
    pub mime: String,
    pub tags: Vec<String>,
    pub bytes: Vec<u8>,
    pub metadata: Map<String, Value>,
    pub original_name: Option<String>,
}

/// Stores the file over any earlier one and answers its etag.
pub(super) fn store(world: &mut World, new: New) -> String {
    for found in metadata::private_parts(&new.bytes) {
        world.violate(format!("bytescale: {} holds {found}", new.path));
    }
    let ttl_ms = match world.switches.get("tag_ttl") {
        "1h" => Some(HOUR_MS),
        "24h" => Some(24 * HOUR_MS),
        _ => None,
    };
    let digest = Sha256::digest(&new.bytes);
    let etag = wire::hex(digest.get(..20).unwrap_or_default());
    let file = StoredFile {
        expires_ms: ttl_ms
            .filter(|_| !new.tags.is_empty())
            .map(|ttl| world.now_ms.saturating_add(ttl)),
        etag: etag.clone(),
        modified_ms: world.now_ms,
        path: new.path,
        mime: new.mime,
        tags: new.tags,
        bytes: new.bytes,
        metadata: new.metadata,
        original_name: new.original_name,
    };
    world.bytescale.files.insert(file.path.clone(), file);
    etag
}

pub(super) fn check_quota(world: &World) -> Result<(), Refusal> {
    match world.switches.status("quota", 0) {
        0 => Ok(()),
        status => Err(Refusal::new(
            status,
            "quota_exceeded",
            "Please upgrade your Bytescale Account.",
        )),
    }
}

fn path_of(world: &mut World, query: &[(String, String)]) -> Result<String, Refusal> {
    let value = |name: &str| {
        query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    if let (Some(path), Some(name)) = (value("filePath"), value("fileName")) {
        return Err(Refusal::invalid(
            "query.fileName",
            &format!("excluded by filePath {path}"),
            &json!(name),
        ));
    }
    if let Some(path) = value("filePath") {
        error::check_path("query.filePath", path)?;
        return Ok(path.to_owned());
    }
    let folder = value("folderPath")
        .unwrap_or("/uploads")
        .trim_end_matches('/')
        .to_owned();
    let name = value("fileName").map(str::to_owned);
    let name = name.unwrap_or_else(|| {
        world
            .random
            .text("abcdefghijklmnopqrstuvwxyz0123456789", 16)
    });
    if name.contains('/') {
        return Err(Refusal::invalid("query.fileName", "no /", &json!(name)));
    }
    let path = format!("{folder}/{name}");
    error::check_path("query.folderPath", &path)?;
    Ok(path)
}

fn metadata_of(request: &Incoming) -> Result<Map<String, Value>, Refusal> {
    let Some(text) = request.header("x-upload-metadata") else {
        return Ok(Map::new());
    };
    match serde_json::from_str(text) {
        Ok(Value::Object(fields)) if text.len() <= MAX_METADATA_BYTES => Ok(fields),
        _ => Err(Refusal::invalid(
            "header.x-upload-metadata",
            "JSON object of at most 2 KB",
            &json!(text),
        )),
    }
}

fn is_mime(text: &str) -> bool {
    let mut parts = text.split(';');
    let Some((kind, subtype)) = parts.next().and_then(|mime| mime.split_once('/')) else {
        return false;
    };
    let is_kind = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_subtype = !subtype.is_empty()
        && subtype
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-._".contains(&byte));
    let is_pair = |pair: &str| {
        pair.split_once('=')
            .is_some_and(|(name, value)| !name.trim().is_empty() && !value.is_empty())
    };
    (3..=255).contains(&text.len()) && is_kind && is_subtype && parts.all(is_pair)
}

#[cfg(test)]
mod tests {
    use super::is_mime;

    #[test]
    fn mime_types_follow_the_pattern() {
        for good in ["image/jpeg", "text/plain;charset=utf-8", "image/svg+xml"] {
            assert!(is_mime(good), "{good}");
        }
        for bad in [
            "",
            "image",
            "image/",
            "/jpeg",
            "image/jp eg",
            "text/plain;charset",
        ] {
            assert!(!is_mime(bad), "{bad}");
        }
    }
}
