//! Running a training once more that Replicate failed by its own trouble, with the fallback's
//! trainer if there is one.
//!
//! ```text
//! 1 claim      the ledger gives the second run to one of those who saw the first one fail
//! 2 submit     once, like the first
//! 3 book       accepted, lost (found by a later look), or failed for good
//! ```

use super::drive_operation::seen;
use super::{App, Error, handle, train_model};
use crate::domain::training::Preset;
use crate::ledger::commands::observe::SeenName;
use crate::ledger::commands::operation::Submitted;
use crate::ledger::commands::retry::{Retry, RetryTraining};
use crate::ports::{Book, Platform};
use crate::providers::replicate::{self, NewTraining};
use crate::records::Operation;

/// Whether it runs once more; if not, its failure stands.
pub(super) async fn retry_training<P: Platform>(
    app: App<'_, P>,
    book: &Book,
    operation: &Operation,
    failed_id: &str,
) -> Result<bool, Error> {
    let Book::User(owner) = book else {
        return Ok(false);
    };
    // (1)
    let claim = RetryTraining {
        operation: operation.id,
        failed_id: failed_id.to_owned(),
        preset: app.config.replicate.fallback.map(|p| p.name().to_owned()),
    };
    let Retry::Again {
        trigger_word,
        zip,
        preset,
        captioned,
    } = app.ask(book, claim).await?
    else {
        return Ok(false);
    };
    // (2)
    let training = NewTraining {
        preset: Preset::from_name(&preset).unwrap_or_default(),
        zip_url: train_model::zip_url(app, &zip, &train_model::mark(*operation.id, true)),
        trigger_word,
        webhook_url: handle::webhook_url(app.config, owner, *operation.id),
        captions: captioned,
    };
    let answer = replicate::create_training(app.platform, &app.config.replicate, &training).await;
    // (3)
    let provider_id = match answer {
        Ok(created) => Some(created.provider_id),
        Err(fault) if fault.is_ambiguous() => None,
        Err(_) => {
            let failed = seen(operation, SeenName::FailedProviderError);
            app.ask(book, failed).await?;
            return Ok(true);
        }
    };
    let submitted = Submitted {
        operation: operation.id,
        provider_id,
        usual: None,
    };
    app.ask(book, submitted).await?;
    Ok(true)
}
