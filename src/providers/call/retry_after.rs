//! When a provider that is throttling us wants to be asked again; the ways to say it, in the order
//! in which they are believed.

use http::HeaderMap;

use super::whole;
use crate::ports::json::{self, json_struct};

/// Nobody is waited for longer than this at once.
const MAX_S: u64 = 60;

json_struct! {
    struct Throttled {
        retry_after: Option<f64>,
    }
}

/// `Retry-After` → `retry_after` of the body → "~30s" or "in 1 second" in its text →
/// `ratelimit-reset`; at most a minute.
pub(super) fn retry_after_s(headers: &HeaderMap, body: &[u8]) -> Option<u32> {
    let seconds = header(headers, "retry-after")
        .or_else(|| whole(json::from_slice::<Throttled>(body)?.retry_after?))
        .or_else(|| in_words(&String::from_utf8_lossy(body)))
        .or_else(|| header(headers, "ratelimit-reset"))?;
    u32::try_from(seconds.min(MAX_S)).ok()
}

fn header(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

fn in_words(text: &str) -> Option<u64> {
    let number = |rest: &str, unit: &str| {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let (digits, after) = rest.split_at_checked(end)?;
        after
            .starts_with(unit)
            .then(|| digits.parse().ok())
            .flatten()
    };
    text.split('~')
        .skip(1)
        .find_map(|rest| number(rest, "s"))
        .or_else(|| {
            text.split("in ")
                .skip(1)
                .find_map(|rest| number(rest, " second"))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn every_way_of_saying_it_is_understood() {
        let low_credit = r#"{"detail":"Request was throttled. Your rate limit for creating predictions is reduced to 6 requests per minute with a burst of 1 requests while you have less than $5.0 in credit. Your rate limit resets in ~5s.","status":429,"retry_after":5}"#;
        let documented = r#"{"detail":"Request was throttled. Your rate limit resets in ~30s."}"#;
        let older = r#"{"detail":"Request was throttled. Expected available in 1 second."}"#;
        let none = headers(&[]);
        assert_eq!(retry_after_s(&none, low_credit.as_bytes()), Some(5));
        assert_eq!(retry_after_s(&none, documented.as_bytes()), Some(30));
        assert_eq!(retry_after_s(&none, older.as_bytes()), Some(1));
        assert_eq!(
            retry_after_s(&headers(&[("retry-after", "2")]), b""),
            Some(2)
        );
        assert_eq!(
            retry_after_s(&headers(&[("ratelimit-reset", "7")]), b"<html>"),
            Some(7)
        );
        assert_eq!(retry_after_s(&none, br#"{"retry_after":1e1}"#), Some(10));
        assert_eq!(retry_after_s(&none, b"{}"), None);
    }

    #[test]
    fn the_first_that_is_said_counts() {
        let both = headers(&[("retry-after", "2"), ("ratelimit-reset", "9")]);
        assert_eq!(retry_after_s(&both, br#"{"retry_after":5}"#), Some(2));
        let reset = headers(&[("ratelimit-reset", "9")]);
        assert_eq!(
            retry_after_s(&reset, br#"{"retry_after":5,"detail":"~7s"}"#),
            Some(5)
        );
        assert_eq!(retry_after_s(&reset, br#"{"detail":"~7s"}"#), Some(7));
    }

    #[test]
    fn nobody_makes_us_wait_longer_than_a_minute() {
        assert_eq!(
            retry_after_s(&headers(&[("retry-after", "86400")]), b""),
            Some(60)
        );
    }

    proptest! {
        #[test]
        fn arbitrary_bodies_never_panic(body: Vec<u8>, text in ".*~?[0-9]*.*") {
            let _ = retry_after_s(&HeaderMap::new(), &body);
            let _ = in_words(&text);
        }
    }
}
