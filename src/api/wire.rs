//! The bodies of the API, field by field as clients see them.
//!
//! No id carries its owner and no provider's name, path or version leaves here. The frontend's
//! types are made from these.

mod account;
mod from_records;
mod seconds;

use crate::ports::json::{ObjectWriter, ToJson};

pub use account::Account;
pub use from_records::Shown;
pub use seconds::Seconds;

macro_rules! wire {
    ($(
        $(#[$meta:meta])*
        pub struct $name:ident {
            $($(#[$field_meta:meta])* pub $field:ident: $type:ty,)+
        }
    )+) => {$(
        $(#[$meta])*
        #[derive(Debug)]
        #[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $type,)+
        }

        impl $name {
            fn write_members(&self, object: &mut ObjectWriter<'_>) {
                $(object.member(stringify!($field), &self.$field);)+
            }
        }

        impl ToJson for $name {
            fn write(&self, out: &mut String) {
                let mut object = ObjectWriter::begin(out);
                self.write_members(&mut object);
                object.end();
            }
        }
    )+};
}

wire! {
    /// A person, as only they see themselves.
    pub struct User {
        pub id: String,
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Provider"))]
        pub provider: &'static str,
        pub name: Option<String>,
        pub email: Option<String>,
        pub created_at: String,
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "number"))]
        pub prediction_count: u64,
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "number"))]
        pub total_predict_time_s: Seconds,
    }

    pub struct Session {
        pub id: String,
        pub created_at: String,
        pub last_seen_at: String,
        pub expires_at: String,
        /// Whether it is the one that asks.
        pub current: bool,
    }

    pub struct VerifiedToken {
        pub user: User,
        pub session: Session,
    }

    pub struct Quotas {
        pub trainings_per_day: Quota,
        pub running_trainings: Quota,
        pub predictions_per_day: Quota,
        pub captions_per_day: Quota,
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "number"))]
        pub photos_per_model: u64,
    }

    pub struct Quota {
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "number"))]
        pub limit: u64,
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "number"))]
        pub used: u64,
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "number"))]
        pub left: u64,
        /// Null where the limit is not one of a day.
        pub resets_at: Option<String>,
    }

    pub struct Consent {
        pub version: String,
        pub accepted_at: String,
    }

    pub struct Retention {
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "number"))]
        pub photo_days: u64,
    }

    /// What a training takes and costs at the most, by the configured prices.
    pub struct TrainingOffer {
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Preset"))]
        pub preset: &'static str,
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "number"))]
        pub micro_usd: u64,
        /// Null where the price names no second.
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "number | null"))]
        pub seconds: Option<u64>,
    }

    /// What the description of a photo costs at the most.
    pub struct CaptionOffer {
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "number"))]
        pub micro_usd: u64,
    }

    pub struct Photo {
        pub id: String,
        pub name: String,
        pub width: u32,
        pub height: u32,
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "number"))]
        pub bytes: u64,
        pub content_type: String,
        pub url: String,
        pub caption: Option<String>,
        /// What the vision model said of it, as long as the photo is kept.
        pub description: Option<String>,
        /// Whether a description is on its way, or none came of the last request for one.
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "'running' | 'failed' | null"))]
        pub captioning: Option<&'static str>,
        pub uploaded_at: String,
    }

    pub struct PhotoList {
        pub photos: Vec<Photo>,
        pub limits: PhotoLimits,
    }

    pub struct PhotoLimits {
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "number"))]
        pub max_photos: u64,
        pub min_photos: u32,
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "number"))]
        pub max_bytes: usize,
        pub min_side: u32,
        pub max_side: u32,
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "number"))]
        pub max_pixels: u64,
    }

    pub struct Model {
        pub id: String,
        pub name: String,
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Subject"))]
        pub subject: String,
        pub trigger_word: String,
        /// `draft`, `bundled`, `queued`, `training`, `ready`, `failed` or `canceled`.
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "ModelState"))]
        pub state: &'static str,
        pub progress: Option<Progress>,
        pub photos: u32,
        pub cover: Option<String>,
        pub versions: Vec<Version>,
        pub failure: Option<TrainingFailure>,
        /// Of the training that runs, or of the last one.
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Preset | null"))]
        pub preset: Option<String>,
        pub created_at: String,
        pub updated_at: String,
    }

    pub struct Progress {
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Stage"))]
        pub stage: String,
        pub percent: Option<u8>,
        /// Seconds left until half of the trainings like it are done; null without history.
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "number | null"))]
        pub eta_s: Option<u64>,
        /// Whether nine of ten trainings like it took less.
        pub late: bool,
        pub heard_at: String,
    }

    pub struct Version {
        pub id: String,
        pub trained_at: String,
        pub photos: u32,
        /// Which photos it was made of; some may be gone. Empty for versions of before this was kept.
        pub photo_ids: Vec<String>,
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Preset"))]
        pub preset: String,
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "number"))]
        pub train_time_s: Seconds,
        pub steps: u32,
    }

    pub struct TrainingFailure {
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "FailureReason"))]
        pub reason: String,
        pub detail: &'static str,
        /// Nothing was charged.
        pub refunded: bool,
    }

    pub struct ModelList {
        pub models: Vec<Model>,
        pub next_cursor: Option<String>,
    }

    pub struct Bundle {
        pub model: String,
        pub zip: Zip,
    }

    pub struct Zip {
        pub photos: u32,
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "number"))]
        pub bytes: u64,
        pub created_at: String,
    }

    pub struct Prediction {
        pub id: String,
        pub model: String,
        /// `queued`, `running`, `succeeded`, `failed` or `canceled`.
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "PredictionState"))]
        pub state: &'static str,
        pub recipe: Recipe,
        pub images: Vec<Image>,
        pub dropped: u32,
        pub favorite: bool,
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "number | null"))]
        pub predict_time_s: Option<Seconds>,
        pub failure: Option<Failure>,
        pub created_at: String,
        pub finished_at: Option<String>,
    }

    pub struct Recipe {
        pub version: String,
        pub prompt: String,
        pub final_prompt: String,
        pub style: Option<String>,
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "AspectRatio"))]
        pub aspect_ratio: String,
        pub count: u8,
        pub seed: u32,
        pub steps: u8,
        pub guidance: u8,
        pub lora_scale: u8,
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Format"))]
        pub format: String,
    }

    pub struct Image {
        pub url: String,
        /// The same, at most 640 pixels wide.
        pub preview: String,
        pub width: u32,
        pub height: u32,
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "number"))]
        pub bytes: u64,
        pub content_type: String,
        pub placeholder: String,
    }

    pub struct Failure {
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "FailureReason"))]
        pub reason: String,
        pub detail: &'static str,
    }

    pub struct PredictionList {
        pub predictions: Vec<Prediction>,
        pub next_cursor: Option<String>,
    }

    pub struct DeletionStarted {
        pub url: String,
        pub confirmation_code: String,
    }

    pub struct DeletedKind {
        pub kind: String,
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "number"))]
        pub count: u64,
        pub verified_gone: bool,
    }

    /// What a deletion has come to; the signature is over all the rest.
    pub struct Receipt {
        pub code: String,
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "'running' | 'done'"))]
        pub state: &'static str,
        pub requested_at: String,
        pub finished_at: Option<String>,
        pub objects: Vec<DeletedKind>,
        pub signature: String,
    }

    pub struct LinkSent {
        #[cfg_attr(not(target_arch = "wasm32"), ts(type = "number"))]
        pub expires_in_s: u64,
    }

    pub struct Confirmed {
        pub next: String,
        pub user: User,
    }

    pub struct Style {
        pub id: &'static str,
        pub name: &'static str,
        pub prompt: &'static str,
        pub example: &'static str,
    }

    pub struct StyleList {
        pub styles: &'static [Style],
    }

    pub struct Health {
        pub status: &'static str,
        pub revision: &'static str,
        pub environment: &'static str,
        pub ledger: bool,
        pub providers: Providers,
        /// The box that the sign-in form must show; null where there is none.
        pub turnstile: Option<Turnstile>,
    }

    pub struct Turnstile {
        pub site_key: String,
        /// The address of the script that shows the box.
        pub script: String,
    }

    /// `closed` (in order), `open` (not asked for a while), or `disabled`.
    pub struct Providers {
        pub replicate: &'static str,
        pub bytescale: &'static str,
        pub mail: &'static str,
        pub facebook: &'static str,
        pub pushover: &'static str,
        pub turnstile: &'static str,
    }
}
