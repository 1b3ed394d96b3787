//! Lists: newest first, a hundred a page, with an absolute `next` and an opaque cursor.
//! Purged jobs stay listed, as objects without their data.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::job::{Job, View};
use super::problem::Problem;
use crate::clock;
use crate::wire::{self, Incoming, Response};
use crate::world::World;

const PAGE: usize = 100;

pub(super) fn trainings(world: &World, request: &Incoming) -> Result<Response, Problem> {
    let jobs = world
        .replicate
        .jobs
        .iter()
        .rev()
        .filter(|job| job.is_training());
    page(
        world,
        request,
        "trainings",
        jobs.map(|job| job.view(world, View::Read)).collect(),
    )
}

pub(super) fn predictions(world: &World, request: &Incoming) -> Result<Response, Problem> {
    let instant = |name: &str| match request.query_value(name) {
        None => Ok(None),
        Some(text) => {
            let wrong = || {
                Problem::titled(
                    422,
                    "Input validation failed",
                    format!("- {name}: Does not match format 'date-time'\n"),
                )
            };
            clock::parse_rfc3339(&text).map(Some).ok_or_else(wrong)
        }
    };
    let (after, before) = (instant("created_after")?, instant("created_before")?);
    let from_web = request.query_value("source").as_deref() == Some("web");
    let wanted = |job: &&Job| {
        let late = after.is_none_or(|after| job.created_ms >= after);
        let early = before.is_none_or(|before| job.created_ms < before);
        !job.is_training() && !from_web && late && early
    };
    let jobs = world.replicate.jobs.iter().rev().filter(wanted);
    page(
        world,
        request,
        "predictions",
        jobs.map(|job| job.view(world, View::Read)).collect(),
    )
}

/// One page of the items; the cursor names the id of the last item that was shown, so that new items move nothing.
pub(super) fn page(
    world: &World,
    request: &Incoming,
    path: &str,
    items: Vec<Value>,
) -> Result<Response, Problem> {
    let start = match request.query_value("cursor") {
        None => 0,
        Some(cursor) => {
            let last = URL_SAFE_NO_PAD
                .decode(&cursor)
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok());
            let position = items
                .iter()
                .position(|item| last.is_some() && key(item) == last.as_deref());
            position.ok_or_else(Problem::not_found)?.saturating_add(1)
        }
    };
    let more = items.len() > start.saturating_add(PAGE);
    let results: Vec<Value> = items.into_iter().skip(start).take(PAGE).collect();
    let next = results.last().and_then(key).filter(|_| more).map(|last| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(
            request
                .query_pairs()
                .into_iter()
                .filter(|(name, _)| name != "cursor"),
        );
        query.append_pair("cursor", &URL_SAFE_NO_PAD.encode(last));
        format!(
            "{}/replicate/v1/{path}?{}",
            world.settings.origin,
            query.finish()
        )
    });
    Ok(wire::json(
        200,
        &json!({"next": next, "previous": null, "results": results}),
    ))
}

fn key(item: &Value) -> Option<&str> {
    item.get("id")
        .or_else(|| item.get("name"))
        .and_then(Value::as_str)
}
