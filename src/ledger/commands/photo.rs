//! The photo set of a model.
//!
//! A photo's place is taken before the file is stored and given up when it never arrives, so a
//! failed upload leaves nothing behind and the limit holds for uploads at the same time.

use super::super::{Command, Effect, Page, Quota, Refusal};
use super::account::require_consent;
use super::model::save;
use super::operation::forget_answers;
use crate::domain::digest;
use crate::domain::ids::{ModelId, PhotoId, PhotoKey};
use crate::ports::Text;
use crate::ports::json::{json_enum, json_struct};
use crate::records::{Model, ModelState, Photo};

/// How long storing something may take before its place is given up.
pub(super) const UPLOAD_S: u64 = 600;
/// How many one person may begin to upload in an hour.
const UPLOADS: (u64, usize) = (3600, 120);
/// What one person may have stored, all models together.
const MAX_STORED_BYTES: u64 = 300 * 1024 * 1024;

pub(super) fn prefix(model: ModelId) -> String {
    format!("{model}.")
}

pub(super) fn key(photo: &Photo) -> PhotoKey {
    PhotoKey {
        model: *photo.model,
        photo: *photo.id,
    }
}

/// The stored photos of a model in the order of their ids.
pub(super) fn stored(page: &mut Page<'_>, model: ModelId) -> Result<Vec<Photo>, Refusal> {
    let mut photos: Vec<Photo> = page.list(&prefix(model))?;
    photos.retain(|photo| photo.stored);
    Ok(photos)
}

/// What tells one set of photos from another: their ids and captions.
pub fn set_sha256(photos: &[Photo]) -> String {
    let mut text = String::new();
    for photo in photos {
        let caption = photo.caption.as_deref().unwrap_or_default();
        text.extend([photo.id.to_string().as_str(), "\n", caption, "\n"]);
    }
    digest::hex(&digest::sha256(&[text.as_bytes()]))
}

json_struct! {
    /// Takes a place for a photo that is about to be stored.
    pub struct OfferPhoto {
        pub photo: Photo,
    }
}

json_enum! {
    #[allow(clippy::large_enum_variant, reason = "it is taken apart at once")]
    pub enum Offered {
        /// Store it, then `KeepPhoto`.
        "welcome" = Welcome,
        /// These very bytes are in the set already.
        "known" = Known(photo: Photo),
    }
}

impl Command for OfferPhoto {
    const NAME: &'static str = "offer-photo";
    type Reply = Offered;

    fn run(self, page: &mut Page<'_>) -> Result<Offered, Refusal> {
        require_consent(page)?;
        let model: Model = page.require(self.photo.model)?;
        if model.state.is_running() {
            return Err(Refusal::conflict(super::state_name(model.state)));
        }
        let photos: Vec<Photo> = page.list(&prefix(*model.id))?;
        let twin = |other: &&Photo| other.stored && other.sha256 == self.photo.sha256;
        if let Some(known) = photos.iter().find(twin) {
            return Ok(Offered::Known(known.clone()));
        }
        let used = u64::try_from(photos.len()).unwrap_or(u64::MAX);
        let limit = page.rules().photos_per_model;
        if used >= limit {
            return Err(Refusal::full(Quota::PhotosPerModel, limit, used));
        }
        let all: Vec<Photo> = page.list("")?;
        let bytes = all
            .iter()
            .fold(self.photo.bytes, |sum, p| sum.saturating_add(p.bytes));
        if bytes > MAX_STORED_BYTES {
            let used = bytes.saturating_sub(self.photo.bytes);
            return Err(Refusal::full(
                Quota::StoredPhotoBytes,
                MAX_STORED_BYTES,
                used,
            ));
        }
        if let Some(free_at) = super::limit::count(page, "uploads", &[UPLOADS])? {
            let limit = u64::try_from(UPLOADS.1).unwrap_or(u64::MAX);
            return Err(Refusal::spent(Quota::UploadsPerHour, limit, limit, free_at));
        }
        let key = key(&self.photo);
        page.put(key, &self.photo);
        let due = page.now().plus_s(UPLOAD_S);
        page.enqueue_at(Effect::AbandonPhoto { photo: Text(key) }, due);
        Ok(Offered::Welcome)
    }
}

json_struct! {
    /// The file is stored: the photo belongs to the set.
    pub struct KeepPhoto {
        pub photo: Text<PhotoKey>,
    }
}

impl Command for KeepPhoto {
    const NAME: &'static str = "keep-photo";
    type Reply = Photo;

    fn run(self, page: &mut Page<'_>) -> Result<Photo, Refusal> {
        let mut photo: Photo = page.require(*self.photo)?;
        let model: Model = page.require(photo.model)?;
        photo.stored = true;
        photo.uploaded_at = page.now();
        page.put(*self.photo, &photo);
        page.cancel(&Effect::AbandonPhoto { photo: self.photo });
        changed(page, model)?;
        Ok(photo)
    }
}

json_struct! {
    /// Removes a photo from the set and its files from the store. Also gives up a place.
    pub struct DropPhoto {
        pub photo: Text<PhotoKey>,
        /// Only if it never arrived.
        pub if_abandoned: bool,
    }
}

impl Command for DropPhoto {
    const NAME: &'static str = "drop-photo";
    type Reply = ();

    fn run(self, page: &mut Page<'_>) -> Result<(), Refusal> {
        let photo: Photo = page.require(*self.photo)?;
        let model: Model = page.require(photo.model)?;
        if self.if_abandoned && photo.stored {
            return Ok(());
        }
        if !self.if_abandoned && model.state.is_running() {
            return Err(Refusal::conflict(super::state_name(model.state)));
        }
        page.cancel(&Effect::AbandonPhoto { photo: self.photo });
        forget_answers::<Photo>(page, |answer| key(answer) == *self.photo)?;
        remove(page, photo)?;
        changed(page, model)
    }
}

json_struct! {
    /// Removes all photos of a model, because they are kept for a limited time after its last
    /// training. While one runs they stay: its end begins the time anew.
    pub struct ExpirePhotos {
        pub model: Text<ModelId>,
    }
}

impl Command for ExpirePhotos {
    const NAME: &'static str = "expire-photos";
    type Reply = ();

    fn run(self, page: &mut Page<'_>) -> Result<(), Refusal> {
        let model: Model = page.require(self.model)?;
        if model.state.is_running() {
            return Ok(());
        }
        expire(page, model)
    }
}

/// Removes all photos of a model, and a bundle of them that no training has used.
pub(super) fn expire(page: &mut Page<'_>, mut model: Model) -> Result<(), Refusal> {
    for photo in stored(page, *model.id)? {
        remove(page, photo)?;
    }
    forget_answers::<Photo>(page, |answer| answer.model == model.id)?;
    if let Some(zip) = model.zip.take() {
        page.enqueue(Effect::DeleteFile { path: zip.path });
    }
    model.cover = model.cover.filter(|path| !path.contains("/photos/"));
    changed(page, model)
}

/// Removes a photo with what lies of it elsewhere, and stops the run that describes it.
fn remove(page: &mut Page<'_>, photo: Photo) -> Result<(), Refusal> {
    let path = photo.path.clone();
    if photo.caption.is_some() {
        delete_caption(page, &path);
    }
    let key = key(&photo);
    super::caption::stop_one(page, photo)?;
    page.remove::<Photo>(key);
    page.enqueue(Effect::DeleteFile { path });
    Ok(())
}

/// Removes a folder at Bytescale at once, and what was still on its way there then.
pub(super) fn delete_folder(page: &mut Page<'_>, path: String) {
    let due = page.now().plus_s(UPLOAD_S);
    page.enqueue_at(Effect::DeleteStragglers { path: path.clone() }, due);
    page.enqueue(Effect::DeleteFolder { path });
}

/// Removes the file of a caption, when no bundle that is being made can write it any more.
fn delete_caption(page: &mut Page<'_>, photo_path: &str) {
    let path = caption_path(photo_path);
    let due = page.now().plus_s(UPLOAD_S);
    page.enqueue_at(Effect::DeleteFile { path }, due);
}

/// A caption lies beside its photo, under the same stem.
pub fn caption_path(photo_path: &str) -> String {
    let stem = photo_path
        .rsplit_once('.')
        .map_or(photo_path, |(stem, _)| stem);
    format!("{stem}.txt")
}

json_struct! {
    pub struct ListPhotos {
        pub model: Text<ModelId>,
    }
}

json_struct! {
    pub struct PhotoSet {
        pub model: Model,
        pub photos: Vec<Photo>,
    }
}

impl Command for ListPhotos {
    const NAME: &'static str = "list-photos";
    type Reply = PhotoSet;

    fn run(self, page: &mut Page<'_>) -> Result<PhotoSet, Refusal> {
        let model: Model = page.require(self.model)?;
        let photos = stored(page, *self.model)?;
        Ok(PhotoSet { model, photos })
    }
}

json_struct! {
    /// Changes what stands beside a photo in the bundle; nothing removes it.
    pub struct CaptionPhoto {
        pub photo: Text<PhotoKey>,
        pub caption: Option<String>,
    }
}

impl Command for CaptionPhoto {
    const NAME: &'static str = "caption-photo";
    type Reply = Photo;

    fn run(self, page: &mut Page<'_>) -> Result<Photo, Refusal> {
        let mut photo: Photo = page.require(*self.photo)?;
        let model: Model = page.require(photo.model)?;
        if !photo.stored {
            return Err(Refusal::NotFound);
        }
        if model.state.is_running() {
            return Err(Refusal::conflict(super::state_name(model.state)));
        }
        if photo.caption != self.caption {
            if self.caption.is_none() {
                delete_caption(page, &photo.path);
            }
            photo.caption = self.caption;
            page.put(*self.photo, &photo);
            changed(page, model)?;
        }
        Ok(photo)
    }
}

/// Brings the model up to date with its photos: the count, the cover, and a bundle that is no
/// longer of this set.
pub(super) fn changed(page: &mut Page<'_>, mut model: Model) -> Result<(), Refusal> {
    let photos = stored(page, *model.id)?;
    model.photos = u32::try_from(photos.len()).unwrap_or(u32::MAX);
    if model.versions.is_empty() {
        model.cover = photos.first().map(|photo| photo.path.clone());
    }
    let current = set_sha256(&photos);
    if model.state == ModelState::Bundled
        && model.zip.as_ref().is_none_or(|z| z.set_sha256 != current)
    {
        model.state = if model.versions.is_empty() {
            ModelState::Draft
        } else {
            ModelState::Ready
        };
    }
    model.updated_at = page.now();
    save(page, &model);
    Ok(())
}

/// The id of a photo within the model that its key names.
pub fn photo_key(model: ModelId, photo: PhotoId) -> Text<PhotoKey> {
    Text(PhotoKey { model, photo })
}
