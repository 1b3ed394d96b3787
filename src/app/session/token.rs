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

use serde::{Deserialize, Serialize};

use crate::config::{Keys, is_key_id};
use crate::domain::digest;
use crate::domain::ids::{SessionId, UserId};
use crate::domain::timestamp::Timestamp;

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

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header<'a> {
    alg: &'a str,
    typ: &'a str,
    kid: &'a str,
}

#[derive(Serialize, Deserialize)]
struct Body<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    idp: &'a str,
    sid: &'a str,
    iat: u64,
    nbf: u64,
    exp: u64,
    auth_time: u64,
    ep: u32,
}

/// A signed token for these claims.
pub fn issue(keys: &Keys, origin: &str, now: Timestamp, claims: &Claims) -> String {
    let (kid, key) = keys.signing();
    let user = claims.user.to_string();
    let session = claims.session.to_string();
    let header = Header {
        alg: ALGORITHM,
        typ: TYPE,
        kid,
    };
    let body = Body {
        iss: origin,
        aud: AUDIENCE,
        sub: &user,
        idp: claims.user.provider().name(),
        sid: &session,
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

fn segment(part: &impl Serialize) -> String {
    digest::base64url(&serde_json::to_vec(part).unwrap_or_default())
}

/// What the token says, if it is ours, genuine and in time.
pub fn verify(keys: &Keys, origin: &str, now: Timestamp, token: &str) -> Option<Claims> {
    if token.len() > MAX_BYTES {
        return None;
    }
    let (signed, mac) = token.rsplit_once('.')?;
    let (header, body) = signed.split_once('.')?;
    let header = digest::from_base64url(header)?;
    let header: Header<'_> = serde_json::from_slice(&header).ok()?;
    if header.alg != ALGORITHM || header.typ != TYPE || !is_key_id(header.kid) {
        return None;
    }
    let expected = digest::hmac_sha256(keys.verifying(header.kid)?, &[signed.as_bytes()]);
    if !digest::equal(&expected, &digest::from_base64url(mac)?) {
        return None;
    }
    let body = digest::from_base64url(body)?;
    let body: Body<'_> = serde_json::from_slice(&body).ok()?;
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

#[cfg(test)]
mod tests;
