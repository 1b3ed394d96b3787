//! Agreeing to the text that stands between a person and the first photo.

use super::{App, Error};
use crate::domain::consent::Language;
use crate::domain::ownership::SignedIn;
use crate::ledger::commands::account::AcceptConsent;
use crate::ports::{Platform, Text};
use crate::records::User;

/// Stores that the text of that version was accepted as it stands in that language; another version
/// than the present is refused.
pub async fn accept_consent<P: Platform>(
    app: App<'_, P>,
    who: &SignedIn,
    version: String,
    language: Language,
) -> Result<User, Error> {
    let language = Text(language);
    app.ask_as(who, AcceptConsent { version, language }).await
}
