//! Running a training once more that the provider failed by its own trouble. It stays the same
//! operation with the same reservation, and the first run is over before the second begins.

use super::super::{Command, Effect, Page, Refusal};
use super::model::save;
use super::photo::stored;
use crate::domain::ids::OperationId;
use crate::domain::operation::Phase;
use crate::domain::training::Stage;
use crate::ports::Text;
use crate::ports::json::{json_enum, json_struct};
use crate::records::{Job, Model, ModelState, Operation, PhaseName, Progress};

json_struct! {
    /// Claims the second run of a training: whoever is told `Again` submits it, once.
    pub struct RetryTraining {
        pub operation: Text<OperationId>,
        /// The run that failed.
        pub failed_id: String,
        /// The preset to run with instead, if another trainer is to try.
        pub preset: Option<String>,
    }
}

json_enum! {
    pub enum Retry {
        "again" = Again {
            trigger_word: String,
            /// The path of the bundle.
            zip: String,
            preset: String,
            captioned: bool,
        },
        /// It was run twice already, or nobody waits for it.
        "no" = No,
    }
}

impl Command for RetryTraining {
    const NAME: &'static str = "retry-training";
    type Reply = Retry;

    fn run(self, page: &mut Page<'_>) -> Result<Retry, Refusal> {
        let mut operation: Operation = page.require(self.operation)?;
        let first = operation.former_id.is_none() && !operation.cancel_requested;
        let failed = operation.provider_id.as_ref() == Some(&self.failed_id);
        let open = !Phase::from(operation.phase).is_final();
        if !(first && failed && open) || page.rules().paused {
            return Ok(Retry::No);
        }
        let Job::Training {
            model, preset, zip, ..
        } = &mut operation.job
        else {
            return Ok(Retry::No);
        };
        if let Some(other) = self.preset {
            *preset = other;
        }
        let (id, preset, zip) = (**model, preset.clone(), zip.clone());
        let Some(mut model) = page.find::<Model>(id)? else {
            return Ok(Retry::No);
        };
        if model.operation != Some(operation.id) {
            return Ok(Retry::No);
        }
        let now = page.now();
        // The one step back that a phase ever makes: what is looked for from here on is another run.
        operation.phase = PhaseName::Reserved;
        operation.former_id = operation.provider_id.take();
        operation.hinted_id = None;
        operation.unknown_since = Some(now);
        operation.missing_since = None;
        operation.predict_time_us = None;
        page.put(operation.id, &operation);
        let look = Effect::Look {
            operation: operation.id,
        };
        page.enqueue_at(look, now.plus_s(page.rules().operation_grace_s));
        model.state = ModelState::Queued;
        model.progress = Some(Progress {
            stage: Stage::Queued.name().to_owned(),
            percent: None,
            started_at: now,
            heard_at: now,
            median_s: None,
            slow_s: None,
        });
        model.updated_at = now;
        save(page, &model);
        let photos = stored(page, id)?;
        Ok(Retry::Again {
            trigger_word: model.trigger_word,
            zip,
            preset,
            captioned: photos.iter().all(|photo| photo.caption.is_some()),
        })
    }
}
