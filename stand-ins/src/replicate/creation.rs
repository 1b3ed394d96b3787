//! Makes a new job of a request that was accepted, and fixes what a script wants to go wrong with it.
//! It must never refuse: by now the request has passed every check.

use serde_json::{Map, Value, json};

use super::job::{Job, Kind, Status, View};
use crate::clock::MINUTE_MS;
use crate::script::Behaviour;
use crate::wire::Incoming;
use crate::world::World;

/// How long a job with an unknown status keeps it at least.
const UNKNOWN_MS: u64 = MINUTE_MS;
const BEFORE_ANSWER_MS: u64 = 500;

/// What a new job is made of.
pub(super) struct New {
    pub kind: Kind,
    pub model: String,
    pub version: String,
    pub input: Map<String, Value>,
    pub deadline_after_ms: Option<u64>,
}

/// Creates the job and answers its object.
pub(super) fn create(
    world: &mut World,
    request: &Incoming,
    fields: &Map<String, Value>,
    new: New,
) -> Value {
    let now_ms = world.now_ms;
    let effects = world.effects("replicate", request);
    let total_ms = if matches!(new.kind, Kind::Training { .. }) {
        world.settings.training_ms
    } else {
        world.settings.prediction_ms
    };
    let (mut waits_ms, mut runs_ms) = (Some(total_ms / 8), total_ms.saturating_sub(total_ms / 8));
    for effect in &effects {
        match effect {
            Behaviour::StuckStarting { ms } => waits_ms = *ms,
            Behaviour::UnknownStatus => runs_ms = runs_ms.max(UNKNOWN_MS),
            Behaviour::WebhookBeforeAnswer => {
                (waits_ms, runs_ms) = (Some(0), 0);
                world.answer_delay_ms = BEFORE_ANSWER_MS;
            }
            _ => {}
        }
    }
    let default = json!(["output", "completed"]);
    let events = fields
        .get("webhook_events_filter")
        .unwrap_or(&default)
        .as_array()
        .into_iter()
        .flatten();
    let count = world.replicate.jobs.len();
    let job = Job {
        id: world
            .random
            .text("abcdefghijklmnopqrstuvwxyz0123456789", 26),
        kind: new.kind,
        model: new.model,
        version: new.version,
        input: new.input,
        webhook: fields
            .get("webhook")
            .and_then(Value::as_str)
            .map(str::to_owned),
        events: events
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        effects,
        created_ms: now_ms,
        nanos: u32::try_from(world.random.below(1_000_000)).unwrap_or(0),
        digits: [3, 6, 9].into_iter().cycle().nth(count % 3).unwrap_or(9),
        starts_ms: waits_ms.map(|waits| now_ms.saturating_add(waits)),
        runs_ms,
        ends_ms: None,
        deadline_ms: new
            .deadline_after_ms
            .map(|after| now_ms.saturating_add(after)),
        started_ms: None,
        completed_ms: None,
        status: Status::Starting,
        error: None,
        output: Value::Null,
        logs: String::new(),
        progress_sent_ms: None,
        dollars: 0.0,
    };
    let object = job.view(world, View::Created);
    world.replicate.jobs.push(job);
    object
}
