//! Webhooks: signed by Standard Webhooks, throttled, repeated at the end only, and spoilt where a script says so.
//! This module makes requests and hears how they went; it must never send one.
//!
//! ```text
//! signature = v1,base64(HMAC-SHA-256(key, "{webhook-id}.{webhook-timestamp}.{body}"))
//! ```

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use http::Method;
use sha2::Sha256;

use super::job::{Job, View};
use crate::script::Behaviour;
use crate::wire::Request;
use crate::world::World;

/// A webhook that is due, as a request to the product.
#[derive(Debug)]
pub struct Delivery {
    pub id: u64,
    pub request: Request,
}

/// The waits between the tries of a terminal event; together about a minute.
const BACKOFF_MS: [u64; 6] = [1000, 2000, 4000, 8000, 15_000, 30_000];
const STALE_S: u64 = 3600;
const THROTTLE_MS: u64 = 500;
/// The key of the second signature, as after a rotation.
const FORMER_SECRET: &str = "whsec_Zm9ybWVyLXNlbGZpZS1kZXYtaG9va3M=";

#[derive(Debug)]
struct Pending {
    id: u64,
    webhook_id: String,
    url: String,
    body: String,
    due_ms: u64,
    tries: usize,
    terminal: bool,
    in_flight: bool,
    spoilt: Option<Spoilt>,
}

/// What is wrong with a webhook that must not be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spoilt {
    Forged,
    Stale,
}

#[derive(Debug, Default)]
pub(super) struct Queue {
    pending: Vec<Pending>,
    last_id: u64,
}

impl Queue {
    pub fn next_due_ms(&self) -> Option<u64> {
        self.pending
            .iter()
            .filter(|pending| !pending.in_flight)
            .map(|pending| pending.due_ms)
            .min()
    }

    /// Only a terminal event is tried again, and only when nobody answered or the answer was 4xx or 5xx.
    pub fn report(&mut self, id: u64, status: Option<u16>, now_ms: u64) {
        let Some(index) = self.pending.iter().position(|pending| pending.id == id) else {
            return;
        };
        let refused = status.is_none_or(|status| status >= 400);
        if let Some(pending) = self.pending.get_mut(index)
            && refused
            && pending.terminal
            && let Some(wait_ms) = BACKOFF_MS.get(pending.tries)
        {
            pending.tries = pending.tries.saturating_add(1);
            pending.due_ms = now_ms.saturating_add(*wait_ms);
            pending.in_flight = false;
            return;
        }
        self.pending.remove(index);
    }
}

/// Queues an event of a job as its object stands now.
pub(super) fn announce(world: &mut World, index: usize, event: &str) {
    let now_ms = world.now_ms;
    let Some(job) = world.replicate.jobs.get(index) else {
        return;
    };
    let Some(url) = job
        .webhook
        .clone()
        .filter(|_| job.events.iter().any(|wanted| wanted == event))
    else {
        return;
    };
    if job.has(&Behaviour::WebhookDrop) {
        return;
    }
    let progress = matches!(event, "output" | "logs");
    if progress
        && job
            .progress_sent_ms
            .is_some_and(|sent| now_ms.saturating_sub(sent) < THROTTLE_MS)
    {
        return;
    }
    let body = job.view(world, View::Read).to_string();
    let due_ms = now_ms.saturating_add(delay_ms(job, event));
    let copies = if job.has(&Behaviour::WebhookDuplicate) {
        2
    } else {
        1
    };
    let spoilt = if job.has(&Behaviour::WebhookForge) {
        Some(Spoilt::Forged)
    } else {
        job.has(&Behaviour::WebhookStale).then_some(Spoilt::Stale)
    };
    let url = if job.has(&Behaviour::WebhookWrongOperation) {
        another_url(world, index, &url)
    } else {
        url
    };
    let webhook_id = format!(
        "msg_{}",
        world.random.text(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
            27
        )
    );
    for _ in 0..copies {
        world.replicate.webhooks.last_id = world.replicate.webhooks.last_id.saturating_add(1);
        world.replicate.webhooks.pending.push(Pending {
            id: world.replicate.webhooks.last_id,
            webhook_id: webhook_id.clone(),
            url: url.clone(),
            body: body.clone(),
            due_ms,
            tries: 0,
            terminal: event == "completed",
            in_flight: false,
            spoilt,
        });
    }
    if let Some(job) = world.replicate.jobs.get_mut(index).filter(|_| progress) {
        job.progress_sent_ms = Some(now_ms);
    }
}

fn delay_ms(job: &Job, event: &str) -> u64 {
    let scripted: u64 = job
        .effects
        .iter()
        .map(|effect| {
            if let Behaviour::WebhookDelay { ms } = effect {
                *ms
            } else {
                0
            }
        })
        .sum();
    let reordered = event == "start" && job.has(&Behaviour::WebhookReorder);
    if reordered {
        scripted.saturating_add(job.runs_ms).saturating_add(1)
    } else {
        scripted
    }
}

/// The URL of another job, or this one with another operation in its path.
fn another_url(world: &World, index: usize, url: &str) -> String {
    let jobs = world.replicate.jobs.iter().enumerate().rev();
    let other = jobs
        .filter(|(other, _)| *other != index)
        .find_map(|(_, job)| job.webhook.clone().filter(|other| other != url));
    other.unwrap_or_else(|| {
        url.chars()
            .rev()
            .collect::<String>()
            .replacen(|c: char| c.is_ascii_alphanumeric(), "x", 4)
            .chars()
            .rev()
            .collect()
    })
}

/// The events that are due, signed for now.
pub(crate) fn take_deliveries(world: &mut World) -> Vec<Delivery> {
    let now_ms = world.now_ms;
    let secret = world.settings.replicate_webhook_secret.clone();
    let two = world.switches.is("webhook_signatures", "two");
    let mut due: Vec<&mut Pending> = world
        .replicate
        .webhooks
        .pending
        .iter_mut()
        .filter(|pending| !pending.in_flight && pending.due_ms <= now_ms)
        .collect();
    due.sort_by_key(|pending| pending.due_ms);
    due.into_iter()
        .filter_map(|pending| {
            pending.in_flight = true;
            Some(Delivery {
                id: pending.id,
                request: request(pending, now_ms, &secret, two)?,
            })
        })
        .collect()
}

fn request(pending: &Pending, now_ms: u64, secret: &str, two: bool) -> Option<Request> {
    let seconds = now_ms / 1000;
    let timestamp = if pending.spoilt == Some(Spoilt::Stale) {
        seconds.saturating_sub(STALE_S)
    } else {
        seconds
    };
    let key = if pending.spoilt == Some(Spoilt::Forged) {
        FORMER_SECRET
    } else {
        secret
    };
    let mut signatures = sign(key, &pending.webhook_id, timestamp, pending.body.as_bytes())?;
    if two {
        signatures = format!(
            "{} {signatures}",
            sign(
                FORMER_SECRET,
                &pending.webhook_id,
                timestamp,
                pending.body.as_bytes()
            )?
        );
    }
    http::Request::builder()
        .method(Method::POST)
        .uri(&pending.url)
        .header("content-type", "application/json")
        .header(
            "user-agent",
            "Replicate/1.0 (+https://replicate.com/docs/topics/webhooks)",
        )
        .header("webhook-id", &pending.webhook_id)
        .header("webhook-timestamp", timestamp.to_string())
        .header("webhook-signature", signatures)
        .body(pending.body.clone().into_bytes())
        .ok()
}

fn sign(secret: &str, id: &str, timestamp: u64, body: &[u8]) -> Option<String> {
    let key = STANDARD.decode(secret.strip_prefix("whsec_")?).ok()?;
    let mut hmac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    hmac.update(format!("{id}.{timestamp}.").as_bytes());
    hmac.update(body);
    Some(format!(
        "v1,{}",
        STANDARD.encode(hmac.finalize().into_bytes())
    ))
}

#[cfg(test)]
mod tests {
    use super::sign;

    #[test]
    fn signatures_are_those_of_the_vectors() {
        let vectors = [
            (
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1_614_265_330,
                "{\"test\": 2432232314}",
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            ),
            (
                "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
                "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
                1_649_367_553,
                "{\"email\":\"test@example.com\",\"username\":\"test_user\"}",
                "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
            ),
            (
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "msg_selfie0000000000000000001",
                1_767_225_600,
                "{\"id\":\"q1\",\"status\":\"succeeded\",\"logs\":\"  2%|▏ | 1/50\"}",
                "v1,x/vaxqtT+no4zBWcjFJH5dUo781st8hdpby4+Qr0SNE=",
            ),
        ];
        for (secret, id, timestamp, body, signature) in vectors {
            assert_eq!(
                sign(secret, id, timestamp, body.as_bytes()).as_deref(),
                Some(signature)
            );
        }
    }
}
