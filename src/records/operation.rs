use crate::domain::ids::{ModelId, OperationId, PhotoId, PhotoKey, PredictionId};
use crate::domain::operation::{Phase, Reason};
use crate::domain::timestamp::Timestamp;
use crate::ports::Text;
use crate::ports::json::{json_enum, json_struct};

json_struct! {
    /// A paid run at Replicate; a row of the ledger only.
    #[derive(Clone, PartialEq, Debug)]
    pub struct Operation {
        pub schema: u8,
        pub id: Text<OperationId>,
        pub job: Job,
        pub phase: PhaseName,
        /// Its id at Replicate, once known.
        pub provider_id: Option<String>,
        /// The run that a webhook named while its id was not known.
        pub hinted_id: Option<String>,
        /// The first run of a training, which the provider failed by its own trouble.
        pub former_id: Option<String>,
        pub dropped: u32,
        pub predict_time_us: Option<u64>,
        pub reserved_at: Timestamp,
        /// When the answer to the submission was lost.
        pub unknown_since: Option<Timestamp>,
        /// When the provider first said that it knows no such run.
        pub missing_since: Option<Timestamp>,
        /// When the operator was told that it does not start.
        pub stuck_at: Option<Timestamp>,
        /// When its first webhook was heard.
        pub heard_at: Option<Timestamp>,
        /// The webhooks about it that have had their effect.
        pub hooks: Option<Vec<String>>,
        /// The owner asked for it to be stopped.
        pub cancel_requested: bool,
        /// The hash under which the answer to the request is remembered.
        pub key: Option<String>,
    }
}

json_enum! {
    /// What the run is for, and what is needed to find it again at the provider.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub enum Job {
        "training" = Training {
            model: Text<ModelId>,
            preset: String,
            photos: u32,
            photo_ids: Option<Vec<Text<PhotoId>>>,
            /// The path of the bundle; with the operation's id in its query it is unique.
            zip: String,
        },
        "prediction" = Prediction {
            prediction: Text<PredictionId>,
            /// `owner/name:hash` at Replicate.
            provider_version: String,
        },
        "caption" = Caption {
            photo: Text<PhotoKey>,
        },
    }
}

json_enum! {
    /// `domain::operation::Phase` in JSON.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub enum PhaseName {
        "reserved" = Reserved,
        "unknown" = Unknown,
        "submitted" = Submitted,
        "starting" = Starting,
        "processing" = Processing,
        "saving" = Saving,
        "succeeded" = Succeeded,
        "failed-provider-error" = FailedProviderError,
        "failed-no-safe-image" = FailedNoSafeImage,
        "failed-timeout" = FailedTimeout,
        "failed-data-lost" = FailedDataLost,
        "failed-bad-photos" = FailedBadPhotos,
        "canceled" = Canceled,
    }
}

impl Job {
    /// The model that is trained, that makes the images, or whose photo is described.
    pub fn model(&self) -> ModelId {
        match self {
            Self::Training { model, .. } => **model,
            Self::Prediction { prediction, .. } => prediction.model,
            Self::Caption { photo } => photo.model,
        }
    }
}

impl From<Phase> for PhaseName {
    fn from(phase: Phase) -> Self {
        match phase {
            Phase::Reserved => Self::Reserved,
            Phase::Unknown => Self::Unknown,
            Phase::Submitted => Self::Submitted,
            Phase::Starting => Self::Starting,
            Phase::Processing => Self::Processing,
            Phase::Saving => Self::Saving,
            Phase::Succeeded => Self::Succeeded,
            Phase::Failed(Reason::ProviderError) => Self::FailedProviderError,
            Phase::Failed(Reason::NoSafeImage) => Self::FailedNoSafeImage,
            Phase::Failed(Reason::Timeout) => Self::FailedTimeout,
            Phase::Failed(Reason::DataLost) => Self::FailedDataLost,
            Phase::Failed(Reason::BadPhotos) => Self::FailedBadPhotos,
            Phase::Canceled => Self::Canceled,
        }
    }
}

impl From<PhaseName> for Phase {
    fn from(name: PhaseName) -> Self {
        match name {
            PhaseName::Reserved => Self::Reserved,
            PhaseName::Unknown => Self::Unknown,
            PhaseName::Submitted => Self::Submitted,
            PhaseName::Starting => Self::Starting,
            PhaseName::Processing => Self::Processing,
            PhaseName::Saving => Self::Saving,
            PhaseName::Succeeded => Self::Succeeded,
            PhaseName::FailedProviderError => Self::Failed(Reason::ProviderError),
            PhaseName::FailedNoSafeImage => Self::Failed(Reason::NoSafeImage),
            PhaseName::FailedTimeout => Self::Failed(Reason::Timeout),
            PhaseName::FailedDataLost => Self::Failed(Reason::DataLost),
            PhaseName::FailedBadPhotos => Self::Failed(Reason::BadPhotos),
            PhaseName::Canceled => Self::Canceled,
        }
    }
}
