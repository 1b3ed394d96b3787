//! Bringing an operation on, whoever noticed that it should be looked at: a webhook, the ledger's
//! alarm or the sweep. Every step may be repeated and may overlap with another.

use super::retry_training::retry_training;
use super::{App, Error, Provider, handle, make_images, save_images, train_model};
use crate::domain::caption;
use crate::domain::ids::OperationId;
use crate::domain::operation::{Phase, Reason, Seen};
use crate::ledger::Alert;
use crate::ledger::commands::lost::Adopt;
use crate::ledger::commands::observe::{Observe, SeenName};
use crate::ledger::commands::operation::{ShowOperation, Shown};
use crate::ports::{Book, Fault, Platform, Text};
use crate::providers::replicate::{self, ErrorKind, Report, WantedPrediction};
use crate::records::{Job, Operation};

/// An answer that was lost is looked for this long.
const UNKNOWN_S: u64 = 600;
/// A run for images is stopped by Replicate after ten minutes; twice that is beyond its word.
const IMAGES_S: u64 = 1200;

/// Looks at an operation by its id. One that is gone or has ended needs nothing.
pub async fn drive_operation<P: Platform>(
    app: App<'_, P>,
    book: &Book,
    operation: OperationId,
) -> Result<(), Error> {
    match app
        .ask(
            book,
            ShowOperation {
                operation: Text(operation),
            },
        )
        .await
    {
        Ok(shown) => look(app, book, &shown, None).await,
        Err(Error::NotFound) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Looks at an operation and books what is seen, under the webhook that led here if one did.
pub(super) async fn look<P: Platform>(
    app: App<'_, P>,
    book: &Book,
    shown: &Shown,
    hook: Option<String>,
) -> Result<(), Error> {
    let operation = &shown.operation;
    match (Phase::from(operation.phase), &operation.provider_id) {
        (Phase::Succeeded | Phase::Failed(_) | Phase::Canceled, _) => Ok(()),
        (Phase::Saving, _) => save_images::save_images(app, book, shown).await,
        (_, None) => match find(app, book, shown).await {
            Err(Error::ProviderUnavailable { .. }) if is_overdue(app, operation) => {
                observe(app, book, seen(operation, SeenName::FailedTimeout)).await
            }
            found => found,
        },
        // What runs there is stopped by the effect that follows from this end.
        (_, Some(_)) if operation.cancel_requested => {
            observe(app, book, seen(operation, SeenName::Canceled)).await
        }
        (_, Some(id)) => watch(app, book, operation, id, hook).await,
    }
}

/// Asks the provider how a run stands.
async fn watch<P: Platform>(
    app: App<'_, P>,
    book: &Book,
    operation: &Operation,
    id: &str,
    hook: Option<String>,
) -> Result<(), Error> {
    let (platform, config) = (app.platform, &app.config.replicate);
    let training = is_training(operation);
    let report = match operation.job {
        Job::Training { .. } => replicate::read_training(platform, config, id).await,
        Job::Prediction { .. } => replicate::read_prediction(platform, config, id).await,
        Job::Caption { .. } => replicate::read_caption(platform, config, id).await,
    };
    let overdue = is_overdue(app, operation);
    let mut found = match report {
        Ok(report) if training && may_be_retried(operation, &report) => {
            // A webhook is answered at once; the look that follows has the time.
            if hook.is_some() || retry_training(app, book, operation, id).await? {
                return Ok(());
            }
            describe(operation, &report)
        }
        Ok(report) => describe(operation, &report),
        Err(Fault::Refused { status: 404, .. }) => seen(operation, SeenName::Missing),
        // Who does not answer for so long is not waited for any longer.
        Err(_) if overdue => seen(operation, SeenName::Nothing),
        Err(fault) => return Err(Error::at(Provider::Replicate, &fault)),
    };
    found.hook = hook;
    let ended = matches!(
        found.seen.seen(),
        Some(Seen::Finished | Seen::Failed(_) | Seen::Canceled)
    );
    // That it is not known there once says nothing about how it stands.
    let known = found.seen != SeenName::Missing;
    if !ended && known && overdue {
        app.tell(Alert::new("operation-overdue", operation.id))
            .await;
        found.seen = SeenName::FailedTimeout;
    }
    observe(app, book, found).await
}

/// The provider's own trouble, for the first time.
fn may_be_retried(operation: &Operation, report: &Report) -> bool {
    let failed = matches!(report.seen, Some(Seen::Failed(_)));
    failed && report.error == Some(ErrorKind::Transient) && operation.former_id.is_none()
}

fn is_overdue<P: Platform>(app: App<'_, P>, operation: &Operation) -> bool {
    let most_s = if is_training(operation) {
        app.config.rules.training_timeout_s
    } else {
        IMAGES_S
    };
    app.platform.now() >= operation.reserved_at.plus_s(most_s)
}

/// What a report means for an operation.
fn describe(operation: &Operation, report: &Report) -> Observe {
    let training = is_training(operation);
    let name = match (report.seen, report.error) {
        (Some(Seen::Failed(_)), Some(ErrorKind::BadPhotos)) => SeenName::FailedBadPhotos,
        (Some(other), _) => other.into(),
        // A status that we do not know is not an end, but it was heard.
        (None, _) => SeenName::Accepted,
    };
    let running = training && report.seen == Some(Seen::Processing);
    let described = matches!(operation.job, Job::Caption { .. }) && name == SeenName::Finished;
    let description = described.then(|| caption::from_answer(&report.outputs.concat()));
    // A description without a word in it is none.
    let name = match description {
        Some(None) => SeenName::FailedProviderError,
        _ => name,
    };
    Observe {
        description: description.flatten(),
        stage: running.then(|| report.log.stage.name().to_owned()),
        percent: report.log.percent.filter(|_| running),
        predict_time_us: report.predict_time_us,
        version: report.version.clone(),
        ..seen(operation, name)
    }
}

/// That this was seen, and nothing beside it.
pub(super) fn seen(operation: &Operation, seen: SeenName) -> Observe {
    Observe {
        operation: operation.id,
        seen,
        provider_id: None,
        stage: None,
        percent: None,
        predict_time_us: None,
        version: None,
        description: None,
        hook: None,
        folder: None,
    }
}

/// Looks for a run whose submission was never answered; one that is not there for long enough was
/// never begun.
async fn find<P: Platform>(app: App<'_, P>, book: &Book, shown: &Shown) -> Result<(), Error> {
    let (platform, config) = (app.platform, &app.config.replicate);
    let operation = &shown.operation;
    let since = operation.reserved_at;
    let at_replicate = |fault: Fault| Error::at(Provider::Replicate, &fault);
    let candidates = match (&operation.job, &shown.prediction, book) {
        (Job::Training { .. }, _, _) => {
            let mark = train_model::mark(*operation.id, operation.former_id.is_some());
            replicate::find_training(platform, config, &mark, since)
                .await
                .map_err(at_replicate)?
                .into_iter()
                .collect()
        }
        (
            Job::Prediction {
                provider_version, ..
            },
            Some(prediction),
            Book::User(owner),
        ) => {
            let version = provider_version.clone();
            let recipe = &prediction.recipe;
            let wanted = WantedPrediction {
                webhook_url: handle::webhook_url(app.config, owner, *operation.id),
                input: make_images::order(app, owner, *operation.id, recipe, version),
            };
            replicate::find_prediction(platform, config, &wanted, since)
                .await
                .map_err(at_replicate)?
        }
        (Job::Caption { .. }, _, _) => {
            let mark = train_model::mark(*operation.id, false);
            replicate::find_caption(platform, config, &mark, since)
                .await
                .map_err(at_replicate)?
                .into_iter()
                .collect()
        }
        // Its record is deleted: without the recipe it cannot be told from others.
        _ => Vec::new(),
    };
    let adopt = Adopt {
        operation: operation.id,
        candidates,
    };
    if app.ask(book, adopt).await? {
        return Ok(());
    }
    let lost_since = operation.unknown_since.unwrap_or(operation.reserved_at);
    if platform.now() >= lost_since.plus_s(UNKNOWN_S) {
        let end = if operation.cancel_requested {
            SeenName::Canceled
        } else {
            Seen::Failed(Reason::ProviderError).into()
        };
        observe(app, book, seen(operation, end)).await?;
    }
    Ok(())
}

async fn observe<P: Platform>(app: App<'_, P>, book: &Book, observe: Observe) -> Result<(), Error> {
    app.ask(book, observe).await.map(|_| ())
}

const fn is_training(operation: &Operation) -> bool {
    matches!(operation.job, Job::Training { .. })
}
