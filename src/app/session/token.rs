//! The session token: a JWT of exactly one form.
//!
//! ```text
//! header  { "alg":"HS256", "typ":"selfie-session+jwt", "kid":"k2026a" }   ; nothing else
//! claims  { iss, aud:"selfie-api", sub, idp, sid, iat, nbf, exp, auth_time, ep }
//! ```
//!
//! Whatever a general library would have to allow (other algorithms, keys in the header, strings
//! for numbers) has no representation here, so it cannot be let in by mistake. The tests hold this
//! against such a library.

use crate::config::{Keys, is_key_id};
use crate::domain::digest;
use crate::domain::ids::{SessionId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::ports::json::{self, Members, ToJson, json_struct};

const ALGORITHM: &str = "HS256";
const TYPE: &str = "selfie-session+jwt";
const AUDIENCE: &str = "selfie-api";
const MAX_BYTES: usize = 4096;
/// Clocks may differ by this much.
const LEEWAY_S: u64 = 30;

/// What a token says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Claims {
    pub user: UserId,
    pub session: SessionId,
    pub epoch: u32,
    pub signed_in_at: Timestamp,
    pub expires_at: Timestamp,
}

json_struct! {
    struct Header {
        alg: String,
        typ: String,
        kid: String,
    }

    struct Body {
        iss: String,
        aud: String,
        sub: String,
        idp: String,
        sid: String,
        iat: u64,
        nbf: u64,
        exp: u64,
        auth_time: u64,
        ep: u32,
    }
}

/// A signed token for these claims.
pub fn issue(keys: &Keys, origin: &str, now: Timestamp, claims: &Claims) -> String {
    let (kid, key) = keys.signing();
    let header = Header {
        alg: ALGORITHM.to_owned(),
        typ: TYPE.to_owned(),
        kid: kid.to_owned(),
    };
    let body = Body {
        iss: origin.to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: claims.user.to_string(),
        idp: claims.user.provider().name().to_owned(),
        sid: claims.session.to_string(),
        iat: now.as_s(),
        nbf: now.as_s(),
        exp: claims.expires_at.as_s(),
        auth_time: claims.signed_in_at.as_s(),
        ep: claims.epoch,
    };
    let signed = format!("{}.{}", segment(&header), segment(&body));
    let mac = digest::hmac_sha256(key, &[signed.as_bytes()]);
    format!("{signed}.{}", digest::base64url(&mac))
}

fn segment(part: &dyn ToJson) -> String {
    digest::base64url(json::to_string(part).as_bytes())
}

/// What the token says, if it is ours, genuine and in time.
pub fn verify(keys: &Keys, origin: &str, now: Timestamp, token: &str) -> Option<Claims> {
    if token.len() > MAX_BYTES {
        return None;
    }
    let (signed, mac) = token.rsplit_once('.')?;
    let (header, body) = signed.split_once('.')?;
    let header = read_header(&digest::from_base64url(header)?)?;
    if header.alg != ALGORITHM || header.typ != TYPE || !is_key_id(&header.kid) {
        return None;
    }
    let expected = digest::hmac_sha256(keys.verifying(&header.kid)?, &[signed.as_bytes()]);
    if !digest::equal(&expected, &digest::from_base64url(mac)?) {
        return None;
    }
    let body: Body = json::from_slice(&digest::from_base64url(body)?)?;
    let user: UserId = body.sub.parse().ok()?;
    let now = now.as_s();
    let ours = body.iss == origin && body.aud == AUDIENCE && body.idp == user.provider().name();
    let begun = body.iat.max(body.nbf).max(body.auth_time) <= now.saturating_add(LEEWAY_S);
    let ended = body.exp.saturating_add(LEEWAY_S) <= now;
    if !ours || !begun || ended {
        return None;
    }
    Some(Claims {
        user,
        session: body.sid.parse().ok()?,
        epoch: body.ep,
        signed_in_at: Timestamp::from_ms(body.auth_time.saturating_mul(1000)),
        expires_at: Timestamp::from_ms(body.exp.saturating_mul(1000)),
    })
}

/// A member more is another form of token.
fn read_header(bytes: &[u8]) -> Option<Header> {
    let mut members = Members::parse(bytes);
    let mut header = Header::default();
    members.take("alg", &mut header.alg);
    members.take("typ", &mut header.typ);
    members.take("kid", &mut header.kid);
    (members.is_complete() && members.is_empty()).then_some(header)
}

#[cfg(test)]
mod tests;
