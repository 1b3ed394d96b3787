//! Training a model, and stopping a training.
//!
//! ```text
//! 1 reserve    the ledger decides everything that can be refused; bundles come first if need be,
//!              and what it may cost is held last
//! 2 submit     once; whatever the answer, it is never asked again
//! 3 book       accepted, lost (found by a later look), or refused and released
//! ```

use super::book_submission::book_submission;
use super::{App, Error, bundle_photos, handle, hold_spend};
use crate::domain::ids::{ModelId, OperationId, Serial};
use crate::domain::ownership::Owned;
use crate::domain::training::Preset;
use crate::ledger::commands::operation::{Accepted, KeyClaim};
use crate::ledger::commands::photo::PhotoSet;
use crate::ledger::commands::training::{CancelTraining, ReserveTraining, TrainingReserved};
use crate::ports::{Book, Platform, Text};
use crate::providers::bytescale;
use crate::providers::replicate::{self, NewTraining};
use crate::records::Model;

/// The signed address of the bundle must outlive the queue and the longest training.
const ZIP_URL_S: u64 = 6 * 3600;

/// An accepted request, and whether it had been accepted before under the same key.
#[derive(Debug)]
pub struct Answered<T> {
    pub record: T,
    pub replayed: bool,
}

pub async fn train_model<P: Platform>(
    app: App<'_, P>,
    model: &Owned<ModelId>,
    preset: Preset,
    key: KeyClaim,
) -> Result<Answered<Model>, Error> {
    let operation = Serial::random(&app.platform.entropy());
    let reserve = || ReserveTraining {
        model: Text(model.id()),
        preset: preset.name().to_owned(),
        operation: Text(operation),
        key: key.clone(),
    };
    // (1)
    let mut reserved = app.ask_as(model.by(), reserve()).await?;
    if let TrainingReserved::Unbundled {
        model: record,
        photos,
    } = reserved
    {
        bundle_photos::make(
            app,
            model,
            &PhotoSet {
                model: record,
                photos,
            },
        )
        .await?;
        reserved = app.ask_as(model.by(), reserve()).await?;
    }
    let (record, zip, captioned) = match reserved {
        TrainingReserved::Reserved {
            model,
            zip,
            captioned,
        } => (model, zip, captioned),
        TrainingReserved::Replayed { answer } => {
            return Ok(Answered {
                record: answer,
                replayed: true,
            });
        }
        // The photos changed between the bundle and the reservation.
        TrainingReserved::Unbundled { model, .. } => {
            return Err(Error::conflict(crate::ledger::commands::state_name(
                model.state,
            )));
        }
    };
    let most = app.config.rules.prices.training(preset.name()).hold(1);
    let preset_name = Some(preset.name().to_owned());
    let held = hold_spend::hold_spend(app, model.owner(), operation, preset_name, most).await?;
    // (2)
    let training = NewTraining {
        preset,
        zip_url: zip_url(app, &zip.path, &mark(operation, false)),
        trigger_word: record.trigger_word,
        webhook_url: handle::webhook_url(app.config, model.owner(), operation),
        captions: captioned,
    };
    let answer = replicate::create_training(app.platform, &app.config.replicate, &training).await;
    // (3)
    let book = Book::User(model.owner().clone());
    match book_submission(
        app,
        &book,
        operation,
        answer.map(|created| created.provider_id),
        held,
    )
    .await?
    {
        Accepted::Training(record) => Ok(Answered {
            record,
            replayed: false,
        }),
        Accepted::Prediction(_) | Accepted::Caption(_) => Err(Error::Internal {
            cause: "training booked as something else",
        }),
    }
}

/// The signed address of a bundle, with the mark of the run that is given it.
pub(super) fn zip_url<P: Platform>(app: App<'_, P>, path: &str, mark: &str) -> String {
    let expires = app.platform.now().plus_s(ZIP_URL_S);
    bytescale::signed_url(&app.config.bytescale, path, expires, Some(mark))
}

/// What makes the address of one run's bundle unlike any other's; a second run has one of its own.
pub(super) fn mark(operation: OperationId, again: bool) -> String {
    let second = if again { "-2" } else { "" };
    format!("version={operation}{second}")
}

/// Stops the training of a model.
pub async fn cancel_training<P: Platform>(
    app: App<'_, P>,
    model: &Owned<ModelId>,
) -> Result<Model, Error> {
    app.ask_as(
        model.by(),
        CancelTraining {
            model: Text(model.id()),
        },
    )
    .await
}
