//! Requests and responses of the runtime from and to those of the product.

use futures_util::StreamExt;
use http::HeaderMap;
use http::header::{self, HeaderName};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Headers, Request, Response, ResponseInit};
use worker::{ByteStream, Context};

use super::bindings::from_json;
use super::export;
use super::workerd::Workerd;
use crate::api::{self, Content, Reply};
use crate::ports::json::{ObjectWriter, ToJson, write_text};
use crate::ports::{Body, Fault};

/// Every header that the product reads, those first that a request may bring which changes nothing;
/// copying all of them would cost more than most answers.
const HEADERS: [HeaderName; 12] = [
    header::AUTHORIZATION,
    HeaderName::from_static("cf-connecting-ip"),
    header::COOKIE,
    header::CONTENT_TYPE,
    HeaderName::from_static("idempotency-key"),
    header::ORIGIN,
    HeaderName::from_static("sec-fetch-site"),
    header::USER_AGENT,
    HeaderName::from_static("webhook-id"),
    HeaderName::from_static("webhook-signature"),
    HeaderName::from_static("webhook-timestamp"),
    HeaderName::from_static("x-photo-name"),
];
const OF_A_READER: usize = 3;
const SHORT_BYTES: usize = 2048;
const LONG_BYTES: usize = 128 * 1024;

/// A body that has not been read, and how long it was announced to be.
pub struct Incoming(Option<(ByteStream, usize)>);

impl Body for Incoming {
    async fn read(self, max_bytes: usize) -> Result<Vec<u8>, Fault> {
        match self.0 {
            Some((stream, announced)) => collect(stream, announced, max_bytes).await,
            None => Ok(Vec::new()),
        }
    }
}

/// The bytes of a stream up to the cap; dropping the stream beyond it cancels the rest.
async fn collect(
    mut stream: ByteStream,
    announced: usize,
    max_bytes: usize,
) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| Fault::Unreachable)?;
        if bytes.len().saturating_add(chunk.len()) > max_bytes {
            return Err(Fault::TooLarge { max_bytes });
        }
        if bytes.is_empty() {
            bytes = chunk;
            continue;
        }
        if bytes.len() >= LONG_BYTES {
            // Room for all of it at once: growing by doubling would hold a photo three times. Not
            // before some of it is here, or a word of a client would be enough to fill the memory.
            let left = announced.min(max_bytes).saturating_sub(bytes.len());
            bytes.reserve_exact(left);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

pub fn request(request: &Request, url: &str) -> Result<http::Request<Incoming>, JsValue> {
    let method = request.method();
    let reads = matches!(method.as_str(), "GET" | "HEAD");
    // Scheme and host are the runtime's business; the product knows its own origin.
    let path = url.splitn(4, '/').nth(3).unwrap_or_default();
    let path = path.split('#').next().unwrap_or_default();
    let mut builder = http::Request::builder()
        .method(method.as_str())
        .uri(format!("/{path}"));
    let headers = request.headers();
    let of_interest = if reads { OF_A_READER } else { HEADERS.len() };
    for name in HEADERS.into_iter().take(of_interest) {
        if let Some(value) = headers.get(name.as_str())? {
            builder = builder.header(name, value);
        }
    }
    let incoming = match request.body() {
        Some(body) => Some((ByteStream::from(body), announced(&headers)?)),
        None => None,
    };
    builder.body(Incoming(incoming)).map_err(|_| JsValue::NULL)
}

fn announced(headers: &Headers) -> Result<usize, JsValue> {
    let length = headers.get("content-length")?;
    Ok(length
        .and_then(|length| length.parse().ok())
        .unwrap_or_default())
}

/// A page with the id of its request; all else in its head is the assets' business.
fn of_request(page: Response, headers: &HeaderMap) -> Response {
    const REQUEST_ID: &str = "x-request-id";
    if let Some(Ok(id)) = headers.get(REQUEST_ID).map(http::HeaderValue::to_str) {
        // It was made a moment ago, so its head is still ours to write.
        let _ = page.headers().set(REQUEST_ID, id);
    }
    page
}

pub async fn response(
    platform: &Workerd,
    context: &Context,
    reply: Reply,
    page_url: &str,
) -> Response {
    let reply = match reply.body() {
        Content::Page(_) => match platform.asset(page_url).await {
            Ok(page) => return of_request(page, reply.headers()),
            Err(_) => api::refuse_page(platform),
        },
        _ => reply,
    };
    let (parts, content) = reply.into_parts();
    let init = init(parts.status.as_u16(), &parts.headers);
    let made = match content {
        Content::Bytes(bytes) if !bytes.is_empty() => match std::str::from_utf8(&bytes) {
            // Of a short text the runtime makes a body sooner than of an array.
            Ok(text) if text.len() < SHORT_BYTES => {
                Response::new_with_opt_str_and_init(Some(text), &init)
            }
            _ => {
                let bytes = Uint8Array::from(bytes.as_slice());
                Response::new_with_opt_buffer_source_and_init(Some(&bytes), &init)
            }
        },
        Content::Export(who) => match export::begin(platform.env(), context, who) {
            Some(body) => Response::new_with_opt_readable_stream_and_init(Some(&body), &init),
            None => Response::new_with_opt_str_and_init(None, &self::init(500, &parts.headers)),
        },
        Content::Bytes(_) | Content::Page(_) => Response::new_with_opt_str_and_init(None, &init),
    };
    // Status, names and values come from `http`, so the runtime takes them.
    made.unwrap_or_else(|_| Response::error())
}

/// Status and headers as the runtime takes them, made of one text: each name and each value would
/// otherwise cross the border alone.
fn init(status: u16, headers: &HeaderMap) -> ResponseInit {
    let mut text = String::new();
    let mut object = ObjectWriter::begin(&mut text);
    object.member("status", &status);
    object.member("headers", &Pairs(headers));
    object.end();
    from_json(&text).unchecked_into()
}

/// An object, which the runtime takes in half the time, unless a name comes twice, as that of a cookie
/// may: then pairs.
struct Pairs<'a>(&'a HeaderMap);

impl ToJson for Pairs<'_> {
    fn write(&self, out: &mut String) {
        let pairs = self.0.iter();
        let pairs = pairs.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        if self.0.len() == self.0.keys_len() {
            let mut object = ObjectWriter::begin(out);
            for (name, value) in pairs {
                object.member(name, &value);
            }
            object.end();
            return;
        }
        out.push('[');
        for (index, (name, value)) in pairs.enumerate() {
            out.push_str(if index == 0 { "[" } else { ",[" });
            write_text(out, name);
            out.push(',');
            write_text(out, value);
            out.push(']');
        }
        out.push(']');
    }
}
