//! A training or a prediction, and the object that stands for it in answers, lists and webhooks.
//! Which fields are there depends on where the object is shown, exactly as it was recorded.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::bundle::{Bundle, ZipEntry};
use super::logs;
use super::model::{Subject, Trainer};
use crate::clock::{self, HOUR_MS};
use crate::script::Behaviour;
use crate::world::World;

/// What a run that took no time took.
const LEAST_US: u64 = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    Starting,
    Processing,
    Succeeded,
    Failed,
    Canceled,
    Aborted,
}

impl Status {
    pub fn text(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Processing => "processing",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
            Self::Aborted => "aborted",
        }
    }

    pub fn is_final(self) -> bool {
        !matches!(self, Self::Starting | Self::Processing)
    }
}

#[derive(Debug)]
pub(super) enum Kind {
    Training {
        trainer: Trainer,
        owner: String,
        name: String,
        bundle: Option<Result<Bundle, String>>,
    },
    /// Without a subject the version is a trainer, whose `predict` does nothing.
    Prediction { subject: Option<Arc<Subject>> },
    /// What was seen of the picture, once it was looked at.
    Description {
        said: Option<Result<String, String>>,
    },
}

#[derive(Debug)]
pub(super) struct Job {
    pub id: String,
    pub kind: Kind,
    /// `owner/name` and id of the version that runs: a training's is the trainer's.
    pub model: String,
    pub version: String,
    pub input: Map<String, Value>,
    pub webhook: Option<String>,
    pub events: Vec<String>,
    pub effects: Vec<Behaviour>,
    pub created_ms: u64,
    pub nanos: u32,
    pub digits: usize,
    /// None: never.
    pub starts_ms: Option<u64>,
    pub runs_ms: u64,
    pub ends_ms: Option<u64>,
    pub deadline_ms: Option<u64>,
    pub started_ms: Option<u64>,
    pub completed_ms: Option<u64>,
    pub status: Status,
    pub error: Option<String>,
    pub output: Value,
    pub logs: String,
    pub progress_sent_ms: Option<u64>,
    pub dollars: f64,
}

/// A training or a prediction as an observer of the world sees it.
#[derive(Debug, Clone, Serialize)]
pub struct JobReport {
    pub id: String,
    /// `training`, `prediction` or `description`, which is a prediction whose output is text.
    pub kind: &'static str,
    pub status: &'static str,
    pub version: String,
    pub input: Value,
    pub output: Value,
    pub error: Option<String>,
    pub created_at_ms: u64,
    /// Where it reports to.
    pub webhook: Option<String>,
    /// What is billed, once it has ended; finer than a millisecond where that is nothing.
    pub predict_time_us: Option<u64>,
    /// 0…1.
    pub progress: f64,
    pub dollars: f64,
    /// Of a training: what the zip held, and the caption of each picture.
    pub entries: Vec<ZipEntry>,
    pub captions: Vec<(String, String)>,
}

/// Where a job's object is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    Created,
    Read,
    Canceled,
}

impl Job {
    pub fn is_training(&self) -> bool {
        matches!(self.kind, Kind::Training { .. })
    }

    pub fn has(&self, effect: &Behaviour) -> bool {
        self.effects.contains(effect)
    }

    pub fn progress(&self, now_ms: u64) -> f64 {
        if self.status == Status::Succeeded {
            return 1.0;
        }
        let (Some(started), Some(ends)) = (self.started_ms, self.ends_ms) else {
            return 0.0;
        };
        let passed_ms = self.completed_ms.unwrap_or(now_ms).saturating_sub(started);
        seconds(passed_ms) / seconds(ends.saturating_sub(started).max(1))
    }

    fn is_purged(&self, world: &World) -> bool {
        let old = self
            .completed_ms
            .is_some_and(|done| world.now_ms >= done.saturating_add(HOUR_MS));
        old && (!self.is_training() || world.switches.is("training_retention", "purged"))
    }

    pub fn report(&self, now_ms: u64) -> JobReport {
        let bundle = match &self.kind {
            Kind::Training {
                bundle: Some(Ok(bundle)),
                ..
            } => Some(bundle),
            _ => None,
        };
        JobReport {
            id: self.id.clone(),
            kind: match self.kind {
                Kind::Training { .. } => "training",
                Kind::Prediction { .. } => "prediction",
                Kind::Description { .. } => "description",
            },
            status: self.status.text(),
            version: format!("{}:{}", self.model, self.version),
            input: Value::Object(self.input.clone()),
            output: self.output.clone(),
            error: self.error.clone(),
            created_at_ms: self.created_ms,
            webhook: self.webhook.clone(),
            predict_time_us: self
                .billed_ms()
                .map(|ms| ms.saturating_mul(1000).max(LEAST_US)),
            progress: self.progress(now_ms).clamp(0.0, 1.0),
            dollars: self.dollars,
            entries: bundle
                .map(|bundle| bundle.entries.clone())
                .unwrap_or_default(),
            captions: bundle
                .map(|bundle| bundle.captions.clone())
                .unwrap_or_default(),
        }
    }

    pub fn view(&self, world: &World, view: View) -> Value {
        let purged = self.is_purged(world);
        let unknown = self.has(&Behaviour::UnknownStatus) && self.status == Status::Processing;
        let time = |at_ms: u64| json!(clock::rfc3339(at_ms, self.nanos, self.digits));
        let mut object = Map::new();
        let mut put = |name: &str, value: Value| drop(object.insert(name.to_owned(), value));
        put("id", json!(self.id));
        put("model", json!(self.model));
        put("version", json!(self.version));
        put("input", if purged { json!({}) } else { json!(self.input) });
        put("error", json!(self.error));
        put(
            "status",
            json!(if unknown {
                "pausing"
            } else {
                self.status.text()
            }),
        );
        put("created_at", time(self.created_ms));
        put(
            "logs",
            if purged {
                Value::Null
            } else {
                self.visible_logs(world, view)
            },
        );
        put("urls", self.urls(world, view));
        if let Some(deadline) = self.deadline_ms {
            put("deadline", time(deadline));
        }
        if view != View::Created || world.switches.is("new_fields", "2026") {
            put(
                "output",
                if purged || view == View::Canceled {
                    Value::Null
                } else {
                    self.output.clone()
                },
            );
            put("data_removed", json!(purged));
        }
        if view != View::Created {
            put("started_at", self.started_ms.map_or(Value::Null, time));
            put("completed_at", self.completed_ms.map_or(Value::Null, time));
            put("metrics", self.metrics());
            put("source", json!("api"));
        }
        if view == View::Read {
            if self.is_training() {
                put("webhook_completed", Value::Null);
            }
            if let (Some(webhook), true) =
                (&self.webhook, world.switches.is("webhook_echo", "present"))
            {
                put("webhook", json!(webhook));
            }
        }
        if self.has(&Behaviour::ExtraFields) {
            put("carbon", json!({"grams": 0.5, "offset": [null, {"x": 1}]}));
        }
        Value::Object(object)
    }

    fn visible_logs(&self, world: &World, view: View) -> Value {
        let text = match view {
            View::Created => return json!(""),
            View::Canceled => return Value::Null,
            View::Read if self.has(&Behaviour::NullLogs) => return Value::Null,
            View::Read if self.status.is_final() => self.logs.clone(),
            View::Read => logs::running(self, world),
        };
        if text.is_empty() && !self.status.is_final() {
            Value::Null
        } else {
            json!(text)
        }
    }

    fn urls(&self, world: &World, view: View) -> Value {
        let below = if self.is_training() && view == View::Read {
            "trainings"
        } else {
            "predictions"
        };
        let get = format!("{}/replicate/v1/{below}/{}", world.settings.origin, self.id);
        let mut urls = json!({"get": get, "cancel": format!("{get}/cancel")});
        if let (Some(urls), true) = (
            urls.as_object_mut(),
            world.switches.is("new_fields", "2026"),
        ) {
            urls.insert(
                "web".to_owned(),
                json!(format!("https://replicate.com/p/{}", self.id)),
            );
        }
        urls
    }

    fn metrics(&self) -> Value {
        let Some(completed) = self.completed_ms else {
            return json!({});
        };
        // The service measures finer than a millisecond: what took none took a few microseconds.
        let measured =
            |ms: u64| seconds(ms).max(std::time::Duration::from_micros(LEAST_US).as_secs_f64());
        let total = measured(completed.saturating_sub(self.created_ms));
        match self.billed_ms() {
            Some(ms) => json!({"predict_time": measured(ms), "total_time": total}),
            None => json!({"total_time": total}),
        }
    }

    /// How long it ran, once it has ended and if it ever began.
    fn billed_ms(&self) -> Option<u64> {
        let (started, completed) = (self.started_ms?, self.completed_ms?);
        (self.status != Status::Aborted).then(|| completed.saturating_sub(started))
    }
}

pub(super) fn seconds(ms: u64) -> f64 {
    std::time::Duration::from_millis(ms).as_secs_f64()
}
