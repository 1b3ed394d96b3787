//! Image processing: the stored picture upright, scaled and converted as the query says.
//! It must never answer the stored bytes themselves: even without parameters the picture is encoded anew.

use serde_json::json;

use super::cdn;
use super::error::Refusal;
use super::save::Parameters;
use crate::picture::{self, Fit, Format};
use crate::wire::{self, Incoming, Response};
use crate::world::World;

const MAX_SIDE: u32 = 10_000;

pub(super) fn image(world: &World, request: &Incoming, path: &str) -> Result<Response, Refusal> {
    let (mime, _, bytes) = make(world, path, &request.query_pairs())?;
    Ok(wire::answer(200, mime, bytes))
}

/// The type, the extension and the bytes of the picture that the parameters describe.
pub(super) fn make(
    world: &World,
    path: &str,
    parameters: &Parameters,
) -> Result<(&'static str, &'static str, Vec<u8>), Refusal> {
    let value = |name: &str| {
        parameters
            .iter()
            .rev()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let number = |name: &str, most: u32| match value(name) {
        None => Ok(None),
        Some(text) => {
            let number = text
                .parse::<u32>()
                .ok()
                .filter(|number| (1..=most).contains(number));
            number.map(Some).ok_or_else(|| {
                Refusal::invalid(&format!("query.{name}"), &format!("1…{most}"), &json!(text))
            })
        }
    };
    let (width, height) = (number("w", MAX_SIDE)?, number("h", MAX_SIDE)?);
    let quality = number("q", 100)?.unwrap_or(80);
    let fit = match value("fit").unwrap_or("max") {
        "crop" => Fit::Crop,
        "max" | "shrink" | "width" | "height" => Fit::Inside,
        "stretch" => Fit::Stretch,
        other => {
            return Err(Refusal::invalid(
                "query.fit",
                "crop|max|shrink|stretch|width|height",
                &json!(other),
            ));
        }
    };
    let format = match value("f").unwrap_or("jpg") {
        "jpg" | "jpeg" => Format::Jpeg,
        "png" => Format::Png,
        "webp" | "auto" => Format::WebP,
        other => return Err(Refusal::invalid("query.f", "jpg|png|webp", &json!(other))),
    };
    let file = cdn::file(world, path)?;
    let unreadable = |reason: String| Refusal::new(400, "invalid_image", reason);
    let asked = format!("{width:?} {height:?} {fit:?} {format:?} {quality}");
    let bytes = picture::once(&[asked.as_bytes(), &file.bytes], || {
        let picture = picture::decode(&file.bytes)?;
        let picture = picture::scale(&picture, width, height, fit);
        picture::encode(&picture, format, quality)
    });
    let bytes = bytes.map_err(unreadable)?;
    Ok((format.mime(), format.extension(), bytes))
}
