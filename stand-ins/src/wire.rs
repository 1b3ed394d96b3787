//! The requests and responses that every stand-in speaks, and what may happen to an answer on the wire.
//! It must never know a provider: bodies and rules belong to the provider modules.

use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Method, StatusCode};
use serde_json::Value;

/// A request with its body; the URI may be absolute or a path only.
pub type Request = http::Request<Vec<u8>>;
/// A response with its body.
pub type Response = http::Response<Vec<u8>>;

/// What happens on the wire.
#[derive(Debug)]
pub enum Reaction {
    /// The answer arrives whole.
    Answer(Response),
    /// The connection is cut without an answer.
    Dropped,
    /// The head and the first `bytes` of the body arrive, then the connection is cut.
    Truncated { response: Response, bytes: usize },
    /// The reaction follows after `ms`.
    Delayed { ms: u64, then: Box<Reaction> },
    /// The connection stays open and nothing ever comes.
    Never,
}

/// A request as a provider sees it: the path below its own prefix, everything still percent-encoded.
#[derive(Debug, Clone)]
pub(crate) struct Incoming {
    pub method: Method,
    pub host: String,
    /// Path and query byte for byte as sent, with the provider's prefix.
    pub target: String,
    pub path: String,
    pub query: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Incoming {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The path split at `/`, each segment percent-decoded once.
    pub fn segments(&self) -> Vec<String> {
        self.path
            .trim_start_matches('/')
            .split('/')
            .map(percent_decode)
            .collect()
    }

    pub fn query_pairs(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(self.query.as_bytes())
            .into_owned()
            .collect()
    }

    pub fn query_value(&self, name: &str) -> Option<String> {
        self.query_pairs()
            .into_iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    }

    /// The token of `Authorization: Bearer …` (or another scheme of one word), if there is one.
    pub fn authorization(&self, scheme: &str) -> Option<&str> {
        let (word, rest) = self.header("authorization")?.split_once(' ')?;
        word.eq_ignore_ascii_case(scheme).then_some(rest)
    }

    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

/// Decodes `%XX` once; bytes that are not UTF-8 become the replacement character.
pub(crate) fn percent_decode(text: &str) -> String {
    let plain = text.replace('+', "%2B");
    let mut pairs = url::form_urlencoded::parse(plain.as_bytes());
    // `=` and `&` separate pairs in a form but are plain characters in a path.
    if plain.contains(['=', '&']) || plain.is_empty() {
        let escaped = plain.replace('=', "%3D").replace('&', "%26");
        return url::form_urlencoded::parse(escaped.as_bytes())
            .next()
            .map_or_else(String::new, |(name, _)| name.into_owned());
    }
    pairs
        .next()
        .map_or_else(String::new, |(name, _)| name.into_owned())
}

/// Encodes a path as `encodeURIComponent` does, segment by segment, with `!` escaped as well.
pub(crate) fn encode_path(path: &str) -> String {
    const PLAIN: &[u8] = b"-_.~*'()/";
    let digit = |nibble: u8| {
        char::from_digit(nibble.into(), 16)
            .unwrap_or_default()
            .to_ascii_uppercase()
    };
    let mut encoded = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || PLAIN.contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    encoded
}

/// Text as it may stand in HTML.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap_or_default();
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

pub(crate) fn answer(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    set_header(&mut response, CONTENT_TYPE, content_type);
    response
}

pub(crate) fn empty(status: u16) -> Response {
    let mut response = Response::new(Vec::new());
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response
}

pub(crate) fn json(status: u16, value: &Value) -> Response {
    answer(status, "application/json", value.to_string())
}

/// Sets a header; a value that no header can carry is left out.
pub(crate) fn set_header(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_encoded_as_the_sdk_does() {
        assert_eq!(
            encode_path("/photos/p 1!é.jpg"),
            "/photos/p%201%21%C3%A9.jpg"
        );
    }

    #[test]
    fn decoding_touches_each_escape_once() {
        assert_eq!(percent_decode("p%201+a=b&c%2525"), "p 1+a=b&c%25");
        assert_eq!(percent_decode(""), "");
    }
}
