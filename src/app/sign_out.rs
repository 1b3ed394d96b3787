//! Ending sessions: the ledger first, so that whatever asks it refuses at once, then the record.

use super::{App, Error};
use crate::domain::ids::{SessionId, UserId};
use crate::domain::ownership::SignedIn;
use crate::ledger::commands::session::{CloseAllSessions, CloseSession, Deauthorize};
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
    forget(app, closed).await;
    Ok(())
}

/// Ends every session of somebody who has left us at the provider, as its message says; somebody
/// unknown has none.
pub async fn deauthorize<P: Platform>(
    app: App<'_, P>,
    user: UserId,
    message: String,
) -> Result<(), Error> {
    let closed = app.ask(&Book::User(user), Deauthorize { message }).await?;
    forget(app, closed).await;
    Ok(())
}

/// The outbox repeats this until it is done; doing it here makes it act at once.
async fn forget<P: Platform>(app: App<'_, P>, closed: Vec<Text<SessionId>>) {
    for session in closed {
        let _ = store::mirror::<Sessions>(app.platform, &*session, None, None).await;
    }
}
