//! What can keep a person from what they wanted.

use crate::ledger::{Refusal, Spent};
use crate::media::Rejection;
use crate::ports::Fault;

/// Whom the product depends on, as named in problems.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Provider {
    Replicate,
    Bytescale,
    Mail,
    Turnstile,
}

impl Provider {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Replicate => "replicate",
            Self::Bytescale => "bytescale",
            Self::Mail => "mail",
            Self::Turnstile => "turnstile",
        }
    }
}

/// A field that cannot be accepted, by JSON pointer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldFault {
    pub pointer: &'static str,
    pub detail: &'static str,
}

/// Three words wide: every `?` on the way out moves it once more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Error {
    Invalid(Box<FieldFault>),
    NotSignedIn,
    /// The sign-in is too long ago for something that cannot be undone.
    SessionTooOld,
    LinkInvalid,
    OtherBrowser,
    /// The text of that version was not accepted.
    ConsentRequired {
        version: Box<str>,
    },
    NotFound,
    Conflict {
        state: Box<str>,
    },
    InProgress,
    KeyReused,
    TooLarge {
        max_bytes: usize,
    },
    PhotoRejected(Rejection),
    QuotaExceeded(Box<Spent>),
    /// This client asks too often.
    TooManyRequests {
        retry_after_s: u32,
    },
    ProviderRefused(Provider),
    ProviderUnavailable {
        provider: Provider,
        retry_after_s: u32,
    },
    StorageUnavailable,
    Paused,
    /// All people together have spent what they may in a day.
    SpendCapReached,
    /// Something that cannot be; told to the operator.
    Internal {
        cause: &'static str,
    },
}

impl Error {
    pub fn invalid(pointer: &'static str, detail: &'static str) -> Self {
        Self::Invalid(Box::new(FieldFault { pointer, detail }))
    }

    pub fn conflict(state: &str) -> Self {
        Self::Conflict {
            state: state.into(),
        }
    }

    /// What a provider's fault means for the person. Its own words never reach them.
    pub fn at(provider: Provider, fault: &Fault) -> Self {
        match fault {
            // These say something about our account there, not about the request.
            Fault::Refused {
                status: 401 | 402 | 403 | 429,
                retry_after_s,
            } => Self::ProviderUnavailable {
                provider,
                retry_after_s: retry_after_s.unwrap_or(60),
            },
            Fault::Refused {
                status: 400..=499, ..
            } => Self::ProviderRefused(provider),
            Fault::Resting { retry_after_s } => Self::ProviderUnavailable {
                provider,
                retry_after_s: *retry_after_s,
            },
            _ => Self::ProviderUnavailable {
                provider,
                retry_after_s: 60,
            },
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotSignedIn => Self::NotSignedIn,
            // The second of two addresses that share an id is told as little as anybody else.
            Refusal::OtherAddress => Self::LinkInvalid,
            Refusal::ConsentRequired { version } => Self::ConsentRequired { version },
            Refusal::NotFound => Self::NotFound,
            Refusal::Conflict { state } => Self::Conflict { state },
            Refusal::QuotaExceeded(spent) => Self::QuotaExceeded(spent),
            Refusal::TooFewPhotos { .. } => Self::invalid(
                "/model",
                "A model needs at least 4 photos. Add some more and try again.",
            ),
            Refusal::BundleTooLarge { max_bytes } => Self::TooLarge {
                max_bytes: max_bytes as usize,
            },
            Refusal::KeyReused => Self::KeyReused,
            Refusal::InProgress => Self::InProgress,
            Refusal::Paused => Self::Paused,
            Refusal::SpendCapReached => Self::SpendCapReached,
            Refusal::Resting { retry_after_s } => Self::ProviderUnavailable {
                provider: Provider::Replicate,
                retry_after_s,
            },
            Refusal::UnknownVersion => {
                Self::invalid("/version", "This model has no version of that name.")
            }
            Refusal::Corrupt { .. } => Self::Internal {
                cause: "ledger row unreadable",
            },
            Refusal::Failing => Self::StorageUnavailable,
        }
    }
}
