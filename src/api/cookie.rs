//! Cookies: reading ours, and writing them with the only attributes they ever have.

use http::HeaderMap;

use super::problem::Problem;

pub const SESSION: &str = "__Host-session";
pub const LINK: &str = "__Host-link";
pub const FACEBOOK: &str = "__Host-facebook";

/// The value of a cookie. Given twice, one of them is somebody else's, so neither is taken.
pub fn find<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>, Problem> {
    let mut found = None;
    for header in headers.get_all("cookie") {
        let text = header
            .to_str()
            .map_err(|_| Problem::Malformed("A cookie is not ASCII."))?;
        for pair in text.split(';') {
            let Some((key, value)) = pair.trim().split_once('=') else {
                continue;
            };
            if key == name && found.replace(value).is_some() {
                return Err(Problem::Malformed("A cookie was sent twice."));
            }
        }
    }
    Ok(found)
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
        let value = |text: &&str| HeaderValue::from_str(text).unwrap();
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
        fn arbitrary_headers_never_panic(text in "[ -~]{0,200}") {
            let _ = find(&headers(&[&text]), SESSION);
        }
    }
}
