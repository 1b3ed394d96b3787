//! Making the zip that a training reads, and making sure that it holds what it should.
//!
//! Its name follows from the set of photos and captions, so bundling the same set twice gives the
//! same zip, and nothing is ever overwritten by other bytes.

use super::{App, Error, Provider};
use crate::domain::caption;
use crate::domain::ids::ModelId;
use crate::domain::ownership::Owned;
use crate::domain::photo::{MAX_BUNDLE_BYTES, MIN_PER_MODEL};
use crate::ledger::commands::model::{KeepZip, ListForZip, PlanZip};
use crate::ledger::commands::photo::{PhotoSet, caption_path, set_sha256};
use crate::ports::{Fault, Platform, Text};
use crate::providers::bytescale;
use crate::records::{Model, Photo, Zip};

/// The bundle of a model's present photos, made when there is none; only for somebody who agreed to
/// the present text.
pub async fn bundle_photos<P: Platform>(
    app: App<'_, P>,
    model: &Owned<ModelId>,
) -> Result<(Model, Zip), Error> {
    let list = ListForZip {
        model: Text(model.id()),
    };
    let set = app.ask_as(model.by(), list).await?;
    let known = set
        .model
        .zip
        .clone()
        .filter(|zip| zip.set_sha256 == set_sha256(&set.photos));
    if let Some(zip) = known {
        return Ok((set.model, zip));
    }
    make(app, model, &set).await
}

/// Makes, checks and notes the bundle of a set.
pub(super) async fn make<P: Platform>(
    app: App<'_, P>,
    model: &Owned<ModelId>,
    set: &PhotoSet,
) -> Result<(Model, Zip), Error> {
    require_sound(&set.photos)?;
    let (platform, config) = (app.platform, &app.config.bytescale);
    let at_bytescale = |fault: Fault| Error::at(Provider::Bytescale, &fault);
    let set_sha256 = set_sha256(&set.photos);
    let path = bytescale::zip_path(model.owner(), model.id(), &set_sha256);
    let plan = PlanZip {
        model: Text(model.id()),
        path: path.clone(),
    };
    app.ask_as(model.by(), plan).await?;
    let mut files = Vec::new();
    let mut expected = Vec::new();
    for photo in &set.photos {
        files.push(photo.path.clone());
        expected.push((entry_name(&photo.path), photo.bytes));
        if let Some(caption) = &photo.caption {
            let path = caption_path(&photo.path);
            let text = caption::for_training(caption, &set.model.trigger_word);
            let bytes = text.into_bytes();
            expected.push((
                entry_name(&path),
                u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            ));
            bytescale::store(platform, config, &path, "text/plain", "caption", bytes)
                .await
                .map_err(at_bytescale)?;
            files.push(path);
        }
    }
    bytescale::make_zip(platform, config, &path, &files)
        .await
        .map_err(at_bytescale)?;
    let listed = bytescale::list_zip(platform, config, &path)
        .await
        .map_err(at_bytescale)?;
    let found: Vec<(String, u64)> = listed
        .into_iter()
        .map(|entry| (entry_name(&entry.name), entry.size))
        .collect();
    // Every entry once and nothing else: as many as there should be, and each of them there.
    let complete = expected.iter().all(|entry| found.contains(entry));
    if found.len() != expected.len() || !complete {
        return Err(at_bytescale(Fault::malformed("zip listing")));
    }
    let zip = Zip {
        path,
        set_sha256,
        photos: u32::try_from(set.photos.len()).unwrap_or(u32::MAX),
        bytes: found
            .iter()
            .fold(0, |sum, (_, size)| sum.saturating_add(*size)),
        created_at: platform.now(),
    };
    let keep = KeepZip {
        model: Text(model.id()),
        zip: zip.clone(),
    };
    Ok((app.ask_as(model.by(), keep).await?, zip))
}

fn require_sound(photos: &[Photo]) -> Result<(), Error> {
    let bytes = photos
        .iter()
        .fold(0_u64, |sum, photo| sum.saturating_add(photo.bytes));
    if photos.len() < MIN_PER_MODEL as usize {
        let detail = "A model needs at least 4 photos. Add some more and try again.";
        return Err(Error::invalid("/model", detail));
    }
    if bytes > MAX_BUNDLE_BYTES.into() {
        return Err(Error::TooLarge {
            max_bytes: MAX_BUNDLE_BYTES as usize,
        });
    }
    Ok(())
}

/// Bytescale may name entries by their whole path or by its last part.
fn entry_name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_owned()
}
