//! What a look at a paid run showed: the way forward, and settling once at the end.

mod seen;
mod settle;
mod stop;

pub use seen::SeenName;
pub(super) use stop::{abandon, stop, stop_found};

use super::super::{Alert, Command, Effect, Page, Refusal};
use super::model::save;
use crate::domain::ids::OperationId;
use crate::domain::operation::{Phase, Reason, Seen};
use crate::domain::training::{Preset, Stage};
use crate::ports::Text;
use crate::ports::json::{json_enum, json_struct};
use crate::records::{Image, Job, Model, Operation, PhaseName, Prediction, Version};

/// So many webhooks about one run are remembered.
const MOST_HOOKS: usize = 20;
/// A running training is looked at this often, for its progress.
const TRAINING_LOOK_S: u64 = 5;
/// A run that the provider does not know for this long is lost: one 404 alone says nothing.
const MISSING_S: u64 = 600;

json_struct! {
    /// What a look at the provider showed, however it came about.
    #[derive(Clone, Debug)]
    pub struct Observe {
        pub operation: Text<OperationId>,
        pub seen: SeenName,
        pub provider_id: Option<String>,
        /// The stage and percent that the log tells, while it trains.
        pub stage: Option<String>,
        pub percent: Option<u8>,
        pub predict_time_us: Option<u64>,
        /// The version that a training made.
        pub version: Option<String>,
        /// What a vision model said, as it is kept.
        pub description: Option<String>,
        /// The webhook that led here, to be counted once.
        pub hook: Option<String>,
        /// The folder of images that could not all be brought in: what is there of them goes.
        pub folder: Option<String>,
    }
}

json_enum! {
    /// What became of the look.
    #[derive(Debug)]
    pub enum Observed {
        /// The operation stands here now; it may have stood there before.
        "at" = At { phase: PhaseName },
        /// This webhook had its effect before.
        "repeated" = Repeated,
        /// There is no such operation any more.
        "gone" = Gone,
    }
}

impl Command for Observe {
    const NAME: &'static str = "observe";
    type Reply = Observed;

    fn run(self, page: &mut Page<'_>) -> Result<Observed, Refusal> {
        let Some(mut operation) = page.find::<Operation>(self.operation)? else {
            return Ok(Observed::Gone);
        };
        if let Some(hook) = &self.hook {
            let heard = operation.hooks.get_or_insert_default();
            if heard.contains(hook) {
                return Ok(Observed::Repeated);
            }
            // No run sends so many; a row never grows without end.
            heard.truncate(MOST_HOOKS);
            heard.push(hook.clone());
            operation.heard_at.get_or_insert(page.now());
        }
        if operation.provider_id.is_none() {
            operation.provider_id.clone_from(&self.provider_id);
        }
        let seen = match self.seen.seen() {
            Some(seen) => {
                operation.missing_since = None;
                seen
            }
            None => match operation.missing_since {
                Some(since) if page.now() >= since.plus_s(MISSING_S) => {
                    Seen::Failed(Reason::DataLost)
                }
                _ => {
                    operation.missing_since = operation.missing_since.or(Some(page.now()));
                    Seen::Accepted
                }
            },
        };
        let phase = Phase::from(operation.phase);
        // It has ended there: whoever brings in what it left knows more than an older look.
        let is_older = phase == Phase::Saving
            && matches!(self.seen, SeenName::Missing | SeenName::FailedTimeout);
        if phase.is_final() || is_older {
            return Ok(Observed::At {
                phase: operation.phase,
            });
        }
        if let Some(folder) = self.folder.clone() {
            super::photo::delete_folder(page, folder);
        }
        if self.predict_time_us.is_some() {
            operation.predict_time_us = self.predict_time_us;
        }
        self.hear(page, &operation)?;
        tell_stuck(page, &mut operation, seen);
        if seen == Seen::Failed(Reason::Timeout)
            && let Some(cancel) = stop::cancellation(&operation)
        {
            page.enqueue(cancel);
        }
        let phase = advance(page, &mut operation, seen)?;
        Ok(Observed::At { phase })
    }
}

impl Observe {
    /// Takes in what the provider told beside the status.
    fn hear(&self, page: &mut Page<'_>, operation: &Operation) -> Result<(), Refusal> {
        let (model, preset, photos, photo_ids) = match &operation.job {
            Job::Training {
                model,
                preset,
                photos,
                photo_ids,
                ..
            } => (model, preset, photos, photo_ids),
            Job::Caption { photo } => {
                return match &self.description {
                    Some(words) if self.seen == SeenName::Finished => {
                        super::caption::keep(page, operation, **photo, words)
                    }
                    _ => Ok(()),
                };
            }
            Job::Prediction { .. } => return Ok(()),
        };
        let Some(mut model) = page.find::<Model>(*model)? else {
            return Ok(());
        };
        if model.operation != Some(operation.id) {
            return Ok(());
        }
        if let Some(version) = &self.version
            && self.seen == SeenName::Finished
            && model
                .versions
                .iter()
                .all(|known| known.provider_version != *version)
        {
            let id = super::version::name_next(&mut model);
            model.versions.push(Version {
                id,
                provider_version: version.clone(),
                trained_at: page.now(),
                photos: *photos,
                photo_ids: photo_ids.clone(),
                preset: preset.clone(),
                train_time_us: operation.predict_time_us.unwrap_or_default(),
                steps: Preset::from_name(preset).unwrap_or_default().steps(),
            });
        }
        if let Some(progress) = &mut model.progress {
            progress.heard_at = page.now();
            let known = Stage::from_name(&progress.stage).unwrap_or(Stage::Queued);
            let told = self
                .stage
                .as_deref()
                .and_then(Stage::from_name)
                .unwrap_or(known);
            known.max(told).name().clone_into(&mut progress.stage);
            progress.percent = progress.percent.max(self.percent);
        }
        save(page, &model);
        Ok(())
    }
}

json_struct! {
    /// Images of a prediction lie in our store: those so far, or all.
    pub struct Stored {
        pub operation: Text<OperationId>,
        pub images: Vec<Image>,
        pub dropped: u32,
        /// False while there are more to come.
        pub whole: bool,
    }
}

impl Command for Stored {
    const NAME: &'static str = "stored";
    type Reply = ();

    fn run(self, page: &mut Page<'_>) -> Result<(), Refusal> {
        let mut operation: Operation = page.require(self.operation)?;
        if Phase::from(operation.phase).is_final() {
            return Ok(());
        }
        if let Job::Prediction { prediction, .. } = &operation.job
            && let Some(mut record) = page.find::<Prediction>(*prediction)?
        {
            record.images = self.images;
            record.dropped = self.dropped;
            page.put(*prediction, &record);
        }
        if !self.whole {
            return Ok(());
        }
        operation.dropped = self.dropped;
        advance(page, &mut operation, Seen::Stored)?;
        Ok(())
    }
}

/// A training that waits for a machine for so long is told once.
const STUCK_S: u64 = 900;

fn tell_stuck(page: &mut Page<'_>, operation: &mut Operation, seen: Seen) {
    let now = page.now();
    let waits = seen == Seen::Starting && matches!(operation.job, Job::Training { .. });
    if waits && operation.stuck_at.is_none() && now >= operation.reserved_at.plus_s(STUCK_S) {
        operation.stuck_at = Some(now);
        page.enqueue(Effect::Alert(Alert::new("training-stuck", operation.id)));
    }
}

/// Moves an operation forward, and everything that follows it; settles it when it ends.
pub(super) fn advance(
    page: &mut Page<'_>,
    operation: &mut Operation,
    seen: Seen,
) -> Result<PhaseName, Refusal> {
    let before = Phase::from(operation.phase);
    // Only images are files at the provider that we keep: of all else, finished is done.
    let images = matches!(operation.job, Job::Prediction { .. });
    let seen = if !images && seen == Seen::Finished {
        Seen::Stored
    } else {
        seen
    };
    let after = before.observe(seen);
    operation.phase = after.into();
    let look = Effect::Look {
        operation: operation.id,
    };
    if after.is_final() {
        if !before.is_final() {
            settle::settle(page, operation, after)?;
            page.cancel(&look);
            // It is given up, and may run all the same.
            if operation.provider_id.is_none()
                && let Some(cancel) = stop::cancellation(operation)
            {
                page.enqueue(cancel);
            }
        }
    } else if after != before || !page.awaits(&look)? {
        page.enqueue_at(look, next_look(page, operation, after));
    }
    page.put(operation.id, operation);
    match &operation.job {
        Job::Training { model, .. } => super::training::follow(page, operation, **model)?,
        Job::Prediction { prediction, .. } => {
            super::prediction::follow(page, operation, **prediction)?;
        }
        Job::Caption { photo } => super::caption::follow(page, operation, **photo)?,
    }
    if operation.cancel_requested && after.is_final() && !before.is_final() {
        stop::stop_late(page, operation)?;
    }
    Ok(operation.phase)
}

/// When to look at an operation that nobody reports on.
fn next_look(
    page: &Page<'_>,
    operation: &Operation,
    phase: Phase,
) -> crate::domain::timestamp::Timestamp {
    let grace = page.rules().operation_grace_s;
    let wait = match (&operation.job, phase) {
        // The files at the provider die after an hour.
        (_, Phase::Saving) => 0,
        (Job::Training { .. }, Phase::Submitted | Phase::Starting | Phase::Processing) => {
            TRAINING_LOOK_S.min(grace)
        }
        _ => grace,
    };
    page.now().plus_s(wait)
}
