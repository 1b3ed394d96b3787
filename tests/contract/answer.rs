//! What came back, as a client reads it.

use selfie::api::{Content, Reply};
use serde_json::Value;

#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub body: Vec<u8>,
    /// The page of the frontend that the edge would serve instead of a body.
    pub page: Option<&'static str>,
}

impl Answer {
    pub fn of(reply: Reply) -> Self {
        let (parts, content) = reply.into_parts();
        let (body, page) = match content {
            Content::Bytes(body) => (body, None),
            Content::Page(path) => (Vec::new(), Some(path)),
            Content::Export(_) => panic!("an export is written by the world"),
        };
        Self {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
            page,
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The body of the status that is expected.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        if self.body.is_empty() {
            Value::Null
        } else {
            self.json()
        }
    }

    /// The problem document, which must be of this kind and status.
    #[track_caller]
    pub fn refused(&self, status: u16, slug: &str) -> Value {
        let problem = self.expect(status);
        assert_eq!(
            problem["type"],
            format!("https://selfie.pr/problems/{slug}")
        );
        assert_eq!(problem["status"], status);
        let id = self.header("x-request-id").unwrap();
        assert_eq!(problem["instance"], format!("urn:request:{id}"));
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json; charset=utf-8")
        );
        problem
    }

    /// Status, headers and body without what differs between any two requests.
    pub fn without_request_id(&self) -> (u16, Vec<(String, String)>, String) {
        let id = self.header("x-request-id").unwrap_or_default().to_owned();
        let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
            (name.to_string(), value.to_str().unwrap().replace(&id, "…"))
        };
        (
            self.status,
            self.headers.iter().map(header).collect(),
            self.text().replace(&id, "…"),
        )
    }

    /// The values of all headers of this name.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.headers
            .get_all(name)
            .iter()
            .map(|value| value.to_str().unwrap())
            .collect()
    }
}
