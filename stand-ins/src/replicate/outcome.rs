//! What a job makes when it succeeds: a version of a model, or pictures.
//! An error here is the text that a failed job shows.

use serde_json::{Value, json};

use super::job::{Job, Kind};
use super::model::{Purpose, Version};
use super::{delivery, logs};
use crate::script::Behaviour;
use crate::world::World;

const NSFW: &str =
    "All generated images contained NSFW content. Try running it again with a different prompt.";

/// How many pictures a prediction is asked for.
pub(super) fn images_asked(job: &Job) -> u32 {
    let asked = job
        .input
        .get("num_outputs")
        .and_then(Value::as_u64)
        .unwrap_or(1);
    u32::try_from(asked).unwrap_or(1)
}

/// Makes the version that a training was for.
pub(super) fn train(world: &mut World, index: usize) -> Result<Value, String> {
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

/// Makes the pictures of a prediction, without the unsafe ones.
pub(super) fn predict(world: &mut World, index: usize) -> Result<Value, String> {
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
    let asked = usize::try_from(images_asked(job)).unwrap_or(1);
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
