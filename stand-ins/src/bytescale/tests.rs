//! What the tests of this stand-in share: requests with and without a key, uploads and signatures.

mod archives;
mod files;
mod switches;

use crate::wire::Reaction;
use crate::{Behaviour, Response, Script, Settings, World, handle};
use serde_json::{Value, json};

pub(super) const BASE: &str = "http://127.0.0.1:8788";

pub(super) fn call(
    world: &mut World,
    method: &str,
    target: &str,
    kind: &str,
    body: &[u8],
) -> Response {
    let request = http::Request::builder()
        .method(method)
        .uri(format!("{BASE}{target}"))
        .header("authorization", "Bearer secret_devSeLfdevelopmentonly")
        .header("content-type", kind)
        .body(body.to_vec())
        .unwrap();
    answer(handle(world, request))
}

pub(super) fn anonymous(world: &mut World, url: &str) -> Response {
    answer(handle(
        world,
        http::Request::builder().uri(url).body(Vec::new()).unwrap(),
    ))
}

pub(super) fn answer(reaction: Reaction) -> Response {
    match reaction {
        Reaction::Answer(response) => response,
        Reaction::Delayed { then, .. } => answer(*then),
        other => panic!("{other:?}"),
    }
}

pub(super) fn body(response: &Response) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

pub(super) fn upload(world: &mut World, path: &str, kind: &str, bytes: &[u8]) -> Response {
    call(
        world,
        "POST",
        &format!("/bytescale/v2/accounts/devSeLf/uploads/binary?filePath={path}&tag=photo"),
        kind,
        bytes,
    )
}

pub(super) fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_pixel(width, height, image::Rgb([10, 200, 90]));
    crate::picture::encode(&picture, crate::picture::Format::Jpeg, 80).unwrap()
}

pub(super) fn sign(url: &str, exp: &str) -> String {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use hmac::{Hmac, Mac};
    let url = format!(
        "{url}{}exp={exp}",
        if url.contains('?') { '&' } else { '?' }
    );
    let mut hmac =
        Hmac::<sha2::Sha256>::new_from_slice(b"selfie-development-signing-key-0").unwrap();
    hmac.update(url.split_once("://").unwrap().1.as_bytes());
    format!(
        "{url}&sig=1.devSign1.{}",
        URL_SAFE_NO_PAD.encode(hmac.finalize().into_bytes())
    )
}
