//! The guarantee: whatever webhooks and alarms miss, the clock finds.
//!
//! Goes over every operation that has not ended, in slices, a few at a time; runs that overlap or
//! break off harm nothing, and the next one completes them.

use futures_util::future::join_all;

use super::{App, Error, drive_operation, run_outbox};
use crate::domain::operation::Phase;
use crate::ledger::Open;
use crate::ledger::commands::global::{ListOpen, RemoveOpen};
use crate::ledger::commands::operation::ShowOperation;
use crate::ports::{Book, Platform, Text};

/// Workerd allows six connections at a time.
const AT_A_TIME: usize = 4;
/// One run drives at most this many; the rest waits for the next.
const MOST: usize = 200;

/// What a run did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Swept {
    pub looked_at: usize,
    pub failed: usize,
}

pub async fn sweep<P: Platform>(app: App<'_, P>) -> Result<Swept, Error> {
    let mut swept = Swept::default();
    let mut after = String::new();
    run_outbox::run_outbox(app, &Book::Global).await?;
    while swept.looked_at < MOST {
        let slice = ListOpen {
            after: after.clone(),
            limit: AT_A_TIME,
        };
        let open = app.ask(&Book::Global, slice).await?;
        let Some(last) = open.last() else { break };
        after = last.operation.to_string();
        let results = join_all(open.iter().map(|open| visit(app, open))).await;
        swept.looked_at = swept.looked_at.saturating_add(results.len());
        let failed = results.iter().filter(|result| result.is_err()).count();
        swept.failed = swept.failed.saturating_add(failed);
    }
    Ok(swept)
}

async fn visit<P: Platform>(app: App<'_, P>, open: &Open) -> Result<(), Error> {
    let book = Book::User(open.user.0.clone());
    let shown = match app
        .ask(
            &book,
            ShowOperation {
                operation: open.operation,
            },
        )
        .await
    {
        Ok(shown) => shown,
        Err(Error::NotFound) => return forget(app, open).await,
        Err(error) => return Err(error),
    };
    let operation = &shown.operation;
    if Phase::from(operation.phase).is_final() {
        return forget(app, open).await;
    }
    let patience = operation
        .reserved_at
        .plus_s(app.config.rules.operation_grace_s);
    let urgent = Phase::from(operation.phase) == Phase::Saving;
    if urgent || app.platform.now() >= patience {
        drive_operation::drive_operation(app, &book, *operation.id).await?;
    }
    run_outbox::run_outbox(app, &book).await
}

/// The book says it has ended; that it was still listed is a lost effect, made good here.
async fn forget<P: Platform>(app: App<'_, P>, open: &Open) -> Result<(), Error> {
    let operation = Text(*open.operation);
    app.ask(
        &Book::Global,
        RemoveOpen {
            operation,
            trained: None,
        },
    )
    .await
}
