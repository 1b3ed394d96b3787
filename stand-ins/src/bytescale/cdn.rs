//! The CDN host: raw bytes, processed images and archives to read, and the two save calls.
//! Every read passes `access` first; this module must never serve bytes before that.

use http::Method;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, ETAG};

use super::error::Refusal;
use super::{StoredFile, access, archive, save, transform};
use crate::wire::{self, Incoming, Response, percent_decode};
use crate::world::World;

/// Path and query, without scheme and host.
const MAX_URL_BYTES: usize = 1000;

pub(crate) fn handle(world: &mut World, request: &Incoming) -> Response {
    route(world, request).unwrap_or_else(|refusal| refusal.response())
}

fn route(world: &mut World, request: &Incoming) -> Result<Response, Refusal> {
    if request.target.len() > MAX_URL_BYTES {
        return Err(Refusal::new(
            414,
            "uri_too_long",
            "The URL must not exceed 1000 bytes.",
        ));
    }
    let nothing = || Refusal::not_found("The requested endpoint does not exist.");
    let (account, rest) = request
        .path
        .trim_start_matches('/')
        .split_once('/')
        .ok_or_else(nothing)?;
    if request.method == Method::POST {
        let (way, path) = rest
            .strip_prefix("save/")
            .and_then(|rest| rest.split_once('/'))
            .ok_or_else(nothing)?;
        return save::save(
            world,
            request,
            account,
            way,
            &format!("/{}", percent_decode(path)),
        );
    }
    if request.method != Method::GET {
        return Err(nothing());
    }
    let (way, path) = rest.split_once('/').ok_or_else(nothing)?;
    let path = format!("/{}", percent_decode(path));
    if !matches!(way, "raw" | "image" | "archive") || account != world.bytescale.account {
        return Err(nothing());
    }
    access::check_read(world, request, account, &path, way)?;
    match way {
        "raw" => raw(world, request, &path),
        "image" => transform::image(world, request, &path),
        _ => archive::read(world, request, &path),
    }
}

pub(super) fn file<'a>(world: &'a World, path: &str) -> Result<&'a StoredFile, Refusal> {
    world
        .bytescale
        .find_cached(path, world.now_ms)
        .ok_or_else(|| Refusal::not_found("File not found."))
}

fn raw(world: &World, request: &Incoming, path: &str) -> Result<Response, Refusal> {
    let file = file(world, path)?;
    let mut response = wire::answer(200, &file.mime, file.bytes.clone());
    wire::set_header(&mut response, ETAG, &format!("\"{}\"", file.etag));
    wire::set_header(&mut response, CACHE_CONTROL, "public, max-age=31536000");
    if request.query_value("download").as_deref() == Some("true") {
        wire::set_header(&mut response, CONTENT_DISPOSITION, "attachment");
    }
    Ok(response)
}
