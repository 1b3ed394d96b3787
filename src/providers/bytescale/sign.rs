//! Addresses of private files that work for a while: `exp` and `sig` as the last two parameters,
//! the code being over everything before `sig` but the scheme.
//!
//! <https://www.bytescale.com/docs/secure-urls/signed-urls>

use super::cdn_url;
use crate::config;
use crate::domain::digest;
use crate::domain::timestamp::Timestamp;

/// Expiry moves in steps, so that one file has one address for a while and caches can work.
const GRID_S: u64 = 60;

/// The file as it is stored; `extra_query` is any query that makes the address unique.
pub fn signed_url(
    config: &config::Bytescale,
    path: &str,
    expires: Timestamp,
    extra_query: Option<&str>,
) -> String {
    sign(
        config,
        &cdn_url(config, "raw", path),
        extra_query.unwrap_or_default(),
        expires,
    )
}

/// The image as `query` (`f=webp&w=640`) transforms it.
pub fn signed_image_url(
    config: &config::Bytescale,
    path: &str,
    query: &str,
    expires: Timestamp,
) -> String {
    sign(config, &cdn_url(config, "image", path), query, expires)
}

fn sign(config: &config::Bytescale, url: &str, query: &str, expires: Timestamp) -> String {
    let expires_s = expires
        .as_ms()
        .div_ceil(1000)
        .div_ceil(GRID_S)
        .saturating_mul(GRID_S);
    let joint = if query.is_empty() { "" } else { "&" };
    let url = format!("{url}?{query}{joint}exp={expires_s}");
    let signed = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let code = digest::base64url(&digest::hmac_sha256(
        &config.signing_key,
        &[signed.as_bytes()],
    ));
    format!("{url}&sig=1.{}.{code}", config.signing_key_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::bytescale::tests::config;

    fn expires() -> Timestamp {
        Timestamp::from_ms(1_893_456_000_000)
    }

    #[test]
    fn the_signatures_are_those_of_the_published_vectors() {
        let raw = signed_url(&config(), "/users/u1/train.zip", expires(), None);
        assert_eq!(
            raw,
            "https://upcdn.io/A623uY2/raw/users/u1/train.zip?exp=1893456000&sig=1.F91kfA1g.tLRQ6g_lntM4mWR_z4T85CrNMLLm9q5vfipw8BXoyT8"
        );
        let path = "/u/2446087e115025a1/1732290000000/photos/p 1.jpg";
        assert_eq!(
            signed_image_url(&config(), path, "f=jpg&w=640", expires()),
            "https://upcdn.io/A623uY2/image/u/2446087e115025a1/1732290000000/photos/p%201.jpg?f=jpg&w=640&exp=1893456000&sig=1.F91kfA1g.P4S4fCh-FSGvWFR7knQp4Mhw9Yhu07fBK92bAGGvelw"
        );
        let mut local = config();
        local.cdn_url = "http://127.0.0.1:8788/bytescale-cdn".to_owned();
        let path = "/u/2446087e115025a1/1732290000000/photos.zip";
        assert_eq!(
            signed_url(&local, path, expires(), None),
            "http://127.0.0.1:8788/bytescale-cdn/A623uY2/raw/u/2446087e115025a1/1732290000000/photos.zip?exp=1893456000&sig=1.F91kfA1g.9taxZZvZVWBS89WVe3OhmZVJpsSDvKpUIy7Ozt3NQuE"
        );
    }

    #[test]
    fn what_makes_an_address_unique_stands_before_its_expiry() {
        let url = signed_url(&config(), "/u/1/a.zip", expires(), Some("version=01op"));
        assert!(url.starts_with(
            "https://upcdn.io/A623uY2/raw/u/1/a.zip?version=01op&exp=1893456000&sig=1."
        ));
    }

    #[test]
    fn expiry_is_rounded_up_to_the_next_minute() {
        for (ms, s) in [
            (1, 60),
            (60_000, 60),
            (60_001, 120),
            (1_893_456_000_001, 1_893_456_060),
        ] {
            let url = signed_url(&config(), "/a", Timestamp::from_ms(ms), None);
            assert!(url.contains(&format!("?exp={s}&sig=")), "{url}");
        }
    }
}
