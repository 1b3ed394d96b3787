//! Tokens that are signed with a key of ours and still are none: other headers, other times, keys
//! that are not listed any more.

use base64ct::{Base64UrlUnpadded, Encoding};
use selfie::domain::digest;
use selfie::fake::{self, LedgerFault};
use serde_json::{Value, json};

use crate::world::World;

const KEY_ID: &str = "dev1";

/// The committed key that signs in tests.
fn key() -> Vec<u8> {
    let keys: Value = serde_json::from_str(&fake::settings("JWT_KEYS").unwrap()).unwrap();
    Base64UrlUnpadded::decode_vec(keys[KEY_ID].as_str().unwrap()).unwrap()
}

fn header() -> Value {
    json!({"alg": "HS256", "typ": "selfie-session+jwt", "kid": KEY_ID})
}

fn part(token: &str, index: usize) -> Value {
    let text = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&Base64UrlUnpadded::decode_vec(text).unwrap()).unwrap()
}

/// A token of this header and these claims, with a signature that is right.
fn signed(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| Base64UrlUnpadded::encode_string(value.to_string().as_bytes());
    let signed = format!("{}.{}", part(header), part(claims));
    let mac = digest::hmac_sha256(&key(), &[signed.as_bytes()]);
    format!("{signed}.{}", Base64UrlUnpadded::encode_string(&mac))
}

/// What somebody with this token is answered, who must leave no trace.
fn status(world: &World, token: &str) -> u16 {
    let thief = world.browser("thief@example.com");
    thief.set_cookie("__Host-session", token);
    world
        .without_traces(|| thief.get("/api/verify-token"))
        .status
}

/// SN-03
#[test]
fn a_key_that_the_header_names_or_brings_is_not_taken() {
    let world = World::new();
    let claims = part(&world.ana().token(), 1);
    assert_eq!(status(&world, &signed(&header(), &claims)), 200);
    for kid in [
        json!(null),
        json!(""),
        json!("other"),
        json!("../dev1"),
        json!("dev1/"),
        json!("k".repeat(10_240)),
        json!([KEY_ID]),
        json!({"dev1": KEY_ID}),
        json!(1),
    ] {
        let mut other = header();
        other["kid"] = kid.clone();
        assert_eq!(status(&world, &signed(&other, &claims)), 401, "{kid}");
    }
    let mut without = header();
    without.as_object_mut().unwrap().remove("kid");
    assert_eq!(status(&world, &signed(&without, &claims)), 401);
    for (name, value) in [
        ("jku", json!("https://evil.example/keys")),
        ("jwk", json!({"kty": "oct", "k": "AAAA"})),
        ("x5u", json!("https://evil.example/certificate")),
        ("x5c", json!(["AAAA"])),
        ("crit", json!(["exp"])),
        ("alg", json!("none")),
        ("typ", json!("JWT")),
    ] {
        let mut other = header();
        other[name] = value;
        assert_eq!(status(&world, &signed(&other, &claims)), 401, "{name}");
    }
}

/// SN-04
#[test]
fn times_that_are_past_absent_or_not_yet_are_refused() {
    let world = World::new();
    let claims = part(&world.ana().token(), 1);
    let now = world.now_ms() / 1000;
    let cases: [(&str, Value); 8] = [
        ("exp", json!(now - 31)),
        ("exp", json!(null)),
        ("exp", json!((now + 600).to_string())),
        ("exp", json!(4e9)),
        ("nbf", json!(now + 31)),
        ("nbf", json!(0.5)),
        ("iat", json!(4_102_444_800_u64)),
        ("iat", json!("now")),
    ];
    for (name, value) in cases {
        let mut other = claims.clone();
        other[name] = value.clone();
        assert_eq!(
            status(&world, &signed(&header(), &other)),
            401,
            "{name} {value}"
        );
    }
    for name in ["exp", "nbf", "iat"] {
        let mut other = claims.clone();
        other.as_object_mut().unwrap().remove(name);
        assert_eq!(status(&world, &signed(&header(), &other)), 401, "no {name}");
    }
}

#[test]
fn the_session_of_one_person_opens_nothing_to_another() {
    let world = World::new();
    let (ana, ben) = (world.ana(), world.ben());
    let mut claims = part(&ben.token(), 1);
    claims["sid"] = part(&ana.token(), 1)["sid"].clone();
    let mixed = signed(&header(), &claims);
    assert_eq!(status(&world, &mixed), 401);
    // While the ledger cannot say so, what is mirrored is kept from them too.
    let path = format!("/api/model/{}", ben.has_a_model_with_photos(1));
    let thief = world.browser("thief@example.com");
    thief.set_cookie("__Host-session", &mixed);
    for (browser, status) in [(&ben, 200), (&thief, 401)] {
        world.fake.fail_ledger([LedgerFault::Before]);
        let shown = world.without_traces(|| browser.get(&path));
        assert_eq!(shown.status, status);
    }
}

/// SN-05
#[test]
fn a_former_key_is_good_as_long_as_it_is_listed() {
    let new = Base64UrlUnpadded::encode_string(&[7; 32]);
    let old = Base64UrlUnpadded::encode_string(&key());
    let both = json!({KEY_ID: old, "dev2": new}).to_string();
    let only = json!({"dev2": new}).to_string();
    let mut world = World::new();
    let token = world.ana().token();
    assert_eq!(part(&token, 0)["kid"], KEY_ID);
    let keys = |listed: &str| fake::config(&[("JWT_KEYS", listed), ("JWT_ACTIVE_KID", "dev2")]);
    world.config = keys(&both).unwrap();
    assert_eq!(status(&world, &token), 200);
    let bens = world.ben().token();
    assert_eq!(part(&bens, 0)["kid"], "dev2");
    world.config = keys(&only).unwrap();
    assert_eq!((status(&world, &token), status(&world, &bens)), (401, 200));
}
