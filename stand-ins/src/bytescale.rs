//! Stands in for Bytescale: files in private folders, signed URLs, archives, image processing and jobs that take their time.
//! It must never show a private file to a request without a key or a valid signature.

mod access;
mod archive;
pub(crate) mod cdn;
mod error;
mod files;
mod folders;
mod jobs;
mod metadata;
mod permission;
mod save;
mod signature;
mod transform;
mod upload;

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Map, Value};

use crate::settings::Settings;
use crate::wire::{self, Incoming, Response};
use crate::world::World;
use error::Refusal;

/// A file as it is stored.
#[derive(Debug, Clone)]
pub struct StoredFile {
    pub path: String,
    pub mime: String,
    pub tags: Vec<String>,
    pub bytes: Vec<u8>,
    pub(crate) etag: String,
    pub(crate) modified_ms: u64,
    pub(crate) metadata: Map<String, Value>,
    pub(crate) original_name: Option<String>,
    /// When a TTL rule on one of its tags removes it.
    pub(crate) expires_ms: Option<u64>,
}

/// A deleted file that is not forgotten everywhere yet.
#[derive(Debug)]
struct Ghost {
    file: StoredFile,
    listed_until_ms: u64,
    cached: bool,
}

#[derive(Debug)]
pub(crate) struct Bytescale {
    account: String,
    files: BTreeMap<String, StoredFile>,
    ghosts: Vec<Ghost>,
    /// `publicPermissions` of each folder that has settings.
    folders: BTreeMap<String, Value>,
    jobs: Vec<jobs::Job>,
}

impl Bytescale {
    pub fn new(settings: &Settings) -> Self {
        let account = settings
            .bytescale_secret_key
            .split('_')
            .nth(1)
            .and_then(|rest| rest.get(..7))
            .unwrap_or_default();
        Self {
            account: account.to_owned(),
            files: BTreeMap::new(),
            ghosts: Vec::new(),
            folders: BTreeMap::from([("/u".to_owned(), permission::private())]),
            jobs: Vec::new(),
        }
    }

    pub fn files(&self, now_ms: u64) -> impl Iterator<Item = &StoredFile> {
        self.files
            .values()
            .filter(move |file| file.expires_ms.is_none_or(|expires| now_ms < expires))
    }

    fn find(&self, path: &str, now_ms: u64) -> Option<&StoredFile> {
        self.files
            .get(path)
            .filter(|file| file.expires_ms.is_none_or(|expires| now_ms < expires))
    }

    /// The file as the CDN sees it: a cached copy outlives its file.
    fn find_cached(&self, path: &str, now_ms: u64) -> Option<&StoredFile> {
        let ghost = || {
            self.ghosts
                .iter()
                .rev()
                .find(|ghost| ghost.cached && ghost.file.path == path)
                .map(|ghost| &ghost.file)
        };
        self.find(path, now_ms).or_else(ghost)
    }
}

pub(crate) fn settle(world: &mut World, until: u64) {
    jobs::settle(world, until);
}

pub(crate) fn fault(_: &World, status: u16) -> Response {
    Refusal::of_status(status).response()
}

/// The routes of the API host.
pub(crate) fn handle(world: &mut World, request: &Incoming) -> Response {
    route(world, request).unwrap_or_else(|refusal| refusal.response())
}

fn route(world: &mut World, request: &Incoming) -> Result<Response, Refusal> {
    let segments = request.segments();
    let names: Vec<&str> = segments.iter().map(String::as_str).collect();
    let ["v2", "accounts", account, rest @ ..] = names.as_slice() else {
        return Err(Refusal::not_found("The requested endpoint does not exist."));
    };
    let key = access::key_of(world, request, account)?;
    let secret_only = !matches!(rest, ["uploads", "binary"] | ["files", "details"]);
    if secret_only && !key.is_secret {
        return Err(Refusal::new(
            403,
            "permission_denied",
            "Public API keys cannot perform this operation.",
        ));
    }
    match (&request.method, rest) {
        (&Method::POST, ["uploads", "binary"]) => upload::upload(world, request, &key),
        (&Method::GET, ["files", "details"]) => files::details(world, request),
        (&Method::DELETE, ["files"]) => files::delete(world, request),
        (&Method::DELETE, ["files", "batch"]) => files::delete_batch(world, request),
        (&Method::POST, ["files", "copy"]) => files::copy(world, request),
        (&Method::PUT, ["folders"]) => folders::put(world, request),
        (&Method::GET, ["folders"]) => folders::get(world, request),
        (&Method::DELETE, ["folders"]) => folders::delete(world, request),
        (&Method::DELETE, ["folders", "batch"]) => folders::delete_batch(world, request),
        (&Method::GET, ["folders", "list"]) => folders::list(world, request),
        (&Method::GET, ["jobs"]) => jobs::recent(world, request),
        (&Method::GET, ["jobs", kind, id]) => jobs::get(world, kind, id),
        (&Method::DELETE, ["jobs", kind, id]) => jobs::cancel(world, kind, id),
        (&Method::POST, ["cache", "reset"]) => jobs::reset_cache(world, request),
        _ => Err(Refusal::not_found("The requested endpoint does not exist.")),
    }
}

impl World {
    fn raw_url(&self, path: &str) -> String {
        format!(
            "{}/bytescale-cdn/{}/raw{}",
            self.settings.origin,
            self.bytescale.account,
            wire::encode_path(path)
        )
    }
}

#[cfg(test)]
mod tests;
