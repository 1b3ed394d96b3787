//! Addresses, ids, the way on after signing in, and the words that people and providers give.

use proptest::prelude::*;

use super::email::Address;
use super::ids::{
    AttemptId, Keyed, ModelId, PhotoKey, PredictionId, Provider, Serial, SessionId, UserId, UserKey,
};
use super::{model, path, photo, prediction, timestamp, training};
use crate::fuzz::{fuzz, near, within};

/// A second reading of an address, by another parser of domains and another way.
fn canonical(text: &str) -> Option<String> {
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    let (local, domain) = text.rsplit_once('@')?;
    if !domain
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || ".-".contains(c) || !c.is_ascii())
    {
        return None;
    }
    let domain = domain.to_ascii_lowercase();
    // A label that is encoded already is taken as it is; the other parser decodes it.
    let domain = match url::Host::parse(&domain) {
        Ok(url::Host::Domain(domain)) => domain,
        Err(_) if domain.is_ascii() && domain.contains("xn--") => domain,
        _ => return None,
    };
    let atoms = local.split('.').all(|atom| {
        !atom.is_empty()
            && atom
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(c))
    });
    let labels = domain.split('.').all(|label| {
        !label.is_empty()
            && label.len() < 64
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    });
    let whole = format!("{}@{domain}", local.to_ascii_lowercase());
    let fits = text.len() <= 254 && whole.len() <= 254 && local.len() <= 64;
    (atoms && labels && domain.contains('.') && fits).then_some(whole)
}

#[test]
fn addresses() {
    let seeds = [
        "ana@example.com",
        " Ana+tag@Sub.Example.COM ",
        "a.na@münchen.de",
        "ana@xn--mnchen-3ya.de",
        "ana@ｅxample.com",
        "ana@[127.0.0.1]",
        "ana@127.0.0.1",
        "\"a b\"@example.com",
        "o'neil{x}@a-b.example",
    ];
    fuzz("addresses", &near(&seeds), |text| {
        let to_ascii = |domain: &str| idna::domain_to_ascii_strict(domain).ok();
        let parsed = within(64 * text.len() + 65_536, || Address::parse(&text, to_ascii))?;
        let Ok(address) = parsed else {
            return Ok(());
        };
        let written = address.as_str();
        prop_assert_eq!(Some(written.to_owned()), canonical(&text));
        prop_assert!(written.is_ascii() && written.matches('@').count() == 1);
        prop_assert_eq!(Address::parse(written, to_ascii), Ok(address.clone()));
        let account = address.account(&[7; 32]).unwrap();
        prop_assert_eq!(account.id.provider(), Provider::Email);
        Ok(())
    });
}

#[test]
fn ids() {
    let seeds = [
        "2446087e115025a1",
        "1234567890123456",
        "99999999999999999999",
        "email.2446087e115025a1",
        "facebook.1234567890",
        "1732290000000",
        "2446087e115025a1.1732290000000",
        "1732290000000_0123456789abcdefghjkmnpqrs",
        "2446087e115025a1.1732290000000_7zzzzzzzzzzzzzzzzzzzzzzzzz",
        "1732290000000.0123456789abcdefghjkmnpqrs",
        "AAAAAAAAAAAAAAAAAAAAAA",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ];
    macro_rules! is_spelled_alike {
        ($text:ident: $($kind:ty),+) => {$(
            if let Ok(id) = within(4096, || $text.parse::<$kind>())? {
                prop_assert_eq!(id.to_string(), $text.clone());
                prop_assert!($text.is_ascii() && $text.len() <= 512);
            }
        )+};
    }
    fuzz("ids", &near(&seeds), |text| {
        is_spelled_alike!(text: UserId, UserKey, ModelId, Serial, PredictionId, Keyed<ModelId>,
            Keyed<PredictionId>, PhotoKey, SessionId, AttemptId);
        if let Ok(user) = text.parse::<UserId>() {
            let digits = text.bytes().all(|b| b.is_ascii_digit());
            prop_assert_eq!(user.provider() == Provider::Facebook, digits);
        }
        Ok(())
    });
}

#[test]
fn ways_on() {
    let seeds = [
        "/",
        "/create?m=1",
        "/studio/1732290000000",
        "/a%20b?x=y&z=%C3%A4",
        "//evil.test",
        "/\\evil.test",
        "https://evil.test",
        "/api/sign-out",
        "/%2e%2e/api/x",
        "/x@evil.test",
    ];
    fuzz("ways on", &near(&seeds), |text| {
        let next = within(4 * text.len() + 4096, || path::next_or_home(Some(&text)))?;
        prop_assert!(next == text || next == "/");
        let base = url::Url::parse("https://selfie.pr").unwrap();
        let joined = base.join(&next).unwrap();
        prop_assert_eq!(joined.origin(), base.origin());
        prop_assert!(joined.username().is_empty() && joined.fragment().is_none());
        let way = joined.path().to_ascii_lowercase();
        prop_assert!(way != "/api" && !way.starts_with("/api/"), "{way}");
        let lower = next.to_ascii_lowercase();
        for mark in ["\\", "//", "%2f", "%5c", "@", "%40", "%0", "#"] {
            prop_assert!(!lower.contains(mark), "{mark}");
        }
        prop_assert!(next.len() <= 512);
        Ok(())
    });
}

#[test]
fn words() {
    let seeds = [
        "me.jpg",
        "../../etc/passwd",
        "C:\\photos\\me.jpg",
        "gpj.\u{202e}exe",
        "as an astronaut, <lora:x:1>",
        "a\0b",
        "2026-11-22T10:00:00.123Z",
    ];
    fuzz("words", &near(&seeds), |text| {
        let is_safe = |text: &str| {
            !text
                .chars()
                .any(|c| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c))
        };
        let most = 4 * text.len() + 4096;
        let name = within(most, || photo::display_name(&text))?;
        prop_assert!(!name.is_empty() && name.chars().count() <= 100 && is_safe(&name));
        prop_assert!(!name.contains(['/', '\\']));
        prop_assert_eq!(photo::display_name(&name), name);
        if within(most, || prediction::is_prompt(&text))? {
            prop_assert!(text.chars().count() <= 1000 && !text.contains('\0'));
        }
        if within(most, || model::is_name(&text))? {
            prop_assert!(is_safe(text.trim()) && text.chars().count() <= 200);
        }
        if within(most, || photo::is_caption(&text))? {
            prop_assert!(is_safe(&text));
        }
        if let Some(moment) = within(most, || timestamp::Timestamp::from_rfc3339(&text))? {
            prop_assert_eq!(
                timestamp::Timestamp::from_rfc3339(&moment.to_rfc3339()),
                Some(moment)
            );
        }
        Ok(())
    });
}

#[test]
fn training_logs() {
    let seeds = [
        "flux_train_replicate:   1%|▏         | 12/1000 [00:06<08:20,  1.97it/s]\r",
        "Captioning image 3 of 12",
        "Starting train job\n",
        "Downloaded base weights in 4.1 seconds\n",
        "99999999999999999999/1 [",
    ];
    fuzz("training logs", &near(&seeds), |text| {
        let progress = within(4 * text.len() + 4096, || training::read_log(&text))?;
        prop_assert!(progress.percent.is_none_or(|percent| percent <= 100));
        Ok(())
    });
}
