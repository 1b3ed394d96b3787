//! The scenario switches: where a provider's behaviour is unconfirmed, each value is one possible reality.
//! The first value of a switch is its default; nothing else may decide between the realities.

use std::collections::BTreeMap;
use std::fmt;

const SWITCHES: &[(&str, &[&str])] = &[
    ("webhook_echo", &["absent", "present"]),
    ("validation", &["late", "creation"]),
    ("throttle_body", &["retry_after", "bare"]),
    ("throttle_header", &["absent", "present"]),
    (
        "credit",
        &["full", "low", "insufficient", "billing_required"],
    ),
    ("bad_token_text", &["2023", "newer"]),
    ("model_conflict", &["detail", "errors"]),
    ("cancel_finished", &["200", "409"]),
    ("delete_refused", &["403", "409", "202"]),
    ("aborted_webhook", &["sent", "absent"]),
    ("output_version", &["qualified", "bare"]),
    ("caption_output", &["parts", "text"]),
    ("training_retention", &["kept", "purged"]),
    ("fast_logs", &["tqdm", "none"]),
    ("new_fields", &["2026", "2024"]),
    ("webhook_signatures", &["one", "two"]),
    ("webhook_http", &["loopback", "refused"]),
    ("zip_names", &["base", "whole"]),
    ("zip_missing_input", &["404", "left_out", "400"]),
    ("zip_duplicate", &["error", "renamed", "last"]),
    ("archive_reply", &["sync", "async"]),
    ("denied_status", &["403", "401", "404"]),
    ("etag", &["present", "absent"]),
    ("delete_consistency", &["at_once", "listed", "cached"]),
    ("missing_delete", &["204", "404"]),
    ("quota", &["free", "402", "403", "429"]),
    ("bytescale_key", &["valid", "revoked"]),
    ("tag_ttl", &["never", "1h", "24h"]),
    ("resend_example_com", &["accepted", "refused"]),
    ("resend_bad_address", &["422", "400"]),
    ("resend_rate", &["10", "5", "2"]),
    ("resend_retry_after", &["present", "absent"]),
    ("resend_quota_headers", &["present", "absent"]),
    ("resend_key_name", &["invalid_api_key", "invalid_api_Key"]),
    ("resend_500", &["json", "html"]),
    ("resend_quota", &["free", "daily", "monthly"]),
    ("pushover_bad_token", &["400", "401"]),
    ("pushover_over_quota", &["429", "400"]),
    ("pushover_quota", &["free", "used_up"]),
    ("pushover_remaining", &["counted", "-1"]),
    ("facebook_expires_in", &["present", "absent"]),
    ("facebook_redirect_slash", &["strict", "lax"]),
    ("facebook_denied", &["full", "reduced"]),
    ("facebook_pkce", &["ignored", "enforced"]),
    ("facebook_deletion_reply", &["json", "text"]),
    ("turnstile_test_hostname", &["example.com", "localhost"]),
    ("turnstile_messages", &["present", "absent"]),
    ("turnstile_metadata", &["present", "absent"]),
];

/// A switch or a value that does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownSwitch(String);

impl fmt::Display for UnknownSwitch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for UnknownSwitch {}

#[derive(Debug, Default)]
pub(crate) struct Switches(BTreeMap<&'static str, &'static str>);

impl Switches {
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), UnknownSwitch> {
        let Some((name, values)) = SWITCHES.iter().find(|(known, _)| *known == name) else {
            let names: Vec<&str> = SWITCHES.iter().map(|(known, _)| *known).collect();
            return Err(UnknownSwitch(format!(
                "no switch {name}; there are {}",
                names.join(", ")
            )));
        };
        let Some(value) = values.iter().find(|known| **known == value) else {
            return Err(UnknownSwitch(format!(
                "{name} cannot be {value}; it can be {}",
                values.join(", ")
            )));
        };
        self.0.insert(name, value);
        Ok(())
    }

    pub fn is(&self, name: &str, value: &str) -> bool {
        self.get(name) == value
    }

    /// The value in force; empty for a switch that does not exist.
    pub fn get(&self, name: &str) -> &'static str {
        let default = || {
            SWITCHES
                .iter()
                .find(|(known, _)| *known == name)
                .and_then(|(_, values)| values.first())
        };
        self.0
            .get(name)
            .or_else(default)
            .copied()
            .unwrap_or_default()
    }

    /// The status code that a numeric switch names, or `otherwise`.
    pub fn status(&self, name: &str, otherwise: u16) -> u16 {
        self.get(name).parse().unwrap_or(otherwise)
    }

    /// Every switch with its value and all its values.
    pub fn all(
        &self,
    ) -> impl Iterator<Item = (&'static str, &'static str, &'static [&'static str])> {
        SWITCHES
            .iter()
            .map(|(name, values)| (*name, self.get(name), *values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_is_the_default() {
        let switches = Switches::default();
        assert_eq!(switches.get("zip_names"), "base");
        assert_eq!(switches.status("denied_status", 0), 403);
    }

    #[test]
    fn unknown_names_and_values_are_refused() {
        let mut switches = Switches::default();
        assert!(switches.set("zip_name", "base").is_err());
        assert!(switches.set("zip_names", "bass").is_err());
        assert_eq!(switches.set("zip_names", "whole"), Ok(()));
        assert!(switches.is("zip_names", "whole"));
    }
}
