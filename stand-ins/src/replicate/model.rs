//! Models and their versions: the known trainers, the account's private models and what trainings add to them.
//! A deleted version is gone only after a while, and a deleted name is never free again.

use std::sync::Arc;

use image::RgbImage;
use serde_json::{Value, json};

use super::problem::Problem;
use super::schema::{self, Check};
use super::{account, listing};
use crate::clock;
use crate::wire::{self, Incoming, Response};
use crate::world::World;

const GONE_AFTER_MS: u64 = 60_000;

/// What a version was trained on.
#[derive(Debug)]
pub(super) struct Subject {
    pub photos: Vec<RgbImage>,
    pub trigger_word: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trainer {
    Fast,
    Quality,
}

#[derive(Debug, Clone)]
pub(super) enum Purpose {
    Trains(Trainer),
    Draws(Arc<Subject>),
    /// Puts pictures into words.
    Describes,
}

#[derive(Debug)]
pub(super) struct Version {
    pub id: String,
    pub created_ms: u64,
    pub purpose: Purpose,
    pub gone_ms: Option<u64>,
}

#[derive(Debug)]
pub(super) struct Model {
    pub owner: String,
    pub name: String,
    description: Option<String>,
    visibility: String,
    created_ms: u64,
    pub versions: Vec<Version>,
}

impl Model {
    pub fn private(owner: &str, name: &str, created_ms: u64) -> Self {
        Self {
            owner: owner.to_owned(),
            name: name.to_owned(),
            description: None,
            visibility: "private".to_owned(),
            created_ms,
            versions: Vec::new(),
        }
    }

    pub fn is(&self, owner: &str, name: &str) -> bool {
        self.owner == owner && self.name == name
    }

    pub fn version(&self, id: &str, now_ms: u64) -> Option<&Version> {
        self.versions
            .iter()
            .find(|version| version.id == id && version.gone_ms.is_none_or(|gone| now_ms < gone))
    }

    fn living(&self, now_ms: u64) -> impl DoubleEndedIterator<Item = &Version> {
        self.versions
            .iter()
            .filter(move |version| version.gone_ms.is_none_or(|gone| now_ms < gone))
    }

    fn describe(&self, now_ms: u64) -> Value {
        json!({
            "url": format!("https://replicate.com/{}/{}", self.owner, self.name), "owner": self.owner, "name": self.name,
            "description": self.description, "visibility": self.visibility, "github_url": null, "paper_url": null,
            "license_url": null, "run_count": 0, "cover_image_url": null, "default_example": null, "is_official": false,
            "created_at": clock::rfc3339(self.created_ms, 0, 6), "latest_version": self.living(now_ms).next_back().map(Version::describe)
        })
    }
}

impl Version {
    fn describe(&self) -> Value {
        let schema = match self.purpose {
            Purpose::Trains(_) => json!({
                "openapi": "3.0.2", "info": {"title": "Cog", "version": "0.1.0"},
                "paths": {"/trainings": {"post": {}}, "/predictions": {"post": {}}},
                "components": {"schemas": {
                    "TrainingInput": {"type": "object", "required": ["input_images"]}, "TrainingOutput": {"type": "object"}
                }}
            }),
            Purpose::Describes => json!({
                "openapi": "3.0.2", "info": {"title": "Cog", "version": "0.1.0"}, "paths": {"/predictions": {"post": {}}},
                "components": {"schemas": {"Input": {"type": "object", "required": ["image"]}}}
            }),
            Purpose::Draws(_) => json!({
                "openapi": "3.0.2", "info": {"title": "Cog", "version": "0.1.0"}, "paths": {"/predictions": {"post": {}}},
                "components": {"schemas": {"Input": {"type": "object", "required": ["prompt"]}}}
            }),
        };
        json!({"id": self.id, "created_at": clock::rfc3339(self.created_ms, 0, 6), "cog_version": "0.9.20", "openapi_schema": schema})
    }
}

/// The trainers and the vision models that the product knows.
pub(super) fn public() -> Vec<Model> {
    let known = [
        (
            "replicate",
            "fast-flux-trainer",
            "8b10794665aed907bb98a1a5324cd1d3a8bea0e9b31e65210967fb9c9e2e08ed",
            Purpose::Trains(Trainer::Fast),
        ),
        (
            "ostris",
            "flux-dev-lora-trainer",
            "26dce37af90b9d997eeb970d92e47de3064d46c300504ae376c75bef6a9022d2",
            Purpose::Trains(Trainer::Quality),
        ),
        (
            "lucataco",
            "moondream2",
            "72ccb656353c348c1385df54b237eeb7bfa874bf11486cf0b9473e691b662d31",
            Purpose::Describes,
        ),
        (
            "yorickvp",
            "llava-13b",
            "80537f9eead1a5bfa72d5ac6ea6414379be41d4d4f6679fd776e9535d1eb58bb",
            Purpose::Describes,
        ),
    ];
    let model = |(owner, name, id, purpose): (&str, &str, &str, Purpose)| Model {
        visibility: "public".to_owned(),
        versions: vec![Version {
            id: id.to_owned(),
            created_ms: 0,
            purpose,
            gone_ms: None,
        }],
        ..Model::private(owner, name, 0)
    };
    known.into_iter().map(model).collect()
}

pub(super) fn find<'a>(world: &'a World, owner: &str, name: &str) -> Result<&'a Model, Problem> {
    world
        .replicate
        .models
        .iter()
        .find(|model| model.is(owner, name))
        .ok_or_else(Problem::not_found)
}

pub(super) fn create(world: &mut World, request: &Incoming) -> Result<Response, Problem> {
    let fields = schema::object(request.json())?;
    let mut check = Check::default();
    for name in ["owner", "name", "visibility", "hardware"] {
        check.required("", &fields, name);
        if let Some(value) = fields.get(name) {
            check.kind(name, value, "string");
        }
    }
    check.finish()?;
    let text = |name: &str| {
        fields
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let (owner, name, visibility) = (text("owner"), text("name"), text("visibility"));
    if owner != world.replicate.owner {
        return Err(Problem::new(
            403,
            "You do not have permission to create a model for this owner.",
        ));
    }
    if !matches!(visibility.as_str(), "private" | "public")
        || !account::is_hardware(&text("hardware"))
    {
        return Err(Problem::titled(
            422,
            "Input validation failed",
            "- visibility or hardware is invalid\n",
        ));
    }
    if world.replicate.spent_names.contains(&name) || find(world, &owner, &name).is_ok() {
        let text = "A model with that name and owner already exists.";
        if world.switches.is("model_conflict", "errors") {
            return Ok(wire::json(409, &json!({"errors": [{"detail": text}]})));
        }
        return Err(Problem::new(409, text));
    }
    let description = fields
        .get("description")
        .and_then(Value::as_str)
        .map(str::to_owned);
    let model = Model {
        description,
        visibility,
        ..Model::private(&owner, &name, world.now_ms)
    };
    let body = model.describe(world.now_ms);
    world.replicate.models.push(model);
    Ok(wire::json(201, &body))
}

pub(super) fn list(world: &World, request: &Incoming) -> Result<Response, Problem> {
    let own = world
        .replicate
        .models
        .iter()
        .rev()
        .filter(|model| model.owner == world.replicate.owner);
    let items: Vec<Value> = own.map(|model| model.describe(world.now_ms)).collect();
    listing::page(world, request, "models", items)
}

pub(super) fn get(world: &World, owner: &str, name: &str) -> Result<Response, Problem> {
    Ok(wire::json(
        200,
        &find(world, owner, name)?.describe(world.now_ms),
    ))
}

pub(super) fn delete(world: &mut World, owner: &str, name: &str) -> Result<Response, Problem> {
    let model = find(world, owner, name)?;
    if model.owner != world.replicate.owner
        || model.visibility != "private"
        || model.living(world.now_ms).next().is_some()
    {
        return refused_deletion(world);
    }
    world
        .replicate
        .models
        .retain(|model| !model.is(owner, name));
    world.replicate.spent_names.insert(name.to_owned());
    Ok(wire::empty(204))
}

pub(super) fn versions(world: &World, owner: &str, name: &str) -> Result<Response, Problem> {
    let results: Vec<Value> = find(world, owner, name)?
        .living(world.now_ms)
        .rev()
        .map(Version::describe)
        .collect();
    Ok(wire::json(
        200,
        &json!({"next": null, "previous": null, "results": results}),
    ))
}

pub(super) fn version(
    world: &World,
    owner: &str,
    name: &str,
    id: &str,
) -> Result<Response, Problem> {
    let version = find(world, owner, name)?
        .version(id, world.now_ms)
        .ok_or_else(Problem::not_found)?;
    Ok(wire::json(200, &version.describe()))
}

pub(super) fn delete_version(
    world: &mut World,
    owner: &str,
    name: &str,
    id: &str,
) -> Result<Response, Problem> {
    let now_ms = world.now_ms;
    let model = find(world, owner, name)?;
    model.version(id, now_ms).ok_or_else(Problem::not_found)?;
    if model.owner != world.replicate.owner || model.visibility != "private" {
        return refused_deletion(world);
    }
    let models = world
        .replicate
        .models
        .iter_mut()
        .filter(|model| model.is(owner, name));
    for version in models
        .flat_map(|model| model.versions.iter_mut())
        .filter(|version| version.id == id)
    {
        version.gone_ms = version
            .gone_ms
            .or(Some(now_ms.saturating_add(GONE_AFTER_MS)));
    }
    world
        .replicate
        .outputs
        .retain(|_, output| output.version != id);
    Ok(wire::empty(202))
}

fn refused_deletion(world: &World) -> Result<Response, Problem> {
    match world.switches.status("delete_refused", 403) {
        202 => Ok(wire::empty(202)),
        status => Err(Problem::new(status, "This version cannot be deleted.")),
    }
}
