//! Creating, reading and cancelling trainings.
//! A training's inputs are looked at late, as the service does; only the destination is checked at once.

use serde_json::Value;

use super::creation::{self, New};
use super::job::{Job, Kind, View};
use super::lifecycle;
use super::model::{self, Purpose};
use super::problem::Problem;
use super::schema::{self, Check};
use crate::wire::{self, Incoming, Response};
use crate::world::World;

pub(super) fn create(
    world: &mut World,
    request: &Incoming,
    owner: &str,
    name: &str,
    id: &str,
) -> Result<Response, Problem> {
    let version = model::find(world, owner, name)?
        .version(id, world.now_ms)
        .ok_or_else(Problem::not_found)?;
    let Purpose::Trains(trainer) = version.purpose else {
        return Err(Problem::new(
            400,
            "The specified version does not support training.",
        ));
    };
    let fields = schema::object(request.json())?;
    let mut check = Check::default();
    for (name, kind) in [("destination", "string"), ("input", "object")] {
        check.required("", &fields, name);
        if let Some(value) = fields.get(name) {
            check.kind(name, value, kind);
        }
    }
    check.webhook(world, &fields);
    let input = fields
        .get("input")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    if world.switches.is("validation", "creation") {
        check.training_input(&input);
    }
    check.finish()?;
    let destination = fields
        .get("destination")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let (to_owner, to_name) = destination.split_once('/').unwrap_or_default();
    if to_owner != world.replicate.owner || model::find(world, to_owner, to_name).is_err() {
        return Err(Problem::new(
            404,
            "The specified training destination does not exist",
        ));
    }
    Problem::of_credit(world)?;
    let (to_owner, to_name) = (to_owner.to_owned(), to_name.to_owned());
    let kind = Kind::Training {
        trainer,
        owner: to_owner,
        name: to_name,
        bundle: None,
    };
    let new = New {
        kind,
        model: format!("{owner}/{name}"),
        version: id.to_owned(),
        input,
        deadline_after_ms: None,
    };
    let job = creation::create(world, request, &fields, new);
    Ok(wire::json(201, &job))
}

fn position(world: &World, id: &str) -> Result<usize, Problem> {
    let found = world
        .replicate
        .jobs
        .iter()
        .position(|job| job.id == id && job.is_training());
    found.ok_or_else(Problem::not_found)
}

pub(super) fn get(world: &World, id: &str) -> Result<Response, Problem> {
    let job: &Job = world
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
