//! Our own keys: one for each purpose, the small ones derived by a label.

use serde_json::Value;

use super::Misconfigured;
use super::parse::{Reader, is_for_development};
use crate::domain::digest;

const MIN_KEY_BYTES: usize = 32;
/// The committed key of the test vectors: bytes 0 to 31.
const VECTOR_KEY: [u8; 4] = [0, 1, 2, 3];

#[derive(Clone, Debug)]
pub struct Keys {
    /// By key id; all of them verify.
    jwt: Vec<(String, Vec<u8>)>,
    active: String,
    email_id: Vec<u8>,
}

impl Keys {
    pub(super) fn read(reader: &Reader<'_>) -> Result<Self, Misconfigured> {
        let wrong = |variable| Misconfigured { variable };
        let strong = |text: &str| {
            let key = digest::from_base64url(text).filter(|key| key.len() >= MIN_KEY_BYTES)?;
            let committed = is_for_development(text) || key.starts_with(&VECTOR_KEY);
            (!(reader.production && committed)).then_some(key)
        };
        let text = reader.secret("JWT_KEYS", |_| true)?;
        let Ok(Value::Object(raw)) = serde_json::from_str(&text) else {
            return Err(wrong("JWT_KEYS"));
        };
        let jwt = raw
            .into_iter()
            .map(|(id, text)| Some((is_key_id(&id).then_some(id)?, strong(text.as_str()?)?)))
            .collect::<Option<Vec<_>>>()
            .ok_or(wrong("JWT_KEYS"))?;
        let active = reader.or("JWT_ACTIVE_KID", "");
        if jwt.iter().all(|(id, _)| *id != active) {
            return Err(wrong("JWT_ACTIVE_KID"));
        }
        let email_id = strong(&reader.secret("EMAIL_ID_KEY", |_| true)?);
        Ok(Self {
            jwt,
            active,
            email_id: email_id.ok_or(wrong("EMAIL_ID_KEY"))?,
        })
    }

    /// The key that signs sessions, and its id.
    pub fn signing(&self) -> (&str, &[u8]) {
        (
            &self.active,
            self.verifying(&self.active).unwrap_or_default(),
        )
    }

    /// The key of exactly that id.
    pub fn verifying(&self, id: &str) -> Option<&[u8]> {
        let (_, key) = self.jwt.iter().find(|(known, _)| known == id)?;
        Some(key)
    }

    pub fn email_id(&self) -> &[u8] {
        &self.email_id
    }

    /// A code over `parts` for one purpose. Every small signed value has a label of its own, so
    /// that none is ever accepted in the place of another.
    pub fn sign(&self, label: &str, parts: &[&[u8]]) -> [u8; 32] {
        code(self.signing().1, label, parts)
    }

    /// Whether `mac` is such a code, or a prefix of one, under any key that still verifies.
    pub fn is_signed(&self, label: &str, parts: &[&[u8]], mac: &[u8]) -> bool {
        let cut = |code: [u8; 32]| {
            code.get(..mac.len())
                .is_some_and(|code| digest::equal(code, mac))
        };
        mac.len() >= 16 && self.jwt.iter().any(|(_, key)| cut(code(key, label, parts)))
    }
}

fn code(key: &[u8], label: &str, parts: &[&[u8]]) -> [u8; 32] {
    let derived = digest::hmac_sha256(key, &[b"selfie.pr/key/v1\0", label.as_bytes()]);
    digest::hmac_sha256(&derived, parts)
}

/// `^[A-Za-z0-9_-]{1,16}$`
pub fn is_key_id(id: &str) -> bool {
    (1..=16).contains(&id.len())
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}
