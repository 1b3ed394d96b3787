//! Whether what everything depends on answers.

use super::App;
use crate::ledger::commands::breaker::ListBreakers;
use crate::ports::{Book, Platform};

/// The providers that nobody asks now, as the ledger knows them; nothing when it cannot be had.
pub async fn list_resting<P: Platform>(app: App<'_, P>) -> Option<Vec<String>> {
    app.ask(&Book::Global, ListBreakers {}).await.ok()
}
