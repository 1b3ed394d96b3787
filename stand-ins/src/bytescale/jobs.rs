//! Asynchronous jobs: Created, Running and Succeeded with the clock; what they do happens only at the end.
//! It must never change a file before its job has succeeded.

use serde_json::{Value, json};

use super::error::{self, Refusal};
use super::files;
use super::folders::{self, Deletion};
use crate::script::Behaviour;
use crate::wire::{self, Incoming, Response};
use crate::world::World;

const RUNNING_AFTER_MS: u64 = 200;
const DONE_AFTER_MS: u64 = 1000;
const TYPES: &[&str] = &[
    "ProcessImageJob",
    "ProcessVideoJob",
    "ProcessAudioJob",
    "AntivirusJob",
    "ResetCacheJob",
    "DeleteFolderBatchJob",
    "DeleteFileBatchJob",
    "CopyFolderBatchJob",
    "CopyFileBatchJob",
];

/// What a job does when it succeeds.
#[derive(Debug)]
pub(super) enum Work {
    DeleteFiles(Vec<String>),
    DeleteFolders(Vec<Deletion>),
    ResetCache(String),
    Store(Box<super::upload::New>),
    Nothing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Succeeds,
    Fails,
    Stuck,
    Cancelled,
}

#[derive(Debug)]
pub(super) struct Job {
    id: String,
    kind: &'static str,
    created_ms: u64,
    fate: Fate,
    done: bool,
    work: Work,
    summary: Value,
}

impl Job {
    fn status(&self, now_ms: u64) -> &'static str {
        let age_ms = now_ms.saturating_sub(self.created_ms);
        match self.fate {
            Fate::Cancelled => "Cancelled",
            _ if age_ms < RUNNING_AFTER_MS => "Created",
            _ if age_ms < DONE_AFTER_MS => "Running",
            Fate::Succeeds => "Succeeded",
            Fate::Fails => "Failed",
            Fate::Stuck => "Running",
        }
    }
}

/// Starts a job and answers as every asynchronous call does.
pub(super) fn start(
    world: &mut World,
    request: &Incoming,
    kind: &'static str,
    work: Work,
) -> Response {
    let body = started(world, request, kind, work, Value::Null);
    wire::json(200, &reference(&body))
}

/// Starts a job and answers its whole summary.
pub(super) fn started(
    world: &mut World,
    request: &Incoming,
    kind: &'static str,
    work: Work,
    summary: Value,
) -> Value {
    let effects = ["bytescale", "bytescale-cdn"]
        .map(|provider| world.effects(provider, request))
        .concat();
    let fate = if effects.contains(&Behaviour::JobFailed) {
        Fate::Fails
    } else if effects.contains(&Behaviour::JobStuck) {
        Fate::Stuck
    } else {
        Fate::Succeeds
    };
    let id = world.random.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 26);
    let job = Job {
        id,
        kind,
        created_ms: world.now_ms,
        fate,
        done: false,
        work,
        summary,
    };
    let body = describe(world, &job);
    world.bytescale.jobs.push(job);
    body
}

fn reference(body: &Value) -> Value {
    let field = |name: &str| body.get(name).cloned().unwrap_or(Value::Null);
    json!({"jobDocs": field("jobDocs"), "jobId": field("jobId"), "jobType": field("jobType"), "jobUrl": field("jobUrl")})
}

fn describe(world: &World, job: &Job) -> Value {
    let account = &world.bytescale.account;
    let origin = &world.settings.origin;
    let status = job.status(world.now_ms);
    let failed = status == "Failed";
    let error = if failed {
        json!({"code": "internal_error", "message": "An internal error occurred."})
    } else {
        Value::Null
    };
    let age_ms = world
        .now_ms
        .saturating_sub(job.created_ms)
        .min(DONE_AFTER_MS);
    json!({
        "jobDocs": "https://www.bytescale.com/docs/job-api/GetJob", "jobId": job.id, "jobType": job.kind,
        "jobUrl": format!("{origin}/bytescale/v2/accounts/{account}/jobs/{}/{}", job.kind, job.id), "accountId": account,
        "created": job.created_ms, "lastUpdated": job.created_ms.saturating_add(age_ms), "status": status, "error": error,
        "summary": if status == "Succeeded" { job.summary.clone() } else { Value::Null }
    })
}

pub(super) fn settle(world: &mut World, until: u64) {
    let due = |job: &&mut Job| {
        !job.done
            && job.fate == Fate::Succeeds
            && job.created_ms.saturating_add(DONE_AFTER_MS) <= until
    };
    let finished: Vec<Work> = world
        .bytescale
        .jobs
        .iter_mut()
        .filter(due)
        .map(finish)
        .collect();
    for work in finished {
        carry_out(world, work);
    }
}

fn finish(job: &mut Job) -> Work {
    job.done = true;
    std::mem::replace(&mut job.work, Work::Nothing)
}

fn carry_out(world: &mut World, work: Work) {
    match work {
        Work::DeleteFiles(paths) => paths.iter().for_each(|path| {
            files::remove(world, path);
        }),
        Work::DeleteFolders(deletions) => {
            for deletion in deletions {
                for path in folders::paths_of(world, &deletion) {
                    files::remove(world, &path);
                }
            }
        }
        Work::ResetCache(pattern) => {
            let below = |path: &str| {
                ["/raw", "/image", "/archive"]
                    .iter()
                    .any(|way| matches(&pattern, &format!("{way}{path}")))
            };
            world
                .bytescale
                .ghosts
                .iter_mut()
                .filter(|ghost| below(&ghost.file.path))
                .for_each(|ghost| ghost.cached = false);
        }
        Work::Store(new) => {
            super::upload::store(world, *new);
        }
        Work::Nothing => {}
    }
}

fn matches(pattern: &str, path: &str) -> bool {
    pattern
        .strip_suffix('*')
        .map_or(pattern == path, |prefix| path.starts_with(prefix))
}

fn position(world: &World, kind: &str, id: &str) -> Result<usize, Refusal> {
    let found = world
        .bytescale
        .jobs
        .iter()
        .position(|job| job.kind == kind && job.id == id);
    found.ok_or_else(|| Refusal::not_found("Job not found."))
}

pub(super) fn get(world: &World, kind: &str, id: &str) -> Result<Response, Refusal> {
    let job = world
        .bytescale
        .jobs
        .get(position(world, kind, id)?)
        .ok_or_else(|| Refusal::not_found("Job not found."))?;
    Ok(wire::json(200, &describe(world, job)))
}

pub(super) fn cancel(world: &mut World, kind: &str, id: &str) -> Result<Response, Refusal> {
    let index = position(world, kind, id)?;
    if let Some(job) = world.bytescale.jobs.get_mut(index)
        && !job.done
    {
        job.fate = Fate::Cancelled;
    }
    Ok(wire::empty(204))
}

pub(super) fn recent(world: &World, request: &Incoming) -> Result<Response, Refusal> {
    let wanted: Vec<String> = request
        .query_pairs()
        .into_iter()
        .map(|(_, value)| value)
        .collect();
    if let Some(unknown) = wanted.iter().find(|kind| !TYPES.contains(&kind.as_str())) {
        return Err(Refusal::invalid(
            "query.jobType",
            "a job type",
            &json!(unknown),
        ));
    }
    let jobs = world
        .bytescale
        .jobs
        .iter()
        .rev()
        .filter(|job| wanted.is_empty() || wanted.iter().any(|kind| kind == job.kind));
    let items: Vec<Value> = jobs.take(10).map(|job| describe(world, job)).collect();
    Ok(wire::json(200, &json!({"items": items})))
}

pub(super) fn reset_cache(world: &mut World, request: &Incoming) -> Result<Response, Refusal> {
    let fields = error::object(
        request,
        &["pattern", "resetEdgeCache", "resetPermanentCache"],
    )?;
    let pattern = error::required_text(&fields, "pattern")?.to_owned();
    error::optional_flag(&fields, "resetEdgeCache", true)?;
    error::optional_flag(&fields, "resetPermanentCache", false)?;
    let inner_star = pattern.trim_end_matches('*').contains('*') || pattern.ends_with("**");
    if !pattern.starts_with('/')
        || inner_star
        || pattern.starts_with(&format!("/{}", world.bytescale.account))
    {
        return Err(Refusal::invalid(
            "body.pattern",
            "a path without the account, * only at the end",
            &json!(pattern),
        ));
    }
    Ok(start(
        world,
        request,
        "ResetCacheJob",
        Work::ResetCache(pattern),
    ))
}
