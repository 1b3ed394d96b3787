//! Making the zip that a training reads, and making sure that it holds what it should.
//!
//! Its name follows from the set of photos and captions, so bundling the same set twice gives the
//! same zip, and nothing is ever overwritten by other bytes.

use super::{App, Error, Provider, lanes};
use crate::domain::caption;
use crate::domain::ids::ModelId;
use crate::domain::ownership::Owned;
use crate::domain::photo::{MAX_BUNDLE_BYTES, MIN_PER_MODEL};
use crate::ledger::commands::model::{KeepZip, ListForZip, PlanZip};
use crate::ledger::commands::photo::{PhotoSet, caption_path, set_sha256};
use crate::ports::{Fault, Platform, Text};
use crate::providers::bytescale::{self, Entry};
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

/// What a bundle is made of, and what must be in it: the name and size of every entry.
struct Contents {
    files: Vec<String>,
    captions: Vec<(String, Vec<u8>)>,
    expected: Vec<(String, u64)>,
}

impl Contents {
    fn of(set: &PhotoSet) -> Self {
        let mut contents = Self {
            files: Vec::new(),
            captions: Vec::new(),
            expected: Vec::new(),
        };
        for photo in &set.photos {
            contents.add(photo.path.clone(), photo.bytes);
            if let Some(caption) = &photo.caption {
                let path = caption_path(&photo.path);
                let text = caption::for_training(caption, &set.model.trigger_word);
                let bytes = text.into_bytes();
                contents.add(path.clone(), u64::try_from(bytes.len()).unwrap_or(u64::MAX));
                contents.captions.push((path, bytes));
            }
        }
        contents
    }

    fn add(&mut self, path: String, bytes: u64) {
        self.expected.push((entry_name(&path), bytes));
        self.files.push(path);
    }

    /// How much is in a bundle, if it holds every entry once and nothing else: as many as there
    /// should be, and each of them there.
    fn measure(&self, listed: Vec<Entry>) -> Option<u64> {
        let found: Vec<(String, u64)> = listed
            .into_iter()
            .map(|entry| (entry_name(&entry.name), entry.size))
            .collect();
        let whole = self.expected.iter().all(|entry| found.contains(entry));
        let sum = |sum: u64, (_, size): &(String, u64)| sum.saturating_add(*size);
        (whole && found.len() == self.expected.len()).then(|| found.iter().fold(0, sum))
    }
}

/// Makes, checks and notes the bundle of a set.
///
/// ```text
/// 1 plan     should nobody keep it, it is removed again
/// 2 look     an earlier one of the same set may have been finished after we had given it up
/// 3 make     captions first, then the zip; one that is late is looked for once more
/// 4 note     if the set is still the same
/// ```
pub(super) async fn make<P: Platform>(
    app: App<'_, P>,
    model: &Owned<ModelId>,
    set: &PhotoSet,
) -> Result<(Model, Zip), Error> {
    require_sound(&set.photos)?;
    let set_sha256 = set_sha256(&set.photos);
    let path = bytescale::zip_path(model.owner(), model.id(), &set_sha256);
    // (1)
    let plan = PlanZip {
        model: Text(model.id()),
        path: path.clone(),
    };
    let stays = app.ask_as(model.by(), plan).await?;
    // (2)
    let contents = Contents::of(set);
    let known = if stays {
        find(app, &path, &contents).await
    } else {
        None
    };
    // (3)
    let bytes = match known {
        Some(bytes) => bytes,
        None => write(app, &path, &contents).await?,
    };
    // (4)
    let zip = Zip {
        path,
        set_sha256,
        photos: u32::try_from(set.photos.len()).unwrap_or(u32::MAX),
        bytes,
        created_at: app.platform.now(),
    };
    let keep = KeepZip {
        model: Text(model.id()),
        zip: zip.clone(),
    };
    Ok((app.ask_as(model.by(), keep).await?, zip))
}

/// How much is in the bundle that lies there already, if it is the one. That this cannot be learned
/// is no trouble: then it is made.
async fn find<P: Platform>(app: App<'_, P>, path: &str, contents: &Contents) -> Option<u64> {
    let listed = bytescale::find_zip(app.platform, &app.config.bytescale, path).await;
    contents.measure(listed.ok()??)
}

async fn write<P: Platform>(
    app: App<'_, P>,
    path: &str,
    contents: &Contents,
) -> Result<u64, Error> {
    let (platform, config) = (app.platform, &app.config.bytescale);
    let at_bytescale = |fault: Fault| Error::at(Provider::Bytescale, &fault);
    lanes::for_each(&contents.captions, |(path, bytes)| async move {
        let bytes = bytes.clone();
        let stored = bytescale::store(platform, config, path, "text/plain", "caption", bytes);
        stored.await.map_err(at_bytescale)
    })
    .await?;
    match bytescale::make_zip(platform, config, path, &contents.files).await {
        Ok(()) => {
            let listed = bytescale::list_zip(platform, config, path).await;
            let measured = contents.measure(listed.map_err(at_bytescale)?);
            measured.ok_or_else(|| at_bytescale(Fault::malformed("zip listing")))
        }
        // It may be there all the same.
        Err(fault) if fault.is_ambiguous() => {
            let found = find(app, path, contents).await;
            found.ok_or_else(|| at_bytescale(fault))
        }
        Err(fault) => Err(at_bytescale(fault)),
    }
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
