//! Reading single variables; a refusal names the variable.

use base64ct::{Base64, Encoding};

use super::Misconfigured;

pub(super) type Source<'a> = &'a dyn Fn(&str) -> Option<String>;

pub(super) struct Reader<'a> {
    pub source: Source<'a>,
    pub production: bool,
}

/// What every committed development value contains.
const DEVELOPMENT_MARK: &str = "development";

impl Reader<'_> {
    fn find(&self, variable: &'static str) -> Option<String> {
        (self.source)(variable).filter(|value| !value.is_empty())
    }

    pub fn or(&self, variable: &'static str, default: &str) -> String {
        self.find(variable).unwrap_or_else(|| default.to_owned())
    }

    pub fn all_empty(&self, variables: &[&'static str]) -> bool {
        variables
            .iter()
            .all(|variable| self.find(variable).is_none())
    }

    /// A required value; in production not a committed one.
    pub fn secret(
        &self,
        variable: &'static str,
        valid: impl Fn(&str) -> bool,
    ) -> Result<String, Misconfigured> {
        self.find(variable)
            .filter(|value| value.trim() == value && valid(value))
            .filter(|value| !(self.production && is_for_development(value)))
            .ok_or(Misconfigured { variable })
    }

    /// A provider's base URL, without a slash at the end.
    pub fn base(&self, variable: &'static str, default: &str) -> Result<String, Misconfigured> {
        let value = self.or(variable, default);
        let valid = is_url(&value, self.production) && !value.ends_with('/');
        valid.then_some(value).ok_or(Misconfigured { variable })
    }

    /// Scheme, host and port, and nothing behind them.
    pub fn origin(&self, variable: &'static str) -> Result<String, Misconfigured> {
        let value = self.find(variable).ok_or(Misconfigured { variable })?;
        let bare = value.splitn(4, '/').count() == 3 && value == value.to_ascii_lowercase();
        (bare && is_url(&value, self.production))
            .then_some(value)
            .ok_or(Misconfigured { variable })
    }

    pub fn number(
        &self,
        variable: &'static str,
        default: u64,
        allowed: std::ops::RangeInclusive<u64>,
    ) -> Result<u64, Misconfigured> {
        match self.find(variable) {
            None => Ok(default),
            Some(text) => text
                .parse()
                .ok()
                .filter(|number| allowed.contains(number))
                .ok_or(Misconfigured { variable }),
        }
    }
}

/// Standard base64, padding included.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    Base64::decode_vec(text).ok()
}

/// Development values say so in clear, or in base64 once decoded; of a list, any of its values.
pub(super) fn is_for_development(value: &str) -> bool {
    value.split(',').map(str::trim).any(|value| {
        let decoded = [
            Base64::decode_vec(value.strip_prefix("whsec_").unwrap_or(value)).ok(),
            crate::domain::digest::from_base64url(value),
        ];
        let marked = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(DEVELOPMENT_MARK);
        value.contains(DEVELOPMENT_MARK)
            || value.ends_with("selfie.test>")
            || value.starts_with("selfie-dev/")
            || ["devSign1", "1122334455667788"].contains(&value)
            || decoded.iter().flatten().any(|bytes| marked(bytes))
    })
}

/// Top-level domains that lead to this machine or its network.
const PRIVATE: [&str; 3] = ["localhost", "local", "internal"];

fn is_url(value: &str, production: bool) -> bool {
    let (scheme, rest) = value.split_once("://").unwrap_or_default();
    let authority = rest.split('/').next().unwrap_or_default();
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !authority.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let plain = !host.is_empty()
        && host
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b))
        && port.is_none_or(|port| port.parse::<u16>().is_ok())
        && rest
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"/.-_:[]".contains(&b));
    plain
        && if production {
            scheme == "https" && is_public_name(host)
        } else {
            matches!(scheme, "http" | "https")
        }
}

/// A name in the public DNS. Loopback and private addresses have many spellings, so in production
/// no number is taken for a host at all.
fn is_public_name(host: &str) -> bool {
    let Some((_, top)) = host.rsplit_once('.') else {
        return false;
    };
    top.len() >= 2
        && !top.starts_with(|c: char| c.is_ascii_digit())
        && top.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !PRIVATE
            .iter()
            .any(|private| top.eq_ignore_ascii_case(private))
}
