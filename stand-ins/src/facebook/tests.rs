//! The dialog and the code that it gives, asked for rightly and wrongly.

mod graph;

use crate::wire::Reaction;
use crate::{Behaviour, Request, Response, Script, Seal, Settings, World, handle};
use serde_json::{Value, json};

const BACK: &str = "http://127.0.0.1:8787/api/facebook/callback";
const STATE: &str = "0123456789012345678901234567890123456789012";

fn send(world: &mut World, request: Request) -> Response {
    match handle(world, request) {
        Reaction::Answer(response) => response,
        other => panic!("{other:?}"),
    }
}

fn get(world: &mut World, path: &str) -> Response {
    let path = format!("/facebook/v26.0{path}");
    send(world, http::Request::get(path).body(Vec::new()).unwrap())
}

fn query(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

fn asked<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut pairs = vec![
        ("client_id", "1122334455667788"),
        ("redirect_uri", BACK),
        ("state", STATE),
        ("response_type", "code"),
        ("scope", "public_profile,email"),
    ];
    for change in changes {
        pairs.retain(|(name, _)| *name != change.0);
        pairs.push(*change);
    }
    pairs
}

/// Where the dialog leads when this person answers like this.
fn answered(world: &mut World, person: &str, choice: &str) -> String {
    let pairs = asked(&[("person", person), ("choice", choice)]);
    let answer = get(world, &format!("/dialog/oauth/answer?{}", query(&pairs)));
    assert_eq!(answer.status(), 302);
    answer.headers()["location"].to_str().unwrap().to_owned()
}

fn code(world: &mut World, person: &str) -> String {
    let back = url::Url::parse(&answered(world, person, "allow")).unwrap();
    let (_, code) = back.query_pairs().find(|(name, _)| name == "code").unwrap();
    code.into_owned()
}

fn exchange(world: &mut World, code: &str, changes: &[(&str, &str)]) -> (u16, Value, Response) {
    let mut pairs = vec![
        ("client_id", "1122334455667788"),
        ("client_secret", "developmentonlyfacebookappsecret"),
        ("redirect_uri", BACK),
        ("code", code),
    ];
    for change in changes {
        pairs.retain(|(name, _)| *name != change.0);
        pairs.push(*change);
    }
    let request = http::Request::post("/facebook/v26.0/oauth/access_token");
    let response = send(world, request.body(query(&pairs).into_bytes()).unwrap());
    let body = serde_json::from_slice(response.body()).unwrap();
    (response.status().as_u16(), body, response)
}

fn token(world: &mut World, person: &str) -> String {
    let code = code(world, person);
    let (_, body, _) = exchange(world, &code, &[]);
    body["access_token"].as_str().unwrap().to_owned()
}

fn proof(token: &str) -> String {
    use hmac::Mac;
    let mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(b"developmentonlyfacebookappsecret");
    crate::wire::hex(&mac.unwrap().chain_update(token).finalize().into_bytes())
}

fn me(world: &mut World, token: &str, query: &str) -> (u16, Value) {
    let request = http::Request::get(format!("/facebook/v26.0/me?{query}"))
        .header("authorization", format!("Bearer {token}"));
    let response = send(world, request.body(Vec::new()).unwrap());
    let body = serde_json::from_slice(response.body()).unwrap();
    (response.status().as_u16(), body)
}

#[test]
fn the_dialog_shows_everybody_and_every_answer() {
    let mut world = World::new(Settings::default());
    let page = get(&mut world, &format!("/dialog/oauth?{}", query(&asked(&[]))));
    let html = String::from_utf8(page.into_body()).unwrap();
    for word in [
        "Ada Example",
        "sixteen",
        "value=\"deny\"",
        "value=\"twice\"",
        STATE,
    ] {
        assert!(html.contains(word), "{word}");
    }
}

#[test]
fn a_request_that_is_not_right_gets_no_dialog() {
    let mut world = World::new(Settings::default());
    let slash = format!("{BACK}/");
    for change in [
        ("client_id", "1"),
        ("redirect_uri", slash.as_str()),
        ("redirect_uri", "http://evil.test/api/facebook/callback"),
        ("response_type", "token"),
        ("scope", "public_profile,user_photos"),
    ] {
        let wrong = query(&asked(&[change]));
        assert_eq!(
            get(&mut world, &format!("/dialog/oauth?{wrong}")).status(),
            400
        );
        let answer = format!("/dialog/oauth/answer?{wrong}&person=ada&choice=allow");
        assert_eq!(get(&mut world, &answer).status(), 400, "{change:?}");
    }
    assert!(world.violations().is_empty());
    get(
        &mut world,
        &format!("/dialog/oauth?{}", query(&asked(&[("state", "1")]))),
    );
    assert_eq!(world.violations().len(), 1);
}

#[test]
fn every_answer_leads_back_in_its_own_way() {
    let mut world = World::new(Settings::default());
    let denied = answered(&mut world, "ada", "deny");
    assert_eq!(
        denied,
        format!(
            "{BACK}?error=access_denied&error_code=200&error_description=Permissions+error&error_reason=user_denied&state={STATE}#_=_"
        )
    );
    world.set_switch("facebook_denied", "reduced").unwrap();
    let denied = answered(&mut world, "ada", "deny");
    assert_eq!(
        denied,
        format!("{BACK}?error=access_denied&state={STATE}#_=_")
    );
    assert!(answered(&mut world, "ada", "error").contains("error_code=1349048"));
    assert_eq!(
        answered(&mut world, "ada", "nothing"),
        format!("{BACK}?#_=_")
    );
    assert!(answered(&mut world, "ada", "allow").contains("?code=AQ"));
}

#[test]
fn a_code_is_good_once_for_ten_minutes_and_for_who_asked() {
    let mut world = World::new(Settings::default());
    let code = code(&mut world, "ada");
    for (change, error) in [
        (("client_id", "1"), 101),
        (("client_secret", "x"), 1),
        (("redirect_uri", "http://127.0.0.1:8787/"), 100),
        (("code", "unknown"), 100),
    ] {
        let (status, body, response) = exchange(&mut world, &code, &[change]);
        assert_eq!((status, &body["error"]["code"]), (400, &json!(error)));
        assert!(response.headers().contains_key("www-authenticate"));
    }
    let (status, body, _) = exchange(&mut world, &code, &[]);
    assert_eq!((status, &body["token_type"]), (200, &json!("bearer")));
    assert!(body["expires_in"].is_u64());
    let (_, body, response) = exchange(&mut world, &code, &[]);
    assert_eq!(body["error"]["error_subcode"], 36009);
    let header = response.headers()["www-authenticate"].to_str().unwrap();
    assert!(header.contains("\"invalid_code\" \"This authorization code has been used.\""));

    let late = self::code(&mut world, "ada");
    world.advance(10 * 60 * 1000);
    let (_, body, _) = exchange(&mut world, &late, &[]);
    assert_eq!(body["error"]["error_subcode"], 36007);
}

#[test]
fn a_slash_and_a_challenge_matter_where_the_switch_says_so() {
    let mut world = World::new(Settings::default());
    let slash = format!("{BACK}/");
    let slash = [("redirect_uri", slash.as_str())];
    let first = code(&mut world, "ada");
    assert_eq!(exchange(&mut world, &first, &slash).0, 400);
    world.set_switch("facebook_redirect_slash", "lax").unwrap();
    assert_eq!(exchange(&mut world, &first, &slash).0, 200);

    world.set_switch("facebook_pkce", "enforced").unwrap();
    let pairs = asked(&[
        ("person", "ada"),
        ("choice", "allow"),
        ("code_challenge", "v"),
        ("code_challenge_method", "plain"),
    ]);
    let answer = get(
        &mut world,
        &format!("/dialog/oauth/answer?{}", query(&pairs)),
    );
    let back = url::Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    let code = back.query_pairs().next().unwrap().1.into_owned();
    assert_eq!(exchange(&mut world, &code, &[]).0, 400);
    assert_eq!(
        exchange(&mut world, &code, &[("code_verifier", "v")]).0,
        200
    );
}

#[test]
fn a_secret_in_the_address_is_remembered() {
    let mut world = World::new(Settings::default());
    get(&mut world, "/oauth/access_token?client_secret=x");
    assert_eq!(world.violations().len(), 1);
}
