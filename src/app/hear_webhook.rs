//! A webhook of Replicate: a signed hint that something happened.
//!
//! The hint only says where to look; what counts is what the provider answers when asked with our
//! own token. A webhook that comes again, late or out of order changes nothing.

use super::{App, Error, drive_operation, train_model};
use crate::domain::ids::{OperationId, UserId};
use crate::domain::operation::Phase;
use crate::ledger::Alert;
use crate::ledger::commands::lost::NoteWebhook;
use crate::ledger::commands::operation::ShowOperation;
use crate::ports::{Book, Platform, Text};
use crate::providers::replicate::{Given, Hint, WebhookId};

/// Acts on a verified webhook. An error means that it should be sent again.
pub async fn hear_webhook<P: Platform>(
    app: App<'_, P>,
    owner: UserId,
    operation: OperationId,
    id: WebhookId,
    hint: Hint,
) -> Result<(), Error> {
    let book = Book::User(owner);
    let operation = Text(operation);
    let shown = match app.ask(&book, ShowOperation { operation }).await {
        Ok(shown) => shown,
        // Deleted meanwhile, or long over.
        Err(Error::NotFound) => return note(app, &book, operation, hint).await,
        Err(error) => return Err(error),
    };
    match &shown.operation.provider_id {
        // The first of two runs is over.
        _ if shown.operation.former_id.as_ref() == Some(&hint.provider_id) => Ok(()),
        Some(known) if *known != hint.provider_id => {
            app.tell(Alert::new("webhook-mismatch", operation)).await;
            Ok(())
        }
        // It has outrun the answer to the submission, which will tell the id; until then nothing
        // says that this body belongs to this operation. Or it was looked for and given up.
        None => note(app, &book, operation, hint).await,
        // The images are on their way into our store; that is not done while the provider waits.
        Some(_) if Phase::from(shown.operation.phase) == Phase::Saving => Ok(()),
        Some(_) => drive_operation::look(app, &book, &shown, Some(id.0)).await,
    }
}

/// Hands on a hint at a run of which the operation does not know.
async fn note<P: Platform>(
    app: App<'_, P>,
    book: &Book,
    operation: Text<OperationId>,
    hint: Hint,
) -> Result<(), Error> {
    // A training may be stopped for it, and lose its version: it must have been given our bundle.
    let mark = train_model::mark(*operation, false);
    let training = match hint.given {
        Some(Given::Bundle(url)) if !url.contains(&mark) => {
            app.tell(Alert::new("webhook-mismatch", operation)).await;
            return Ok(());
        }
        given => given.map(|given| given != Given::Other),
    };
    let note = NoteWebhook {
        operation,
        training,
        provider_id: hint.provider_id,
    };
    app.ask(book, note).await
}
