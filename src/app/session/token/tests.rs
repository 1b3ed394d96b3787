use super::*;
use crate::config::Config;
use jwt_compact::alg::{Hs256, Hs256Key};
use jwt_compact::{AlgorithmExt as _, UntrustedToken};
use proptest::prelude::*;

const ORIGIN: &str = "https://selfie.test";
const NOW: Timestamp = Timestamp::from_ms(1_795_341_600_000);
const KEY: &[u8] = b"selfie-development-jwt-key-00001";

fn keys() -> Keys {
    Config::read(crate::fake::settings).unwrap().keys
}

fn claims() -> Claims {
    Claims {
        user: "2446087e115025a1".parse().unwrap(),
        session: SessionId::random(&[7; 32]),
        epoch: 3,
        signed_in_at: NOW,
        expires_at: NOW.plus_s(604_800),
    }
}

fn token() -> String {
    issue(&keys(), ORIGIN, NOW, &claims())
}

fn read(token: &str) -> Option<Claims> {
    verify(&keys(), ORIGIN, NOW, token)
}

/// A token that differs in what it says and is signed with the real key all the same.
fn forged(header: &str, change: impl Fn(&mut serde_json::Value)) -> String {
    let body = token()
        .split('.')
        .nth(1)
        .map(|b| digest::from_base64url(b).unwrap())
        .unwrap();
    let mut body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    change(&mut body);
    let header = digest::base64url(header.as_bytes());
    let signed = format!(
        "{header}.{}",
        digest::base64url(body.to_string().as_bytes())
    );
    let mac = digest::hmac_sha256(KEY, &[signed.as_bytes()]);
    format!("{signed}.{}", digest::base64url(&mac))
}

const HEADER: &str = r#"{"alg":"HS256","typ":"selfie-session+jwt","kid":"dev1"}"#;

#[test]
fn a_token_says_what_was_put_into_it() {
    assert_eq!(read(&token()), Some(claims()));
    assert_eq!(read(&forged(HEADER, |_| ())), Some(claims()));
}

#[test]
fn a_longer_one_is_not_looked_at_though_we_signed_it() {
    let origin = "o".repeat(MAX_BYTES);
    let token = issue(&keys(), &origin, NOW, &claims());
    assert_eq!(verify(&keys(), &origin, NOW, &token), None);
}

#[test]
fn a_general_library_reads_the_same_token() {
    let token = token();
    let untrusted = UntrustedToken::new(&token).unwrap();
    assert_eq!(untrusted.header().key_id.as_deref(), Some("dev1"));
    let read = Hs256
        .validator::<serde_json::Value>(&Hs256Key::new(KEY))
        .validate(&untrusted);
    assert_eq!(read.unwrap().claims().custom["sub"], "2446087e115025a1");
}

/// SN-03
#[test]
fn other_headers_are_refused() {
    for header in [
        r#"{"alg":"none","typ":"selfie-session+jwt","kid":"dev1"}"#,
        r#"{"alg":"hs256","typ":"selfie-session+jwt","kid":"dev1"}"#,
        r#"{"alg":"HS512","typ":"selfie-session+jwt","kid":"dev1"}"#,
        r#"{"alg":"HS256","typ":"JWT","kid":"dev1"}"#,
        r#"{"alg":"HS256","typ":"selfie-session+jwt"}"#,
        r#"{"alg":"HS256","typ":"selfie-session+jwt","kid":"other"}"#,
        r#"{"alg":"HS256","typ":"selfie-session+jwt","kid":["dev1"]}"#,
        r#"{"alg":"HS256","typ":"selfie-session+jwt","kid":"../dev1"}"#,
        r#"{"alg":"HS256","typ":"selfie-session+jwt","kid":"dev1","jku":"https://evil.test"}"#,
        r#"{"alg":"HS256","typ":"selfie-session+jwt","kid":"dev1","jwk":{}}"#,
        r#"{"alg":"HS256","alg":"none","typ":"selfie-session+jwt","kid":"dev1"}"#,
    ] {
        assert_eq!(read(&forged(header, |_| ())), None, "{header}");
    }
}

/// SN-04
#[test]
fn other_claims_are_refused() {
    let now = NOW.as_s();
    let set = |name: &'static str, value: serde_json::Value| {
        move |body: &mut serde_json::Value| body[name] = value.clone()
    };
    let cases: Vec<(&'static str, serde_json::Value)> = vec![
        ("iss", "https://evil.test".into()),
        ("aud", "other".into()),
        ("sub", "12".into()),
        ("sub", "2446087E115025A1".into()),
        ("idp", "facebook".into()),
        ("sid", "short".into()),
        ("exp", (now - 31).into()),
        ("exp", "4000000000".into()),
        ("exp", 4e9.into()),
        ("nbf", (now + 31).into()),
        ("iat", 4_102_444_800_u64.into()),
        ("ep", (-1).into()),
    ];
    for (name, value) in cases {
        assert_eq!(
            read(&forged(HEADER, set(name, value.clone()))),
            None,
            "{name} {value}"
        );
    }
    let without_end = forged(HEADER, |body| {
        body.as_object_mut().unwrap().remove("exp");
    });
    assert_eq!(read(&without_end), None);
    assert!(read(&forged(HEADER, set("exp", (now - 29).into()))).is_some());
}

/// SN-02
#[test]
fn other_spellings_are_refused() {
    let token = token();
    let spare_bits = {
        let mut other = token.clone();
        let last = other.pop().unwrap();
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let place = alphabet.find(last).unwrap();
        other.push(alphabet.chars().nth(place ^ 1).unwrap());
        other
    };
    for wrong in [
        String::new(),
        "..".to_owned(),
        format!("{token}="),
        format!("{token}.x"),
        format!(" {token}"),
        "a".repeat(65_536),
        spare_bits,
    ] {
        assert_eq!(read(&wrong), None);
    }
}

proptest! {
    #[test]
    fn no_single_change_survives(place in 0_usize..400, with in any::<char>()) {
        let token = token();
        let place = place % token.len();
        let mut other: Vec<char> = token.chars().collect();
        prop_assume!(other[place] != with);
        other[place] = with;
        prop_assert_eq!(read(&other.into_iter().collect::<String>()), None);
    }

    #[test]
    fn arbitrary_text_never_panics(text in ".*") {
        prop_assert_eq!(read(&text), None);
    }
}
