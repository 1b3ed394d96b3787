//! The log lines of a training and of a prediction, as their programs write them.
//! Lines of a progress bar are separated by carriage returns, as on a terminal.

use super::job::{Job, Kind};
use super::model::Trainer;
use crate::world::World;

const STEPS: u32 = 1000;

/// What the logs show at this moment of a run.
pub(super) fn running(job: &Job, world: &World) -> String {
    if job.started_ms.is_none() {
        return String::new();
    }
    training(job, world, job.progress(world.now_ms))
}

/// The logs of a training that has come this far (0…1); nothing for a prediction.
pub(super) fn training(job: &Job, world: &World, progress: f64) -> String {
    let Kind::Training {
        trainer, bundle, ..
    } = &job.kind
    else {
        return String::new();
    };
    if *trainer == Trainer::Fast && world.switches.is("fast_logs", "none") {
        return String::new();
    }
    let mut text = "Downloaded base weights in 3.41 seconds\n".to_owned();
    let Some(Ok(bundle)) = bundle else {
        return text;
    };
    let count = bundle.entries.len();
    text.extend([format!(
        "Extracted {count} files from zip to input_images\n"
    )]);
    let caption = |(name, caption): &(String, String)| {
        format!(
            "Caption for input_images/{name}: {caption}
"
        )
    };
    text.extend(bundle.captions.iter().map(caption));
    text.push_str("Starting train job\n");
    let done = (progress.clamp(0.0, 1.0) * 10.0).floor();
    for tenth in 0..=10_u32 {
        if f64::from(tenth) <= done {
            text.push_str(&bar(tenth.saturating_mul(STEPS / 10)));
        }
    }
    text.push('\n');
    text
}

fn bar(step: u32) -> String {
    let percent = step.saturating_mul(100) / STEPS;
    let full = usize::try_from(percent / 10).unwrap_or(0);
    let blocks = format!(
        "{}{}",
        "█".repeat(full),
        " ".repeat(10_usize.saturating_sub(full))
    );
    let (passed, left) = (step / 2, STEPS.saturating_sub(step) / 2);
    let clock = |seconds: u32| format!("{:02}:{:02}", seconds / 60, seconds % 60);
    format!(
        "\rflux_train_replicate: {percent:>3}%|{blocks}| {step}/{STEPS} [{}<{},  1.94it/s, lr: 4.0e-04 loss: 3.8e-01]",
        clock(passed),
        clock(left)
    )
}

/// The logs of a finished prediction.
pub(super) fn prediction(seed: u64, asked: usize, dropped: &[usize]) -> String {
    let mut lines = vec![format!("Using seed: {seed}")];
    lines.extend(
        dropped
            .iter()
            .map(|index| format!("NSFW content detected in image {index}")),
    );
    let kept = asked.saturating_sub(dropped.len());
    lines.push(format!("Total safe images: {kept} out of {asked}\n"));
    lines.join("\n")
}
