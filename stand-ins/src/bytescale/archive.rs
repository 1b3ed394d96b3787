//! Archives: real zips of the stored bytes, their listing, and everything the contract leaves open about them as switches.
//! It must never invent a listing: what is answered is read from the stored zip.

use std::io::{Cursor, Read, Write};

use serde_json::json;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::cdn;
use super::error::{self, Refusal};
use super::save::Parameters;
use crate::script::Behaviour;
use crate::wire::{self, Incoming, Response};
use crate::world::World;

const MAX_INPUTS: usize = 200;
const HELD_MS: u64 = 55_000;
const PARAMETERS: &[&str] = &[
    "m",
    "out",
    "c",
    "file",
    "exp",
    "sig",
    "version",
    "v",
    "cache",
    "cache_ttl",
    "cache_perm",
    "artifact",
    "large",
];

type Entry = (String, Vec<u8>);

/// `GET …/archive{path}`: the zip itself, its listing or one of its entries.
pub(super) fn read(world: &mut World, request: &Incoming, path: &str) -> Result<Response, Refusal> {
    let parameters = request.query_pairs();
    if mode(&parameters)? == "archive" {
        let (mime, _, bytes) = make(world, request, path, &parameters)?;
        return Ok(wire::answer(200, mime, bytes));
    }
    let entries = open(&cdn::file(world, path)?.bytes)?;
    if let Some(artifact) = request.query_value("artifact") {
        let entry = entries
            .into_iter()
            .find(|(name, _)| artifact.trim_start_matches('/') == name);
        let (_, bytes) = entry.ok_or_else(|| Refusal::not_found("Artifact not found."))?;
        return Ok(wire::answer(200, "application/octet-stream", bytes));
    }
    let wrong = world
        .effects("bytescale-cdn", request)
        .contains(&Behaviour::ListingWrong);
    let files: Vec<_> = entries
        .iter()
        .skip(usize::from(wrong))
        .map(|(name, bytes)| json!({"size": bytes.len(), "artifact": format!("/{name}")}))
        .collect();
    Ok(wire::json(200, &json!({"files": files})))
}

/// The type, the extension and the bytes of the archive that the parameters describe.
pub(super) fn make(
    world: &mut World,
    request: &Incoming,
    path: &str,
    parameters: &Parameters,
) -> Result<(&'static str, &'static str, Vec<u8>), Refusal> {
    if mode(parameters)? != "archive" {
        return Err(Refusal::invalid("query.m", "archive", &json!("extract")));
    }
    let value = |name: &str| {
        parameters
            .iter()
            .rev()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    if let Some(other) = value("out").filter(|out| *out != "zip") {
        return Err(Refusal::invalid("query.out", "zip", &json!(other)));
    }
    let level = value("c").map_or(Ok(6), |text| {
        text.parse::<i64>()
            .ok()
            .filter(|level| (0..=9).contains(level))
            .ok_or_else(|| Refusal::invalid("query.c", "0…9", &json!(text)))
    })?;
    let mut inputs = vec![path.to_owned()];
    inputs.extend(
        parameters
            .iter()
            .filter(|(name, _)| name == "file")
            .map(|(_, path)| path.clone()),
    );
    if inputs.len() > MAX_INPUTS {
        world.answer_delay_ms = HELD_MS;
        return Err(Refusal::new(504, "timeout", "The request timed out."));
    }
    let mut entries = entries(world, &inputs)?;
    let effects = world.effects("bytescale-cdn", request);
    if effects.contains(&Behaviour::ZipEntryMissing) {
        entries.pop();
    }
    if effects.contains(&Behaviour::ZipForeignEntry) {
        entries.push(("thumbs.db".to_owned(), b"not from the photo set".to_vec()));
    }
    let mut bytes = pack(&entries, level).map_err(|_| Refusal::of_status(500))?;
    if effects.contains(&Behaviour::ZipTruncated) {
        bytes.truncate(bytes.len() / 2);
    }
    Ok(("application/zip", "zip", bytes))
}

fn mode(parameters: &Parameters) -> Result<&str, Refusal> {
    if let Some((name, value)) = parameters
        .iter()
        .find(|(name, _)| !PARAMETERS.contains(&name.as_str()))
    {
        return Err(Refusal::invalid(
            &format!("query.{name}"),
            "unknown parameter",
            &json!(value),
        ));
    }
    match parameters
        .iter()
        .find(|(name, _)| name == "m")
        .map(|(_, value)| value.as_str())
    {
        Some(mode @ ("archive" | "extract")) => Ok(mode),
        other => Err(Refusal::invalid(
            "query.m",
            "archive|extract",
            &json!(other),
        )),
    }
}

fn entries(world: &World, inputs: &[String]) -> Result<Vec<Entry>, Refusal> {
    let mut entries: Vec<Entry> = Vec::new();
    for path in inputs {
        error::check_path("query.file", path)?;
        let Some(file) = world.bytescale.find(path, world.now_ms) else {
            match world.switches.get("zip_missing_input") {
                "left_out" => continue,
                "400" => {
                    return Err(Refusal::new(
                        400,
                        "bad_request",
                        format!("File not found: {path}"),
                    ));
                }
                _ => return Err(Refusal::not_found(format!("File not found: {path}"))),
            }
        };
        let whole = path.trim_start_matches('/');
        let base = whole.rsplit('/').next().unwrap_or(whole);
        let mut name = if world.switches.is("zip_names", "whole") {
            whole
        } else {
            base
        }
        .to_owned();
        if let Some(earlier) = entries.iter().position(|(known, _)| *known == name) {
            match world.switches.get("zip_duplicate") {
                "renamed" => name = format!("{earlier}-{name}"),
                "last" => drop(entries.remove(earlier)),
                _ => {
                    return Err(Refusal::new(
                        400,
                        "bad_request",
                        format!("Duplicate file name: {name}"),
                    ));
                }
            }
        }
        entries.push((name, file.bytes.clone()));
    }
    Ok(entries)
}

fn pack(entries: &[Entry], level: i64) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let method = if level == 0 {
        CompressionMethod::Stored
    } else {
        CompressionMethod::Deflated
    };
    let options = SimpleFileOptions::default().compression_method(method);
    let options = if level == 0 {
        options
    } else {
        options.compression_level(Some(level))
    };
    for (name, bytes) in entries {
        writer.start_file(name.as_str(), options)?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

fn open(bytes: &[u8]) -> Result<Vec<Entry>, Refusal> {
    let broken = || Refusal::new(400, "invalid_archive", "The file is not a valid archive.");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let mut entries = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|_| broken())?;
        let mut content = Vec::new();
        entry.read_to_end(&mut content).map_err(|_| broken())?;
        let name = entry.name().map_err(|_| broken())?.into_owned();
        if entry.is_file() {
            entries.push((name, content));
        }
    }
    Ok(entries)
}
