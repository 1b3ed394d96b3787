//! How many requests a second and how many letters a day the service takes, and the headers that tell.
//! The quotas are used up only when a scenario says so.

use http::header::HeaderName;

use super::Refusal;
use crate::wire::{self, Response};
use crate::world::World;

const DAILY: u64 = 100;
const MONTHLY: u64 = 3000;

pub(super) fn count_request(world: &mut World) -> Result<(), Refusal> {
    let second = world.now_ms / 1000;
    let (current, count) = world.resend.second;
    let count = if current == second {
        count.saturating_add(1)
    } else {
        1
    };
    world.resend.second = (second, count);
    let limit = u64::from(world.switches.status("resend_rate", 10));
    if count > limit {
        let text = format!(
            "Too many requests. Please limit the number of requests per second. You can make {limit} requests per second."
        );
        return Err(Refusal::new(429, "rate_limit_exceeded", text));
    }
    Ok(())
}

pub(super) fn take_quota(world: &mut World) -> Result<(), Refusal> {
    for (quota, name, limit) in [
        ("daily", "daily_quota_exceeded", DAILY),
        ("monthly", "monthly_quota_exceeded", MONTHLY),
    ] {
        if world.switches.is("resend_quota", quota) {
            let text = format!("You have reached your {quota} email sending quota.");
            world.resend.recipients = limit;
            return Err(Refusal::new(429, name, text));
        }
    }
    Ok(())
}

pub(super) fn write_headers(world: &World, response: &mut Response) {
    let limit = u64::from(world.switches.status("resend_rate", 10));
    let (_, count) = world.resend.second;
    for (name, value) in [
        ("ratelimit-limit", limit),
        ("ratelimit-remaining", limit.saturating_sub(count)),
        ("ratelimit-reset", 1),
    ] {
        wire::set_header(response, HeaderName::from_static(name), &value.to_string());
    }
    if world.switches.is("resend_quota_headers", "present") {
        for name in ["x-resend-daily-quota", "x-resend-monthly-quota"] {
            wire::set_header(
                response,
                HeaderName::from_static(name),
                &world.resend.recipients.to_string(),
            );
        }
    }
}
