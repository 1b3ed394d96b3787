//! Agreeing to the text that stands between a person and the first photo.

use super::{App, Error};
use crate::domain::ownership::SignedIn;
use crate::ledger::commands::account::AcceptConsent;
use crate::ports::Platform;
use crate::records::User;

/// Stores that the text of that version was accepted; another version than the present is refused.
pub async fn accept_consent<P: Platform>(
    app: App<'_, P>,
    who: &SignedIn,
    version: String,
) -> Result<User, Error> {
    app.ask_as(who, AcceptConsent { version }).await
}
