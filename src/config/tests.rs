use super::*;
use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use std::collections::BTreeMap;

fn production() -> BTreeMap<&'static str, String> {
    let key = |seed: u8| vec![seed; 32];
    BTreeMap::from([
        ("APP_ORIGIN", "https://selfie.pr".to_owned()),
        ("REPLICATE_API_TOKEN", format!("r8_{}", "a".repeat(37))),
        (
            "REPLICATE_WEBHOOK_SECRET",
            format!("whsec_{}", Base64::encode_string(&[7; 24])),
        ),
        ("REPLICATE_DESTINATION", "selfie-pr/faces".to_owned()),
        (
            "BYTESCALE_SECRET_KEY",
            "secret_A623uY2abcdefghijklm".to_owned(),
        ),
        ("BYTESCALE_SIGNING_KEY_ID", "F91kfA1g".to_owned()),
        ("BYTESCALE_SIGNING_KEY", Base64::encode_string(&key(8))),
        ("EMAIL_FROM", "Selfie.pr <hello@selfie.pr>".to_owned()),
        (
            "JWT_KEYS",
            format!(
                "{{\"k1\":\"{}\"}}",
                Base64UrlUnpadded::encode_string(&key(9))
            ),
        ),
        ("JWT_ACTIVE_KID", "k1".to_owned()),
        ("EMAIL_ID_KEY", Base64UrlUnpadded::encode_string(&key(10))),
    ])
}

fn read(values: &BTreeMap<&'static str, String>) -> Result<Config, Misconfigured> {
    Config::read(|name| values.get(name).cloned())
}

#[track_caller]
fn refused(change: (&'static str, &str), variable: &'static str) {
    let mut values = production();
    values.insert("EMAIL_ADAPTER", "resend".to_owned());
    values.insert("RESEND_API_KEY", format!("re_{}", "a".repeat(30)));
    values.insert(change.0, change.1.to_owned());
    assert_eq!(
        read(&values).err(),
        Some(Misconfigured { variable }),
        "{change:?}"
    );
}

#[test]
fn a_complete_production_configuration_is_accepted() {
    let config = read(&production()).unwrap();
    assert_eq!(config.environment, Environment::Production);
    assert_eq!(config.bytescale.account, "A623uY2");
    assert!(config.facebook.is_none() && config.pushover.is_none() && config.turnstile.is_none());
    assert_eq!(config.rules.link_ttl_s, 600);
}

#[test]
fn every_required_value_is_missed_by_name() {
    for variable in production().into_keys() {
        let mut values = production();
        values.remove(variable);
        assert_eq!(read(&values).err(), Some(Misconfigured { variable }));
    }
}

#[test]
fn unsafe_values_are_refused_in_production() {
    refused(("APP_ORIGIN", "http://selfie.pr"), "APP_ORIGIN");
    refused(("APP_ORIGIN", "https://localhost:8787"), "APP_ORIGIN");
    refused(("APP_ORIGIN", "https://selfie.pr/"), "APP_ORIGIN");
    refused(("APP_ORIGIN", "https://*.selfie.pr"), "APP_ORIGIN");
    refused(
        ("REPLICATE_API_URL", "http://api.replicate.com/v1"),
        "REPLICATE_API_URL",
    );
    refused(
        ("BYTESCALE_CDN_URL", "https://127.0.0.1:8788/x"),
        "BYTESCALE_CDN_URL",
    );
    for host in [
        "localhost",
        "localhost.",
        "app.localhost",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0x7f000001",
        "[::1]",
        "10.0.0.1",
        "169.254.169.254",
        "intranet",
        "api.internal",
    ] {
        refused(
            ("BYTESCALE_API_URL", &format!("https://{host}")),
            "BYTESCALE_API_URL",
        );
        refused(("APP_ORIGIN", &format!("https://{host}")), "APP_ORIGIN");
    }
    refused(("RESEND_URL", "https://api.resend.com:x"), "RESEND_URL");
    refused(("RESEND_API_KEY", "re_short"), "RESEND_API_KEY");
    refused(
        ("REPLICATE_API_TOKEN", "r8_development000000000000000"),
        "REPLICATE_API_TOKEN",
    );
    let rotation = format!(
        "whsec_{},whsec_c2VsZmllLWRldmVsb3BtZW50LWhvb2tz",
        Base64::encode_string(&[7; 24])
    );
    refused(
        ("REPLICATE_WEBHOOK_SECRET", &rotation),
        "REPLICATE_WEBHOOK_SECRET",
    );
    refused(("LINK_TTL_S", "3600"), "LINK_TTL_S");
    refused(
        (
            "EMAIL_ID_KEY",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        ),
        "EMAIL_ID_KEY",
    );
    refused(("JWT_KEYS", "{\"k1\":\"c2hvcnQ\"}"), "JWT_KEYS");
    refused(("JWT_ACTIVE_KID", "k2"), "JWT_ACTIVE_KID");
    refused(("ENVIRONMENT", "staging"), "ENVIRONMENT");
}

#[test]
fn an_optional_provider_is_whole_or_absent() {
    refused(
        ("PUSHOVER_TOKEN", "azGDORePK8gMaC0QOYAMyEEuzJnyUi"),
        "PUSHOVER_USER",
    );
    refused(("FACEBOOK_APP_ID", "123"), "FACEBOOK_APP_SECRET");
    refused(("TURNSTILE_SITE_KEY", "0x4AAA"), "TURNSTILE_SECRET");
    refused(("TURNSTILE_SECRET", "0x4AAA"), "TURNSTILE_SITE_KEY");
}

#[test]
fn production_takes_no_test_key_of_turnstile() {
    let keys = [
        ("TURNSTILE_SITE_KEY", "1x00000000000000000000AA"),
        ("TURNSTILE_SITE_KEY", "2x00000000000000000000AB"),
        ("TURNSTILE_SITE_KEY", "3x00000000000000000000FF"),
        ("TURNSTILE_SECRET", "1x0000000000000000000000000000000AA"),
        ("TURNSTILE_SECRET", "3x0000000000000000000000000000000AA"),
    ];
    for (variable, key) in keys {
        let mut values = production();
        values.insert("TURNSTILE_SITE_KEY", "0x4AAAreal".to_owned());
        values.insert("TURNSTILE_SECRET", "0x4AAAsecret".to_owned());
        assert!(read(&values).unwrap().turnstile.is_some());
        values.insert(variable, key.to_owned());
        assert_eq!(read(&values).err(), Some(Misconfigured { variable }));
        values.insert("ENVIRONMENT", "test".to_owned());
        assert!(read(&values).is_ok());
    }
}

#[test]
fn a_spend_cap_is_read_to_the_cent() {
    for (text, micro_usd) in [("20", 20_000_000), ("20.5", 20_500_000), ("0.01", 10_000)] {
        let mut values = production();
        values.insert("SPEND_CAP_USD_PER_DAY", text.to_owned());
        assert_eq!(
            read(&values).unwrap().rules.spend_cap_micro_usd,
            Some(micro_usd)
        );
    }
    refused(("SPEND_CAP_USD_PER_DAY", "1.234"), "SPEND_CAP_USD_PER_DAY");
}

#[test]
fn a_code_is_good_for_its_label_only() {
    let keys = read(&production()).unwrap().keys;
    let mac = keys.sign("webhook", &[b"x"]);
    assert!(keys.is_signed("webhook", &[b"x"], &mac[..16]));
    assert!(!keys.is_signed("cursor", &[b"x"], &mac[..16]));
    assert!(!keys.is_signed("webhook", &[b"y"], &mac[..16]));
    assert!(!keys.is_signed("webhook", &[b"x"], &[]));
}
