//! Stands in for Replicate: trainings that really read their zip, predictions that really draw, webhooks, limits and what it all would cost.
//! It must never be kinder than the service: what that refuses is refused here with the same body.

mod account;
mod bundle;
mod creation;
pub(crate) mod delivery;
mod files;
mod job;
mod lifecycle;
mod limits;
mod listing;
mod logs;
mod model;
mod outcome;
mod prediction;
mod problem;
mod schema;
mod training;
mod vision;
mod webhook;

use std::collections::{BTreeMap, BTreeSet};

use http::Method;
use http::header::HeaderName;

pub use bundle::ZipEntry;
pub use job::JobReport;
pub(crate) use lifecycle::settle;
pub use webhook::Delivery;
pub(crate) use webhook::take_deliveries;

use crate::settings::Settings;
use crate::wire::{self, Incoming, Response};
use crate::world::World;
use problem::Problem;

#[derive(Debug)]
pub(crate) struct Replicate {
    owner: String,
    models: Vec<model::Model>,
    /// Names that were used and deleted: they are never free again.
    spent_names: BTreeSet<String>,
    jobs: Vec<job::Job>,
    outputs: BTreeMap<String, delivery::Output>,
    files: Vec<files::Upload>,
    webhooks: webhook::Queue,
    limits: limits::Limits,
}

impl Replicate {
    pub fn new(settings: &Settings) -> Self {
        let (owner, name) = settings
            .replicate_destination
            .split_once('/')
            .unwrap_or_default();
        let mut models = model::public();
        models.push(model::Model::private(owner, name, settings.now_ms));
        Self {
            owner: owner.to_owned(),
            models,
            spent_names: BTreeSet::new(),
            jobs: Vec::new(),
            outputs: BTreeMap::new(),
            files: Vec::new(),
            webhooks: webhook::Queue::default(),
            limits: limits::Limits::new(settings.now_ms),
        }
    }

    pub fn report_delivery(&mut self, id: u64, status: Option<u16>, now_ms: u64) {
        self.webhooks.report(id, status, now_ms);
    }

    pub fn next_due_ms(&self) -> Option<u64> {
        let transition = lifecycle::next(self).map(|(at_ms, _)| at_ms);
        [transition, self.webhooks.next_due_ms()]
            .into_iter()
            .flatten()
            .min()
    }

    pub fn dollars(&self) -> f64 {
        self.jobs.iter().map(|job| job.dollars).sum()
    }

    pub fn reports(&self, now_ms: u64) -> Vec<JobReport> {
        self.jobs.iter().map(|job| job.report(now_ms)).collect()
    }
}

/// Replicate's own words for a status that a script asks for.
pub(crate) fn fault(world: &World, status: u16) -> Response {
    match status {
        402 => Problem::insufficient_credit().response(),
        401 => Problem::bad_token(world).response(),
        404 => Problem::not_found().response(),
        429 => limits::throttled(
            world,
            "Request was throttled. Your rate limit resets in ~5s.",
            5,
        ),
        500 => Problem::new(500, "An unexpected error ocurred")
            .bare()
            .response(),
        502..=504 => wire::answer(
            status,
            "text/html; charset=UTF-8",
            format!(
                "<html>\r\n<head><title>{status} Bad Gateway</title></head>\r\n<body>cloudflare</body>\r\n</html>\r\n"
            ),
        ),
        _ => Problem::new(status, "The request failed.").response(),
    }
}

pub(crate) fn handle(world: &mut World, request: &Incoming) -> Response {
    let mut response = limits::take(world, request)
        .unwrap_or_else(|| authorised(world, request).unwrap_or_else(|problem| problem.response()));
    for (name, value) in limits::headers(world, request) {
        wire::set_header(&mut response, HeaderName::from_static(name), &value);
    }
    response
}

fn authorised(world: &mut World, request: &Incoming) -> Result<Response, Problem> {
    let token = request
        .authorization("Bearer")
        .or_else(|| request.authorization("Token"));
    let token = token.ok_or_else(Problem::no_token)?;
    if token != world.settings.replicate_token {
        return Err(Problem::bad_token(world));
    }
    let segments = request.segments();
    let names: Vec<&str> = segments.iter().map(String::as_str).collect();
    route(world, request, &names)
}

fn route(world: &mut World, request: &Incoming, names: &[&str]) -> Result<Response, Problem> {
    match (&request.method, names) {
        (&Method::GET, ["account"]) => Ok(account::account(world)),
        (&Method::GET, ["hardware"]) => Ok(account::hardware()),
        (&Method::GET, ["webhooks", "default", "secret"]) => Ok(account::webhook_secret(world)),
        (&Method::POST, ["models"]) => model::create(world, request),
        (&Method::GET, ["models"]) => model::list(world, request),
        (&Method::GET, ["models", owner, name]) => model::get(world, owner, name),
        (&Method::DELETE, ["models", owner, name]) => model::delete(world, owner, name),
        (&Method::GET, ["models", owner, name, "versions"]) => model::versions(world, owner, name),
        (&Method::GET, ["models", owner, name, "versions", id]) => {
            model::version(world, owner, name, id)
        }
        (&Method::DELETE, ["models", owner, name, "versions", id]) => {
            model::delete_version(world, owner, name, id)
        }
        (&Method::POST, ["models", owner, name, "versions", id, "trainings"]) => {
            training::create(world, request, owner, name, id)
        }
        (&Method::GET, ["trainings"]) => listing::trainings(world, request),
        (&Method::GET, ["trainings", id]) => training::get(world, id),
        (&Method::POST, ["trainings", id, "cancel"]) => training::cancel(world, id),
        (&Method::POST, ["predictions"]) => prediction::create(world, request),
        (&Method::GET, ["predictions"]) => listing::predictions(world, request),
        (&Method::GET, ["predictions", id]) => prediction::get(world, id),
        (&Method::POST, ["predictions", id, "cancel"]) => prediction::cancel(world, id),
        (&Method::POST, ["files"]) => files::create(world, request),
        (&Method::GET, ["files"]) => Ok(files::list(world)),
        (&Method::GET, ["files", id]) => files::get(world, id),
        (&Method::DELETE, ["files", id]) => files::delete(world, id),
        _ => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests;
