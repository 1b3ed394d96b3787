//! Tokens that are not quite right, and tokens in the wrong places.

use serde_json::json;

use crate::browser::Browser;
use crate::world::World;

fn is_signed_in(browser: &Browser<'_>) -> bool {
    match browser.get("/api/verify-token").status {
        200 => true,
        401 => false,
        other => panic!("{other}"),
    }
}

/// SN-02
#[test]
fn a_token_with_any_character_changed_is_none() {
    let world = World::new();
    let ana = world.ana();
    let token = ana.token();
    let thief = world.browser("thief@example.com");
    for place in 0..token.len() {
        let with = if &token[place..=place] == "A" {
            "B"
        } else {
            "A"
        };
        let changed = format!("{}{with}{}", &token[..place], &token[place + 1..]);
        thief.set_cookie("__Host-session", &changed);
        assert!(!is_signed_in(&thief), "{place}");
    }
    for other in [
        format!("{token}="),
        format!("{token}.x"),
        format!(".{token}"),
        "A".repeat(65_536),
    ] {
        thief.set_cookie("__Host-session", &other);
        assert!(!is_signed_in(&thief));
    }
    assert!(is_signed_in(&ana));
}

/// SN-11
#[test]
fn a_header_that_is_no_token_is_refused_and_never_an_error() {
    let world = World::new();
    let nobody = world.browser("nobody@example.com");
    let long = format!("Bearer {}", "a".repeat(8192));
    for value in [
        "",
        "Bearer",
        "Bearer ",
        "Bearer  a b",
        "Bearer é",
        "Basic YTpi",
        "bearer",
        &long,
    ] {
        let request = nobody
            .request("GET", "/api/account")
            .header("authorization", value);
        world
            .without_traces(|| request.send())
            .refused(401, "not-signed-in");
    }
}

#[test]
fn a_token_in_the_header_is_enough_and_needs_no_origin() {
    let world = World::new();
    let ana = world.ana();
    let bearer = format!("Bearer {}", ana.token());
    let program = world.browser("ana@example.com");
    let request = program.request("POST", "/api/model").without("origin");
    let request = request.header("authorization", &bearer);
    request
        .json(&json!({"name": "x", "subject": "pet"}))
        .send()
        .expect(201);
}

/// SN-12
#[test]
fn a_cookie_and_a_header_of_two_people_are_refused() {
    let world = World::new();
    let (ana, ben) = (world.ana(), world.ben());
    let with = |token: &str| {
        ana.request("GET", "/api/account")
            .header("authorization", &format!("Bearer {token}"))
    };
    world
        .without_traces(|| with(&ben.token()).send())
        .refused(400, "malformed-request");
    with(&ana.token()).send().expect(200);
}

/// SN-13
#[test]
fn two_session_cookies_are_refused() {
    let world = World::new();
    let (ana, ben) = (world.ana(), world.ben());
    let (hers, his) = (ana.token(), ben.token());
    let nobody = world.browser("nobody@example.com");
    let together = format!("__Host-session={hers}; __Host-session={his}");
    let request = nobody
        .request("GET", "/api/account")
        .header("cookie", &together);
    request.send().refused(400, "malformed-request");
    let request = nobody
        .request("GET", "/api/account")
        .header("cookie", &format!("__Host-session={hers}"));
    request
        .and_header("cookie", &format!("__Host-session={his}"))
        .send()
        .refused(400, "malformed-request");
}
