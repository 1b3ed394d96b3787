//! Who one is, what one may do, and signing out.

use super::fields::Fields;
use super::problem::Problem;
use super::reply::{Content, Reply, add, download, empty, json};
use super::{Call, cookie, wire};
use crate::app::{accept_consent, export_account, show_account, sign_out};
use crate::config::Prices;
use crate::domain::consent::{self, Language};
use crate::domain::training::Preset;
use crate::ledger::commands::account::Shown;
use crate::ports::Platform;
use crate::records::User;

pub async fn verify_token<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let who = call.who()?;
    let (user, session) = show_account::verify_token(call.app, who).await?;
    let session = wire::Session::of(&session, who.session());
    Ok(json(
        200,
        &wire::VerifiedToken {
            user: (&user).into(),
            session,
        },
    ))
}

pub async fn show<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let shown = show_account::show_account(call.app, call.who()?).await?;
    Ok(json(200, &account(call, &shown)?))
}

fn account<P: Platform>(call: &Call<'_, P>, shown: &Shown) -> Result<wire::Account, Problem> {
    let rules = &call.app.config.rules;
    let current = call.who()?.session();
    let resets_at = Some(shown.tally.until.to_rfc3339());
    let quota = |limit: u64, used, resets_at| wire::Quota {
        limit,
        used,
        left: limit.saturating_sub(used),
        resets_at,
    };
    Ok(wire::Account {
        user: (&shown.user).into(),
        quotas: wire::Quotas {
            trainings_per_day: quota(
                rules.trainings_per_day,
                shown.tally.trainings,
                resets_at.clone(),
            ),
            running_trainings: quota(rules.running_trainings, shown.running_trainings, None),
            predictions_per_day: quota(
                rules.predictions_per_day,
                shown.tally.predictions,
                resets_at.clone(),
            ),
            captions_per_day: quota(
                rules.captions_per_day,
                shown.tally.captions.unwrap_or_default(),
                resets_at,
            ),
            photos_per_model: rules.photos_per_model,
        },
        sessions: shown
            .sessions
            .iter()
            .map(|s| wire::Session::of(s, current))
            .collect(),
        consent: agreed(&shown.user),
        required_consent: consent::version(rules.photo_retention_days),
        retention: wire::Retention {
            photo_days: rules.photo_retention_days,
        },
        trainings: Preset::ALL
            .map(|preset| offer(&rules.prices, preset))
            .into(),
        captioning: call
            .app
            .config
            .replicate
            .captioner
            .is_some()
            .then_some(wire::CaptionOffer {
                micro_usd: rules.prices.caption.hold(1),
            }),
    })
}

fn offer(prices: &Prices, preset: Preset) -> wire::TrainingOffer {
    let price = prices.training(preset.name());
    wire::TrainingOffer {
        preset: preset.name(),
        micro_usd: price.hold,
        seconds: price
            .second
            .and_then(|second| price.hold.checked_div(second)),
    }
}

/// A download that is written while it is sent; the ledger is asked before anything is.
pub async fn export<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let who = call.who()?;
    export_account::require_account(call.app, who).await?;
    let today = call.app.platform.now().to_rfc3339();
    let day = today.get(..10).unwrap_or_default();
    let mut reply = http::Response::new(Content::Export(who.clone()));
    download(&mut reply, "application/zip", &format!("selfie-{day}.zip"));
    Ok(reply)
}

fn agreed(user: &User) -> Option<wire::Consent> {
    user.consent.as_ref().map(|consent| wire::Consent {
        version: consent.version.clone(),
        accepted_at: consent.accepted_at.to_rfc3339(),
    })
}

const LANGUAGE: &str = "Must be en or de.";

pub async fn accept_consent<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let mut fields = Fields::read(&call.body)?;
    let version = fields.text("version");
    let language = fields.parsed_or("language", Language::default(), LANGUAGE, |name| {
        name.parse().ok()
    });
    fields.finish()?;
    let user = accept_consent::accept_consent(call.app, call.who()?, version, language).await?;
    Ok(json(200, &agreed(&user)))
}

/// 204 whether there was a session or not; the cookie goes in any case.
pub async fn sign_out<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    if let Ok(who) = call.who() {
        sign_out::sign_out(call.app, who).await?;
    }
    Ok(signed_out())
}

pub async fn sign_out_everywhere<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    sign_out::sign_out_everywhere(call.app, call.who()?).await?;
    Ok(signed_out())
}

fn signed_out() -> Reply {
    let mut reply = empty(204);
    forget(&mut reply);
    reply
}

/// Has the browser forget that anybody was signed in.
pub fn forget(reply: &mut Reply) {
    add(reply, "set-cookie", &cookie::clear(cookie::SESSION));
    add(
        reply,
        "clear-site-data",
        "\"cache\", \"cookies\", \"storage\"",
    );
}
