//! How often one client may ask to sign in, exactly: the shield before the endpoint counts near the
//! client and only about right.

use super::{App, Error, Provider};
use crate::domain::digest;
use crate::domain::timestamp::Timestamp;
use crate::ledger::commands::limit::{Admit, Admitted, Asked};
use crate::ports::{Book, Platform};

const LABEL: &str = "client";

/// Refuses who asks too often. The ledger knows a client by a code only.
pub(super) async fn admit_client<P: Platform>(
    app: App<'_, P>,
    client: &str,
    asked: Asked,
) -> Result<(), Error> {
    let code = app.config.keys.sign(LABEL, &[client.as_bytes()]);
    let client = digest::hex(code.get(..16).unwrap_or_default());
    let wait_s = |free_at: Timestamp| {
        let ms = free_at.since_ms(app.platform.now());
        u32::try_from(ms.div_ceil(1000)).unwrap_or(3600).max(1)
    };
    match app.ask(&Book::Global, Admit { asked, client }).await? {
        Admitted::Yes => Ok(()),
        Admitted::TooOften { free_at } => Err(Error::TooManyRequests {
            retry_after_s: wait_s(free_at),
        }),
        Admitted::Full { free_at } => Err(Error::ProviderUnavailable {
            provider: Provider::Mail,
            retry_after_s: wait_s(free_at),
        }),
    }
}
