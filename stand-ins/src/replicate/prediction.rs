//! Creating, reading and cancelling predictions.
//! A training is a prediction underneath, so its id is known here too, for a while.

use http::HeaderName;
use serde_json::Value;

use super::creation::{self, New};
use super::job::{Job, Kind, Status, View};
use super::lifecycle;
use super::model::Purpose;
use super::problem::Problem;
use super::schema::{self, Check};
use crate::clock::MINUTE_MS;
use crate::wire::{self, Incoming, Response};
use crate::world::World;

const FIELDS: &[&str] = &[
    "version",
    "input",
    "webhook",
    "webhook_events_filter",
    "stream",
];
const LEAST_DEADLINE_S: u64 = 5;
/// A training that still waits after this is no longer found as a prediction.
const FORGOTTEN_AFTER_MS: u64 = 30 * MINUTE_MS;

pub(super) fn create(world: &mut World, request: &Incoming) -> Result<Response, Problem> {
    let fields = schema::object(request.json())?;
    let mut check = Check::default();
    for (name, kind) in [("version", "string"), ("input", "object")] {
        check.required("", &fields, name);
        if let Some(value) = fields.get(name) {
            check.kind(name, value, kind);
        }
    }
    if let Some(value) = fields.get("stream") {
        check.kind("stream", value, "boolean");
    }
    check.webhook(world, &fields);
    check.only(&fields, FIELDS);
    check.finish()?;
    let text = fields
        .get("version")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let (model, version, purpose) =
        find_version(world, text).ok_or_else(Problem::unknown_version)?;
    let input = fields
        .get("input")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let kind = match purpose {
        Purpose::Draws(subject) => {
            let mut check = Check::default();
            check.prediction_input(&input);
            check.finish()?;
            Kind::Prediction {
                subject: Some(subject),
            }
        }
        Purpose::Trains(_) => Kind::Prediction { subject: None },
        Purpose::Describes => {
            let mut check = Check::default();
            check.vision_input(&input);
            check.finish()?;
            Kind::Description { said: None }
        }
    };
    let deadline_after_ms = match request.header("cancel-after") {
        None => None,
        Some(text) => Some(parse_deadline(text).ok_or_else(|| bad_header("Cancel-After"))?),
    };
    let waits = match request.header("prefer") {
        None => false,
        Some(text) => is_wait(text)
            .then_some(true)
            .ok_or_else(|| bad_header("Prefer"))?,
    };
    Problem::of_credit(world)?;
    let new = New {
        kind,
        model,
        version,
        input,
        deadline_after_ms,
    };
    let job = creation::create(world, request, &fields, new);
    let mut response = wire::json(201, &job);
    if waits {
        wire::set_header(
            &mut response,
            HeaderName::from_static("preference-applied"),
            request.header("prefer").unwrap_or_default(),
        );
        *response.status_mut() = http::StatusCode::ACCEPTED;
    }
    Ok(response)
}

fn bad_header(name: &str) -> Problem {
    Problem::titled(
        422,
        "Input validation failed",
        format!("- The {name} header is invalid\n"),
    )
}

/// The model, the id and the purpose of `owner/name:hex` or `hex`.
fn find_version(world: &World, text: &str) -> Option<(String, String, Purpose)> {
    let (model, id) = match text.split_once(':') {
        Some((model, id)) => (Some(model), id),
        None => (None, text),
    };
    let named = |owner: &str, name: &str| {
        model.is_none_or(|model| model.split_once('/') == Some((owner, name)))
    };
    world
        .replicate
        .models
        .iter()
        .filter(|model| named(&model.owner, &model.name))
        .find_map(|model| {
            let version = model.version(id, world.now_ms)?;
            Some((
                format!("{}/{}", model.owner, model.name),
                version.id.clone(),
                version.purpose.clone(),
            ))
        })
}

/// `90s`, `5m`, `1h30m45s` or a bare number of seconds, at least 5 s.
fn parse_deadline(text: &str) -> Option<u64> {
    if let Ok(seconds) = text.parse::<u64>() {
        return (seconds >= LEAST_DEADLINE_S).then(|| seconds.saturating_mul(1000));
    }
    let (mut rest, mut total_s) = (text, 0_u64);
    for (unit, unit_s) in [('h', 3600_u64), ('m', 60), ('s', 1)] {
        if let Some((number, after)) = rest.split_once(unit) {
            total_s = total_s.checked_add(number.parse::<u64>().ok()?.checked_mul(unit_s)?)?;
            rest = after;
        }
    }
    (rest.is_empty() && total_s >= LEAST_DEADLINE_S).then(|| total_s.saturating_mul(1000))
}

fn is_wait(text: &str) -> bool {
    let seconds = |value: &str| {
        value
            .parse::<u64>()
            .is_ok_and(|seconds| (1..=60).contains(&seconds))
    };
    text == "wait" || text.strip_prefix("wait=").is_some_and(seconds)
}

fn position(world: &World, id: &str) -> Result<usize, Problem> {
    let forgotten = |job: &Job| {
        job.is_training()
            && job.status == Status::Starting
            && world.now_ms.saturating_sub(job.created_ms) >= FORGOTTEN_AFTER_MS
    };
    let found = world
        .replicate
        .jobs
        .iter()
        .position(|job| job.id == id && !forgotten(job));
    found.ok_or_else(Problem::not_found)
}

pub(super) fn get(world: &World, id: &str) -> Result<Response, Problem> {
    let job = world
        .replicate
        .jobs
        .get(position(world, id)?)
        .ok_or_else(Problem::not_found)?;
    Ok(wire::json(200, &job.view(world, View::Read)))
}

pub(super) fn cancel(world: &mut World, id: &str) -> Result<Response, Problem> {
    let index = position(world, id)?;
    lifecycle::cancel(world, index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deadlines_are_read_in_every_documented_form() {
        for (text, ms) in [
            ("90s", 90_000),
            ("5m", 300_000),
            ("1h30m45s", 5_445_000),
            ("10", 10_000),
            ("10m", 600_000),
        ] {
            assert_eq!(parse_deadline(text), Some(ms), "{text}");
        }
        for text in ["4", "4s", "", "s", "5x", "1m2", "-5s", "m"] {
            assert_eq!(parse_deadline(text), None, "{text}");
        }
    }

    #[test]
    fn waiting_is_between_one_and_sixty_seconds() {
        assert!(is_wait("wait") && is_wait("wait=1") && is_wait("wait=60"));
        assert!(!is_wait("wait=0") && !is_wait("wait=61") && !is_wait("respond-async"));
    }
}
