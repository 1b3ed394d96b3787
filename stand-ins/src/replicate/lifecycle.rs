//! The life of a job: created, started, finished, cancelled, aborted, each at its own instant of the world's clock.
//! A job that is final never changes again.
//!
//! ```text
//! starting ─▶ processing ─▶ succeeded | failed | canceled
//!     └─▶ aborted | canceled
//! ```

use serde_json::{Map, Value, json};

use super::bundle;
use super::delivery;
use super::job::{Job, Kind, Status, View};
use super::logs;
use super::model::{Purpose, Trainer, Version};
use super::problem::Problem;
use super::{Replicate, webhook};
use crate::clock::MINUTE_MS;
use crate::script::Behaviour;
use crate::wire::{self, Incoming, Response};
use crate::world::World;

const RUN_LIMIT_MS: u64 = 30 * MINUTE_MS;
/// How long a job with an unknown status keeps it at least.
const UNKNOWN_MS: u64 = MINUTE_MS;
const BEFORE_ANSWER_MS: u64 = 500;
const IMAGE_DOLLARS: f64 = 0.012;
const NSFW: &str =
    "All generated images contained NSFW content. Try running it again with a different prompt.";

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

/// The next change of any job: when, and which job.
pub(super) fn next(replicate: &Replicate) -> Option<(u64, usize)> {
    replicate
        .jobs
        .iter()
        .enumerate()
        .filter_map(|(index, job)| Some((next_of(job)?, index)))
        .min()
}

fn next_of(job: &Job) -> Option<u64> {
    let limit = job
        .started_ms
        .map(|started| started.saturating_add(RUN_LIMIT_MS))
        .filter(|_| !job.is_training());
    match job.status {
        Status::Starting => [job.starts_ms, job.deadline_ms].into_iter().flatten().min(),
        Status::Processing => [job.ends_ms, job.deadline_ms, limit]
            .into_iter()
            .flatten()
            .min(),
        _ => None,
    }
}

/// Lets every change happen that is due until then, each at its own instant.
pub(crate) fn settle(world: &mut World, until: u64) {
    while let Some((at_ms, index)) = next(&world.replicate).filter(|(at_ms, _)| *at_ms <= until) {
        world.now_ms = world.now_ms.max(at_ms);
        crate::bytescale::settle(world, world.now_ms);
        step(world, index);
    }
}

fn step(world: &mut World, index: usize) {
    let now_ms = world.now_ms;
    let Some(job) = world.replicate.jobs.get(index) else {
        return;
    };
    match job.status {
        Status::Starting
            if job.starts_ms.is_some_and(|starts| starts <= now_ms)
                && !job.has(&Behaviour::Aborted) =>
        {
            start(world, index)
        }
        Status::Starting => {
            end(world, index, Status::Aborted);
            if world.switches.is("aborted_webhook", "sent") {
                webhook::announce(world, index, "completed");
            }
        }
        Status::Processing if job.ends_ms.is_some_and(|ends| ends <= now_ms) => {
            finish(world, index)
        }
        Status::Processing => {
            end(world, index, Status::Canceled);
            webhook::announce(world, index, "completed");
        }
        _ => {}
    }
}

fn start(world: &mut World, index: usize) {
    let now_ms = world.now_ms;
    let Some(job) = world.replicate.jobs.get_mut(index) else {
        return;
    };
    // Without an end until the zip is read: reading it is a request that settles the world again.
    job.status = Status::Processing;
    job.started_ms = Some(now_ms);
    job.dollars = match &job.kind {
        Kind::Training {
            trainer: Trainer::Fast,
            ..
        } => 1.46,
        Kind::Training {
            trainer: Trainer::Quality,
            ..
        } => 1.0,
        Kind::Prediction { .. } => IMAGE_DOLLARS * f64::from(outputs_asked(job)),
    };
    let mut runs_ms = job.runs_ms;
    if job.is_training() {
        let input = job.input.clone();
        let read = bundle::read(world, &input);
        if read.is_err() {
            runs_ms = runs_ms.min(1);
        }
        if let Some(Job {
            kind: Kind::Training { bundle, .. },
            ..
        }) = world.replicate.jobs.get_mut(index)
        {
            *bundle = Some(read);
        }
    }
    if let Some(job) = world.replicate.jobs.get_mut(index) {
        job.ends_ms = Some(now_ms.saturating_add(runs_ms));
    }
    webhook::announce(world, index, "start");
    webhook::announce(world, index, "logs");
}

pub(super) fn outputs_asked(job: &Job) -> u32 {
    let asked = job
        .input
        .get("num_outputs")
        .and_then(Value::as_u64)
        .unwrap_or(1);
    u32::try_from(asked).unwrap_or(1)
}

fn finish(world: &mut World, index: usize) {
    let Some(job) = world.replicate.jobs.get(index) else {
        return;
    };
    let scripted = job.effects.iter().find_map(|effect| match effect {
        Behaviour::Fail { error } => Some(error.clone()),
        Behaviour::NoVersion => {
            Some("Failed to create trained image after successful training run".to_owned())
        }
        _ => None,
    });
    let made = match (scripted, job.is_training()) {
        (Some(error), _) => Err(error),
        (None, true) => train(world, index),
        (None, false) => predict(world, index),
    };
    let status = if made.is_ok() {
        Status::Succeeded
    } else {
        Status::Failed
    };
    if let Some(job) = world.replicate.jobs.get_mut(index) {
        match made {
            Ok(output) => job.output = output,
            Err(error) => job.error = Some(error),
        }
    }
    end(world, index, status);
    if status == Status::Succeeded {
        webhook::announce(world, index, "output");
    }
    webhook::announce(world, index, "completed");
}

fn end(world: &mut World, index: usize, status: Status) {
    let now_ms = world.now_ms;
    let training_logs = world
        .replicate
        .jobs
        .get(index)
        .filter(|job| job.is_training())
        .map(|job| {
            let progress = if status == Status::Succeeded {
                1.0
            } else {
                job.progress(now_ms)
            };
            logs::training(job, world, progress)
        });
    if let Some(job) = world.replicate.jobs.get_mut(index) {
        job.logs = training_logs.unwrap_or_else(|| std::mem::take(&mut job.logs));
        job.status = status;
        job.completed_ms = Some(now_ms);
    }
}

/// Makes the version that a training was for.
fn train(world: &mut World, index: usize) -> Result<Value, String> {
    let Some(Job {
        kind:
            Kind::Training {
                owner,
                name,
                bundle,
                ..
            },
        ..
    }) = world.replicate.jobs.get(index)
    else {
        return Err("not a training".to_owned());
    };
    let subject = match bundle {
        Some(Ok(bundle)) => bundle.subject.clone(),
        Some(Err(error)) => return Err(error.clone()),
        None => return Err("input_images must be provided".to_owned()),
    };
    let (owner, name) = (owner.clone(), name.clone());
    let id = world.random.hex(64);
    let weights = format!(
        "{}/replicate-delivery/xezq/{}/trained_model.tar",
        world.settings.origin,
        world.random.hex(24)
    );
    let version = Version {
        id: id.clone(),
        created_ms: world.now_ms,
        purpose: Purpose::Draws(subject),
        gone_ms: None,
    };
    let model = world
        .replicate
        .models
        .iter_mut()
        .find(|model| model.is(&owner, &name));
    let model = model.ok_or("Failed to create trained image after successful training run")?;
    model.versions.push(version);
    let qualified = if world.switches.is("output_version", "bare") {
        id
    } else {
        format!("{owner}/{name}:{id}")
    };
    Ok(json!({"version": qualified, "weights": weights}))
}

fn predict(world: &mut World, index: usize) -> Result<Value, String> {
    let Some(job) = world.replicate.jobs.get(index) else {
        return Err("not a prediction".to_owned());
    };
    let Kind::Prediction {
        subject: Some(subject),
    } = &job.kind
    else {
        return Ok(Value::Null);
    };
    let subject = subject.clone();
    let asked = usize::try_from(outputs_asked(job)).unwrap_or(1);
    let unsafe_count = job.effects.iter().map(|effect| match effect {
        Behaviour::NsfwAll => asked,
        Behaviour::NsfwSome { n } => *n,
        _ => 0,
    });
    let unsafe_count = unsafe_count.max().unwrap_or(0).min(asked);
    // The second image first, so that the names of what is left have a gap.
    let dropped: Vec<usize> = (1..asked).chain([0]).take(unsafe_count).collect();
    let seed = job.input.get("seed").and_then(Value::as_u64);
    let seed = seed.unwrap_or_else(|| world.random.below(1 << 32));
    if let Some(job) = world.replicate.jobs.get_mut(index) {
        job.logs = logs::prediction(seed, asked, &dropped);
    }
    if dropped.len() == asked {
        return Err(NSFW.to_owned());
    }
    let kept = (0..asked)
        .filter(|image| !dropped.contains(image))
        .collect::<Vec<_>>();
    delivery::publish(world, index, &subject, seed, &kept)
}

/// Cancels the job and answers its object.
pub(super) fn cancel(world: &mut World, index: usize) -> Result<Response, Problem> {
    let is_final = world
        .replicate
        .jobs
        .get(index)
        .is_some_and(|job| job.status.is_final());
    if is_final && world.switches.is("cancel_finished", "409") {
        return Err(Problem::new(409, "The prediction has already finished."));
    }
    let view = if is_final { View::Read } else { View::Canceled };
    if !is_final {
        end(world, index, Status::Canceled);
        if let Some(job) = world.replicate.jobs.get_mut(index) {
            job.started_ms = job.started_ms.or(job.completed_ms);
        }
        webhook::announce(world, index, "completed");
    }
    let job = world
        .replicate
        .jobs
        .get(index)
        .ok_or_else(Problem::not_found)?;
    Ok(wire::json(200, &job.view(world, view)))
}
