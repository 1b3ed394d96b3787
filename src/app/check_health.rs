//! Whether what everything depends on answers.

use super::App;
use crate::ledger::commands::global::ListOpen;
use crate::ports::{Book, Platform};

/// Whether the ledger can be had: it is asked for something small.
pub async fn is_ledger_up<P: Platform>(app: App<'_, P>) -> bool {
    app.ask(&Book::Global, ListOpen { limit: 1 }).await.is_ok()
}
