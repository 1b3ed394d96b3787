//! Requests and responses of the runtime from and to those of the product.

use futures_util::StreamExt;
use http::header::HeaderName;
use worker::{ByteStream, Context, Headers, Request, Response, ResponseBuilder};

use super::export;
use super::workerd::Workerd;
use crate::api::{Content, Reply};
use crate::ports::{Body, Fault};

/// Every header that the product reads; copying all of them would cost more than most answers.
const HEADERS: [&str; 12] = [
    "authorization",
    "cf-connecting-ip",
    "content-type",
    "cookie",
    "idempotency-key",
    "origin",
    "sec-fetch-site",
    "user-agent",
    "webhook-id",
    "webhook-signature",
    "webhook-timestamp",
    "x-photo-name",
];

/// A body that has not been read.
pub struct Incoming(Option<ByteStream>);

impl Body for Incoming {
    async fn read(self, max_bytes: usize) -> Result<Vec<u8>, Fault> {
        let Some(stream) = self.0 else {
            return Ok(Vec::new());
        };
        collect(stream, max_bytes).await
    }
}

/// The bytes of a stream up to the cap; dropping the stream beyond it cancels the rest.
pub async fn collect(mut stream: ByteStream, max_bytes: usize) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| Fault::Unreachable)?;
        if bytes.len().saturating_add(chunk.len()) > max_bytes {
            return Err(Fault::TooLarge { max_bytes });
        }
        if bytes.is_empty() {
            bytes = chunk;
        } else {
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok(bytes)
}

pub fn request(mut request: Request) -> worker::Result<http::Request<Incoming>> {
    let body = request
        .inner()
        .body()
        .is_some()
        .then(|| request.stream())
        .transpose()?;
    let raw = request.inner();
    let url = raw.url();
    // Scheme and host are the runtime's business; the product knows its own origin.
    let path = url.splitn(4, '/').nth(3).unwrap_or_default();
    let path = path.split('#').next().unwrap_or_default();
    let mut builder = http::Request::builder()
        .method(raw.method().as_str())
        .uri(format!("/{path}"));
    for name in HEADERS {
        if let Some(value) = request.headers().get(name)? {
            builder = builder.header(HeaderName::from_static(name), value);
        }
    }
    builder
        .body(Incoming(body))
        .map_err(|error| worker::Error::RustError(error.to_string()))
}

pub async fn response(
    platform: &Workerd,
    context: &Context,
    reply: Reply,
    page_url: &str,
) -> Response {
    let (mut parts, content) = reply.into_parts();
    if let Content::Page(_) = content {
        match platform.asset(page_url).await {
            Ok(page) => return page,
            Err(_) => parts.status = http::StatusCode::SERVICE_UNAVAILABLE,
        }
    }
    let headers = Headers::new();
    for (name, value) in &parts.headers {
        if let Ok(value) = value.to_str() {
            // Names and values come from `http`, so the runtime takes them.
            let _ = headers.append(name.as_str(), value);
        }
    }
    let builder = ResponseBuilder::new()
        .with_status(parts.status.as_u16())
        .with_headers(headers);
    match content {
        Content::Bytes(bytes) if !bytes.is_empty() => builder.fixed(bytes),
        Content::Export(who) => match export::begin(platform.env(), context, who) {
            Some(body) => builder.stream(body),
            None => builder.with_status(500).empty(),
        },
        Content::Bytes(_) | Content::Page(_) => builder.empty(),
    }
}
