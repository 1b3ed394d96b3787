//! The life of a job: created, started, finished, cancelled, aborted, each at its own instant of the world's clock.
//! A job that is final never changes again.
//!
//! ```text
//! starting ─▶ processing ─▶ succeeded | failed | canceled
//!     └─▶ aborted | canceled
//! ```

use super::job::{Job, Kind, Status, View};
use super::model::Trainer;
use super::problem::Problem;
use super::{Replicate, bundle, logs, outcome, vision, webhook};
use crate::clock::MINUTE_MS;
use crate::script::Behaviour;
use crate::wire::{self, Response};
use crate::world::World;

const RUN_LIMIT_MS: u64 = 30 * MINUTE_MS;
const IMAGE_DOLLARS: f64 = 0.012;
const DESCRIPTION_DOLLARS: f64 = 0.0014;

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
            start(world, index);
        }
        Status::Starting => {
            end(world, index, Status::Aborted);
            if world.switches.is("aborted_webhook", "sent") {
                webhook::announce(world, index, "completed");
            }
        }
        Status::Processing if job.ends_ms.is_some_and(|ends| ends <= now_ms) => {
            finish(world, index);
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
        Kind::Prediction { .. } => IMAGE_DOLLARS * f64::from(outcome::images_asked(job)),
        Kind::Description { .. } => DESCRIPTION_DOLLARS,
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
    let describes = world
        .replicate
        .jobs
        .get(index)
        .filter(|job| vision::is_description(job));
    if let Some(input) = describes.map(|job| job.input.clone()) {
        let looked = vision::look(world, &input);
        if looked.is_err() {
            runs_ms = runs_ms.min(1);
        }
        if let Some(Job {
            kind: Kind::Description { said },
            ..
        }) = world.replicate.jobs.get_mut(index)
        {
            *said = Some(looked);
        }
    }
    if let Some(job) = world.replicate.jobs.get_mut(index) {
        job.ends_ms = Some(now_ms.saturating_add(runs_ms));
    }
    webhook::announce(world, index, "start");
    webhook::announce(world, index, "logs");
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
    let describes = vision::is_description(job);
    let made = match (scripted, job.is_training()) {
        (Some(error), _) => Err(error),
        (None, true) => outcome::train(world, index),
        (None, false) if describes => vision::answer(world, index),
        (None, false) => outcome::predict(world, index),
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
