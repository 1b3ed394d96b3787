//! Doing what a book has noted to be done elsewhere.

use futures_util::future::join_all;

use super::{App, Error, perform_effect};
use crate::ledger::commands::outbox::{Due, Finish, Finished, TakeDue};
use crate::ports::{Book, Platform};

/// Workerd allows six connections at a time, and an effect may need two.
const AT_A_TIME: usize = 4;
/// One run goes on for at most this many rounds; what is left is due at once again.
const ROUNDS: usize = 25;

/// Performs the due effects of a book, a few at a time, until none is due.
pub async fn run_outbox<P: Platform>(app: App<'_, P>, book: &Book) -> Result<(), Error> {
    let mut due = app.ask(book, TakeDue { limit: AT_A_TIME }).await?;
    for round in 1..=ROUNDS {
        if due.is_empty() {
            return Ok(());
        }
        let done = join_all(due.into_iter().map(|due| finish(app, book, due))).await;
        let limit = if round == ROUNDS { 0 } else { AT_A_TIME };
        due = app.ask(book, Finish { done, limit }).await?;
        app.report_resting().await;
    }
    Ok(())
}

async fn finish<P: Platform>(app: App<'_, P>, book: &Book, due: Due) -> Finished {
    let outcome = perform_effect::perform(app, book, &due).await;
    Finished {
        id: due.id,
        leased_at: due.leased_at,
        outcome,
    }
}
