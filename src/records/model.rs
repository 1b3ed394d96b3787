use serde::{Deserialize, Serialize};

use super::prediction::Failure;
use crate::domain::ids::{ModelId, OperationId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::ports::Text;
use crate::ports::text::ms;

/// A model: `MODELS` under `{owner}.{id}`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Model {
    pub schema: u8,
    pub id: Text<ModelId>,
    pub owner: Text<UserId>,
    pub name: String,
    pub subject: String,
    pub trigger_word: String,
    pub state: ModelState,
    pub progress: Option<Progress>,
    /// Stored photos; the photos themselves are rows of the ledger.
    pub photos: u32,
    /// Where its cover lies at Bytescale: the first image made with it, or else its first photo.
    pub cover: Option<String>,
    pub versions: Vec<Version>,
    pub zip: Option<Zip>,
    pub failure: Option<Failure>,
    /// The training that runs, or the last one.
    pub operation: Option<Text<OperationId>>,
    #[serde(with = "ms")]
    pub created_at: Timestamp,
    #[serde(with = "ms")]
    pub updated_at: Timestamp,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ModelState {
    Draft,
    Bundled,
    Queued,
    Training,
    Ready,
    Failed,
    Canceled,
}

impl ModelState {
    pub const ALL: [Self; 7] = [
        Self::Draft,
        Self::Bundled,
        Self::Queued,
        Self::Training,
        Self::Ready,
        Self::Failed,
        Self::Canceled,
    ];

    /// Whether a training is under way.
    pub const fn is_running(self) -> bool {
        matches!(self, Self::Queued | Self::Training)
    }
}

/// How far a running training has come, and when the provider was last heard.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Progress {
    /// One of `domain::training::Stage`.
    pub stage: String,
    pub percent: Option<u8>,
    #[serde(with = "ms")]
    pub started_at: Timestamp,
    #[serde(with = "ms")]
    pub heard_at: Timestamp,
}

/// A trained version.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Version {
    /// `v1`, `v2`, …
    pub id: String,
    /// `owner/name:hash` at Replicate; private.
    pub provider_version: String,
    #[serde(with = "ms")]
    pub trained_at: Timestamp,
    pub photos: u32,
    pub preset: String,
    pub train_time_us: u64,
    pub steps: u32,
}

/// The bundle of a set of photos, verified at Bytescale.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Zip {
    pub path: String,
    /// SHA-256 over the ids and captions of the set it was made of.
    pub set_sha256: String,
    pub photos: u32,
    pub bytes: u64,
    #[serde(with = "ms")]
    pub created_at: Timestamp,
}
