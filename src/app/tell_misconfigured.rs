//! Telling the operator that a variable stops the service, with what of the configuration is good.
//!
//! The ledger, which otherwise counts alerts, is stopped too, so KV remembers that it was told. A
//! memory that is late means one message more.

use crate::config::{Misconfigured, Pushover};
use crate::ports::{Namespace, Platform, Put, log};
use crate::providers::pushover::{self, Notice};

/// Where the store remembers it; no record has a name like this.
const TOLD: &str = "misconfigured";
const QUIET_S: u64 = 600;

/// Tells it, at most every ten minutes. Whoever asked for something meanwhile waits for nothing of
/// this.
pub async fn tell_misconfigured<P: Platform>(
    platform: &P,
    wrong: &Misconfigured,
    pushover: Option<&Pushover>,
) {
    let Some(pushover) = pushover else { return };
    let table = Namespace::MagicLinks;
    if !matches!(platform.get(table, TOLD).await, Ok(None)) {
        return;
    }
    let notice = Notice {
        title: "Selfie.pr: misconfigured".to_owned(),
        message: format!("Every request is refused because of {}.", wrong.variable),
        priority: 1,
        at: platform.now(),
    };
    // Remembered first: what else fails meanwhile tells nothing new.
    let put = Put {
        key: TOLD.to_owned(),
        value: wrong.variable.to_owned(),
        ttl_s: Some(QUIET_S),
    };
    let remembered = platform.put(table, put).await.is_ok();
    let outcome = match pushover::notify(platform, pushover, &notice).await {
        Ok(()) => "told",
        Err(fault) => fault.kind(),
    };
    platform.log(&log::line(
        "misconfigured",
        &[
            ("variable", &wrong.variable),
            ("outcome", &outcome),
            ("remembered", &remembered),
        ],
    ));
}
