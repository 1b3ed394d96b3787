//! A request that is being put together; it carries a browser's cookies and origin unless told
//! otherwise.

use http::{HeaderName, HeaderValue};
use serde_json::Value;

use crate::answer::Answer;
use crate::browser::Browser;

pub struct Request<'b, 'w> {
    browser: &'b Browser<'w>,
    method: String,
    path: String,
    headers: http::HeaderMap,
    body: Vec<u8>,
}

impl<'b, 'w> Request<'b, 'w> {
    pub fn new(browser: &'b Browser<'w>, method: &str, path: &str) -> Self {
        let mut headers = http::HeaderMap::new();
        let cookies = browser.cookies();
        if !cookies.is_empty() {
            headers.insert("cookie", cookies.parse().unwrap());
        }
        headers.insert("cf-connecting-ip", browser.address.parse().unwrap());
        let (method, path) = (method.to_owned(), path.to_owned());
        let request = Self {
            browser,
            method,
            path,
            headers,
            body: Vec::new(),
        };
        if matches!(request.method.as_str(), "GET" | "HEAD") {
            request
        } else {
            let origin = browser.world.config.app_origin.clone();
            request.header("origin", &origin)
        }
    }

    /// Sets a header, whatever it was.
    pub fn header(self, name: &str, value: &str) -> Self {
        self.without(name).and_header(name, value)
    }

    /// Adds a header beside others of its name.
    pub fn and_header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().unwrap();
        let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
        self.headers.append(name, value);
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string().as_bytes())
    }

    pub fn body(mut self, content_type: &str, body: &[u8]) -> Self {
        self.body = body.to_vec();
        self.header("content-type", content_type)
    }

    /// A fresh key, as a client makes one for each thing that it wants.
    pub fn fresh_key(self) -> Self {
        let key = self.browser.world.fresh_key();
        self.header("idempotency-key", &key)
    }

    pub fn send(self) -> Answer {
        let mut request = http::Request::new(self.body);
        *request.method_mut() = self.method.parse().unwrap();
        *request.uri_mut() = self.path.parse().unwrap();
        *request.headers_mut() = self.headers;
        let answer = self.browser.world.handle(request);
        self.browser.keep_cookies(&answer);
        answer
    }
}
