//! Single files: storing, deleting, looking, and a small picture of one.

use http::{Method, header};

use super::{api_url, cdn_url, empty};
use crate::config;
use crate::ports::json::json_struct;
use crate::ports::{Fault, Limits, Pieces, Platform};
use crate::providers::call::{self, HAND_ON, Policy, READ, STORE};

const MAX_THUMBNAIL_BYTES: usize = 64 * 1024;
const MAX_IMAGE_BYTES: usize = 16 * 1024 * 1024;

/// Stores the bytes under a path. A repeat overwrites the same path with the same bytes; the tag
/// selects the account's rule that deletes what we forgot.
pub async fn store<P: Platform>(
    platform: &P,
    config: &config::Bytescale,
    path: &str,
    content_type: &str,
    tag: &str,
    bytes: Vec<u8>,
) -> Result<(), Fault> {
    let url = api_url(
        config,
        "/uploads/binary",
        &[("filePath", path), ("tag", tag)],
    );
    let headers = [(header::CONTENT_TYPE.as_str(), content_type)];
    let request = call::request(Method::POST, &url, &config.secret_key, &headers, bytes)?;
    let body = call::send(platform, request, STORE).await?;
    read_stored(&body, path)
}

/// Whatever was written must lie where it was meant to.
pub(super) fn read_stored(body: &[u8], path: &str) -> Result<(), Fault> {
    json_struct! {
        struct Stored {
            file_path as "filePath": Option<String>,
        }
    }
    let stored: Stored = call::read_json(body, "body")?;
    if stored.file_path.as_deref() == Some(path) {
        Ok(())
    } else {
        Err(Fault::malformed("filePath"))
    }
}

/// The bytes under a path, piece by piece.
pub async fn open<P: Platform>(
    platform: &P,
    config: &config::Bytescale,
    path: &str,
) -> Result<Pieces, Fault> {
    let request = empty(config, Method::GET, &cdn_url(config, "raw", path))?;
    call::open(platform, &request, HAND_ON).await
}

/// A picture of the picture: WebP, `width` pixels wide, at most 64 KiB.
pub async fn thumbnail<P: Platform>(
    platform: &P,
    config: &config::Bytescale,
    path: &str,
    width: u32,
) -> Result<Vec<u8>, Fault> {
    let url = format!("{}?f=webp&w={width}", cdn_url(config, "image", path));
    let bytes = read(platform, config, &url, MAX_THUMBNAIL_BYTES).await?;
    let webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    if webp {
        Ok(bytes)
    } else {
        Err(Fault::malformed("image"))
    }
}

/// A stored image as it is, its mark and recipe in it.
pub async fn read_image<P: Platform>(
    platform: &P,
    config: &config::Bytescale,
    path: &str,
) -> Result<Vec<u8>, Fault> {
    read(
        platform,
        config,
        &cdn_url(config, "raw", path),
        MAX_IMAGE_BYTES,
    )
    .await
}

async fn read<P: Platform>(
    platform: &P,
    config: &config::Bytescale,
    url: &str,
    max_bytes: usize,
) -> Result<Vec<u8>, Fault> {
    let limits = Limits {
        max_bytes,
        ..READ.limits
    };
    let request = empty(config, Method::GET, url)?;
    call::send(platform, request, Policy { limits, ..READ }).await
}

/// Deletes a file; one that is gone already is no error.
pub async fn delete_file<P: Platform>(
    platform: &P,
    config: &config::Bytescale,
    path: &str,
) -> Result<(), Fault> {
    let url = api_url(config, "/files", &[("filePath", path)]);
    let answer = call::send(platform, empty(config, Method::DELETE, &url)?, READ).await;
    call::unless_gone(answer).map(|_| ())
}

/// Whether there is a file under the path.
pub async fn exists<P: Platform>(
    platform: &P,
    config: &config::Bytescale,
    path: &str,
) -> Result<bool, Fault> {
    is_there(platform, config, path, READ).await
}

pub(super) async fn is_there<P: Platform>(
    platform: &P,
    config: &config::Bytescale,
    path: &str,
    policy: Policy,
) -> Result<bool, Fault> {
    let url = api_url(config, "/files/details", &[("filePath", path)]);
    let answer = call::send(platform, empty(config, Method::GET, &url)?, policy).await;
    call::unless_gone(answer).map(|found| found.is_some())
}
