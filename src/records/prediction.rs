use crate::domain::ids::{OperationId, PredictionId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::ports::Text;
use crate::ports::json::{json_enum, json_struct};

json_struct! {
    /// A request for images and what came of it: `PREDICTIONS` under `{owner}.{id}`.
    #[derive(Clone, PartialEq, Debug)]
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
        pub created_at: Timestamp,
        pub finished_at: Option<Timestamp>,
    }
}

json_enum! {
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub enum PredictionState {
        "queued" = Queued,
        "running" = Running,
        "succeeded" = Succeeded,
        "failed" = Failed,
        "canceled" = Canceled,
    }
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

json_struct! {
    /// Everything that is needed to run it again exactly.
    #[derive(Clone, PartialEq, Eq, Debug)]
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
}

json_struct! {
    /// An image in our own store.
    #[derive(Clone, PartialEq, Eq, Debug)]
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
}

json_struct! {
    /// Why it failed: a word of the API; the sentence is made when it is shown.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Failure {
        pub reason: String,
    }
}
