//! What was ordered, what ran, and what was settled: one for one.

use std::collections::{BTreeMap, BTreeSet};

use selfie::app::handle;
use selfie::domain::operation::{Phase, Reason};
use selfie::ledger::{Day, Kind};
use selfie::ports::Book;
use selfie::records::{self, Job};
use stand_ins::JobReport;

use crate::history::History;
use crate::plan::{self, Step};
use crate::platform::Sim;
use crate::witness::Watched;

const TRAINING_MS: u64 = 7_200_000;
const IMAGES_MS: u64 = 1_200_000;

/// No operation is ordered twice, and nothing is ordered for none.
pub fn of_orders(sim: &Sim) -> Vec<String> {
    let witness = sim.witness.borrow();
    let mut found = Vec::new();
    for (operation, statuses) in &witness.orders {
        if !witness.operations.contains_key(operation) {
            found.push(format!("{operation} was ordered and never accepted"));
        }
        // What was throttled was refused before anything began.
        let real = statuses.iter().filter(|status| **status != Some(429));
        let row = witness
            .operations
            .get(operation)
            .map(|watched| &watched.row);
        // A training that the provider failed by its own trouble is run once more.
        let again = row.is_some_and(|row| row.former_id.is_some());
        if real.count() > 1 + usize::from(again) {
            found.push(format!("{operation} was ordered twice: {statuses:?}"));
        }
    }
    found
}

pub fn of_runs(history: &History<'_>) -> Vec<String> {
    let sim = &*history.sim;
    let witness = sim.witness.borrow();
    let rows = witness.operations.values().map(|watched| &watched.row);
    let former: BTreeSet<&String> = rows.filter_map(|row| row.former_id.as_ref()).collect();
    let mut jobs = sim.outside.borrow().jobs();
    let mut found = Vec::new();
    for job in jobs.iter().filter(|job| former.contains(&job.id)) {
        if job.status != "failed" {
            found.push(format!("run {} was repeated and is {}", job.id, job.status));
        }
    }
    jobs.retain(|job| !former.contains(&job.id));
    let mut of_operation: BTreeMap<String, &JobReport> = BTreeMap::new();
    for job in &jobs {
        let name = job
            .webhook
            .as_deref()
            .and_then(|url| url.rsplit('/').next());
        let operation = name.and_then(|name| handle::read(&sim.config, name));
        let operation = operation.map(|(_, operation)| operation.to_string());
        let Some(operation) = operation.filter(|id| witness.operations.contains_key(id)) else {
            found.push(format!("run {} belongs to no operation", job.id));
            continue;
        };
        if of_operation.insert(operation.clone(), job).is_some() {
            found.push(format!("{operation} has two runs"));
        }
    }
    let adopted: Vec<&String> = witness
        .operations
        .values()
        .filter_map(|watched| watched.row.provider_id.as_ref())
        .collect();
    if adopted.iter().collect::<BTreeSet<_>>().len() < adopted.len() {
        found.push("one run belongs to two operations".to_owned());
    }
    for (id, watched) in &witness.operations {
        let by_id = |provider_id: &String| jobs.iter().find(|job| job.id == *provider_id);
        let job = watched.row.provider_id.as_ref().and_then(by_id);
        // Of two lost answers to the same words and seed, either may be the one that ran.
        let own = of_operation.get(id).copied();
        let job = job.or_else(|| own.filter(|job| !adopted.contains(&&job.id)));
        found.extend(of_end(history, id, watched, job));
    }
    found.extend(of_wishes(history, &jobs));
    found
}

/// At the end of a history nothing is held any more: whatever was reserved is spent or given back.
pub fn of_days(sim: &Sim) -> Vec<String> {
    let days = sim.fake.rows_of(&Book::Global, Kind::Day).into_iter();
    let open = |(_, text): &(String, String)| {
        let day = records::read::<Day>(text);
        day.is_none_or(|day| {
            day.reserved_micro_usd != day.settled_micro_usd + day.released_micro_usd
        })
    };
    days.filter(open)
        .map(|(midnight, text)| format!("the day until {midnight} does not balance: {text}"))
        .collect()
}

/// An operation ends as its run did, or for a reason that this history gave.
fn of_end(
    history: &History<'_>,
    id: &str,
    watched: &Watched,
    job: Option<&JobReport>,
) -> Option<String> {
    let phase = watched.phase();
    let status = job.map(|job| job.status);
    let work_us = job.and_then(|job| job.predict_time_us);
    if phase == Phase::Succeeded {
        let settled_us = watched.row.predict_time_us;
        let alike = status == Some("succeeded") && settled_us == work_us;
        return (!alike).then(|| {
            format!("{id} was settled with {settled_us:?} µs for a run that is {status:?} after {work_us:?}")
        });
    }
    if status != Some("succeeded") {
        return None;
    }
    let took_ms = watched
        .ended_ms
        .map(|ended| ended.saturating_sub(watched.row.reserved_at.as_ms()));
    let most_ms = if watched.is_training() {
        TRAINING_MS
    } else {
        IMAGES_MS
    };
    let jumped = |step: &Step| matches!(step, Step::Jump { .. });
    let is_explained = match phase {
        Phase::Canceled => {
            let caption = matches!(watched.row.job, Job::Caption { .. });
            is_given_up(history, watched) || (caption && plan::bundles(history.plan))
        }
        Phase::Failed(Reason::Timeout) => took_ms.is_some_and(|took| took >= most_ms),
        Phase::Failed(Reason::DataLost) => {
            plan::spoils_pictures(history.plan) || history.plan.steps.iter().any(jumped)
        }
        // Whose answer was lost cannot be found any more when the provider has forgotten the input.
        Phase::Failed(Reason::ProviderError) if watched.row.provider_id.is_none() => {
            history.plan.steps.iter().any(jumped)
        }
        Phase::Failed(Reason::ProviderError) => {
            !watched.is_training() && plan::spoils_pictures(history.plan)
        }
        _ => false,
    };
    (!is_explained).then(|| format!("{id} is {phase:?}, and its run succeeded"))
}

fn is_given_up(history: &History<'_>, watched: &Watched) -> bool {
    let (model, prediction) = match &watched.row.job {
        Job::Training { model, .. } => (model.to_string(), None),
        Job::Prediction { prediction, .. } => {
            (prediction.model.to_string(), Some(prediction.to_string()))
        }
        Job::Caption { photo } => (photo.model.to_string(), Some(photo.photo.to_string())),
    };
    history.people.iter().any(|person| {
        let given_up = &person.known.borrow().given_up;
        given_up.contains(&model) || prediction.as_ref().is_some_and(|id| given_up.contains(id))
    })
}

/// However often somebody asked for one thing, it ran once at most.
fn of_wishes(history: &History<'_>, jobs: &[JobReport]) -> Vec<String> {
    let mut wanted: BTreeMap<String, usize> = BTreeMap::new();
    for person in &history.people {
        for wish in &person.known.borrow().wishes {
            *wanted.entry(subject(&wish.body)).or_default() += 1;
        }
    }
    let ran = |subject: &str| {
        let of_subject = |job: &&JobReport| job.input.to_string().contains(subject);
        jobs.iter().filter(of_subject).count()
    };
    let twice = wanted
        .iter()
        .filter(|(subject, count)| ran(subject) > **count);
    twice
        .map(|(subject, count)| format!("{subject} ran {} times for {count} wishes", ran(subject)))
        .collect()
}

/// What a wish is recognised by in the input of its run.
fn subject(body: &serde_json::Value) -> String {
    match (body["prompt"].as_str(), body["photo"].as_str()) {
        (Some(prompt), _) => prompt.to_owned(),
        (None, Some(photo)) => format!("/photos/{photo}."),
        (None, None) => format!("/{}/zips/", body["model"].as_str().unwrap_or_default()),
    }
}
