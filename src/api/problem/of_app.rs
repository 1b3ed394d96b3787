//! What each refusal of the product is called, and what a person reads.

use super::{Field, Kind, invalid, kind, too_large};
use crate::app::Error;
use crate::domain::timestamp::Timestamp;
use crate::ledger::{Quota, Spent};
use crate::media::Rejection;

fn photo_rejected(rejection: Rejection) -> Kind {
    let detail = match rejection {
        Rejection::NotAnImage => "This is not a JPEG, PNG or WebP picture.",
        Rejection::Animated => "This picture moves. Please choose a still one.",
        Rejection::TooSmall => "This picture is smaller than 256 pixels on one side.",
        Rejection::TooLargeDimensions => {
            "This picture has more than 12000 pixels on one side, or more than 50 megapixels."
        }
        Rejection::Truncated => "This picture is damaged or incomplete.",
        Rejection::TrailingData => {
            "There is something behind the end of this picture. Saving it anew in any picture \
             program helps."
        }
    };
    kind("photo-rejected", 422, "Photo rejected", detail).with("reason", rejection.reason())
}

fn paused() -> Kind {
    kind(
        "paused",
        503,
        "Paused",
        "New trainings and images are paused for now. Please try again later.",
    )
}

fn quota_exceeded(spent: &Spent, now: Timestamp) -> Kind {
    const MIB: u64 = 1024 * 1024;
    let Spent { limit, used, .. } = spent;
    let mut detail = match spent.quota {
        Quota::TrainingsPerDay => format!("You have used {used} of {limit} trainings of a day."),
        Quota::PredictionsPerDay => {
            format!("You have used {used} of {limit} requests for images of a day.")
        }
        Quota::CaptionsPerDay => format!("You have used {used} of {limit} captions of a day."),
        Quota::UploadsPerHour => format!("You have added {used} of {limit} photos of an hour."),
        Quota::PhotosPerModel => {
            format!("This model has {used} of {limit} photos. Remove one to add another.")
        }
        Quota::StoredPhotoBytes => format!(
            "Your photos take up {} of {} MiB. Remove some, or a model with its photos, to add \
             others.",
            used / MIB,
            limit / MIB
        ),
    };
    let moment = spent.resets_at.map(Timestamp::to_rfc3339);
    if let Some(moment) = &moment {
        let when = match moment.get(11..16) {
            Some(time) if time != "00:00" => time,
            _ => "midnight",
        };
        detail.extend([" The next one is possible at ", when, " UTC."]);
    }
    let kind = kind("quota-exceeded", 429, "Quota exceeded", detail)
        .with("quota", spent.quota.name())
        .with("limit", *limit)
        .with("used", *used)
        .with("resets_at", moment);
    match spent.resets_at {
        Some(until) => kind.retry_after(wait_s(until, now)),
        None => kind,
    }
}

/// From now to then, in whole seconds.
fn wait_s(until: Timestamp, now: Timestamp) -> u32 {
    let seconds = until.since_ms(now).div_ceil(1000).max(1);
    u32::try_from(seconds).unwrap_or(86_400)
}

/// The words for what keeps a person from what they wanted.
#[expect(
    clippy::too_many_lines,
    reason = "one exhaustive match, an arm for each error"
)]
pub(super) fn words(error: &Error, now: Timestamp) -> Kind {
    match error {
        Error::Invalid(fault) => invalid(&[Field::from(&**fault)]),
        Error::NotSignedIn => kind(
            "not-signed-in",
            401,
            "Not signed in",
            "Please sign in; this session has ended or never began.",
        ),
        Error::SessionTooOld => kind(
            "session-too-old",
            401,
            "Sign in once more",
            "For this you must have signed in within the last ten minutes. Please sign in again.",
        )
        .with("reauthenticate", true),
        Error::LinkInvalid => kind(
            "link-invalid",
            400,
            "Link or code not valid",
            "This link or code is not valid any more. Please ask for a new one.",
        ),
        Error::OtherBrowser => kind(
            "other-browser",
            403,
            "Another browser",
            "This link was asked for in another browser. Type the code from the letter there.",
        ),
        Error::ConsentRequired { version } => kind(
            "consent-required",
            403,
            "Consent required",
            "Please read and accept how your photos are used first.",
        )
        .with("version", &**version),
        Error::NotFound => kind(
            "not-found",
            404,
            "Not found",
            "There is nothing here, or it is not yours.",
        ),
        Error::Conflict { state } => kind(
            "conflict",
            409,
            "Not possible now",
            format!("That is not possible while this is {state}."),
        )
        .with("state", &**state),
        Error::InProgress => kind(
            "operation-in-progress",
            409,
            "Still in progress",
            "The same request is still being carried out. Please wait a moment.",
        )
        .with("state", "in-progress")
        .retry_after(2),
        Error::KeyReused => kind(
            "idempotency-key-reused",
            422,
            "Idempotency key reused",
            "This Idempotency-Key came with another body before. Use a new one.",
        ),
        Error::TooLarge { max_bytes } => too_large(*max_bytes),
        Error::PhotoRejected(rejection) => photo_rejected(*rejection),
        Error::QuotaExceeded(spent) => quota_exceeded(spent, now),
        Error::TooManyRequests { retry_after_s } => kind(
            "too-many-requests",
            429,
            "Too many requests",
            "That was a little too often. Please wait a moment and try again.",
        )
        .retry_after(*retry_after_s),
        Error::ProviderRefused(provider) => kind(
            "provider-refused",
            502,
            "Refused by a provider",
            "A service that we depend on did not accept this. Nothing was charged.",
        )
        .with("provider", provider.name()),
        Error::ProviderUnavailable {
            provider,
            retry_after_s,
        } => kind(
            "provider-unavailable",
            503,
            "Provider unavailable",
            "A service that we depend on cannot be reached right now. Nothing was charged; \
             please try again later.",
        )
        .with("provider", provider.name())
        .retry_after(*retry_after_s),
        Error::StorageUnavailable => kind(
            "storage-unavailable",
            503,
            "Storage unavailable",
            "Our storage cannot be reached right now. Please try again in a moment.",
        )
        .retry_after(5),
        Error::Paused => paused().retry_after(3600),
        Error::SpendCapReached => {
            let midnight = now.next_midnight();
            paused()
                .with("resets_at", midnight.to_rfc3339())
                .retry_after(wait_s(midnight, now))
        }
        Error::Internal { .. } => kind(
            "internal",
            500,
            "Internal error",
            "Something went wrong on our side. It has been noted; please try again.",
        ),
    }
}
