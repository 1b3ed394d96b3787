//! Operations whose result nobody wants any more: their runs are stopped, and nothing of them is
//! kept that nobody can see.

use super::super::super::{Effect, Page, Refusal};
use super::super::deletion;
use super::advance;
use crate::domain::operation::{Phase, Seen};
use crate::records::{Job, Model, Operation, Photo, Prediction};

/// Ends an operation whose result nobody wants any more, and stops it at the provider. Answers the
/// effect that will have done so, if there is anything to stop. The row stays: a run that has belonged
/// to one operation is never taken for the lost run of another.
pub(in super::super) fn stop(
    page: &mut Page<'_>,
    operation: &Operation,
) -> Result<Option<Effect>, Refusal> {
    if Phase::from(operation.phase).is_final() {
        return Ok(None);
    }
    let mut operation = operation.clone();
    if let Some(cancel) = cancellation(&operation) {
        page.enqueue(cancel.clone());
        advance(page, &mut operation, Seen::Canceled)?;
        return Ok(Some(cancel));
    }
    // It may yet be found at the provider; the look that finds it stops it.
    operation.cancel_requested = true;
    page.put(operation.id, &operation);
    Ok(Some(Effect::Look {
        operation: operation.id,
    }))
}

/// The same, because its model goes: the row goes too, once nothing can be found any more.
pub(in super::super) fn abandon(
    page: &mut Page<'_>,
    operation: &Operation,
) -> Result<Option<Effect>, Refusal> {
    let effect = stop(page, operation)?;
    if !matches!(effect, Some(Effect::Look { .. })) {
        page.remove::<Operation>(operation.id);
    }
    Ok(effect)
}

/// Ends an operation whose run is known now that nobody wants its result any more, and stops that.
pub(in super::super) fn stop_found(
    page: &mut Page<'_>,
    operation: &mut Operation,
) -> Result<(), Refusal> {
    if !Phase::from(operation.phase).is_final() {
        operation.cancel_requested = true;
        advance(page, operation, Seen::Canceled)?;
        return Ok(());
    }
    // It was given up before.
    if let Some(cancel) = cancellation(operation) {
        page.enqueue(cancel);
    }
    page.put(operation.id, operation);
    Ok(())
}

/// What stops the run of an operation, if it is known, or if a webhook has named it.
pub(super) fn cancellation(operation: &Operation) -> Option<Effect> {
    let hinted = || operation.hinted_id.clone();
    Some(Effect::CancelRun {
        provider_id: operation.provider_id.clone().or_else(hinted)?,
        training: matches!(operation.job, Job::Training { .. }),
    })
}

/// The end of an operation that was to be stopped before its run was known: the run is stopped now
/// if there is one, and where nobody is left to show the operation to, it goes.
pub(super) fn stop_late(page: &mut Page<'_>, operation: &Operation) -> Result<(), Refusal> {
    let look = Effect::Look {
        operation: operation.id,
    };
    let ended = Phase::from(operation.phase) == Phase::Succeeded;
    match cancellation(operation).filter(|_| !ended) {
        Some(cancel) => {
            deletion::hand_over(page, &look, &cancel)?;
            page.enqueue(cancel);
        }
        None => deletion::confirm(page, &look.id())?,
    }
    let is_orphan = match &operation.job {
        Job::Training { model, .. } => page.find::<Model>(*model)?.is_none(),
        Job::Prediction { prediction, .. } => page.find::<Prediction>(*prediction)?.is_none(),
        Job::Caption { photo } => page.find::<Photo>(*photo)?.is_none(),
    };
    if is_orphan {
        page.remove::<Operation>(operation.id);
    }
    Ok(())
}
