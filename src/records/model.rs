use super::prediction::Failure;
use crate::domain::ids::{ModelId, OperationId, PhotoId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::ports::Text;
use crate::ports::json::{json_enum, json_struct};

json_struct! {
    /// A model: `MODELS` under `{owner}.{id}`.
    #[derive(Clone, PartialEq, Debug)]
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
        /// How many there ever were; nothing until one is named after this was counted.
        pub versions_made: Option<u32>,
        pub zip: Option<Zip>,
        pub failure: Option<Failure>,
        /// The training that runs, or the last one.
        pub operation: Option<Text<OperationId>>,
        /// What it was asked for.
        pub preset: Option<String>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
    }
}

json_enum! {
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub enum ModelState {
        "draft" = Draft,
        "bundled" = Bundled,
        "queued" = Queued,
        "training" = Training,
        "ready" = Ready,
        "failed" = Failed,
        "canceled" = Canceled,
    }
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

json_struct! {
    /// How far a running training has come, and when the provider was last heard.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Progress {
        /// One of `domain::training::Stage`.
        pub stage: String,
        pub percent: Option<u8>,
        pub started_at: Timestamp,
        pub heard_at: Timestamp,
        /// What half of the trainings of its preset stay under, and what nine of ten do.
        pub median_s: Option<u64>,
        pub slow_s: Option<u64>,
    }
}

json_struct! {
    /// A trained version.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Version {
        /// `v1`, `v2`, …
        pub id: String,
        /// `owner/name:hash` at Replicate; private.
        pub provider_version: String,
        pub trained_at: Timestamp,
        pub photos: u32,
        /// Which photos these were; some may be gone.
        pub photo_ids: Option<Vec<Text<PhotoId>>>,
        pub preset: String,
        pub train_time_us: u64,
        pub steps: u32,
    }
}

json_struct! {
    /// The bundle of a set of photos, verified at Bytescale.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Zip {
        pub path: String,
        /// SHA-256 over the ids and captions of the set it was made of.
        pub set_sha256: String,
        pub photos: u32,
        pub bytes: u64,
        pub created_at: Timestamp,
    }
}
