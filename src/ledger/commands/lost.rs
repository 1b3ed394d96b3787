//! Runs whose answer was lost: they are adopted when they are found in time, and stopped when they
//! turn up later. None is ever taken from another operation.

use super::super::{Command, Effect, Page, Refusal};
use super::observe::advance;
use crate::domain::ids::OperationId;
use crate::domain::operation::{Phase, Seen};
use crate::ports::Text;
use crate::ports::json::json_struct;
use crate::records::{Job, Operation};

json_struct! {
    /// A webhook came to an operation of which no run is known. While it is open, nothing says yet
    /// that they belong together: it is looked at as soon as the run's id is there. One that has
    /// ended, or is gone, has given its run up: that is stopped, and what it has made goes.
    pub struct NoteWebhook {
        pub operation: Text<OperationId>,
        /// The run that the webhook is about, and whether that is a training, if it says so.
        pub provider_id: String,
        pub training: Option<bool>,
    }
}

impl Command for NoteWebhook {
    const NAME: &'static str = "note-webhook";
    type Reply = ();

    fn run(self, page: &mut Page<'_>) -> Result<(), Refusal> {
        let Some(mut operation) = page.find::<Operation>(self.operation)? else {
            return stop_stray(page, self.provider_id, self.training);
        };
        if operation.provider_id.is_some() {
            // It is there by now.
            page.enqueue(Effect::Look {
                operation: self.operation,
            });
            return Ok(());
        }
        let training = matches!(operation.job, Job::Training { .. });
        let alike = self.training.filter(|told| *told == training);
        if Phase::from(operation.phase).is_final() {
            return stop_stray(page, self.provider_id, alike);
        }
        let before = operation.clone();
        operation.heard_at.get_or_insert(page.now());
        // Should it not be found otherwise, this much is known of it when it is given up.
        if alike.is_some() && !is_known(page, &self.provider_id)? {
            operation.hinted_id = Some(self.provider_id);
        }
        if operation != before {
            page.put(self.operation, &operation);
        }
        Ok(())
    }
}

/// Stops a run that nobody waits for. One that an operation knows is none of those, and of what kind
/// it is must be known.
fn stop_stray(
    page: &mut Page<'_>,
    provider_id: String,
    training: Option<bool>,
) -> Result<(), Refusal> {
    let Some(training) = training else {
        return Ok(());
    };
    if is_known(page, &provider_id)? {
        return Ok(());
    }
    page.enqueue(Effect::CancelRun {
        provider_id,
        training,
    });
    Ok(())
}

/// Whether it is, or was, the run of an operation.
fn is_known(page: &mut Page<'_>, provider_id: &str) -> Result<bool, Refusal> {
    let is_it = |id: &Option<String>| id.as_deref() == Some(provider_id);
    let mut known = false;
    page.walk("", |_, operation: Operation| {
        known |= is_it(&operation.provider_id) || is_it(&operation.former_id);
        Ok(())
    })?;
    Ok(known)
}

json_struct! {
    /// A run at the provider that may be this operation's was found: the first that belongs to no other
    /// is. Answers whether there is one.
    pub struct Adopt {
        pub operation: Text<OperationId>,
        /// Ids at the provider, the oldest first.
        pub candidates: Vec<String>,
    }
}

impl Command for Adopt {
    const NAME: &'static str = "adopt";
    type Reply = bool;

    fn run(self, page: &mut Page<'_>) -> Result<bool, Refusal> {
        let mut operation: Operation = page.require(self.operation)?;
        if Phase::from(operation.phase).is_final() || operation.provider_id.is_some() {
            return Ok(true);
        }
        let mut candidates = self.candidates;
        if !candidates.is_empty() {
            page.walk("", |_, other: Operation| {
                candidates.retain(|id| other.provider_id.as_ref() != Some(id));
                Ok(())
            })?;
        }
        let Some(found) = candidates.into_iter().next() else {
            operation.unknown_since.get_or_insert(page.now());
            // Also when nothing is new: it is looked for again.
            advance(page, &mut operation, Seen::Nothing)?;
            return Ok(false);
        };
        operation.provider_id = Some(found);
        advance(page, &mut operation, Seen::Accepted)?;
        Ok(true)
    }
}
