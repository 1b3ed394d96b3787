//! Holding what a run may cost in the book of all people, after its owner's part is reserved and
//! before a provider is asked.

use std::pin::Pin;

use super::{App, Error};
use crate::domain::ids::{OperationId, UserId};
use crate::ledger::commands::operation::Refused;
use crate::ledger::commands::spend::{Held, Hold};
use crate::ports::{Book, Platform, Text};

/// Holds it, or gives the owner's part back and says why. Boxed, because all kinds of runs wait
/// for it.
pub(super) fn hold_spend<'a, P: Platform>(
    app: App<'a, P>,
    owner: &UserId,
    operation: OperationId,
    preset: Option<String>,
    micro_usd: u64,
) -> Pin<Box<dyn Future<Output = Result<Held, Error>> + 'a>> {
    let operation = Text(operation);
    let user = Text(owner.clone());
    let book = Book::User(owner.clone());
    Box::pin(async move {
        let hold = Hold {
            user,
            operation,
            preset,
            micro_usd,
        };
        let error = match app.ask(&Book::Global, hold).await {
            Ok(held) => return Ok(held),
            Err(error) => error,
        };
        let capped = error == Error::SpendCapReached;
        let alert = capped.then(|| "spend-cap-reached".to_owned());
        // Should this fail too, a look finds the reservation, and that nothing runs.
        app.ask(&book, Refused { operation, alert }).await?;
        Err(error)
    })
}
