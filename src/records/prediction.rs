use serde::{Deserialize, Serialize};

use crate::domain::ids::{OperationId, PredictionId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::ports::Text;
use crate::ports::text::{ms, optional_ms};

/// A request for images and what came of it: `PREDICTIONS` under `{owner}.{id}`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Prediction {
    pub schema: u8,
    pub id: Text<PredictionId>,
    pub owner: Text<UserId>,
    pub operation: Text<OperationId>,
    pub state: PredictionState,
    pub recipe: Recipe,
    pub images: Vec<Image>,
    /// Images that the provider's safety filter removed.
    pub dropped: u32,
    pub favorite: bool,
    pub predict_time_us: Option<u64>,
    pub failure: Option<Failure>,
    #[serde(with = "ms")]
    pub created_at: Timestamp,
    #[serde(with = "optional_ms")]
    pub finished_at: Option<Timestamp>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PredictionState {
    Queued,
    Running,
    Succeeded,
    Failed,
    Canceled,
}

impl PredictionState {
    pub const ALL: [Self; 5] = [
        Self::Queued,
        Self::Running,
        Self::Succeeded,
        Self::Failed,
        Self::Canceled,
    ];

    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Canceled)
    }
}

/// Everything that is needed to run it again exactly.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Recipe {
    pub version: String,
    pub prompt: String,
    pub final_prompt: String,
    pub style: Option<String>,
    pub aspect_ratio: String,
    pub count: u8,
    pub seed: u32,
    pub steps: u8,
    pub guidance: u8,
    pub lora_scale: u8,
    pub format: String,
}

/// An image in our own store.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Image {
    /// Where it lies at Bytescale.
    pub path: String,
    pub width: u32,
    pub height: u32,
    pub bytes: u64,
    pub content_type: String,
    /// A `data:` URI of a picture at most 32 px wide, under 1 KB.
    pub placeholder: String,
}

/// Why it failed: a word of the API; the sentence is made when it is shown.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Failure {
    pub reason: String,
}
