//! Cookies: reading ours, and writing them with the only attributes they ever have.

use http::HeaderMap;

use super::problem::Problem;

pub const SESSION: &str = "__Host-session";
pub const LINK: &str = "__Host-link";
pub const FACEBOOK: &str = "__Host-facebook";

/// Why a cookie of ours is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unusable {
    /// One of them is somebody else's.
    Twice,
    NotAscii,
}

impl From<Unusable> for Problem {
    fn from(reason: Unusable) -> Self {
        Self::Malformed(match reason {
            Unusable::Twice => "A cookie was sent twice.",
            Unusable::NotAscii => "A cookie is not ASCII.",
        })
    }
}

/// The value of a cookie. What stands beside it is read by bytes: other programs of this host set
/// cookies too, and may write into them what they like.
pub fn find<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>, Unusable> {
    let mut found = None;
    for header in headers.get_all("cookie") {
        for pair in header.as_bytes().split(|byte| *byte == b';') {
            let rest = pair.trim_ascii().strip_prefix(name.as_bytes());
            let Some(value) = rest.and_then(|rest| rest.strip_prefix(b"=")) else {
                continue;
            };
            if found.replace(value).is_some() {
                return Err(Unusable::Twice);
            }
        }
    }
    let Some(value) = found else { return Ok(None) };
    match str::from_utf8(value) {
        Ok(text) if text.is_ascii() => Ok(Some(text)),
        _ => Err(Unusable::NotAscii),
    }
}

/// Unreadable by scripts, for this host alone, and strict but for the one that must survive the way
/// back from another site.
pub fn set(name: &str, value: &str, max_age_s: u64) -> String {
    let site = if name == FACEBOOK { "Lax" } else { "Strict" };
    format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite={site}; Max-Age={max_age_s}")
}

pub fn clear(name: &str) -> String {
    set(name, "", 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use proptest::prelude::*;

    fn headers(cookies: &[&str]) -> HeaderMap {
        let value = |text: &&str| HeaderValue::from_bytes(text.as_bytes()).unwrap();
        cookies
            .iter()
            .map(|text| (http::header::COOKIE, value(text)))
            .collect()
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let headers = headers(&["a=1; x__Host-session=no; __Host-session=yes", "b=2"]);
        assert_eq!(find(&headers, SESSION), Ok(Some("yes")));
        assert_eq!(find(&headers, LINK), Ok(None));
    }

    #[test]
    fn a_cookie_given_twice_is_refused() {
        assert!(find(&headers(&["__Host-session=a; __Host-session=a"]), SESSION).is_err());
        assert!(find(&headers(&["__Host-session=a", "__Host-session=b"]), SESSION).is_err());
    }

    #[test]
    fn only_ours_must_be_ascii() {
        let beside = headers(&["ä=ö; __Host-session=yes; ", "ü"]);
        assert_eq!(find(&beside, SESSION), Ok(Some("yes")));
        let odd = headers(&["__Host-session=jä"]);
        assert_eq!(find(&odd, SESSION), Err(Unusable::NotAscii));
        assert_eq!(find(&odd, LINK), Ok(None));
    }

    #[test]
    fn our_cookies_have_the_attributes_of_their_name() {
        assert_eq!(
            set(SESSION, "x", 604_800),
            "__Host-session=x; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=604800"
        );
        assert_eq!(
            set(FACEBOOK, "x", 600),
            "__Host-facebook=x; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600"
        );
    }

    proptest! {
        #[test]
        fn arbitrary_headers_never_panic(text in "[^\\x00-\\x1f\\x7f]{0,200}") {
            let _ = find(&headers(&[&text]), SESSION);
        }
    }
}
