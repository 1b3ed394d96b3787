//! `GET /api/health`: whether the service runs, which revision, and with whom.

use super::problem::Problem;
use super::reply::{Reply, json};
use super::{Call, wire};
use crate::app::check_health;
use crate::ports::Platform;

pub async fn show<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let config = call.app.config;
    let resting = check_health::list_resting(call.app).await;
    let ledger = resting.is_some();
    let resting = resting.unwrap_or_default();
    let state = |name: &str, present: bool| match present {
        false => "disabled",
        true if resting.iter().any(|open| open == name) => "open",
        true => "closed",
    };
    let health = wire::Health {
        status: "ok",
        revision: env!("SELFIE_REVISION"),
        environment: config.environment.name(),
        ledger,
        providers: wire::Providers {
            replicate: state("replicate", true),
            bytescale: state("bytescale", true),
            mail: state("mail", true),
            facebook: state("facebook", config.facebook.is_some()),
            pushover: state("pushover", config.pushover.is_some()),
            turnstile: state("turnstile", config.turnstile.is_some()),
        },
        turnstile: config.turnstile.as_ref().map(|turnstile| wire::Turnstile {
            site_key: turnstile.site_key.clone(),
            script: format!("{}/api.js", turnstile.url),
        }),
    };
    Ok(json(200, &health))
}
