//! Why a book says no.

use crate::ports::json::json_enum;

json_enum! {
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub enum Refusal {
        /// The session is unknown, ended or of a former epoch.
        "not-signed-in" = NotSignedIn,
        /// The address behind this id is another one.
        "other-address" = OtherAddress,
        "consent-required" = ConsentRequired,
        "not-found" = NotFound,
        /// Not possible in this state, which is named in the words of the API.
        "conflict" = Conflict {
            state: String,
        },
        "quota-exceeded" = QuotaExceeded {
            limit: u64,
            used: u64,
            resets_at_ms: u64,
        },
        /// Too few photos for a training.
        "too-few-photos" = TooFewPhotos {
            minimum: u32,
        },
        /// All photos of a model together are too heavy for one bundle.
        "bundle-too-large" = BundleTooLarge {
            max_bytes: u64,
        },
        "key-reused" = KeyReused,
        "in-progress" = InProgress,
        /// The kill switch.
        "paused" = Paused,
        "unknown-version" = UnknownVersion,
        /// A row that cannot be read; it alone fails.
        "corrupt" = Corrupt {
            kind: String,
        },
        /// The rows cannot be read at all; never sent, it becomes the fault of the call.
        "failing" = Failing,
    }
}

impl Refusal {
    pub fn conflict(state: impl Into<String>) -> Self {
        Self::Conflict {
            state: state.into(),
        }
    }
}
