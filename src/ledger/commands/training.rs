//! Reserving a training and stopping one.

use super::super::rows::Tally;
use super::super::{Command, Effect, Page, Quota, Refusal};
use super::account::{ONLY, require_consent, today};
use super::model::save;
use super::operation::{KeyClaim, claimed};
use super::photo::{set_sha256, stored};
use crate::domain::ids::{ModelId, OperationId};
use crate::domain::operation::{Phase, Seen};
use crate::domain::photo::{MAX_BUNDLE_BYTES, MIN_PER_MODEL};
use crate::domain::training::Stage;
use crate::ports::Text;
use crate::ports::json::{json_enum, json_struct};
use crate::records::{Job, Model, ModelState, Operation, Photo, Progress, Zip};

json_struct! {
    /// Accepts a training: everything that can be refused is refused here, before a provider is asked.
    pub struct ReserveTraining {
        pub model: Text<ModelId>,
        pub preset: String,
        pub operation: Text<OperationId>,
        pub key: KeyClaim,
    }
}

json_enum! {
    pub enum TrainingReserved {
        /// Submit it.
        "reserved" = Reserved {
            model: Model,
            zip: Zip,
            captioned: bool,
        },
        /// Bundle these photos first, then reserve again.
        "unbundled" = Unbundled { model: Model, photos: Vec<Photo> },
        /// The same request was answered before.
        "replayed" = Replayed { answer: Model },
    }
}

impl Command for ReserveTraining {
    const NAME: &'static str = "reserve-training";
    type Reply = TrainingReserved;

    fn run(self, page: &mut Page<'_>) -> Result<TrainingReserved, Refusal> {
        if let Some(answer) = claimed::<Model>(page, &self.key)? {
            return Ok(TrainingReserved::Replayed { answer });
        }
        require_consent(page)?;
        if page.rules().paused {
            return Err(Refusal::Paused);
        }
        let mut model: Model = page.require(self.model)?;
        if model.state.is_running() {
            return Err(Refusal::conflict(super::state_name(model.state)));
        }
        let photos = stored(page, *self.model)?;
        require_enough(&photos)?;
        let running = count_running(page)?;
        if running >= page.rules().running_trainings {
            return Err(Refusal::conflict("training"));
        }
        // Before the tally is read: what is stopped is given back.
        super::caption::stop_all(page, *self.model)?;
        let mut tally = today(page)?;
        require_quota(page, &tally)?;
        let set = set_sha256(&photos);
        let Some(zip) = model.zip.clone().filter(|zip| zip.set_sha256 == set) else {
            return Ok(TrainingReserved::Unbundled { model, photos });
        };
        tally.trainings = tally.trainings.saturating_add(1);
        page.put(ONLY, &tally);
        let job = Job::Training {
            model: self.model,
            preset: self.preset.clone(),
            photos: zip.photos,
            photo_ids: Some(photos.iter().map(|photo| photo.id).collect()),
            zip: zip.path.clone(),
        };
        super::operation::reserve(page, *self.operation, job, &self.key);
        model.state = ModelState::Queued;
        model.failure = None;
        model.operation = Some(self.operation);
        model.preset = Some(self.preset);
        model.progress = Some(Progress {
            stage: Stage::Queued.name().to_owned(),
            percent: None,
            started_at: page.now(),
            heard_at: page.now(),
            median_s: None,
            slow_s: None,
        });
        model.updated_at = page.now();
        save(page, &model);
        let captioned = photos.iter().all(|photo| photo.caption.is_some());
        Ok(TrainingReserved::Reserved {
            model,
            zip,
            captioned,
        })
    }
}

fn require_enough(photos: &[Photo]) -> Result<(), Refusal> {
    if photos.len() < MIN_PER_MODEL as usize {
        return Err(Refusal::TooFewPhotos {
            minimum: MIN_PER_MODEL,
        });
    }
    let bytes = photos
        .iter()
        .fold(0_u64, |sum, photo| sum.saturating_add(photo.bytes));
    if bytes > MAX_BUNDLE_BYTES.into() {
        return Err(Refusal::BundleTooLarge {
            max_bytes: MAX_BUNDLE_BYTES,
        });
    }
    Ok(())
}

fn require_quota(page: &Page<'_>, tally: &Tally) -> Result<(), Refusal> {
    let limit = page.rules().trainings_per_day;
    if tally.trainings < limit {
        return Ok(());
    }
    Err(Refusal::spent(
        Quota::TrainingsPerDay,
        limit,
        tally.trainings,
        tally.until,
    ))
}

/// How many trainings of this person have not ended.
pub(super) fn count_running(page: &mut Page<'_>) -> Result<u64, Refusal> {
    let models: Vec<Model> = page.list("")?;
    let running = models
        .iter()
        .filter(|model| model.state.is_running())
        .count();
    Ok(u64::try_from(running).unwrap_or(u64::MAX))
}

json_struct! {
    /// Stops the training of a model.
    pub struct CancelTraining {
        pub model: Text<ModelId>,
    }
}

impl Command for CancelTraining {
    const NAME: &'static str = "cancel-training";
    type Reply = Model;

    fn run(self, page: &mut Page<'_>) -> Result<Model, Refusal> {
        let model: Model = page.require(self.model)?;
        let running = model.operation.filter(|_| model.state.is_running());
        let Some(operation) = running else {
            return Err(Refusal::conflict(super::state_name(model.state)));
        };
        let mut operation: Operation = page.require(operation)?;
        match &operation.provider_id {
            Some(id) => {
                page.enqueue(Effect::CancelRun {
                    provider_id: id.clone(),
                    training: true,
                });
                super::observe::advance(page, &mut operation, Seen::Canceled)?;
            }
            // It may or may not run at the provider: the look that finds it stops it.
            None => {
                operation.cancel_requested = true;
                page.put(operation.id, &operation);
            }
        }
        page.require(self.model)
    }
}

/// Brings a model up to date with its training.
pub(super) fn follow(
    page: &mut Page<'_>,
    operation: &Operation,
    model: ModelId,
) -> Result<(), Refusal> {
    // A model that is deleted, or trained anew, does not follow an old training.
    let Some(mut model) = page.find::<Model>(model)? else {
        return Ok(());
    };
    if model.operation != Some(operation.id) {
        return Ok(());
    }
    let stage = match Phase::from(operation.phase) {
        Phase::Reserved | Phase::Unknown | Phase::Submitted | Phase::Starting => Stage::Queued,
        Phase::Processing => Stage::Preparing,
        Phase::Saving => Stage::Saving,
        Phase::Succeeded | Phase::Canceled | Phase::Failed(_) => {
            // An end is told once, however often it is reported.
            if model.state.is_running() {
                finish(page, model, Phase::from(operation.phase));
            }
            return Ok(());
        }
    };
    model.state = if stage == Stage::Queued {
        ModelState::Queued
    } else {
        ModelState::Training
    };
    let now = page.now();
    let started_at = operation.reserved_at;
    let progress = model.progress.get_or_insert_with(|| Progress {
        stage: stage.name().to_owned(),
        percent: None,
        started_at,
        heard_at: now,
        median_s: None,
        slow_s: None,
    });
    let known = Stage::from_name(&progress.stage).unwrap_or(Stage::Queued);
    known.max(stage).name().clone_into(&mut progress.stage);
    model.updated_at = now;
    save(page, &model);
    Ok(())
}

fn finish(page: &mut Page<'_>, mut model: Model, end: Phase) {
    // The bundle has served: photos lie in it a second time.
    if let Some(zip) = model.zip.take() {
        page.enqueue(Effect::DeleteFile { path: zip.path });
    }
    let days = page.rules().photo_retention_days;
    let due = page.now().plus_s(days.saturating_mul(86_400));
    page.enqueue_at(Effect::ExpirePhotos { model: model.id }, due);
    if let Some(operation) = model.operation
        && end != Phase::Canceled
    {
        page.enqueue(Effect::SendTrainingEnd {
            model: model.id,
            operation,
        });
    }
    model.progress = None;
    model.state = match end {
        Phase::Succeeded => ModelState::Ready,
        Phase::Failed(reason) => {
            let reason = reason.slug().to_owned();
            model.failure = Some(crate::records::Failure { reason });
            ModelState::Failed
        }
        _ => ModelState::Canceled,
    };
    model.updated_at = page.now();
    save(page, &model);
}

/// Puts a model back to where it was before a training that never began.
pub(super) fn undo(page: &mut Page<'_>, model: ModelId) -> Result<(), Refusal> {
    let Some(mut model) = page.find::<Model>(model)? else {
        return Ok(());
    };
    model.operation = None;
    model.progress = None;
    model.state = if model.versions.is_empty() {
        ModelState::Bundled
    } else {
        ModelState::Ready
    };
    model.updated_at = page.now();
    save(page, &model);
    Ok(())
}
