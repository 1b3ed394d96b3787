//! What a person can know of their own account.

use super::{App, Error, session};
use crate::domain::ids::UserKey;
use crate::domain::ownership::SignedIn;
use crate::ledger::commands::account::{ShowAccount, Shown};
use crate::ports::Platform;
use crate::records::{Session, User};
use crate::store::{self, Users};

/// The account with its sessions and what is used of today's quotas.
pub async fn show_account<P: Platform>(app: App<'_, P>, who: &SignedIn) -> Result<Shown, Error> {
    app.ask_as(who, ShowAccount {}).await
}

/// Who a token belongs to, and its session. The person's record is for display, so a mirror that
/// is late is asked for in the ledger and one that is old does no harm.
pub async fn verify_token<P: Platform>(
    app: App<'_, P>,
    who: &SignedIn,
) -> Result<(User, Session), Error> {
    let session = session::require_standing(app, who).await?;
    let user = match store::find::<Users>(app.platform, &UserKey(who.user().clone())).await {
        Ok(Some(user)) => user,
        Ok(None) | Err(_) => app.ask_as(who, ShowAccount {}).await?.user,
    };
    Ok((user, session))
}
