//! The guarantee: whatever webhooks and alarms miss, the clock finds.
//!
//! Goes over the operations that have not ended, the most urgent first, a few at a time; runs that
//! overlap or break off harm nothing, and the next one completes them.

use std::cell::RefCell;

use futures_util::future::join_all;

use super::{App, Error, drive_operation, run_outbox};
use crate::domain::operation::Phase;
use crate::ledger::Open;
use crate::ledger::commands::global::{ListOpen, MissOpen};
use crate::ledger::commands::operation::ShowOperation;
use crate::ledger::commands::retention::PlanTerms;
use crate::ports::{Book, Platform};

/// Workerd allows six connections at a time.
const AT_A_TIME: usize = 4;
/// One run looks at no more than this many; the rest waits for the next, which comes in two minutes.
const MOST: usize = 200;
/// Nothing is begun any more after this time, so that runs hardly overlap.
const RUN_S: u64 = 90;

/// What a run did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Swept {
    pub looked_at: usize,
    pub failed: usize,
}

/// Sweeps, and says in the log how it went.
pub async fn run<P: Platform>(app: App<'_, P>) {
    match sweep(app).await {
        Ok(swept) => app.note(
            "sweep",
            &[
                ("outcome", &"ok"),
                ("looked_at", &swept.looked_at),
                ("failed", &swept.failed),
            ],
        ),
        Err(_) => app.note("sweep", &[("outcome", &"broken-off")]),
    }
}

pub async fn sweep<P: Platform>(app: App<'_, P>) -> Result<Swept, Error> {
    let end = app.platform.now().plus_s(RUN_S);
    app.ask(&Book::Global, PlanTerms::some_day()).await?;
    run_outbox::run_outbox(app, &Book::Global).await?;
    let open = app.ask(&Book::Global, ListOpen { limit: MOST }).await?;
    let queue = RefCell::new(open.into_iter());
    // Each lane takes the next from the queue: one that hangs holds up its lane alone.
    let lane = || async {
        let mut swept = Swept::default();
        while app.platform.now() < end {
            let Some(open) = queue.borrow_mut().next() else {
                break;
            };
            let failed = visit(app, &open).await.is_err();
            swept.looked_at = swept.looked_at.saturating_add(1);
            swept.failed = swept.failed.saturating_add(failed.into());
        }
        swept
    };
    let lanes = join_all((0..AT_A_TIME).map(|_| lane())).await;
    Ok(lanes.into_iter().fold(Swept::default(), |sum, lane| Swept {
        looked_at: sum.looked_at.saturating_add(lane.looked_at),
        failed: sum.failed.saturating_add(lane.failed),
    }))
}

async fn visit<P: Platform>(app: App<'_, P>, open: &Open) -> Result<(), Error> {
    let book = Book::User(open.user.0.clone());
    let operation = open.operation;
    let shown = match app.ask(&book, ShowOperation { operation }).await {
        Ok(shown) => Some(shown).filter(|s| !Phase::from(s.operation.phase).is_final()),
        Err(Error::NotFound) => None,
        Err(error) => return Err(error),
    };
    let Some(shown) = shown else {
        // Word of its end waits in that book, or was lost.
        run_outbox::run_outbox(app, &book).await?;
        return app.ask(&Book::Global, MissOpen { operation }).await;
    };
    let patience = shown
        .operation
        .reserved_at
        .plus_s(app.config.rules.operation_grace_s);
    let urgent = Phase::from(shown.operation.phase) == Phase::Saving;
    if urgent || app.platform.now() >= patience {
        drive_operation::drive_operation(app, &book, *operation).await?;
    }
    run_outbox::run_outbox(app, &book).await
}
