//! What Facebook tells us by itself, in a form field that it signs with the app's secret.
//!
//! ```text
//! signed-request = signature "." payload        ; both base64url, padding optional
//! signature      = HMAC-SHA-256(app secret, payload as it stands there)
//! payload        = { "algorithm":"HMAC-SHA256", "user_id":"…", "issued_at":1624244156, … }
//! ```

use crate::domain::digest;
use crate::domain::ids::{Provider, UserId};
use crate::domain::timestamp::Timestamp;
use crate::ports::json::{self, json_struct};

const ALGORITHM: &str = "HMAC-SHA256";
const MAX_AGE_S: u64 = 86_400;
const MAX_AHEAD_S: u64 = 300;

/// A message that is genuine and recent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedRequest {
    pub user: UserId,
    /// SHA-256 of what was signed in hexadecimal, to know the message again: its signature has several
    /// spellings.
    pub sha256: String,
}

json_struct! {
    struct Payload {
        algorithm: String,
        user_id: String,
        issued_at: u64,
    }
}

/// Whom the message is about; nothing when it is not from Facebook, or not from now. The signature
/// is checked first, over the text itself.
pub fn read_signed_request(
    app_secret: &str,
    message: &str,
    now: Timestamp,
) -> Option<SignedRequest> {
    let (signature, signed) = message.split_once('.')?;
    let mac = digest::hmac_sha256(app_secret.as_bytes(), &[signed.as_bytes()]);
    if !digest::equal(&mac, &decode(signature)?) {
        return None;
    }
    let payload: Payload = json::from_slice(&decode(signed)?)?;
    let now_s = now.as_s();
    let recent = payload.issued_at <= now_s.saturating_add(MAX_AHEAD_S)
        && now_s <= payload.issued_at.saturating_add(MAX_AGE_S);
    if payload.algorithm != ALGORITHM || !recent {
        return None;
    }
    let user: UserId = payload.user_id.parse().ok()?;
    (user.provider() == Provider::Facebook).then(|| SignedRequest {
        user,
        sha256: digest::hex(&digest::sha256(&[signed.as_bytes()])),
    })
}

fn decode(text: &str) -> Option<Vec<u8>> {
    digest::from_base64url(text.trim_end_matches('='))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PUBLISHED: &str = "Mf_s6nTb38UYqioBmPqu0Ewm9souPZB9I2fIGwV729U.eyJ1c2VyX2lkIjoiMCIsImFsZ29yaXRobSI6IkhNQUMtU0hBMjU2IiwiaXNzdWVkX2F0IjoxNjI0MjQ0MTU2fQ";
    const OURS: &str = "c9MQnBS7WTJLIfL26BhqEelsaMSz5legkPIO1ElGQ-Q.eyJ1c2VyX2lkIjoiMTAyMTU2Nzg5MDEyMzQ1NjciLCJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsImlzc3VlZF9hdCI6MTc2NzIyNTYwMH0";
    const ISSUED_S: u64 = 1_767_225_600;

    fn at(s: u64) -> Timestamp {
        Timestamp::from_ms(s * 1000)
    }

    fn sign(secret: &str, payload: &str) -> String {
        let payload = digest::base64url(payload.as_bytes());
        let mac = digest::hmac_sha256(secret.as_bytes(), &[payload.as_bytes()]);
        format!("{}.{payload}", digest::base64url(&mac))
    }

    fn read(message: &str) -> Option<SignedRequest> {
        read_signed_request("app-secret", message, at(ISSUED_S))
    }

    #[test]
    fn the_vectors_verify() {
        assert_eq!(read(OURS).unwrap().user.as_str(), "10215678901234567");
        // Genuine, and refused by the grammar of ids alone.
        let (signature, payload) = PUBLISHED.split_once('.').unwrap();
        let mac = digest::hmac_sha256(b"key", &[payload.as_bytes()]);
        assert_eq!(decode(signature).unwrap(), mac);
        let json = decode(payload).unwrap();
        assert_eq!(
            json,
            br#"{"user_id":"0","algorithm":"HMAC-SHA256","issued_at":1624244156}"#
        );
        let read = read_signed_request("key", PUBLISHED, at(1_624_244_156));
        assert_eq!(read, None);
        let mended = String::from_utf8(json)
            .unwrap()
            .replace(r#""0""#, r#""10""#);
        let read = read_signed_request("key", &sign("key", &mended), at(1_624_244_156));
        assert_eq!(read.unwrap().user.as_str(), "10");
    }

    #[test]
    fn padding_does_not_matter() {
        let (signature, payload) = OURS.split_once('.').unwrap();
        assert_eq!(read(&format!("{signature}=.{payload}")), read(OURS));
    }

    #[test]
    fn a_message_is_good_for_a_day() {
        let at = |s| read_signed_request("app-secret", OURS, at(s)).is_some();
        assert!(at(ISSUED_S + 86_400) && !at(ISSUED_S + 86_401));
        assert!(at(ISSUED_S - 300) && !at(ISSUED_S - 301));
    }

    #[test]
    fn other_payloads_are_refused_though_signed() {
        let good = r#"{"algorithm":"HMAC-SHA256","user_id":"12","issued_at":1767225600}"#;
        assert!(read(&sign("app-secret", good)).is_some());
        assert!(read(&sign("other-secret", good)).is_none());
        for (from, to) in [
            ("HMAC-SHA256", "none"),
            ("HMAC-SHA256", "hmac-sha256"),
            (r#""12""#, "12"),
            (r#""12""#, r#""012""#),
            (r#""12""#, r#""76b6433c05e2d9b3""#),
            (r#""12""#, r#""1.2""#),
            ("1767225600", r#""1767225600""#),
            ("1767225600", "-1"),
            (r#","issued_at":1767225600"#, ""),
            (r#""algorithm":"HMAC-SHA256","#, ""),
        ] {
            let other = good.replace(from, to);
            assert_ne!(good, other);
            assert!(read(&sign("app-secret", &other)).is_none(), "{other}");
        }
        assert!(read(&sign("app-secret", "[]")).is_none());
    }

    proptest! {
        #[test]
        fn no_single_bit_may_change(place in 0_usize..OURS.len(), bit in 0_u8..7) {
            let mut bytes = OURS.as_bytes().to_vec();
            bytes[place] ^= 1 << bit;
            let changed = String::from_utf8(bytes).unwrap();
            prop_assert_eq!(read(&changed), None);
        }

        #[test]
        fn arbitrary_text_is_no_message(text in ".{0,200}") {
            prop_assert_eq!(read(&text), None);
        }

        #[test]
        fn whatever_is_signed_never_panics(payload in prop::collection::vec(any::<u8>(), 0..100)) {
            let payload = digest::base64url(&payload);
            let mac = digest::hmac_sha256(b"app-secret", &[payload.as_bytes()]);
            let _ = read(&format!("{}.{payload}", digest::base64url(&mac)));
        }
    }
}
