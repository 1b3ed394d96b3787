//! The way on after signing in: a path of ours and nothing else.

const MAX_BYTES: usize = 512;

/// The path if it leads to a page of ours, else `/`. It must have one meaning only, so whatever a
/// browser, a proxy or a second decoding might read differently is refused.
pub fn next_or_home(raw: Option<&str>) -> String {
    raw.filter(|path| is_page(path)).unwrap_or("/").to_owned()
}

fn is_page(path: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"/_-?=&%.".contains(&b);
    let lower = path.to_ascii_lowercase();
    path.len() <= MAX_BYTES
        && path.starts_with('/')
        && path.bytes().all(allowed)
        && !path.contains("//")
        && !path.contains("/.")
        && decodes_harmlessly(&lower)
        && !lower.starts_with("/api/")
        && lower != "/api"
        && !lower.starts_with("/api?")
}

/// Percent signs stand before two hex digits, and none hides a slash, a backslash, an at sign, a
/// control character, another percent sign or anything that needs no percent sign.
fn decodes_harmlessly(path: &str) -> bool {
    path.split('%').skip(1).all(|part| {
        let byte = part
            .get(..2)
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        byte.is_some_and(|b| {
            !b.is_ascii_control() && !b.is_ascii_alphanumeric() && !b"/\\@.%-_".contains(&b)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pages_are_kept_exactly() {
        for path in [
            "/",
            "/create?m=1",
            "/studio/1732290000000",
            "/a%20b?x=y&z=%C3%A4",
        ] {
            assert_eq!(next_or_home(Some(path)), path);
        }
    }

    #[test]
    fn everything_else_leads_home() {
        let long = format!("/{}", "a".repeat(512));
        for path in [
            "",
            "studio",
            "//evil.test",
            "/\\evil.test",
            "https://evil.test",
            "/api/sign-out",
            "/API/model",
            "/%61pi/../x",
            "/x/%2f%2fevil",
            "/x%5cevil",
            "/x%00",
            "/x%4",
            "/a//b",
            "/../api/x",
            "/x\r\nSet-Cookie:a",
            "/x@evil.test",
            "/x#y",
            "/%2e%2e/x",
            &long,
        ] {
            assert_eq!(next_or_home(Some(path)), "/", "{path}");
        }
        assert_eq!(next_or_home(None), "/");
    }

    proptest! {
        #[test]
        fn an_independent_parser_finds_our_origin(path in "/?[a-zA-Z0-9/_?=&%.@\\\\:-]{0,40}") {
            let next = next_or_home(Some(&path));
            let base = url::Url::parse("https://selfie.pr").unwrap();
            let joined = base.join(&next).unwrap();
            prop_assert_eq!(joined.origin(), base.origin());
            prop_assert!(!joined.path().to_ascii_lowercase().starts_with("/api/"));
            prop_assert_eq!(next_or_home(Some(&next)), next);
        }
    }
}
