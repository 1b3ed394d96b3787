//! An e-mail address in its one canonical form, and the id of the account behind it.
//!
//! The same form is hashed into the id, mailed to and counted against the limits, so two spellings
//! of one address are one person and two addresses never are.

use base64ct::{Base64, Encoding};

use super::digest;
use super::ids::{Malformed, Provider, UserId};

/// A canonical address: ASCII, lower case, with a domain of at least two labels.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Address(String);

const MAX_BYTES: usize = 254;
const MAX_LOCAL: usize = 64;

impl Address {
    /// Reads what a person typed. `to_ascii` applies UTS-46 (with its compatibility mapping) to a
    /// domain that is not ASCII; it is the runtime's, because its tables are large.
    pub fn parse(text: &str, to_ascii: impl Fn(&str) -> Option<String>) -> Result<Self, Malformed> {
        let text = text.trim_matches([' ', '\t', '\r', '\n']);
        if text.len() > MAX_BYTES {
            return Err(Malformed);
        }
        // Exactly one `@` must be left after the mapping too: a full-width one becomes a plain one.
        let (local, domain) = text.rsplit_once('@').ok_or(Malformed)?;
        let domain = if domain.is_ascii() {
            domain.to_owned()
        } else if domain
            .chars()
            .all(|c| !c.is_ascii() || c.is_ascii_alphanumeric() || ".-".contains(c))
        {
            to_ascii(domain).ok_or(Malformed)?
        } else {
            return Err(Malformed);
        };
        let canonical = format!("{local}@{domain}").to_ascii_lowercase();
        let valid = canonical.len() <= MAX_BYTES
            && local.len() <= MAX_LOCAL
            && is_dot_atom(local)
            && is_domain(&domain.to_ascii_lowercase());
        valid.then_some(Self(canonical)).ok_or(Malformed)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The account of this address under `key`. The owner of a catch-all domain could search for a
    /// collision of 64 bits, hence the key; the whole code is kept and compared at each sign-in.
    /// Nothing when 256 codes in a row have no letter, which happens to one address in 10^800.
    pub fn account(&self, key: &[u8]) -> Option<Account> {
        let code = |c: u8| {
            digest::hmac_sha256(
                key,
                &[b"selfie.pr/email-id/v1\0", self.0.as_bytes(), b"\0", &[c]],
            )
        };
        let id_of = |mac: &[u8; 32]| digest::hex(mac.get(..8).unwrap_or_default());
        (0..=u8::MAX).map(code).find_map(|mac| {
            let id: UserId = id_of(&mac).parse().ok()?;
            // An id of digits only would be a Facebook id; the next code has another one.
            (id.provider() == Provider::Email).then(|| Account {
                id,
                mac: Base64::encode_string(&mac),
            })
        })
    }
}

/// The id of an address and the whole code it was cut from, in base64.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account {
    pub id: UserId,
    pub mac: String,
}

fn is_dot_atom(local: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&b);
    local
        .split('.')
        .all(|atom| !atom.is_empty() && atom.bytes().all(plain))
}

fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let labels = domain.split('.').count();
    // A last label that is a number, `0x` in front or not, makes an IP address to every URL parser
    // and mail program.
    let last = domain.rsplit('.').next().unwrap_or_default();
    let numeric = match last.strip_prefix("0x") {
        Some(hex) => hex.bytes().all(|b| b.is_ascii_hexdigit()),
        None => last.bytes().all(|b| b.is_ascii_digit()),
    };
    labels >= 2 && domain.split('.').all(label) && !numeric
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn idna(domain: &str) -> Option<String> {
        idna::domain_to_ascii_strict(domain).ok()
    }

    fn parse(text: &str) -> Result<Address, Malformed> {
        Address::parse(text, idna)
    }

    fn key() -> Vec<u8> {
        (0..32).collect()
    }

    /// OW-03
    #[test]
    fn the_ids_are_those_of_the_published_vectors() {
        for (text, id) in [
            ("ana@example.com", "76b6433c05e2d9b3"),
            ("ana+tag@example.com", "4e545a1496f78914"),
            ("a.na@example.com", "d09d7ec771eb27b8"),
            ("ana@münchen.de", "24d40017afd540cb"),
            ("u2925@example.com", "2446087e115025a1"),
        ] {
            assert_eq!(
                parse(text).unwrap().account(&key()).unwrap().id.as_str(),
                id,
                "{text}"
            );
        }
        let account = parse("ana@example.com").unwrap().account(&key()).unwrap();
        assert_eq!(account.mac, "drZDPAXi2bO2GL67TKcbOmDZzYfiP9f2sk1AyGMQGCc=");
    }

    #[test]
    fn capitals_and_spaces_are_one_person() {
        assert_eq!(parse(" Ana@Example.COM "), parse("ana@example.com"));
        assert_eq!(
            parse("ana@ｅxample.com").unwrap().as_str(),
            "ana@example.com"
        );
    }

    #[test]
    fn other_forms_are_refused() {
        let long = format!("{}@example.com", "a".repeat(65));
        for text in [
            "",
            "ana",
            "@example.com",
            "ana@",
            "ana@example",
            "ana@example.com.",
            "a..b@example.com",
            ".a@example.com",
            "a.@example.com",
            "\"a b\"@example.com",
            "ana@[127.0.0.1]",
            "ana@127.0.0.1",
            "ana@127.0x",
            "ana@127.0xfF",
            "ana@b@example.com",
            "ana@exa／mple.com",
            "ana＠x@example.com",
            "ana@-x.com",
            "ana@exa mple.com",
            "änä@example.com",
            "a\r\nbcc:x@example.com",
            &long,
        ] {
            assert_eq!(parse(text), Err(Malformed), "{text}");
        }
    }

    #[test]
    fn an_address_has_254_bytes_at_most_as_it_is_typed_and_as_it_is_kept() {
        let of = |last: usize| {
            let labels = ["b".repeat(63), "c".repeat(63), "d".repeat(last)];
            format!("{}@{}", "a".repeat(64), labels.join("."))
        };
        assert_eq!(of(61).len(), 254);
        assert_eq!(parse(&of(61)).unwrap().as_str(), of(61));
        assert_eq!(parse(&of(62)), Err(Malformed));
        let wide = "ｅ".repeat(50);
        assert!(parse(&format!("ana@{wide}.com")).is_ok());
        assert_eq!(parse(&format!("ana@{wide}.{wide}.com")), Err(Malformed));
    }

    proptest! {
        #[test]
        fn canonicalisation_is_idempotent(text in "[ -~]{0,10}@[a-zA-Z0-9.äß-]{1,20}") {
            if let Ok(address) = parse(&text) {
                prop_assert_eq!(parse(address.as_str()), Ok(address));
            }
        }

        #[test]
        fn arbitrary_text_never_panics(text in ".*") {
            let _ = parse(&text);
        }
    }
}
