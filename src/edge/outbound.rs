//! Outgoing HTTP on workerd: a deadline over everything, a cap on the body, no redirects.

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use worker::{AbortSignal, Fetch, Request};

use super::convert::collect;
use crate::ports::{Fault, Limits};

pub async fn send(
    request: http::Request<Vec<u8>>,
    limits: Limits,
) -> Result<http::Response<Vec<u8>>, Fault> {
    let request = outgoing(request).map_err(|_| Fault::malformed("request"))?;
    let signal = web_sys::AbortSignal::timeout_with_u32(limits.deadline_ms);
    // It must live through the body, or a slow one would have no deadline.
    let signal = AbortSignal::from(signal);
    let broken = || {
        if signal.aborted() {
            Fault::Timeout
        } else {
            Fault::Unreachable
        }
    };
    let sent = Fetch::Request(request).send_with_signal(&signal).await;
    let mut response = sent.map_err(|_| broken())?;
    let mut builder = http::Response::builder().status(response.status_code());
    for (name, value) in response.headers().entries() {
        builder = builder.header(name, value);
    }
    let bytes = match response.body() {
        worker::ResponseBody::Empty => Vec::new(),
        _ => {
            let stream = response.stream().map_err(|_| broken())?;
            collect(stream, limits.max_bytes)
                .await
                .map_err(|fault| match fault {
                    Fault::Unreachable => broken(),
                    fault => fault,
                })?
        }
    };
    // An abort in the middle of a body may look like its end.
    if signal.aborted() {
        return Err(Fault::Timeout);
    }
    builder
        .body(bytes)
        .map_err(|_| Fault::malformed("response"))
}

fn outgoing(request: http::Request<Vec<u8>>) -> Result<Request, JsValue> {
    let (parts, body) = request.into_parts();
    let headers = web_sys::Headers::new()?;
    for (name, value) in &parts.headers {
        let value = value.to_str().map_err(|_| JsValue::NULL)?;
        headers.append(name.as_str(), value)?;
    }
    let init = web_sys::RequestInit::new();
    init.set_method(parts.method.as_str());
    init.set_headers(&headers);
    init.set_redirect(web_sys::RequestRedirect::Manual);
    if !body.is_empty() {
        init.set_body(&Uint8Array::from(body.as_slice()));
    }
    let url = parts.uri.to_string();
    web_sys::Request::new_with_str_and_init(&url, &init).map(Request::from)
}
