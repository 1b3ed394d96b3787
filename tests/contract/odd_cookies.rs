//! Cookies that a browser sends along although nobody here set them, and ours in a state that none
//! of ours is ever in: nobody may be locked out by them.

use serde_json::json;

use crate::browser::Browser;
use crate::request::Request;
use crate::world::World;

/// A request of somebody whose browser sends these cookies.
fn sending<'b, 'w>(
    browser: &'b Browser<'w>,
    method: &str,
    path: &str,
    cookies: &str,
) -> Request<'b, 'w> {
    browser
        .request(method, path)
        .header("cookie", cookies)
        .body("application/json", br#"{"name": "x", "subject": "pet"}"#)
}

#[test]
fn a_cookie_of_others_may_be_what_it_likes() {
    let world = World::new();
    let ana = world.ana();
    let session = format!("__Host-session={}", ana.token());
    for cookies in [
        format!("theme=schön; {session}"),
        format!("{session}; Ω=1; __Host-sessiön=2"),
    ] {
        ana.request("GET", "/api/account")
            .header("cookie", &cookies)
            .send()
            .expect(200);
        sending(&ana, "POST", "/api/model", &cookies)
            .send()
            .expect(201);
        let elsewhere = sending(&ana, "POST", "/api/model", &cookies).without("origin");
        world
            .without_traces(|| elsewhere.send())
            .refused(403, "cross-site");
    }
    let out = ana
        .request("POST", "/api/sign-out")
        .header("cookie", &format!("theme=schön; {session}"));
    assert_eq!(out.send().status, 204);
    let program = world.browser("ana@example.com");
    program.set_cookie("__Host-session", session.split_once('=').unwrap().1);
    program.get("/api/account").refused(401, "not-signed-in");
}

#[test]
fn whoever_signs_out_is_rid_of_any_cookie() {
    let world = World::new();
    let (ana, ben) = (world.ana(), world.ben());
    let two = format!(
        "__Host-session={}; __Host-session={}",
        ana.token(),
        ben.token()
    );
    for cookies in [two.as_str(), "__Host-session=schön"] {
        world.without_traces(|| {
            let request = || sending(&ana, "POST", "/api/sign-out", cookies);
            let answer = request().send();
            assert_eq!(answer.status, 204, "{cookies}");
            assert!(
                answer.all("set-cookie")[0].starts_with("__Host-session=; "),
                "{cookies}"
            );
            assert!(answer.header("clear-site-data").is_some());
            request()
                .without("origin")
                .send()
                .refused(403, "cross-site");
        });
    }
    for browser in [&ana, &ben] {
        world.without_traces(|| {
            for (method, path) in [
                ("GET", "/api/account"),
                ("POST", "/api/model"),
                ("POST", "/api/sign-out-everywhere"),
                ("POST", "/api/magic-link"),
            ] {
                sending(browser, method, path, &two)
                    .send()
                    .refused(400, "malformed-request");
            }
        });
    }
}

/// What cannot be read of a session is replaced by signing in again.
#[test]
fn a_session_that_cannot_be_read_keeps_nobody_from_signing_in() {
    let world = World::new();
    let ana = world.browser("ana@example.com");
    let cookies = "__Host-session=schön";
    let asks = || {
        let request = ana.request("POST", "/api/magic-link");
        let request = request.json(&json!({"email": ana.email}));
        request.header("cookie", cookies)
    };
    asks().send().expect(202);
    world
        .without_traces(|| asks().without("origin").send())
        .refused(403, "cross-site");
    world
        .without_traces(|| sending(&ana, "GET", "/api/account", cookies).send())
        .refused(400, "malformed-request");
}
