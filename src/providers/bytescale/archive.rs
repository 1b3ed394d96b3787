//! Bundles: made by Bytescale from stored files, and listed again before anything is paid for.

use http::Method;
use serde_json::json;

use super::job::{self, Accepted, State};
use super::{cdn_url, empty, file};
use crate::config;
use crate::ports::json::json_struct;
use crate::ports::{Fault, Platform};
use crate::providers::call::{self, ARCHIVE, GLANCE, Policy, READ, UNSENDABLE};

/// A file in a bundle.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Without folders, which Bytescale may or may not keep.
    pub name: String,
    pub size: u64,
}

json_struct! {
    struct Saved {
        is_async as "async": Option<bool>,
    }
}

/// Writes a zip of the files to `destination`. The same files overwrite the same destination, so a
/// repeat is harmless.
pub async fn make_zip<P: Platform>(
    platform: &P,
    config: &config::Bytescale,
    destination: &str,
    files: &[String],
) -> Result<(), Fault> {
    // The file in the address is the first entry of the archive.
    let (first, others) = files.split_first().ok_or(UNSENDABLE)?;
    let url = format!(
        "{}?m=archive&out=zip",
        cdn_url(config, "save/archive", first)
    );
    let others: Vec<_> = others.iter().map(|file| json!({"file": file})).collect();
    let body = json!({
        "destination": destination,
        "extendedParams": others,
        "tags": {"value": ["training_zip"]},
    });
    let request = call::json_request(Method::POST, &url, &config.secret_key, &[], &body)?;
    let answer = call::send(platform, request, ARCHIVE).await?;
    let saved: Saved = call::read_json(&answer, "body")?;
    match saved.is_async {
        Some(false) => file::read_stored(&answer, destination),
        Some(true) => match job::wait(platform, config, &Accepted::read(&answer)?).await? {
            State::Succeeded => Ok(()),
            State::Open => Err(Fault::Timeout),
        },
        None => Err(Fault::malformed("async")),
    }
}

/// What is in a zip.
pub async fn list_zip<P: Platform>(
    platform: &P,
    config: &config::Bytescale,
    path: &str,
) -> Result<Vec<Entry>, Fault> {
    list(platform, config, path, READ).await
}

/// What is in a zip, if it is there, at a glance. First it is looked for where nothing is cached:
/// the edge would remember that it did not find it.
pub async fn find_zip<P: Platform>(
    platform: &P,
    config: &config::Bytescale,
    path: &str,
) -> Result<Option<Vec<Entry>>, Fault> {
    if !file::is_there(platform, config, path, GLANCE).await? {
        return Ok(None);
    }
    call::unless_gone(list(platform, config, path, GLANCE).await)
}

async fn list<P: Platform>(
    platform: &P,
    config: &config::Bytescale,
    path: &str,
    policy: Policy,
) -> Result<Vec<Entry>, Fault> {
    let url = format!("{}?m=extract", cdn_url(config, "archive", path));
    read_listing(&call::send(platform, empty(config, Method::GET, &url)?, policy).await?)
}

fn read_listing(body: &[u8]) -> Result<Vec<Entry>, Fault> {
    json_struct! {
        struct Listing {
            files: Option<Vec<File>>,
        }
    }
    json_struct! {
        struct File {
            artifact: Option<String>,
            size: Option<f64>,
        }
    }
    let listing: Listing = call::read_json(body, "body")?;
    listing
        .files
        .ok_or(Fault::malformed("files"))?
        .into_iter()
        .map(|file| {
            let artifact = file.artifact.ok_or(Fault::malformed("files.artifact"))?;
            let size = file
                .size
                .and_then(call::whole)
                .ok_or(Fault::malformed("files.size"))?;
            let name = artifact.rsplit('/').next().unwrap_or_default().to_owned();
            Ok(Entry { name, size })
        })
        .filter(|entry| entry.as_ref().map_or(true, |entry| !is_folder(entry)))
        .collect()
}

fn is_folder(entry: &Entry) -> bool {
    entry.name.is_empty() && entry.size == 0
}
