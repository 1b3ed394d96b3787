//! What of each endpoint no table of the code tells: its parameters, its answer, and what its use
//! case may refuse beside what follows from how it is called.

use selfie::api::routes::{Endpoint as E, Route};

/// What a success is answered with.
pub enum Success {
    Json(u16, &'static str),
    Empty(u16),
    Redirect(u16),
    /// A file of one of these types.
    Files(&'static str, &'static [&'static str]),
    Document,
}

use Success::{Document, Empty, Files, Json, Redirect};

pub struct Operation {
    pub tag: &'static str,
    pub summary: &'static str,
    pub parameters: &'static [&'static str],
    pub success: Success,
    /// Of the success, beside those of every answer.
    pub headers: &'static [&'static str],
    pub refusals: &'static [&'static str],
}

const fn operation(tag: &'static str, summary: &'static str, success: Success) -> Operation {
    Operation {
        tag,
        summary,
        parameters: &[],
        success,
        headers: &[],
        refusals: &[],
    }
}

impl Operation {
    const fn with(mut self, parameters: &'static [&'static str]) -> Self {
        self.parameters = parameters;
        self
    }

    const fn headers(mut self, headers: &'static [&'static str]) -> Self {
        self.headers = headers;
        self
    }

    const fn or(mut self, refusals: &'static [&'static str]) -> Self {
        self.refusals = refusals;
        self
    }
}

const SIGNED_OUT: &[&str] = &["Set-Cookie", "Clear-Site-Data"];

/// What keeps from whatever costs money.
const PAID: &[&str] = &[
    "idempotency-key-required",
    "idempotency-key-reused",
    "operation-in-progress",
    "not-found",
    "consent-required",
    "conflict",
    "quota-exceeded",
    "paused",
    "provider-refused",
    "provider-unavailable",
];

#[expect(
    clippy::too_many_lines,
    reason = "one exhaustive match, an arm for each endpoint"
)]
pub fn describe(route: &Route) -> Operation {
    match route.endpoint {
        E::Health => operation(
            "service",
            "Whether the service runs, which revision, and with whom.",
            Json(200, "Health"),
        ),
        E::Styles => operation("service", "The curated styles.", Json(200, "StyleList")),
        E::Contract => operation("service", "This document.", Document),
        E::CreatePage => operation(
            "service",
            "The page of the studio.",
            Files("A page.", &["text/html"]),
        ),
        E::AskForLink => operation(
            "sign-in",
            "Have a sign-in letter sent; answered alike for every address.",
            Json(202, "LinkSent"),
        )
        .with(&["cookie-link"])
        .headers(&["Set-Cookie"])
        .or(&["provider-unavailable", "storage-unavailable"]),
        E::ConfirmLink => operation(
            "sign-in",
            "Sign in with the link or the code of a letter.",
            Json(200, "Confirmed"),
        )
        .with(&["cookie-link"])
        .headers(&["Set-Cookie"])
        .or(&[
            "link-invalid",
            "other-browser",
            "operation-in-progress",
            "storage-unavailable",
        ]),
        E::GoToFacebook => operation("sign-in", "Go to Facebook's dialog.", Redirect(302))
            .with(&["query-next"])
            .headers(&["Set-Cookie"])
            .or(&["not-found"]),
        E::ReturnFromFacebook => operation(
            "sign-in",
            "Come back from Facebook's dialog; leads to the sign-in page when it failed.",
            Redirect(303),
        )
        .with(&[
            "query-code",
            "query-state",
            "query-error",
            "cookie-facebook",
        ])
        .or(&["not-found"]),
        E::HearDeauthorization => operation(
            "messages",
            "Facebook says that somebody has left the app.",
            Empty(200),
        )
        .or(&["not-found", "storage-unavailable"]),
        E::HearDeletion => operation(
            "messages",
            "Facebook says that somebody wants to be deleted.",
            Json(200, "DeletionStarted"),
        )
        .or(&["not-found", "storage-unavailable"]),
        E::HearReplicate => operation("messages", "Replicate says that a run went on.", Empty(200))
            .with(&[
                "header-webhook-id",
                "header-webhook-timestamp",
                "header-webhook-signature",
            ])
            .or(&[
                "not-signed-in",
                "provider-unavailable",
                "storage-unavailable",
            ]),
        E::VerifyToken => operation(
            "account",
            "Whose token this is.",
            Json(200, "VerifiedToken"),
        ),
        E::SignOut => operation("account", "End this session, if there is one.", Empty(204))
            .headers(SIGNED_OUT),
        E::SignOutEverywhere => {
            operation("account", "End every session of this person.", Empty(204))
                .headers(SIGNED_OUT)
        }
        E::ShowAccount => operation("account", "The account.", Json(200, "Account")),
        E::DeleteAccount => operation(
            "account",
            "Delete the account and everything in it.",
            Json(202, "DeletionStarted"),
        )
        .headers(SIGNED_OUT),
        E::ExportAccount => operation(
            "account",
            "Everything of the account, written while it is sent.",
            Files("An archive.", &["application/zip"]),
        )
        .headers(&["Content-Disposition"]),
        E::ShowReceipt => operation(
            "account",
            "What has become of a deletion.",
            Json(200, "Receipt"),
        )
        .or(&["storage-unavailable"]),
        E::AcceptConsent => operation(
            "account",
            "Accept the text about the use of photos.",
            Json(200, "Consent"),
        )
        .or(&["consent-required"]),
        E::CreateModel => operation("models", "Make a model without photos.", Json(201, "Model")),
        E::ListModels => operation("models", "The newest models first.", Json(200, "ModelList"))
            .with(&["query-limit", "query-cursor"])
            .or(&["invalid-request"]),
        E::ShowModel => operation("models", "A model.", Json(200, "Model")),
        E::RenameModel => operation(
            "models",
            "Call a model otherwise; and what it is of, before its first training.",
            Json(200, "Model"),
        )
        .or(&["conflict"]),
        E::DeleteModel => operation(
            "models",
            "Delete a model with its photos, versions and images.",
            Empty(202),
        ),
        E::DeleteVersion => operation(
            "models",
            "Delete a version of a model; images made with it stay.",
            Json(200, "Model"),
        )
        .or(&["conflict"]),
        E::AddPhoto => operation(
            "photos",
            "Add a photo; the same bytes again are the same photo.",
            Json(201, "Photo"),
        )
        .with(&["query-model", "header-photo-name"])
        .or(&[
            "not-found",
            "invalid-request",
            "consent-required",
            "conflict",
            "photo-rejected",
            "quota-exceeded",
            "provider-refused",
            "provider-unavailable",
        ]),
        E::ListPhotos => operation("photos", "The photos of a model.", Json(200, "PhotoList"))
            .with(&["query-model"])
            .or(&["not-found", "invalid-request"]),
        E::CaptionPhoto => operation(
            "photos",
            "Say what is in a photo, or no longer.",
            Json(200, "Photo"),
        )
        .with(&["query-model"])
        .or(&["conflict"]),
        E::DropPhoto => operation("photos", "Remove a photo.", Empty(204))
            .with(&["query-model"])
            .or(&["invalid-request", "conflict"]),
        E::BundlePhotos => operation(
            "photos",
            "Bundle the photos of a model; the same photos give the same bundle.",
            Json(200, "Bundle"),
        )
        .or(&[
            "not-found",
            "consent-required",
            "conflict",
            "provider-refused",
            "provider-unavailable",
        ]),
        E::DescribePhoto => operation("photos", "Describe a photo.", Json(202, "Photo"))
            .with(&["header-idempotency-key"])
            .headers(&["Idempotency-Replayed"])
            .or(PAID),
        E::TrainModel => operation("models", "Train a new version.", Json(202, "Model"))
            .with(&["header-idempotency-key"])
            .headers(&["Idempotency-Replayed"])
            .or(PAID),
        E::CancelTraining => {
            operation("models", "Stop the running training.", Json(202, "Model")).or(&["conflict"])
        }
        E::MakeImages => operation("images", "Make images.", Json(202, "Prediction"))
            .with(&["header-idempotency-key"])
            .headers(&["Idempotency-Replayed"])
            .or(PAID),
        E::ListPredictions => operation(
            "images",
            "The newest predictions first.",
            Json(200, "PredictionList"),
        )
        .with(&[
            "query-limit",
            "query-cursor",
            "query-of-model",
            "query-favorite",
            "query-q",
        ])
        .or(&["invalid-request"]),
        E::ShowPrediction => operation("images", "A prediction.", Json(200, "Prediction")),
        E::FetchImage => operation(
            "images",
            "An image as a file.",
            Files("The file.", &["image/jpeg", "image/png", "image/webp"]),
        )
        .headers(&["Content-Disposition"])
        .or(&["provider-refused", "provider-unavailable"]),
        E::MarkFavorite => operation(
            "images",
            "Mark a prediction as a favourite, or no longer.",
            Json(200, "Prediction"),
        ),
        E::DeletePrediction => {
            operation("images", "Delete a prediction with its images.", Empty(202))
        }
    }
}
