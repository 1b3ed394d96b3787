//! What a vision model does: it fetches the picture that it is asked about and puts it into words.
//! It must never say anything of a picture that it could not fetch and open.

use serde_json::{Map, Value, json};

use super::bundle;
use super::job::{Job, Kind};
use crate::picture;
use crate::script::Behaviour;
use crate::world::World;

/// What the picture shows, or the error that the run dies of.
pub(super) fn look(world: &mut World, input: &Map<String, Value>) -> Result<String, String> {
    let url = input
        .get("image")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let bytes = bundle::fetch(world, url)
        .ok_or_else(|| format!("Failed to download the input file image: {url}"))?;
    let picture =
        picture::decode(&bytes).map_err(|error| format!("cannot identify image file: {error}"))?;
    Ok(picture::describe(&picture))
}

/// The `output` of a run: parts that belong together, or the whole where that is the reality.
pub(super) fn answer(world: &World, index: usize) -> Result<Value, String> {
    let Some(job) = world.replicate.jobs.get(index) else {
        return Err("not a description".to_owned());
    };
    let Kind::Description { said: Some(said) } = &job.kind else {
        return Err("nothing was looked at".to_owned());
    };
    let told = job.effects.iter().find_map(|effect| match effect {
        Behaviour::Say { text } => Some(text.clone()),
        _ => None,
    });
    let text = told.map_or_else(|| said.clone(), Ok)?;
    let has = |effect: &Behaviour| job.has(effect);
    Ok(match () {
        () if has(&Behaviour::OutputNull) => Value::Null,
        () if has(&Behaviour::OutputString) || world.switches.is("caption_output", "text") => {
            json!(text)
        }
        () => json!(text.split_inclusive(' ').collect::<Vec<_>>()),
    })
}

/// Whether a run of this kind puts a picture into words.
pub(super) fn is_description(job: &Job) -> bool {
    matches!(job.kind, Kind::Description { .. })
}
