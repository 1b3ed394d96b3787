//! Settling an operation at its end: what it used is booked, or what was reserved is given back.

use super::super::super::rows::{Settled, Tally};
use super::super::super::{Alert, Effect, Page, Refusal};
use super::super::account::{ONLY, today};
use super::super::pace::Trained;
use crate::domain::operation::{Phase, Reason};
use crate::records::{Job, Operation, Prediction, User};

/// How often a person's sums are mirrored, while they change.
const MIRROR_EVERY_S: u64 = 600;

/// Books what an operation used, or gives back what it had reserved, and lets the sums of all
/// people follow; called once for each.
pub(super) fn settle(
    page: &mut Page<'_>,
    operation: &Operation,
    end: Phase,
) -> Result<(), Refusal> {
    let succeeded = end == Phase::Succeeded;
    if succeeded {
        count_use(page, operation)?;
    } else {
        give_back(page, operation)?;
    }
    let (micro_usd, images) = if succeeded {
        cost(page, operation)?
    } else {
        (0, 0)
    };
    let described = matches!(operation.job, Job::Caption { .. });
    let settled = Settled {
        micro_usd,
        succeeded,
        failed: matches!(end, Phase::Failed(_)),
        images,
        captions: described.then(|| u64::from(succeeded)),
        predict_time_us: operation.predict_time_us.unwrap_or_default(),
        waited_ms: page.now().since_ms(operation.reserved_at),
        unheard: succeeded && operation.heard_at.is_none(),
    };
    page.enqueue(Effect::Retire {
        operation: operation.id,
        settled: Some(settled),
        trained: trained(page, operation).filter(|_| succeeded),
        alert: alert(operation, end),
    });
    Ok(())
}

/// What the operator is told of an end.
fn alert(operation: &Operation, end: Phase) -> Option<Alert> {
    let kind = match (&operation.job, end) {
        (Job::Training { .. }, Phase::Succeeded) => "training-ready",
        (Job::Prediction { .. }, Phase::Succeeded) => "new-prediction",
        (Job::Prediction { .. }, Phase::Failed(Reason::NoSafeImage)) => return None,
        (Job::Training { .. }, Phase::Failed(_)) => "training-failed",
        (Job::Prediction { .. }, Phase::Failed(_)) => "prediction-failed",
        (Job::Caption { .. }, Phase::Failed(_)) => "caption-failed",
        _ => return None,
    };
    Some(Alert::new(kind, operation.id))
}

/// What there is to remember of a training.
fn trained(page: &Page<'_>, operation: &Operation) -> Option<Trained> {
    match &operation.job {
        Job::Training { preset, .. } => Some(Trained {
            preset: preset.clone(),
            span_s: page.now().since_ms(operation.reserved_at) / 1000,
        }),
        Job::Prediction { .. } | Job::Caption { .. } => None,
    }
}

fn count_use(page: &mut Page<'_>, operation: &Operation) -> Result<(), Refusal> {
    let Some(mut user) = page.find::<User>(ONLY)? else {
        return Ok(());
    };
    if matches!(operation.job, Job::Prediction { .. }) {
        user.prediction_count = user.prediction_count.saturating_add(1);
    }
    let took_us = operation.predict_time_us.unwrap_or_default();
    user.total_predict_time_us = user.total_predict_time_us.saturating_add(took_us);
    page.put(ONLY, &user);
    mirror_user(page)
}

/// The sums of somebody who makes many pictures are mirrored at once, and then again after a while
/// for all that were made meanwhile.
fn mirror_user(page: &mut Page<'_>) -> Result<(), Refusal> {
    if page.awaits(&Effect::MirrorUser)? {
        return Ok(());
    }
    let mut tally = today(page)?;
    let next = tally.mirrored_at.map(|at| at.plus_s(MIRROR_EVERY_S));
    let due = next.map_or(page.now(), |next| next.max(page.now()));
    tally.mirrored_at = Some(due);
    page.put(ONLY, &tally);
    page.enqueue_at(Effect::MirrorUser, due);
    Ok(())
}

/// Only what was reserved today counts against today.
fn give_back(page: &mut Page<'_>, operation: &Operation) -> Result<(), Refusal> {
    let mut tally: Tally = today(page)?;
    if operation.reserved_at.next_midnight() != tally.until {
        return Ok(());
    }
    let used = match &operation.job {
        Job::Training { .. } => &mut tally.trainings,
        Job::Prediction { .. } => &mut tally.predictions,
        Job::Caption { .. } => tally.captions.get_or_insert_default(),
    };
    *used = used.saturating_sub(1);
    page.put(ONLY, &tally);
    Ok(())
}

/// What a run that ended well cost, and how many images came of it: those that the safety filter
/// removed cost nothing where images are paid by the piece.
fn cost(page: &Page<'_>, operation: &Operation) -> Result<(u64, u64), Refusal> {
    let prices = &page.rules().prices;
    let took_us = operation.predict_time_us;
    match &operation.job {
        Job::Training { preset, .. } => Ok((prices.training(preset).cost(1, took_us), 0)),
        Job::Prediction { prediction, .. } => {
            let made = page
                .find::<Prediction>(*prediction)?
                .map_or(0, |record| record.images.len());
            let made = u64::try_from(made).unwrap_or(u64::MAX);
            Ok((prices.image.cost(made, took_us), made))
        }
        Job::Caption { .. } => Ok((prices.caption.cost(1, took_us), 0)),
    }
}
