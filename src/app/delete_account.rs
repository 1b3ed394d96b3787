//! Deleting an account, and the receipt that says what has become of it.
//!
//! The ledger removes everything of its own at once and lets effects remove the rest; nothing here
//! has to succeed for that. See `ledger::commands::deletion` for how the end is proved.

use super::{App, Error};
use crate::domain::ids::{DeletionCode, Serial, UserId};
use crate::domain::ownership::SignedIn;
use crate::ledger::Receipt;
use crate::ledger::commands::deletion::{AccountDeleted, DeleteAccount};
use crate::ledger::commands::global::{KeepReceipt, ShowReceipt};
use crate::ports::{Book, Platform, Text};
use crate::store::{self, Sessions};

const CODE_LABEL: &str = "deletion-code";

/// Deletes the account of whoever asks.
pub async fn delete_own_account<P: Platform>(
    app: App<'_, P>,
    who: &SignedIn,
) -> Result<DeletionCode, Error> {
    let deleted = app.ask_as(who, order(&app.platform.entropy())).await?;
    Ok(follow(app, deleted).await)
}

/// Deletes the account of that id, as a message asks whose signature was verified. The code is made
/// of the message, so one that comes again names the same deletion and deletes nothing more. Of an
/// id that has no account there is a code and a receipt as well, so that nothing is told by it.
pub async fn delete_as_asked<P: Platform>(
    app: App<'_, P>,
    user: UserId,
    message: &str,
) -> Result<DeletionCode, Error> {
    let code = app.config.keys.sign(CODE_LABEL, &[message.as_bytes()]);
    let deleted = app.ask(&Book::User(user), order(&code)).await?;
    Ok(follow(app, deleted).await)
}

fn order(entropy: &[u8; 32]) -> DeleteAccount {
    let code = Text(Serial::random(entropy));
    DeleteAccount { code }
}

/// The outbox does all of this until it is done; doing it here makes it act at once.
async fn follow<P: Platform>(app: App<'_, P>, deleted: AccountDeleted) -> DeletionCode {
    let code = *deleted.receipt.code;
    let receipt = deleted.receipt;
    let kept = app.ask(&Book::Global, KeepReceipt { receipt }).await;
    if kept.is_err() {
        app.note(
            "deletion",
            &[("step", &"keep-receipt"), ("outcome", &"again")],
        );
    }
    for session in deleted.sessions {
        let _ = store::mirror::<Sessions>(app.platform, &*session, None, None).await;
    }
    code
}

/// What a deletion has come to so far.
pub async fn show_receipt<P: Platform>(
    app: App<'_, P>,
    code: DeletionCode,
) -> Result<Receipt, Error> {
    let code = Text(code);
    app.ask(&Book::Global, ShowReceipt { code }).await
}

/// Where a person reads the receipt.
pub fn receipt_url<P: Platform>(app: App<'_, P>, code: DeletionCode) -> String {
    format!("{}/deletion/{code}", app.config.app_origin)
}
