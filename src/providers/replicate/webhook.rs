//! Whether a webhook comes from Replicate: Standard Webhooks, version 1.
//!
//! The signature covers the id, the time and the body, and not the address, so a genuine message
//! can be sent to another operation's address. The body is a hint and never an answer.

use base64ct::{Base64, Encoding};
use http::HeaderMap;
use serde_json::Value;

use super::is_id;
use crate::domain::digest;
use crate::domain::timestamp::Timestamp;
use crate::ports::json::{self, json_struct};

const MAX_SKEW_S: u64 = 300;
const MAX_SIGNATURE_BYTES: usize = 1024;
const MAX_ID_BYTES: usize = 100;
/// What only a training is given.
const BUNDLE: &str = "input_images";

/// The id of a message, the same when it is sent again.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct WebhookId(pub String);

/// Not from Replicate, or not from now; it is not said which.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unsigned;

/// Whom a message is about, and what it claims.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hint {
    pub provider_id: String,
    pub status: String,
    /// Nothing when that is not told any more.
    pub given: Option<Given>,
}

/// What a run was given, which tells what kind of run it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Given {
    /// The address of a bundle: a training.
    Bundle(String),
    Other,
}

/// Checks the three headers over the raw body; any of the secrets will do.
pub fn verify_webhook(
    secrets: &[Vec<u8>],
    headers: &HeaderMap,
    body: &[u8],
    now: Timestamp,
) -> Result<WebhookId, Unsigned> {
    let id = single(headers, "webhook-id")
        .filter(|id| is_webhook_id(id))
        .ok_or(Unsigned)?;
    let timestamp = single(headers, "webhook-timestamp").ok_or(Unsigned)?;
    let sent_at_s = parse_seconds(timestamp).ok_or(Unsigned)?;
    let signatures = single(headers, "webhook-signature").ok_or(Unsigned)?;
    if sent_at_s.abs_diff(now.as_s()) > MAX_SKEW_S || signatures.len() > MAX_SIGNATURE_BYTES {
        return Err(Unsigned);
    }
    let parts = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body];
    let codes: Vec<_> = secrets
        .iter()
        .map(|key| digest::hmac_sha256(key, &parts))
        .collect();
    let genuine = signatures
        .split(' ')
        .filter_map(decode)
        .any(|signature| codes.iter().any(|code| digest::equal(code, &signature)));
    if genuine {
        Ok(WebhookId(id.to_owned()))
    } else {
        Err(Unsigned)
    }
}

/// A header that is there exactly once.
fn single<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// `^[A-Za-z0-9_-]{1,100}$`
fn is_webhook_id(id: &str) -> bool {
    (1..=MAX_ID_BYTES).contains(&id.len())
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// `^[0-9]{1,12}$`
fn parse_seconds(text: &str) -> Option<u64> {
    let digits = (1..=12).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// The code of a `v1` entry; entries of other versions do not count.
fn decode(entry: &str) -> Option<[u8; 32]> {
    Base64::decode_vec(entry.strip_prefix("v1,")?)
        .ok()?
        .try_into()
        .ok()
}

/// What a body claims; nothing when it names no run or no status.
pub fn read_hint(body: &[u8]) -> Option<Hint> {
    json_struct! {
        struct Body {
            id: String,
            status: String,
            input: Option<Value>,
        }
    }
    let body: Body = json::from_slice(body)?;
    let given = body.input.as_ref().and_then(Value::as_object);
    let given = given.map(|input| match input.get(BUNDLE).and_then(Value::as_str) {
        Some(url) => Given::Bundle(url.to_owned()),
        None => Given::Other,
    });
    is_id(&body.id).then_some(Hint {
        provider_id: body.id,
        status: body.status,
        given,
    })
}

#[cfg(test)]
mod tests;
