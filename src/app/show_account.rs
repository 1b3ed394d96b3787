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

/// Who a token belongs to, and its session. The person's record is the ledger's, whose mirror may
/// be minutes old; that serves when the ledger cannot be had.
pub async fn verify_token<P: Platform>(
    app: App<'_, P>,
    who: &SignedIn,
) -> Result<(User, Session), Error> {
    let session = session::require_standing(app, who).await?;
    let key = UserKey(who.user().clone());
    let read = async {
        match app.ask_as(who, ShowAccount {}).await {
            Ok(shown) => Ok(Some(shown.user)),
            Err(Error::StorageUnavailable) => {
                let mirrored = store::find::<Users>(app.platform, &key).await;
                Ok(mirrored.ok().flatten())
            }
            Err(error) => Err(error),
        }
    };
    let user = store::recent::<Users, _>(app.platform, &key, read).await?;
    Ok((user.ok_or(Error::StorageUnavailable)?, session))
}
