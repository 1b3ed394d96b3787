//! What Replicate says about a run, read into our words. The log and the error text are judged and
//! dropped: they carry captions, file names and the state of our account.

use serde_json::Value;
use std::time::Duration;

use super::version;
use crate::domain::operation::{Reason, Seen};
use crate::domain::training::{self, Progress, Stage};
use crate::ports::Fault;
use crate::ports::json::{self, json_struct};
use crate::providers::call;

/// A run as it stands at Replicate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report {
    /// Nothing when Replicate uses a status that we do not know; it is not an end.
    pub seen: Option<Seen>,
    /// What the log of a training shows.
    pub log: Progress,
    /// What is billed.
    pub predict_time_us: Option<u64>,
    /// `owner/name:hash` of what a training has made.
    pub version: Option<String>,
    /// Addresses (`https:` or `data:`) of what a prediction has made; fewer than asked for when
    /// the safety filter removed some.
    pub outputs: Vec<String>,
    /// Replicate deletes inputs, outputs and logs an hour after the end.
    pub data_removed: bool,
    pub error: Option<ErrorKind>,
}

/// Why a run failed, as far as it makes a difference.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorKind {
    NoSafeImage,
    BadPhotos,
    /// Replicate's own trouble (E1000, E6716): the same may work when it is asked for again.
    Transient,
    Other,
}

impl ErrorKind {
    fn of(text: &str) -> Self {
        let has = |marks: &[&str]| marks.iter().any(|mark| text.contains(mark));
        if has(&["NSFW"]) {
            Self::NoSafeImage
        } else if has(&[
            "input_images",
            "zip file",
            "no images found",
            "Error loading image",
        ]) {
            Self::BadPhotos
        } else if has(&["(E1000)", "(E6716)"]) {
            Self::Transient
        } else {
            Self::Other
        }
    }

    const fn reason(self) -> Reason {
        match self {
            Self::NoSafeImage => Reason::NoSafeImage,
            Self::BadPhotos => Reason::BadPhotos,
            Self::Transient | Self::Other => Reason::ProviderError,
        }
    }
}

json_struct! {
    struct Run {
        id: Option<String>,
        status: Option<String>,
        output: Option<Value>,
        error: Option<Value>,
        logs: Option<String>,
        metrics: Option<Metrics>,
        data_removed: Option<bool>,
    }
}

json_struct! {
    struct Metrics {
        /// Seconds, also as `3e-06`.
        predict_time: Option<f64>,
    }
}

/// A training; `destination` completes a version that comes as a bare hash.
pub(super) fn training(body: &[u8], id: &str, destination: &str) -> Result<Report, Fault> {
    let run = read(body, id)?;
    let made = match run.output.as_ref().and_then(|output| output.get("version")) {
        Some(Value::String(text)) => {
            let made = version::normalise(text, destination);
            Some(made.ok_or(Fault::malformed("output.version"))?)
        }
        None | Some(Value::Null) => None,
        Some(_) => return Err(Fault::malformed("output.version")),
    };
    let done = match (&made, run.data_removed) {
        (Some(_), _) => Seen::Stored,
        // Looked at too late: what it left has been forgotten since.
        (None, Some(true)) => Seen::Failed(Reason::DataLost),
        // A training can end well and leave no version ("Failed to create trained image").
        (None, _) => Seen::Failed(Reason::ProviderError),
    };
    let mut report = report(&run, done)?;
    report.version = made;
    Ok(report)
}

/// A prediction; a success that left no image counts as lost.
pub(super) fn prediction(body: &[u8], id: &str) -> Result<Report, Fault> {
    let mut run = read(body, id)?;
    let outputs = outputs(run.output.take())?;
    let lost = outputs.is_empty() || run.data_removed == Some(true);
    let done = if lost {
        Seen::Failed(Reason::DataLost)
    } else {
        Seen::Finished
    };
    let mut report = report(&run, done)?;
    report.outputs = outputs;
    Ok(report)
}

fn read(body: &[u8], id: &str) -> Result<Run, Fault> {
    let run: Run = call::read_json(body, "body")?;
    if run.id.as_deref() == Some(id) {
        Ok(run)
    } else {
        Err(Fault::malformed("id"))
    }
}

fn report(run: &Run, done: Seen) -> Result<Report, Fault> {
    let status = run.status.as_deref().ok_or(Fault::malformed("status"))?;
    let error = match &run.error {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(ErrorKind::of(text)),
        Some(other) => Some(ErrorKind::of(&json::to_string(other))),
    };
    let seen = match status {
        "starting" => Some(Seen::Starting),
        "processing" => Some(Seen::Processing),
        "succeeded" => Some(done),
        "failed" => Some(Seen::Failed(error.unwrap_or(ErrorKind::Other).reason())),
        "canceled" | "aborted" => Some(Seen::Canceled),
        _ => None,
    };
    let queued = Progress {
        stage: Stage::Queued,
        percent: None,
    };
    let read_log = || training::read_log(run.logs.as_deref().unwrap_or_default());
    Ok(Report {
        seen,
        log: if seen == Some(Seen::Starting) {
            queued
        } else {
            read_log()
        },
        predict_time_us: predict_time_us(run)?,
        version: None,
        outputs: Vec::new(),
        data_removed: run.data_removed.unwrap_or_default(),
        error,
    })
}

fn predict_time_us(run: &Run) -> Result<Option<u64>, Fault> {
    let Some(seconds) = run
        .metrics
        .as_ref()
        .and_then(|metrics| metrics.predict_time)
    else {
        return Ok(None);
    };
    Duration::try_from_secs_f64(seconds)
        .ok()
        .and_then(|time| u64::try_from(time.as_micros()).ok())
        .map(Some)
        .ok_or(Fault::malformed("metrics.predict_time"))
}

/// One string, an array of them, or null; moved, because an image may be in each.
fn outputs(output: Option<Value>) -> Result<Vec<String>, Fault> {
    let text = |output| match output {
        Value::String(url) => Ok(url),
        _ => Err(Fault::malformed("output")),
    };
    match output {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(urls)) => urls.into_iter().map(text).collect(),
        Some(one) => Ok(vec![text(one)?]),
    }
}

#[cfg(test)]
mod tests;
