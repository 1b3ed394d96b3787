//! Rate limits: one bucket for creating predictions, one for everything else.
//! Buckets refill with the world's clock only.

use http::Method;
use http::header::RETRY_AFTER;
use serde_json::json;

use super::problem::Problem;
use crate::wire::{self, Incoming, Response};
use crate::world::World;

/// Tokens are counted in thousandths so that they refill by the millisecond.
const TOKEN: u64 = 1000;
const MINUTE_MS: u64 = 60_000;

#[derive(Debug)]
struct Bucket {
    per_minute: u64,
    burst: u64,
    filled: u64,
    at_ms: u64,
}

impl Bucket {
    fn new(per_minute: u64, burst: u64, at_ms: u64) -> Self {
        Self {
            per_minute,
            burst,
            filled: burst.saturating_mul(TOKEN),
            at_ms,
        }
    }

    fn take(&mut self, now_ms: u64) -> bool {
        let passed_ms = now_ms.saturating_sub(self.at_ms);
        let gained = passed_ms
            .saturating_mul(self.per_minute)
            .saturating_mul(TOKEN)
            / MINUTE_MS;
        self.filled = self
            .filled
            .saturating_add(gained)
            .min(self.burst.saturating_mul(TOKEN));
        self.at_ms = now_ms;
        match self.filled.checked_sub(TOKEN) {
            Some(left) => {
                self.filled = left;
                true
            }
            None => false,
        }
    }
}

#[derive(Debug)]
pub(super) struct Limits {
    predictions: Bucket,
    low_credit: Bucket,
    others: Bucket,
}

impl Limits {
    pub fn new(now_ms: u64) -> Self {
        Self {
            predictions: Bucket::new(600, 600, now_ms),
            low_credit: Bucket::new(6, 1, now_ms),
            others: Bucket::new(3000, 3000, now_ms),
        }
    }
}

fn creates_prediction(request: &Incoming) -> bool {
    request.method == Method::POST && request.path == "/predictions"
}

/// Takes one token; the refusal when there is none.
pub(super) fn take(world: &mut World, request: &Incoming) -> Option<Response> {
    const SHORTLY: &str = "Request was throttled. Your rate limit resets in ~1s.";
    const LOW: &str = "Request was throttled. Your rate limit for creating predictions is reduced to 6 requests per minute with a burst of 1 requests while you have less than $5.0 in credit. Your rate limit resets in ~10s.";
    let now_ms = world.now_ms;
    let low = world.switches.is("credit", "low");
    let limits = &mut world.replicate.limits;
    if !creates_prediction(request) {
        return (!limits.others.take(now_ms)).then(|| throttled(world, SHORTLY, 1));
    }
    if low && !limits.low_credit.take(now_ms) {
        return Some(throttled(world, LOW, 10));
    }
    (!limits.predictions.take(now_ms)).then(|| throttled(world, SHORTLY, 1))
}

pub(super) fn throttled(world: &World, detail: &str, retry_after_s: u64) -> Response {
    let mut problem = Problem::new(429, detail);
    if world.switches.is("throttle_body", "retry_after") {
        problem = problem.with("retry_after", json!(retry_after_s));
    }
    let mut response = problem.response();
    if world.switches.is("throttle_header", "present") {
        wire::set_header(&mut response, RETRY_AFTER, &retry_after_s.to_string());
    }
    response
}

pub(super) fn headers(world: &World, request: &Incoming) -> [(&'static str, String); 2] {
    let limits = &world.replicate.limits;
    let bucket = if creates_prediction(request) {
        &limits.predictions
    } else {
        &limits.others
    };
    [
        ("ratelimit-remaining", (bucket.filled / TOKEN).to_string()),
        ("ratelimit-reset", "1".to_owned()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_refills_with_the_clock() {
        let mut bucket = Bucket::new(600, 600, 0);
        assert_eq!((0..700).filter(|_| bucket.take(0)).count(), 600);
        assert!(!bucket.take(99));
        assert!(bucket.take(199));
    }
}
