//! Ending sessions: the ledger first, so that whatever asks it refuses at once, then the record.

use super::{App, Error};
use crate::domain::ownership::SignedIn;
use crate::ledger::commands::session::{CloseAllSessions, CloseSession};
use crate::ports::{Book, Platform, Text};
use crate::store::{self, Sessions};

/// Ends this session; one that has ended already is no error.
pub async fn sign_out<P: Platform>(app: App<'_, P>, who: &SignedIn) -> Result<(), Error> {
    let close = CloseSession {
        session: Text(who.session()),
    };
    app.ask(&Book::User(who.user().clone()), close).await?;
    // The outbox repeats this until it is done; doing it here makes it act at once.
    let _ = store::mirror::<Sessions>(app.platform, &who.session(), None, None).await;
    Ok(())
}

/// Ends every session of this person.
pub async fn sign_out_everywhere<P: Platform>(
    app: App<'_, P>,
    who: &SignedIn,
) -> Result<(), Error> {
    let closed = app.ask_as(who, CloseAllSessions {}).await?;
    for session in closed {
        let _ = store::mirror::<Sessions>(app.platform, &*session, None, None).await;
    }
    Ok(())
}
