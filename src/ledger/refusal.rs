//! Why a book says no.

use crate::domain::timestamp::Timestamp;
use crate::ports::json::{json_enum, json_struct};

json_enum! {
    /// What there is only so much of, by its name in the API.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub enum Quota {
        "trainings_per_day" = TrainingsPerDay,
        "predictions_per_day" = PredictionsPerDay,
        "captions_per_day" = CaptionsPerDay,
        "uploads_per_hour" = UploadsPerHour,
        "photos_per_model" = PhotosPerModel,
        "stored_photo_bytes" = StoredPhotoBytes,
    }
}

impl Quota {
    pub const ALL: [Self; 6] = [
        Self::TrainingsPerDay,
        Self::PredictionsPerDay,
        Self::CaptionsPerDay,
        Self::UploadsPerHour,
        Self::PhotosPerModel,
        Self::StoredPhotoBytes,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::TrainingsPerDay => "trainings_per_day",
            Self::PredictionsPerDay => "predictions_per_day",
            Self::CaptionsPerDay => "captions_per_day",
            Self::UploadsPerHour => "uploads_per_hour",
            Self::PhotosPerModel => "photos_per_model",
            Self::StoredPhotoBytes => "stored_photo_bytes",
        }
    }
}

json_struct! {
    /// How much of a quota is used, and when there is more of it: never by waiting, where nothing is
    /// said.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Spent {
        pub quota: Quota,
        pub limit: u64,
        pub used: u64,
        pub resets_at as "resets_at_ms": Option<Timestamp>,
    }
}

json_enum! {
    /// A few bytes wide: every `?` on the way out moves it once more.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub enum Refusal {
        /// The session is unknown, ended or of a former epoch.
        "not-signed-in" = NotSignedIn,
        /// The address behind this id is another one.
        "other-address" = OtherAddress,
        /// The text of that version was not accepted.
        "consent-required" = ConsentRequired {
            version: Box<str>,
        },
        "not-found" = NotFound,
        /// Not possible in this state, which is named in the words of the API.
        "conflict" = Conflict {
            state: Box<str>,
        },
        "quota-exceeded" = QuotaExceeded(spent: Box<Spent>),
        /// Too few photos for a training.
        "too-few-photos" = TooFewPhotos {
            minimum: u32,
        },
        /// All photos of a model together are too heavy for one bundle.
        "bundle-too-large" = BundleTooLarge {
            max_bytes: u32,
        },
        "key-reused" = KeyReused,
        "in-progress" = InProgress,
        /// The kill switch.
        "paused" = Paused,
        /// All people together have spent what they may in a day.
        "spend-cap-reached" = SpendCapReached,
        /// The provider fails again and again, and is left alone for a while.
        "resting" = Resting {
            retry_after_s: u32,
        },
        "unknown-version" = UnknownVersion,
        /// A row that cannot be read; it alone fails.
        "corrupt" = Corrupt {
            kind: Box<str>,
        },
        /// The rows cannot be read at all; never sent, it becomes the fault of the call.
        "failing" = Failing,
    }
}

impl Refusal {
    /// A quota that is used up until then.
    pub fn spent(quota: Quota, limit: u64, used: u64, resets_at: Timestamp) -> Self {
        Self::QuotaExceeded(Box::new(Spent {
            quota,
            limit,
            used,
            resets_at: Some(resets_at),
        }))
    }

    /// A store that is full until something in it goes.
    pub fn full(quota: Quota, limit: u64, used: u64) -> Self {
        Self::QuotaExceeded(Box::new(Spent {
            quota,
            limit,
            used,
            resets_at: None,
        }))
    }

    pub fn conflict(state: &str) -> Self {
        Self::Conflict {
            state: state.into(),
        }
    }
}
