//! The words for what a look showed, as they travel to a book.

use crate::domain::operation::{Reason, Seen};
use crate::ports::json::json_enum;

json_enum! {
    /// `domain::operation::Seen` in JSON; `Missing` is the provider's 404, which is not final at once.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub enum SeenName {
        "nothing" = Nothing,
        "missing" = Missing,
        "accepted" = Accepted,
        "starting" = Starting,
        "processing" = Processing,
        "finished" = Finished,
        "failed-provider-error" = FailedProviderError,
        "failed-no-safe-image" = FailedNoSafeImage,
        "failed-timeout" = FailedTimeout,
        "failed-data-lost" = FailedDataLost,
        "failed-bad-photos" = FailedBadPhotos,
        "canceled" = Canceled,
    }
}

impl From<Seen> for SeenName {
    fn from(seen: Seen) -> Self {
        match seen {
            Seen::Nothing => Self::Nothing,
            Seen::Accepted => Self::Accepted,
            Seen::Starting => Self::Starting,
            Seen::Processing => Self::Processing,
            Seen::Finished | Seen::Stored => Self::Finished,
            Seen::Canceled => Self::Canceled,
            Seen::Failed(Reason::ProviderError) => Self::FailedProviderError,
            Seen::Failed(Reason::NoSafeImage) => Self::FailedNoSafeImage,
            Seen::Failed(Reason::Timeout) => Self::FailedTimeout,
            Seen::Failed(Reason::DataLost) => Self::FailedDataLost,
            Seen::Failed(Reason::BadPhotos) => Self::FailedBadPhotos,
        }
    }
}

impl SeenName {
    /// What it means in the domain; nothing for `Missing`.
    pub const fn seen(self) -> Option<Seen> {
        Some(match self {
            Self::Missing => return None,
            Self::Nothing => Seen::Nothing,
            Self::Accepted => Seen::Accepted,
            Self::Starting => Seen::Starting,
            Self::Processing => Seen::Processing,
            Self::Finished => Seen::Finished,
            Self::FailedProviderError => Seen::Failed(Reason::ProviderError),
            Self::FailedNoSafeImage => Seen::Failed(Reason::NoSafeImage),
            Self::FailedTimeout => Seen::Failed(Reason::Timeout),
            Self::FailedDataLost => Seen::Failed(Reason::DataLost),
            Self::FailedBadPhotos => Seen::Failed(Reason::BadPhotos),
            Self::Canceled => Seen::Canceled,
        })
    }
}
