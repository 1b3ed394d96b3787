//! The three requests that cost money.

use http::{Method, Request};
use serde_json::{Value, json};

use super::{NewCaption, NewPrediction, NewTraining};
use crate::config;
use crate::domain::training::Preset;
use crate::ports::Fault;
use crate::providers::call::{self, UNSENDABLE};

/// At this age a prediction is stopped: unbilled while it waits, else with what it used.
const CANCEL_AFTER: &str = "10m";
const OUTPUT_QUALITY: u8 = 90;

/// Posted to the trainer's address; the destination is in the body.
pub(super) fn training(
    config: &config::Replicate,
    new: &NewTraining,
) -> Result<Request<Vec<u8>>, Fault> {
    let trainer = match new.preset {
        Preset::Fast => &config.trainers.fast,
        Preset::Quality => &config.trainers.quality,
    };
    let (model, version) = trainer.split_once(':').ok_or(UNSENDABLE)?;
    let url = format!(
        "{}/models/{model}/versions/{version}/trainings",
        config.api_url
    );
    let body = json!({
        "destination": config.destination,
        "input": training_input(model, new),
        "webhook": new.webhook_url,
        // Never `logs`: they carry captions.
        "webhook_events_filter": ["start", "completed"],
    });
    call::json_request(Method::POST, &url, &config.token, &[], &body)
}

/// The trainers differ in what they take, and any of them can serve any preset.
fn training_input(trainer: &str, new: &NewTraining) -> Value {
    let steps = new.preset.steps();
    if trainer.ends_with("/fast-flux-trainer") {
        json!({
            "input_images": new.zip_url,
            "trigger_word": new.trigger_word,
            "lora_type": "subject",
            "training_steps": steps,
        })
    } else {
        json!({
            "input_images": new.zip_url,
            "trigger_word": new.trigger_word,
            "autocaption": !new.captions,
            "steps": steps,
        })
    }
}

pub(super) fn prediction(
    config: &config::Replicate,
    new: &NewPrediction,
) -> Result<Request<Vec<u8>>, Fault> {
    run(
        config,
        &new.provider_version,
        &new.webhook_url,
        &prediction_input(new),
    )
}

/// What every vision model takes, and nothing that only some of them do.
pub(super) fn caption(
    config: &config::Replicate,
    new: &NewCaption,
) -> Result<Request<Vec<u8>>, Fault> {
    let input = json!({"image": new.image_url, "prompt": new.question});
    run(config, &new.provider_version, &new.webhook_url, &input)
}

fn run(
    config: &config::Replicate,
    version: &str,
    webhook: &str,
    input: &Value,
) -> Result<Request<Vec<u8>>, Fault> {
    let url = format!("{}/predictions", config.api_url);
    let body = json!({
        "version": version,
        "input": input,
        "webhook": webhook,
        "webhook_events_filter": ["completed"],
    });
    let headers = [("cancel-after", CANCEL_AFTER)];
    call::json_request(Method::POST, &url, &config.token, &headers, &body)
}

/// Also what a lost prediction is recognised by.
pub(super) fn prediction_input(new: &NewPrediction) -> Value {
    json!({
        "prompt": new.prompt,
        "aspect_ratio": new.aspect_ratio,
        "num_outputs": new.count,
        "seed": new.seed,
        "output_format": new.format,
        "output_quality": OUTPUT_QUALITY,
        "num_inference_steps": new.steps,
        "guidance_scale": new.guidance,
        "lora_scale": new.lora_scale,
        // With `go_fast` the same seed would not give the same image.
        "go_fast": false,
        "disable_safety_checker": false,
    })
}
