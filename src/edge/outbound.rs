//! Outgoing HTTP on workerd: a deadline over everything, a cap on the body, no redirects.

use futures_util::stream::{self, StreamExt};
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use worker::{AbortSignal, ByteStream, Fetch, Request};

use crate::ports::{Fault, Limits, Pieces};

/// What the runtime sends: it has a body of its own, whatever becomes of the request.
pub fn prepare(request: &http::Request<Vec<u8>>) -> Result<Request, Fault> {
    outgoing(request).map_err(|_| Fault::malformed("request"))
}

/// Sends, and reads the whole body.
pub async fn send(request: Request, limits: Limits) -> Result<http::Response<Vec<u8>>, Fault> {
    let (parts, pieces) = open(request, limits).await?.into_parts();
    Ok(http::Response::from_parts(parts, pieces.collect().await?))
}

/// Sends, and leaves the body to be read piece by piece.
pub async fn open(request: Request, limits: Limits) -> Result<http::Response<Pieces>, Fault> {
    let signal = web_sys::AbortSignal::timeout_with_u32(limits.deadline_ms);
    let signal = AbortSignal::from(signal);
    let sent = Fetch::Request(request).send_with_signal(&signal).await;
    let mut response = sent.map_err(|_| broken(&signal))?;
    let mut builder = http::Response::builder().status(response.status_code());
    for (name, value) in response.headers().entries() {
        builder = builder.header(name, value);
    }
    let pieces = match response.body() {
        worker::ResponseBody::Empty => Pieces::of(stream::empty()),
        _ => {
            let body = response.stream().map_err(|_| broken(&signal))?;
            within(body, signal, limits.max_bytes)
        }
    };
    builder
        .body(pieces)
        .map_err(|_| Fault::malformed("response"))
}

fn broken(signal: &AbortSignal) -> Fault {
    if signal.aborted() {
        Fault::Timeout
    } else {
        Fault::Unreachable
    }
}

/// The pieces of a body up to the cap. The signal lives as long as they do, or a slow body would
/// have no deadline.
fn within(body: ByteStream, signal: AbortSignal, max_bytes: usize) -> Pieces {
    let state = Some((body, signal, max_bytes));
    Pieces::of(stream::unfold(state, move |state| async move {
        let (mut body, signal, left) = state?;
        let fault = match body.next().await {
            Some(Ok(piece)) => match left.checked_sub(piece.len()) {
                Some(left) => return Some((Ok(piece), Some((body, signal, left)))),
                None => Fault::TooLarge { max_bytes },
            },
            Some(Err(_)) => broken(&signal),
            // An abort in the middle of a body may look like its end.
            None if signal.aborted() => Fault::Timeout,
            None => return None,
        };
        Some((Err(fault), None))
    }))
}

fn outgoing(request: &http::Request<Vec<u8>>) -> Result<Request, JsValue> {
    let headers = web_sys::Headers::new()?;
    for (name, value) in request.headers() {
        let value = value.to_str().map_err(|_| JsValue::NULL)?;
        headers.append(name.as_str(), value)?;
    }
    let init = web_sys::RequestInit::new();
    init.set_method(request.method().as_str());
    init.set_headers(&headers);
    init.set_redirect(web_sys::RequestRedirect::Manual);
    if !request.body().is_empty() {
        init.set_body(&Uint8Array::from(request.body().as_slice()));
    }
    let url = request.uri().to_string();
    web_sys::Request::new_with_str_and_init(&url, &init).map(Request::from)
}
