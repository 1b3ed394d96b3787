//! Descriptions of photos by a vision model: reserving one, stopping those that come too late, and
//! what becomes of the words.
//!
//! A description becomes the caption of its photo unless somebody has written another: their words
//! are never replaced.

use super::super::{Command, Page, Quota, Refusal};
use super::account::{ONLY, require_consent, today};
use super::observe::stop;
use super::operation::{KeyClaim, claimed, reserve};
use super::photo::{changed, prefix};
use crate::domain::ids::{ModelId, OperationId, PhotoKey};
use crate::domain::operation::Phase;
use crate::ports::Text;
use crate::ports::json::{json_enum, json_struct};
use crate::records::{Captioning, Job, Model, Operation, Photo};

json_struct! {
    /// Accepts a request for the description of a photo.
    pub struct ReserveCaption {
        pub photo: Text<PhotoKey>,
        pub operation: Text<OperationId>,
        pub key: KeyClaim,
    }
}

json_enum! {
    pub enum CaptionReserved {
        "reserved" = Reserved(photo: Photo),
        "replayed" = Replayed(answer: Photo),
    }
}

impl Command for ReserveCaption {
    const NAME: &'static str = "reserve-caption";
    type Reply = CaptionReserved;

    fn run(self, page: &mut Page<'_>) -> Result<CaptionReserved, Refusal> {
        if let Some(answer) = claimed::<Photo>(page, &self.key)? {
            return Ok(CaptionReserved::Replayed(answer));
        }
        require_consent(page)?;
        if page.rules().paused {
            return Err(Refusal::Paused);
        }
        let mut photo: Photo = page.require(*self.photo)?;
        if !photo.stored {
            return Err(Refusal::NotFound);
        }
        let model: Model = page.require(photo.model)?;
        if model.state.is_running() {
            return Err(Refusal::conflict(super::state_name(model.state)));
        }
        if photo.captioning == Some(Captioning::Running) {
            return Err(Refusal::conflict("captioning"));
        }
        let mut tally = today(page)?;
        let (limit, used) = (page.rules().captions_per_day, tally.captions.unwrap_or(0));
        if used >= limit {
            return Err(Refusal::spent(
                Quota::CaptionsPerDay,
                limit,
                used,
                tally.until,
            ));
        }
        tally.captions = Some(used.saturating_add(1));
        page.put(ONLY, &tally);
        photo.captioning = Some(Captioning::Running);
        photo.operation = Some(self.operation);
        page.put(*self.photo, &photo);
        let job = Job::Caption { photo: self.photo };
        reserve(page, *self.operation, job, &self.key);
        Ok(CaptionReserved::Reserved(photo))
    }
}

/// The photo that this run describes, if nobody has asked anew since and it is not gone.
fn described(page: &Page<'_>, run: &Operation, key: PhotoKey) -> Result<Option<Photo>, Refusal> {
    let photo = page.find::<Photo>(key)?;
    Ok(photo.filter(|photo| photo.operation == Some(run.id)))
}

/// Takes in what the vision model said. A set that is being trained stays as it is.
pub(super) fn keep(
    page: &mut Page<'_>,
    run: &Operation,
    key: PhotoKey,
    words: &str,
) -> Result<(), Refusal> {
    let Some(mut photo) = described(page, run, key)? else {
        return Ok(());
    };
    let model: Model = page.require(photo.model)?;
    let untouched = photo.caption.is_none() || photo.caption == photo.description;
    photo.description = Some(words.to_owned());
    if untouched && !model.state.is_running() {
        photo.caption.clone_from(&photo.description);
    }
    page.put(key, &photo);
    changed(page, model)
}

/// Brings a photo up to date with the run that describes it.
pub(super) fn follow(page: &mut Page<'_>, run: &Operation, key: PhotoKey) -> Result<(), Refusal> {
    let Some(mut photo) = described(page, run, key)? else {
        return Ok(());
    };
    let stands = match Phase::from(run.phase) {
        Phase::Succeeded | Phase::Canceled => None,
        Phase::Failed(_) => Some(Captioning::Failed),
        _ => Some(Captioning::Running),
    };
    if photo.captioning != stands {
        photo.captioning = stands;
        page.put(key, &photo);
    }
    Ok(())
}

/// Stops the descriptions of a model's photos that are under way: a bundle is made of the captions
/// that there are, and whatever came after it would make it another set.
pub(super) fn stop_all(page: &mut Page<'_>, model: ModelId) -> Result<(), Refusal> {
    let photos: Vec<Photo> = page.list(&prefix(model))?;
    for photo in photos {
        stop_one(page, photo)?;
    }
    Ok(())
}

/// Stops the description of a photo that is under way, and lets what it might still say go.
pub(super) fn stop_one(page: &mut Page<'_>, mut photo: Photo) -> Result<(), Refusal> {
    if photo.captioning != Some(Captioning::Running) {
        return Ok(());
    }
    let run = photo.operation.take();
    photo.captioning = None;
    page.put(super::photo::key(&photo), &photo);
    if let Some(run) = run
        && let Some(operation) = page.find::<Operation>(run)?
    {
        stop(page, &operation)?;
    }
    Ok(())
}
