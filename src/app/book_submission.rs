//! Booking what became of the one submission of an operation, and how the provider took it.

use std::pin::Pin;

use super::{App, Error, Provider};
use crate::domain::ids::OperationId;
use crate::ledger::commands::breaker::{REPLICATE, Went};
use crate::ledger::commands::operation::{Accepted, Refused, Submitted};
use crate::ledger::commands::pace::Usual;
use crate::ledger::commands::spend::Held;
use crate::ports::{Book, Fault, Platform, Text};

/// The answer to the submission is an id at the provider, or why there is none. Boxed, because all
/// kinds of runs wait for it.
pub(super) fn book_submission<'a, P: Platform>(
    app: App<'a, P>,
    book: &'a Book,
    operation: OperationId,
    answer: Result<String, Fault>,
    held: Held,
) -> Pin<Box<dyn Future<Output = Result<Accepted, Error>> + 'a>> {
    Box::pin(async move {
        let went = went(&answer);
        let booked = settle(app, book, Text(operation), answer, held.usual).await;
        // One that goes well among others that do says nothing new.
        if let Some(went) = went.filter(|went| held.troubled || *went != Went::Well) {
            app.report_call(REPLICATE, went).await;
        }
        booked
    })
}

/// Nothing when the provider was not asked.
fn went(answer: &Result<String, Fault>) -> Option<Went> {
    match answer {
        Err(Fault::Resting { .. }) => None,
        Err(Fault::Refused {
            status: 401..=403, ..
        }) => Some(Went::Account),
        Err(fault) if fault.is_ambiguous() => Some(Went::Badly),
        Ok(_) | Err(_) => Some(Went::Well),
    }
}

async fn settle<P: Platform>(
    app: App<'_, P>,
    book: &Book,
    operation: Text<OperationId>,
    answer: Result<String, Fault>,
    usual: Option<Usual>,
) -> Result<Accepted, Error> {
    let provider_id = match answer {
        Ok(id) => Some(id),
        Err(fault) if fault.is_ambiguous() => None,
        Err(fault) => {
            let alert = match &fault {
                Fault::Resting { .. } => None,
                _ => Some(match fault.status() {
                    Some(401..=403) => "replicate-account",
                    Some(429) => "replicate-throttled",
                    _ => "replicate-refused",
                }),
            };
            let alert = alert.map(str::to_owned);
            // Should the ledger fail here, the reservation is found by a look and comes to nothing.
            app.ask(book, Refused { operation, alert }).await?;
            return Err(Error::at(Provider::Replicate, &fault));
        }
    };
    let submitted = Submitted {
        operation,
        provider_id,
        usual,
    };
    // Whoever asked has deleted the record since.
    app.ask(book, submitted).await?.ok_or(Error::NotFound)
}
