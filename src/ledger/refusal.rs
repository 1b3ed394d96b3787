//! Why a book says no.

use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// The session is unknown, ended or of a former epoch.
    NotSignedIn,
    /// The address behind this id is another one.
    OtherAddress,
    ConsentRequired,
    NotFound,
    /// Not possible in this state, which is named in the words of the API.
    Conflict {
        state: String,
    },
    QuotaExceeded {
        limit: u64,
        used: u64,
        resets_at_ms: u64,
    },
    /// Too few photos for a training.
    TooFewPhotos {
        minimum: u32,
    },
    /// All photos of a model together are too heavy for one bundle.
    BundleTooLarge {
        max_bytes: u64,
    },
    KeyReused,
    InProgress,
    /// The kill switch.
    Paused,
    UnknownVersion,
    /// A row that cannot be read; it alone fails.
    Corrupt {
        kind: String,
    },
    /// The rows cannot be read at all; never sent, it becomes the fault of the call.
    Failing,
}

impl Refusal {
    pub fn conflict(state: impl Into<String>) -> Self {
        Self::Conflict {
            state: state.into(),
        }
    }
}
