//! Reads the zip of a training as the trainer does: fetched by a plain GET, opened, its pictures decoded, its captions paired.
//! It must never fetch from anywhere but this world: a foreign address is an address that does not answer with a zip.

use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::Arc;

use http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::files;
use super::model::Subject;
use crate::picture;
use crate::route;
use crate::wire::{self, Reaction};
use crate::world::World;

const NO_ZIP: &str = "input_images must be a zip file";
/// Kept of each photo: enough to draw from, small enough to keep many.
const KEPT_SIDE: u32 = 640;

/// One entry of the zip of a training, as the trainer unpacked it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ZipEntry {
    pub name: String,
    pub bytes: usize,
    /// In hexadecimal.
    pub sha256: String,
}

/// What came out of the zip of a training.
#[derive(Debug)]
pub(super) struct Bundle {
    pub entries: Vec<ZipEntry>,
    pub captions: Vec<(String, String)>,
    pub subject: Arc<Subject>,
}

/// What a trainer finds, or the error that it dies of.
pub(super) fn read(world: &mut World, input: &Map<String, Value>) -> Result<Bundle, String> {
    let url = input
        .get("input_images")
        .and_then(Value::as_str)
        .filter(|url| !url.is_empty());
    let url = url.ok_or("input_images must be provided")?;
    let kept_side = KEPT_SIDE.checked_div(world.settings.picture_divisor);
    let kept_side = kept_side.unwrap_or(KEPT_SIDE);
    let bytes = fetch(world, url).ok_or(NO_ZIP)?;
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| NO_ZIP)?;
    let (mut photos, mut captions) = (Vec::new(), Vec::new());
    let mut texts: Vec<(String, String)> = Vec::new();
    let mut entries = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|_| NO_ZIP)?;
        let name = entry.name().map_err(|_| NO_ZIP)?.into_owned();
        let mut content = Vec::new();
        entry
            .read_to_end(&mut content)
            .map_err(|_| "Error extracting zip")?;
        entries.push(ZipEntry {
            name: name.clone(),
            bytes: content.len(),
            sha256: wire::hex(&Sha256::digest(&content)),
        });
        if entry.is_dir() || name.starts_with("__MACOSX/") || name.starts_with("._") {
            continue;
        }
        match extension(&name).as_str() {
            "jpg" | "jpeg" | "png" | "webp" => {
                let photo = picture::once(&[&kept_side.to_le_bytes(), &content], || {
                    let photo = picture::decode(&content)?;
                    Ok(picture::inside(&photo, kept_side, kept_side))
                });
                let photo = photo.map_err(|error| {
                    format!("Error loading image: input_images/{name}: {error}")
                })?;
                photos.push((name, photo));
            }
            "txt" => texts.push((
                stem(&name),
                String::from_utf8(content).map_err(|_| "caption is not UTF-8")?,
            )),
            _ => {}
        }
    }
    if photos.is_empty() {
        return Err("no images found in input_images".to_owned());
    }
    let trigger_word = input
        .get("trigger_word")
        .and_then(Value::as_str)
        .unwrap_or("TOK")
        .to_owned();
    for (name, _) in &photos {
        let own = texts
            .iter()
            .find(|(stem_of_text, _)| *stem_of_text == stem(name))
            .map(|(_, text)| text.trim().to_owned());
        captions.push((
            name.clone(),
            own.unwrap_or_else(|| format!("a photo of {trigger_word}")),
        ));
    }
    let photos = photos.into_iter().map(|(_, photo)| photo).collect();
    Ok(Bundle {
        entries,
        captions,
        subject: Arc::new(Subject {
            photos,
            trigger_word,
        }),
    })
}

fn extension(name: &str) -> String {
    Path::new(name)
        .extension()
        .and_then(|end| end.to_str())
        .unwrap_or_default()
        .to_ascii_lowercase()
}

fn stem(name: &str) -> String {
    name.rsplit_once('.')
        .map_or(name, |(stem, _)| stem)
        .to_owned()
}

/// The bytes behind a URL of this world, if it answers 200.
pub(super) fn fetch(world: &mut World, url: &str) -> Option<Vec<u8>> {
    if let Some(bytes) = files::content(world, url) {
        return Some(bytes);
    }
    url.strip_prefix(&world.settings.origin)
        .filter(|rest| rest.starts_with("/bytescale-cdn/"))?;
    let request = http::Request::builder()
        .uri(url)
        .header("user-agent", "python-requests/2.32.3")
        .body(Vec::new())
        .ok()?;
    whole(route::handle(world, request))
}

fn whole(reaction: Reaction) -> Option<Vec<u8>> {
    match reaction {
        Reaction::Answer(response) if response.status() == StatusCode::OK => {
            Some(response.into_body())
        }
        Reaction::Truncated { response, bytes } => {
            response.into_body().get(..bytes).map(<[u8]>::to_vec)
        }
        Reaction::Delayed { then, .. } => whole(*then),
        _ => None,
    }
}
