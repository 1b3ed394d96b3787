//! Replicate: trainings into one private model, images from its versions, and the signatures under
//! its webhooks.
//!
//! A creation is posted once, because each is a bill; only a 429 is asked again, since it was
//! refused before anything began. What Replicate says in words, logs included, never leaves here.

mod order;
mod output;
mod report;
mod search;
mod version;
mod webhook;

use http::{Method, Request};

use super::call::{self, CREATE, Policy, READ, READ_IMAGE, UNSENDABLE};
use crate::config;
use crate::domain::training::Preset;
use crate::ports::json::json_struct;
use crate::ports::{Fault, Platform};

pub use output::fetch_output;
pub use report::{ErrorKind, Report};
pub use search::{WantedPrediction, find_caption, find_prediction, find_training};
pub use version::{delete_version, version_exists};
pub use webhook::{Given, Hint, Unsigned, WebhookId, read_hint, verify_webhook};

/// What a training is made of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewTraining {
    pub preset: Preset,
    /// The signed address of the bundle.
    pub zip_url: String,
    pub trigger_word: String,
    pub webhook_url: String,
    /// Every photo in the bundle has a caption of its own, so the trainer need not write any.
    pub captions: bool,
}

/// What images are made of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewPrediction {
    /// `owner/name:hash`.
    pub provider_version: String,
    /// With the trigger word in it.
    pub prompt: String,
    pub aspect_ratio: String,
    pub count: u8,
    pub seed: u32,
    pub steps: u8,
    pub guidance: u8,
    pub lora_scale: u8,
    pub format: String,
    pub webhook_url: String,
}

/// What a description of a photo is asked with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewCaption {
    /// `owner/name:hash` of a vision model that takes `image` and `prompt` and answers in text.
    pub provider_version: String,
    /// The signed address of the photo.
    pub image_url: String,
    pub question: &'static str,
    pub webhook_url: String,
}

/// A run that Replicate has accepted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Created {
    pub provider_id: String,
}

/// How often, and for how long in all, a creation waits when it is throttled.
const MAX_WAITS: u32 = 2;
const MAX_WAITING_MS: u64 = 15_000;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Training,
    Prediction,
}

impl Kind {
    const fn collection(self) -> &'static str {
        match self {
            Self::Training => "trainings",
            Self::Prediction => "predictions",
        }
    }
}

pub async fn create_training<P: Platform>(
    platform: &P,
    config: &config::Replicate,
    training: &NewTraining,
) -> Result<Created, Fault> {
    create(platform, order::training(config, training)?).await
}

pub async fn create_prediction<P: Platform>(
    platform: &P,
    config: &config::Replicate,
    prediction: &NewPrediction,
) -> Result<Created, Fault> {
    create(platform, order::prediction(config, prediction)?).await
}

pub async fn create_caption<P: Platform>(
    platform: &P,
    config: &config::Replicate,
    caption: &NewCaption,
) -> Result<Created, Fault> {
    create(platform, order::caption(config, caption)?).await
}

async fn create<P: Platform>(platform: &P, request: Request<Vec<u8>>) -> Result<Created, Fault> {
    let asked_at = platform.now();
    for attempt in 1..=MAX_WAITS {
        let fault = match call::send(platform, request.clone(), CREATE).await {
            Ok(body) => return read_created(&body),
            Err(fault) => fault,
        };
        let Fault::Refused {
            status: 429,
            retry_after_s,
        } = fault
        else {
            return Err(fault);
        };
        let wait_ms = match retry_after_s {
            Some(seconds) => seconds.saturating_mul(1000),
            None => call::backoff_ms(attempt, &platform.entropy()),
        };
        let waited_ms = platform.now().since_ms(asked_at);
        if waited_ms.saturating_add(u64::from(wait_ms)) > MAX_WAITING_MS {
            return Err(fault);
        }
        platform.pause(wait_ms).await;
    }
    read_created(&call::send(platform, request, CREATE).await?)
}

fn read_created(body: &[u8]) -> Result<Created, Fault> {
    json_struct! {
        struct Answer {
            id: Option<String>,
        }
    }
    let answer: Answer = call::read_json(body, "body")?;
    let provider_id = answer
        .id
        .filter(|id| is_id(id))
        .ok_or(Fault::malformed("id"))?;
    Ok(Created { provider_id })
}

pub async fn read_training<P: Platform>(
    platform: &P,
    config: &config::Replicate,
    provider_id: &str,
) -> Result<Report, Fault> {
    let body = read(platform, config, Kind::Training, provider_id, READ).await?;
    report::training(&body, provider_id, &config.destination)
}

pub async fn read_prediction<P: Platform>(
    platform: &P,
    config: &config::Replicate,
    provider_id: &str,
) -> Result<Report, Fault> {
    // The images themselves may be in the answer, as `data:` addresses.
    let body = read(platform, config, Kind::Prediction, provider_id, READ_IMAGE).await?;
    report::prediction(&body, provider_id)
}

/// A prediction whose output is text, which comes in parts or whole.
pub async fn read_caption<P: Platform>(
    platform: &P,
    config: &config::Replicate,
    provider_id: &str,
) -> Result<Report, Fault> {
    let body = read(platform, config, Kind::Prediction, provider_id, READ).await?;
    report::prediction(&body, provider_id)
}

async fn read<P: Platform>(
    platform: &P,
    config: &config::Replicate,
    kind: Kind,
    provider_id: &str,
    policy: Policy,
) -> Result<Vec<u8>, Fault> {
    let url = job_url(config, kind, provider_id)?;
    let request = call::request(Method::GET, &url, &config.token, &[], Vec::new())?;
    call::send(platform, request, policy).await
}

/// Stops a training, as far as Replicate lets it be stopped: whoever wants to know reads it next.
pub async fn cancel_training<P: Platform>(
    platform: &P,
    config: &config::Replicate,
    provider_id: &str,
) -> Result<(), Fault> {
    cancel(platform, config, Kind::Training, provider_id).await
}

/// Stops a prediction, as far as Replicate lets it be stopped.
pub async fn cancel_prediction<P: Platform>(
    platform: &P,
    config: &config::Replicate,
    provider_id: &str,
) -> Result<(), Fault> {
    cancel(platform, config, Kind::Prediction, provider_id).await
}

async fn cancel<P: Platform>(
    platform: &P,
    config: &config::Replicate,
    kind: Kind,
    provider_id: &str,
) -> Result<(), Fault> {
    let url = format!("{}/cancel", job_url(config, kind, provider_id)?);
    let request = call::request(Method::POST, &url, &config.token, &[], Vec::new())?;
    match call::send(platform, request, READ).await {
        // These are about our account or the moment.
        Err(
            fault @ Fault::Refused {
                status: 401 | 402 | 403 | 408 | 429,
                ..
            },
        ) => Err(fault),
        // What else is refused is about the run, and how it stands is read.
        Ok(_)
        | Err(Fault::Refused {
            status: 400..=499, ..
        }) => Ok(()),
        Err(fault) => Err(fault),
    }
}

fn job_url(config: &config::Replicate, kind: Kind, id: &str) -> Result<String, Fault> {
    if !is_id(id) {
        return Err(UNSENDABLE);
    }
    Ok(format!("{}/{}/{id}", config.api_url, kind.collection()))
}

/// `^[a-z0-9]{20,40}$`; every id in recorded answers has 26 characters.
fn is_id(text: &str) -> bool {
    (20..=40).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

#[cfg(test)]
mod tests;
