//! Who and what things are called. The grammar of every id and key of the product:
//!
//! ```text
//! facebook-id   = %x31-39 0*19DIGIT                     ; digits only, no leading zero
//! email-id      = 16( DIGIT / %x61-66 )                 ; at least one letter, so the families are disjoint
//! user-id       = facebook-id / email-id
//! user-key      = "facebook." facebook-id / "email." email-id
//! timestamp     = 13DIGIT                               ; ms; byte order = time order until 2286
//! model-id      = timestamp
//! model-key     = user-id "." model-id
//! serial        = 26( base32 )                          ; Crockford's alphabet in lower case
//! photo-id      = serial
//! operation-id  = serial                                ; 128 random bits
//! prediction-id = model-id "_" serial                   ; 10 characters of inverted ms, 16 random
//! prediction-key= user-id "." prediction-id
//! session-id    = 22( base64url )                       ; 128 random bits
//! attempt-id    = 64( DIGIT / %x61-66 )                 ; SHA-256 of the browser's nonce
//! deletion-code = serial                                ; 128 random bits
//! ```
//!
//! `FromStr` and `Display` are the only ways in and out, and they are each other's inverse; the
//! default of an id is the blank that a reader of JSON fills, and names nothing.
//! A key is never put together anywhere else.

use std::fmt;
use std::str::FromStr;

use super::digest;
use super::timestamp::Timestamp;

/// The text is not of the grammar; it is not said which part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Malformed;

/// How a person signs in; the two kinds of account are never joined.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Provider {
    Email,
    Facebook,
}

impl Provider {
    pub const ALL: [Self; 2] = [Self::Email, Self::Facebook];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Facebook => "facebook",
        }
    }
}

/// A person. The two families cannot be confused: one has a letter, the other has none.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct UserId(String);

impl UserId {
    pub fn provider(&self) -> Provider {
        if self.0.bytes().all(|b| b.is_ascii_digit()) {
            Provider::Facebook
        } else {
            Provider::Email
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The prefix under which all of a person's models and predictions are listed; it ends in the
    /// separator, or user 123 would be listed with user 12.
    pub fn prefix(&self) -> String {
        format!("{}.", self.0)
    }
}

impl FromStr for UserId {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        let facebook = digits && (1..=20).contains(&text.len()) && !text.starts_with('0');
        let email = !digits && text.len() == 16 && is_hex(text);
        (facebook || email)
            .then(|| Self(text.to_owned()))
            .ok_or(Malformed)
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// The key of a person in `USERS`, which names the provider in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UserKey(pub UserId);

impl fmt::Display for UserKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0.provider().name(), self.0)
    }
}

impl FromStr for UserKey {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let (provider, id) = text.split_once('.').ok_or(Malformed)?;
        let id: UserId = id.parse()?;
        (id.provider().name() == provider)
            .then_some(Self(id))
            .ok_or(Malformed)
    }
}

/// A model, by the millisecond that its owner's ledger allotted to it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct ModelId(pub Timestamp);

impl fmt::Display for ModelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ModelId {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        text.parse().map(Self)
    }
}

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// 26 characters of Crockford's base32: the form of our photo, operation and prediction ids.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Serial(u128);

impl Serial {
    /// 128 random bits.
    pub fn random(entropy: &[u8; 32]) -> Self {
        Self(
            entropy
                .iter()
                .take(16)
                .fold(0, |sum, byte| (sum << 8) | u128::from(*byte)),
        )
    }

    /// Ten characters of inverted milliseconds, so that the newest comes first in byte order, and
    /// sixteen random ones.
    pub fn newest_first(now: Timestamp, entropy: &[u8; 32]) -> Self {
        // The two lowest of the 50 bits are dropped from the top by the 128-bit width, so the time
        // takes 48 bits, which last until the year 10889.
        let inverted = ((1_u128 << 48).saturating_sub(1)).saturating_sub(u128::from(now.as_ms()));
        let random = Self::random(entropy).0 & ((1 << 80) - 1);
        Self((inverted << 80) | random)
    }

    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [b'0'; 26];
        let mut rest = self.0;
        for place in text.iter_mut().rev() {
            *place = ALPHABET.get((rest & 31) as usize).copied().unwrap_or(b'0');
            rest >>= 5;
        }
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Serial {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        // 26 characters hold 130 bits: a first character above 7 would not survive the round trip.
        let fits = text.bytes().next().is_some_and(|b| b <= b'7');
        if text.len() != 26 || !fits {
            return Err(Malformed);
        }
        text.bytes()
            .try_fold(0_u128, |sum, byte| {
                let digit = ALPHABET.iter().position(|letter| *letter == byte)?;
                Some((sum << 5) | u128::try_from(digit).ok()?)
            })
            .map(Self)
            .ok_or(Malformed)
    }
}

/// A photo of a model.
pub type PhotoId = Serial;

/// One paid run at a provider, whatever it is for; the client never sees it.
pub type OperationId = Serial;

/// What a deletion is confirmed with: whoever has it may read the receipt.
pub type DeletionCode = Serial;

/// One request for images: the model it belongs to and its own serial.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct PredictionId {
    pub model: ModelId,
    pub serial: Serial,
}

impl fmt::Display for PredictionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.model, self.serial)
    }
}

impl FromStr for PredictionId {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let (model, serial) = text.split_once('_').ok_or(Malformed)?;
        Ok(Self {
            model: model.parse()?,
            serial: serial.parse()?,
        })
    }
}

/// A thing and its owner: the form of every key in `MODELS` and `PREDICTIONS`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Keyed<T> {
    pub owner: UserId,
    pub id: T,
}

pub type ModelKey = Keyed<ModelId>;
pub type PredictionKey = Keyed<PredictionId>;

impl<T: fmt::Display> fmt::Display for Keyed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.owner, self.id)
    }
}

impl<T: FromStr<Err = Malformed>> FromStr for Keyed<T> {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let (owner, id) = text.split_once('.').ok_or(Malformed)?;
        Ok(Self {
            owner: owner.parse()?,
            id: id.parse()?,
        })
    }
}

/// A photo of a model, as the key of the ledger's row and the end of its path.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct PhotoKey {
    pub model: ModelId,
    pub photo: PhotoId,
}

impl fmt::Display for PhotoKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.model, self.photo)
    }
}

impl FromStr for PhotoKey {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let (model, photo) = text.split_once('.').ok_or(Malformed)?;
        Ok(Self {
            model: model.parse()?,
            photo: photo.parse()?,
        })
    }
}

/// A session: 128 random bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct SessionId([u8; 16]);

impl SessionId {
    pub fn random(entropy: &[u8; 32]) -> Self {
        Self(Serial::random(entropy).to_bytes())
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&digest::base64url(&self.0))
    }
}

impl FromStr for SessionId {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let bytes = digest::from_base64url(text).ok_or(Malformed)?;
        bytes.try_into().map(Self).map_err(|_| Malformed)
    }
}

/// One attempt to sign in: the hash of the secret that only the asking browser holds.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct AttemptId(String);

impl AttemptId {
    pub fn of_nonce(nonce: &[u8]) -> Self {
        Self(digest::hex(&digest::sha256(&[nonce])))
    }
}

impl fmt::Display for AttemptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for AttemptId {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        (text.len() == 64 && is_hex(text))
            .then(|| Self(text.to_owned()))
            .ok_or(Malformed)
    }
}

#[cfg(test)]
mod tests;
