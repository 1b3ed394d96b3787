//! `GET /api/health`: whether the service runs, which revision, and with whom.

use super::problem::Problem;
use super::reply::{Reply, json};
use super::{Call, wire};
use crate::app::check_health;
use crate::ports::Platform;

pub async fn show<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let config = call.app.config;
    let or_disabled = |present: bool| if present { "closed" } else { "disabled" };
    let health = wire::Health {
        status: "ok",
        revision: env!("SELFIE_REVISION"),
        environment: config.environment.name(),
        ledger: check_health::is_ledger_up(call.app).await,
        providers: wire::Providers {
            replicate: "closed",
            bytescale: "closed",
            mail: "closed",
            facebook: or_disabled(config.facebook.is_some()),
            pushover: or_disabled(config.pushover.is_some()),
            turnstile: or_disabled(config.turnstile.is_some()),
        },
    };
    Ok(json(200, &health))
}
