//! Webhooks that no provider sent: repeated, badly signed, old, or about another run.

use base64ct::{Base64, Encoding};
use selfie::domain::digest;
use serde_json::json;

use crate::plan::Forgery;
use crate::platform::Sim;

/// Long after the provider's clock and ours could differ by so much.
const OLD_S: u64 = 3600;

pub fn webhook(sim: &Sim, job: usize, forgery: Forgery) -> Option<http::Request<Vec<u8>>> {
    let jobs = sim.outside.borrow().jobs();
    let aimed_at = jobs.get(job % jobs.len().max(1))?;
    let about = match forgery {
        Forgery::OfAnotherRun => jobs.get((job + 1) % jobs.len())?,
        _ => aimed_at,
    };
    let body = json!({"id": about.id, "status": "succeeded", "output": null}).to_string();
    let seconds = sim.now_ms() / 1000;
    let seconds = match forgery {
        Forgery::Old => seconds - OLD_S,
        _ => seconds,
    };
    let secret = sim.config.replicate.webhook_secrets.last()?;
    let secret = match forgery {
        Forgery::BadSignature => b"somebody else's secret".as_slice(),
        _ => secret,
    };
    let id = format!("msg_forged{}", sim.below(4));
    let seconds = seconds.to_string();
    let text = [
        id.as_bytes(),
        b".",
        seconds.as_bytes(),
        b".",
        body.as_bytes(),
    ];
    let signature = Base64::encode_string(&digest::hmac_sha256(secret, &text));
    http::Request::post(aimed_at.webhook.as_deref()?)
        .header("content-type", "application/json")
        .header("webhook-id", id)
        .header("webhook-timestamp", seconds)
        .header("webhook-signature", format!("v1,{signature}"))
        .body(body.into_bytes())
        .ok()
}
