//! Answers: bodies and the headers that all of them carry.

use http::header::{self, HeaderMap, HeaderName, HeaderValue};

use crate::domain::ownership::SignedIn;
use crate::ports::json::{self, ToJson};

/// What an answer holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Content {
    Bytes(Vec<u8>),
    /// A page of the static frontend, by its path; the edge fetches it from the assets.
    Page(&'static str),
    /// Everything of this person as an archive, which the edge lets the product write while it is
    /// sent: see `app::export_account`.
    Export(SignedIn),
}

impl Default for Content {
    fn default() -> Self {
        Self::Bytes(Vec::new())
    }
}

pub type Reply = http::Response<Content>;

/// A JSON answer.
pub fn json(status: u16, body: &dyn ToJson) -> Reply {
    let bytes = json::to_string(body).into_bytes();
    http::Response::builder()
        .status(status)
        .header(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json; charset=utf-8"),
        )
        .body(Content::Bytes(bytes))
        .unwrap_or_default()
}

/// An answer without a body.
pub fn empty(status: u16) -> Reply {
    http::Response::builder()
        .status(status)
        .body(Content::default())
        .unwrap_or_default()
}

/// An answer that leads on.
pub fn redirect(status: u16, to: &str) -> Reply {
    let mut reply = empty(status);
    add(&mut reply, "location", to);
    reply
}

/// Adds a header whose value is ours; one that cannot be written is left out.
pub fn add(reply: &mut Reply, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply
            .headers_mut()
            .append(HeaderName::from_static(name), value);
    }
}

/// Makes an answer a file of that name, which nothing in it can turn into a page of ours.
pub fn download(reply: &mut Reply, content_type: &str, name: &str) {
    const POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";
    add(reply, "content-type", content_type);
    let disposition = format!("attachment; filename=\"{name}\"");
    add(reply, "content-disposition", &disposition);
    add(reply, "content-security-policy", POLICY);
}

/// The headers of every answer of the API, unless it says otherwise itself.
pub fn finish(reply: &mut Reply, request_id: &str) {
    // Names that are known when the product is compiled need not be looked for in a table with
    // every answer.
    const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
        HeaderName::from_static("cross-origin-resource-policy");
    const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
    const FIXED: [(HeaderName, &str); 6] = [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ),
        (CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
        (
            header::STRICT_TRANSPORT_SECURITY,
            "max-age=63072000; includeSubDomains; preload",
        ),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    let headers: &mut HeaderMap = reply.headers_mut();
    headers.reserve(FIXED.len());
    for (name, value) in FIXED {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.insert(X_REQUEST_ID, value);
    }
}
