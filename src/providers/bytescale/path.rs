//! Where everything lies; the only place that makes a path.
//!
//! ```text
//! /u/{user}/{model}/photos/{photo}.jpg    /u/{user}/{model}/photos/{photo}.txt
//! /u/{user}/{model}/zips/{16 of the set's hash}.zip
//! /u/{user}/{model}/images/{serial}/{index}.webp
//! ```
//!
//! A path is never used for other bytes again, because copies of the first stay in caches.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::domain::ids::{ModelId, PhotoId, PredictionId, UserId};

/// `encodeURIComponent`, but for the slash and with the exclamation mark, as Bytescale's SDK does.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// Everything of a person.
pub fn user_folder(owner: &UserId) -> String {
    format!("/u/{owner}")
}

/// Everything of a model.
pub fn model_folder(owner: &UserId, model: ModelId) -> String {
    format!("/u/{owner}/{model}")
}

/// The model that a file of this person belongs to, if its path is one of ours.
pub fn model_of(owner: &UserId, path: &str) -> Option<ModelId> {
    let (model, _) = path
        .strip_prefix(&user_folder(owner))?
        .strip_prefix('/')?
        .split_once('/')?;
    model.parse().ok()
}

pub fn photo_path(owner: &UserId, model: ModelId, photo: PhotoId, extension: &str) -> String {
    format!("/u/{owner}/{model}/photos/{photo}.{extension}")
}

/// Beside its photo and named like it, which is how a trainer finds it.
pub fn caption_path(owner: &UserId, model: ModelId, photo: PhotoId) -> String {
    photo_path(owner, model, photo, "txt")
}

/// One path for each set of photos and captions, `set_sha256` being its hash in hexadecimal.
pub fn zip_path(owner: &UserId, model: ModelId, set_sha256: &str) -> String {
    let set = set_sha256.get(..16).unwrap_or(set_sha256);
    format!("/u/{owner}/{model}/zips/{set}.zip")
}

/// The images of one prediction.
pub fn image_folder(owner: &UserId, prediction: PredictionId) -> String {
    let PredictionId { model, serial } = prediction;
    format!("/u/{owner}/{model}/images/{serial}")
}

pub fn image_path(
    owner: &UserId,
    prediction: PredictionId,
    index: usize,
    extension: &str,
) -> String {
    format!("{}/{index}.{extension}", image_folder(owner, prediction))
}

pub(super) fn encode(path: &str) -> String {
    utf8_percent_encode(path, ESCAPED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner() -> UserId {
        "2446087e115025a1".parse().unwrap()
    }

    #[test]
    fn every_thing_has_its_place() {
        let model: ModelId = "1732290000000".parse().unwrap();
        let photo: PhotoId = "0123456789abcdefghjkmnpqrs".parse().unwrap();
        let prediction = PredictionId {
            model,
            serial: photo,
        };
        let root = "/u/2446087e115025a1/1732290000000";
        assert_eq!(user_folder(&owner()), "/u/2446087e115025a1");
        assert_eq!(model_folder(&owner(), model), root);
        for (path, place) in [
            (
                photo_path(&owner(), model, photo, "jpg"),
                "photos/0123456789abcdefghjkmnpqrs.jpg",
            ),
            (
                caption_path(&owner(), model, photo),
                "photos/0123456789abcdefghjkmnpqrs.txt",
            ),
            (
                zip_path(&owner(), model, &"0a".repeat(32)),
                "zips/0a0a0a0a0a0a0a0a.zip",
            ),
            (
                image_path(&owner(), prediction, 2, "webp"),
                "images/0123456789abcdefghjkmnpqrs/2.webp",
            ),
        ] {
            assert_eq!(path, format!("{root}/{place}"));
            assert_eq!(encode(&path), path);
        }
    }

    #[test]
    fn other_characters_are_escaped_as_the_sdk_does() {
        assert_eq!(
            encode("/a b/ü!'()*~-_.?#%&+"),
            "/a%20b/%C3%BC%21'()*~-_.%3F%23%25%26%2B"
        );
    }
}
