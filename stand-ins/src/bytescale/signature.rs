//! Signed URLs, verified over the Host header and the raw request target.
//! It must never normalise what was sent: one changed byte is another URL.
//!
//! ```text
//! text = host[:port] path ? query… & exp={s | ms | inf}
//! sig  = 1.{key id}.base64url(HMAC-SHA-256(base64decode(key), text)), the last parameter
//! ```

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::settings::Settings;
use crate::wire::Incoming;

/// Milliseconds since 1970 have more digits than seconds for the next millennia.
const LEAST_MILLISECONDS: u64 = 100_000_000_000;

/// Whether the URL claims to be signed.
pub(super) fn claims(request: &Incoming) -> bool {
    request
        .query
        .split('&')
        .any(|pair| pair.starts_with("sig=") || pair.starts_with("exp="))
}

pub(super) fn verify(settings: &Settings, request: &Incoming, now_ms: u64) -> bool {
    let Some((signed, sig)) = request.target.rsplit_once("&sig=") else {
        return false;
    };
    let mut parts = sig.splitn(3, '.');
    let (Some("1"), Some(key_id), Some(mac)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let Some((_, query)) = signed.split_once('?') else {
        return false;
    };
    let expiries: Vec<&str> = query
        .split('&')
        .filter_map(|pair| pair.strip_prefix("exp="))
        .collect();
    let [expiry] = expiries.as_slice() else {
        return false;
    };
    let (Ok(key), Ok(mac)) = (
        STANDARD.decode(&settings.bytescale_signing_key),
        URL_SAFE_NO_PAD.decode(mac),
    ) else {
        return false;
    };
    let Ok(mut hmac) = Hmac::<Sha256>::new_from_slice(&key) else {
        return false;
    };
    hmac.update(request.host.as_bytes());
    hmac.update(signed.as_bytes());
    key_id == settings.bytescale_signing_key_id
        && hmac.verify_slice(&mac).is_ok()
        && is_ahead(expiry, now_ms)
}

fn is_ahead(expiry: &str, now_ms: u64) -> bool {
    if expiry == "inf" {
        return true;
    }
    match expiry.parse::<u64>() {
        Ok(ms) if ms >= LEAST_MILLISECONDS => now_ms < ms,
        Ok(seconds) => now_ms < seconds.saturating_mul(1000),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings {
            bytescale_signing_key: "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=".to_owned(),
            bytescale_signing_key_id: "F91kfA1g".to_owned(),
            ..Settings::default()
        }
    }

    fn request(url: &str) -> Incoming {
        let (host, target) = url.split_once("://").unwrap().1.split_once('/').unwrap();
        let target = format!("/{target}");
        let (path, query) = target.split_once('?').unwrap();
        Incoming {
            method: http::Method::GET,
            host: host.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            target: target.clone(),
            headers: http::HeaderMap::new(),
            body: Vec::new(),
        }
    }

    const NOW_MS: u64 = 1_893_455_999_000;
    const VECTORS: [&str; 3] = [
        "https://upcdn.io/A623uY2/raw/users/u1/train.zip?exp=1893456000&sig=1.F91kfA1g.tLRQ6g_lntM4mWR_z4T85CrNMLLm9q5vfipw8BXoyT8",
        "https://upcdn.io/A623uY2/image/u/2446087e115025a1/1732290000000/photos/p%201.jpg?f=jpg&w=640&exp=1893456000&sig=1.F91kfA1g.P4S4fCh-FSGvWFR7knQp4Mhw9Yhu07fBK92bAGGvelw",
        "http://127.0.0.1:8788/bytescale-cdn/A623uY2/raw/u/2446087e115025a1/1732290000000/photos.zip?exp=1893456000&sig=1.F91kfA1g.9taxZZvZVWBS89WVe3OhmZVJpsSDvKpUIy7Ozt3NQuE",
    ];

    #[test]
    fn the_vectors_of_the_contract_verify() {
        for url in VECTORS {
            assert!(verify(&settings(), &request(url), NOW_MS), "{url}");
            assert!(
                !verify(&settings(), &request(url), NOW_MS + 1000),
                "expired {url}"
            );
        }
    }

    #[test]
    fn every_change_of_the_url_is_noticed() {
        let url = VECTORS[1];
        let changes = [
            url.replace("w=640", "w=641"),
            url.replace("f=jpg&w=640", "w=640&f=jpg"),
            url.replace("&exp=", "&q=1&exp="),
            url.replace("&exp=1893456000", ""),
            url.replace("exp=1893456000", "exp=1893456001"),
            url.replace("upcdn.io", "upcdn.org"),
            url.replace("F91kfA1g", "F91kfA1h"),
            url.replace("%20", "+"),
            format!("{url}&w=1"),
            url.replace("sig=1.", "sig=2."),
        ];
        for changed in changes {
            assert!(
                !verify(&settings(), &request(&changed), NOW_MS),
                "{changed}"
            );
        }
    }

    #[test]
    fn an_expiry_may_be_in_seconds_milliseconds_or_never() {
        assert!(is_ahead("1893456000", 1_893_455_999_999));
        assert!(!is_ahead("1893456000", 1_893_456_000_000));
        assert!(is_ahead("1893456000000", 1_893_455_999_999));
        assert!(!is_ahead("1893456000000", 1_893_456_000_000));
        assert!(is_ahead("inf", u64::MAX));
        assert!(!is_ahead("soon", 0));
    }
}
