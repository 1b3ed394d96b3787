//! How things are written down: the JSON of the ledger's rows and of their mirrors in KV.
//!
//! Records are a promise. Every one carries the version of its schema, one of each lies dated in
//! `tests/fixtures/records`, and all of them must decode for ever: a field is added with a default
//! or renamed by a new fixture, never changed. Nothing here decides anything.

mod attempt;
mod model;
mod operation;
mod photo;
mod prediction;
mod session;
mod user;

pub use attempt::Attempt;
pub use model::{Model, ModelState, Progress, Version, Zip};
pub use operation::{Job, Operation, PhaseName};
pub use photo::{Captioning, Photo};
pub use prediction::{Failure, Image, Prediction, PredictionState, Recipe};
pub use session::Session;
pub use user::{Consent, User};

use serde_json::Value;

use crate::ports::json::{self, FromJson, ToJson};

/// The version that is written today.
pub const SCHEMA: u8 = 1;

/// Reads a record; nothing when it is not one, or one of a schema that came after this code.
pub fn read<T: FromJson + Default>(text: &str) -> Option<T> {
    json::from_value(of_known_schema(text)?)
}

fn of_known_schema(text: &str) -> Option<Value> {
    let value: Value = serde_json::from_str(text).ok()?;
    let schema = value.get("schema")?.as_u64()?;
    (schema <= u64::from(SCHEMA)).then_some(value)
}

/// Writes a record.
pub fn write(record: &dyn ToJson) -> String {
    json::to_string(record)
}
