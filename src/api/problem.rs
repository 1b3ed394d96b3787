//! Every refusal, as RFC 9457 problem documents.
//!
//! One exhaustive match turns what went wrong into status, slug and sentence. A sentence for a 5xx
//! is fixed; the cause goes to the log, once, where the problem is made.

mod of_app;

use std::borrow::Cow;

use http::header::{self, HeaderValue};
use serde_json::{Map, Value, json};

use super::reply::Content;
use crate::app::{Error, FieldFault};
use crate::domain::timestamp::Timestamp;
use crate::ports::json;

/// A refusal of the HTTP layer, or of the product.
///
/// As narrow as [`Error`], for the same reason.
#[derive(Clone, PartialEq, Debug)]
pub enum Problem {
    App(Error),
    Fields(Box<[Field]>),
    Malformed(&'static str),
    KeyRequired,
    CrossSite,
    MethodNotAllowed { allow: Box<str> },
    UnsupportedMediaType { accepted: &'static [&'static str] },
    TooLarge { max_bytes: usize },
    BadSignature,
    Misconfigured { variable: &'static str },
}

/// A field that cannot be accepted; its name may be the client's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    pub pointer: String,
    pub detail: Cow<'static, str>,
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::App(error)
    }
}

impl From<&FieldFault> for Field {
    fn from(fault: &FieldFault) -> Self {
        Self {
            pointer: fault.pointer.to_owned(),
            detail: fault.detail.into(),
        }
    }
}

/// The words of one kind of problem.
struct Kind {
    slug: &'static str,
    status: u16,
    title: &'static str,
    detail: Cow<'static, str>,
    retry_after_s: Option<u32>,
    extension: Vec<(&'static str, Value)>,
}

fn kind(
    slug: &'static str,
    status: u16,
    title: &'static str,
    detail: impl Into<Cow<'static, str>>,
) -> Kind {
    Kind {
        slug,
        status,
        title,
        detail: detail.into(),
        retry_after_s: None,
        extension: Vec::new(),
    }
}

impl Kind {
    fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.extension.push((name, value.into()));
        self
    }

    fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }
}

/// Every slug there is, in the order of the documentation; a test compares both.
pub const SLUGS: &[&str] = &[
    "invalid-request",
    "malformed-request",
    "idempotency-key-required",
    "idempotency-key-reused",
    "not-signed-in",
    "session-too-old",
    "link-invalid",
    "other-browser",
    "cross-site",
    "consent-required",
    "not-found",
    "method-not-allowed",
    "conflict",
    "operation-in-progress",
    "too-large",
    "unsupported-media-type",
    "photo-rejected",
    "quota-exceeded",
    "too-many-requests",
    "internal",
    "provider-refused",
    "provider-unavailable",
    "storage-unavailable",
    "paused",
    "misconfigured",
];

impl Problem {
    /// The status that this problem is answered with.
    pub fn status(&self, now: Timestamp) -> u16 {
        self.kind(now).status
    }

    fn kind(&self, now: Timestamp) -> Kind {
        match self {
            Self::App(error) => of_app::words(error, now),
            Self::Fields(fields) => invalid(fields),
            Self::Malformed(detail) => kind("malformed-request", 400, "Malformed request", *detail),
            Self::KeyRequired => kind(
                "idempotency-key-required",
                400,
                "Idempotency key required",
                "Send a header Idempotency-Key with one UUID, and the same one when you repeat \
                 the request.",
            ),
            Self::CrossSite => kind(
                "cross-site",
                403,
                "Cross-site request",
                "This request did not come from a page of ours, so it was not carried out.",
            ),
            Self::MethodNotAllowed { .. } => kind(
                "method-not-allowed",
                405,
                "Method not allowed",
                "This address does not take that method; the header Allow lists those it takes.",
            ),
            Self::UnsupportedMediaType { accepted } => kind(
                "unsupported-media-type",
                415,
                "Unsupported media type",
                "The body is not of a type that this address takes.",
            )
            .with("accepted", json!(accepted)),
            Self::TooLarge { max_bytes } => too_large(*max_bytes),
            Self::BadSignature => kind(
                "not-signed-in",
                401,
                "Not authenticated",
                "The signature or the time of this message is not valid.",
            ),
            Self::Misconfigured { .. } => kind(
                "misconfigured",
                503,
                "Misconfigured",
                "The service is not set up correctly. Its operator has been told.",
            ),
        }
    }

    /// Why the operator should hear of it, if at all.
    pub fn cause(&self) -> Option<&'static str> {
        match self {
            Self::App(Error::Internal { cause }) => Some(cause),
            Self::Misconfigured { variable } => Some(variable),
            _ => None,
        }
    }

    pub fn slug(&self, now: Timestamp) -> &'static str {
        self.kind(now).slug
    }

    /// The problem document.
    pub fn reply(&self, now: Timestamp, request_id: &str) -> http::Response<Content> {
        let kind = self.kind(now);
        let mut body = Map::new();
        body.insert(
            "type".into(),
            format!("https://selfie.pr/problems/{}", kind.slug).into(),
        );
        body.insert("title".into(), kind.title.into());
        body.insert("status".into(), kind.status.into());
        body.insert("detail".into(), kind.detail.as_ref().into());
        body.insert(
            "instance".into(),
            format!("urn:request:{request_id}").into(),
        );
        for (name, value) in kind.extension {
            body.insert(name.to_owned(), value);
        }
        let mut builder = http::Response::builder().status(kind.status).header(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json; charset=utf-8"),
        );
        if let Some(seconds) = kind.retry_after_s {
            builder = builder.header(header::RETRY_AFTER, seconds);
        }
        if let Self::MethodNotAllowed { allow } = self {
            builder = builder.header(header::ALLOW, &**allow);
        }
        let bytes = json::to_string(&Value::Object(body)).into_bytes();
        builder.body(Content::Bytes(bytes)).unwrap_or_default()
    }
}

fn invalid(fields: &[Field]) -> Kind {
    let errors: Vec<Value> = fields
        .iter()
        .map(|field| json!({"pointer": field.pointer, "detail": field.detail}))
        .collect();
    let detail = match fields.first() {
        Some(field) => format!(
            "{}: {}",
            field.pointer.trim_start_matches('/'),
            field.detail
        ),
        None => "A field cannot be accepted.".to_owned(),
    };
    kind("invalid-request", 422, "Invalid request", detail).with("errors", errors)
}

fn too_large(max_bytes: usize) -> Kind {
    let detail = if max_bytes >= 1024 * 1024 {
        format!(
            "That is more than {} MB, which is the most we take.",
            max_bytes / (1024 * 1024)
        )
    } else {
        format!(
            "That is more than {} KB, which is the most we take.",
            max_bytes / 1024
        )
    };
    kind("too-large", 413, "Too large", detail).with("max_bytes", max_bytes)
}
