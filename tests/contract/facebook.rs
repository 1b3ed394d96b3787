//! Signing in with Facebook: the way there and the way back.

use selfie::fake;
use serde_json::json;

use crate::dialog::parameter;
use crate::world::{MINUTE, World};

const NOBODY: &str = "nobody@example.com";
const ADA: &str = "10215678901234567";

/// FA-01: the configured dialog, our one address to come back to, a state of its own, and a session.
#[test]
fn whoever_allows_it_is_signed_in_and_led_on() {
    let world = World::new();
    let ada = world.browser(NOBODY);
    let begun = world.without_traces(|| ada.get("/api/facebook/auth?next=%2Fcreate%3Fm%3D1"));
    begun.expect(302);
    let dialog = begun.header("location").unwrap();
    let (base, _) = dialog.split_once('?').unwrap();
    assert_eq!(base, world.config.facebook.as_ref().unwrap().dialog_url);
    let asked = |name: &str| parameter(dialog, name).unwrap();
    assert_eq!(
        asked("redirect_uri"),
        format!("{}/api/facebook/callback", world.config.app_origin)
    );
    assert_eq!(asked("client_id"), "1122334455667788");
    assert_eq!(asked("response_type"), "code");
    assert_eq!(asked("scope"), "public_profile,email");
    assert_eq!(asked("state").len(), 43);
    let ticket = ada.cookie("__Host-facebook").unwrap();
    assert_eq!(
        begun.all("set-cookie"),
        [format!(
            "__Host-facebook={ticket}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600"
        )]
    );
    let other = world.browser(NOBODY).goes_to_facebook("%2F");
    assert_ne!(parameter(&other, "state").unwrap(), asked("state"));

    let back = world.answers_dialog(dialog, "ada", "allow");
    let answer = ada.get(&back);
    answer.expect(303);
    assert_eq!(answer.header("location"), Some("/create?m=1#"));
    let strict = "Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=604800";
    assert_eq!(
        answer.all("set-cookie"),
        [
            "__Host-facebook=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0".to_owned(),
            format!("__Host-session={}; {strict}", ada.token()),
        ]
    );
    assert!(!answer.header("location").unwrap().contains(&ada.token()));
    let user = ada.get("/api/verify-token").expect(200)["user"].clone();
    assert_eq!(
        (&user["id"], &user["provider"]),
        (&json!(ADA), &json!("facebook"))
    );
    assert_eq!(
        (&user["name"], &user["email"]),
        (&json!("Ada Example"), &json!("ada@example.com"))
    );
}

#[test]
fn nothing_of_the_way_is_kept_but_who_it_is() {
    let world = World::new();
    let ada = world.browser(NOBODY);
    let dialog = ada.goes_to_facebook("%2Fstudio");
    let ticket = ada.cookie("__Host-facebook").unwrap();
    let back = world.answers_dialog(&dialog, "ada", "allow");
    ada.get(&back).expect(303);
    world.advance(MINUTE);
    let kept: String = world
        .fake
        .kv_entries()
        .into_iter()
        .chain(world.fake.rows())
        .map(|(key, value)| key + &value)
        .collect();
    assert!(kept.contains(&format!("USERS/facebook.{ADA}")));
    let code = parameter(&back, "code").unwrap();
    let state = parameter(&back, "state").unwrap();
    // What Facebook's tokens begin with.
    for secret in ["EAA", &code, &state, &ticket] {
        assert!(!kept.contains(secret), "{secret}");
    }
    let lines = world.fake.lines().join("\n");
    for secret in [
        "EAA",
        &code,
        &state,
        &ticket,
        "Ada",
        "developmentonlyfacebook",
    ] {
        assert!(!lines.contains(secret), "{secret}");
    }
    world.advance(11 * MINUTE);
    let links = world.fake.rows();
    assert!(links.iter().all(|(key, _)| !key.starts_with("link:")));
}

/// FA-02: a state belongs to the browser that was sent away with it.
#[test]
fn a_return_to_another_browser_is_refused() {
    let world = World::new();
    let (mallory, victim) = (world.browser(NOBODY), world.browser(NOBODY));
    let back = mallory.answers_facebook("ada", "allow");
    victim.goes_to_facebook("%2F");
    world.without_traces(|| victim.comes_back_without(&back, "failed"));
    let bare = world.browser(NOBODY);
    world.without_traces(|| bare.comes_back_without(&back, "try-again"));
    mallory.get(&back).expect(303);
    assert!(mallory.cookie("__Host-session").is_some());
}

/// FA-03: no other value of ours passes for the ticket.
#[test]
fn the_cookie_of_a_letter_is_no_ticket() {
    let world = World::new();
    let ana = world.ana();
    ana.asks_for_a_link();
    let back = ana.answers_facebook("ada", "allow");
    let (link, session) = (ana.cookie("__Host-link").unwrap(), ana.token());
    for value in [link.as_str(), &session, "", "rubbish"] {
        ana.set_cookie("__Host-facebook", value);
        world.without_traces(|| ana.comes_back_without(&back, "failed"));
    }
}

#[test]
fn a_ticket_is_no_cookie_of_a_letter() {
    let world = World::new();
    let ada = world.browser(NOBODY);
    ada.goes_to_facebook("%2F");
    let ticket = ada.cookie("__Host-facebook").unwrap();
    ada.set_cookie("__Host-link", &ticket);
    world.without_traces(|| ada.types("00000000").refused(403, "other-browser"));
}

/// FA-04: the dialog may take ten minutes.
#[test]
fn a_return_that_took_too_long_is_refused() {
    let world = World::new();
    let ada = world.browser(NOBODY);
    let dialog = ada.goes_to_facebook("%2F");
    world.sleep(10 * MINUTE);
    let back = world.answers_dialog(&dialog, "ada", "allow");
    world.without_traces(|| ada.comes_back_without(&back, "try-again"));
}

/// FA-05: whoever denies it is back at the sign-in page, and nothing of the query is shown.
#[test]
fn whoever_denies_it_is_back_at_the_sign_in_page() {
    for switch in ["full", "reduced"] {
        let world = World::new();
        let mut outside = world.outside.world();
        outside.set_switch("facebook_denied", switch).unwrap();
        drop(outside);
        let ada = world.browser(NOBODY);
        let back = ada.answers_facebook("ada", "deny");
        world.without_traces(|| ada.comes_back_without(&back, "cancelled"));
        assert!(ada.cookie("__Host-facebook").is_none());
    }
    let world = World::new();
    let ada = world.browser(NOBODY);
    let back = ada.answers_facebook("ada", "error");
    world.without_traces(|| ada.comes_back_without(&back, "failed"));
    let markup = "/api/facebook/callback?error=%3Cscript%3Ealert(1)%3C%2Fscript%3E&code=x";
    world.without_traces(|| ada.comes_back_without(markup, "failed"));
}

/// FA-06: one code and one state of their forms, or nothing is looked for.
#[test]
fn a_return_of_another_form_is_refused() {
    let world = World::new();
    let ada = world.browser(NOBODY);
    let back = ada.answers_facebook("ada", "allow");
    let state = parameter(&back, "state").unwrap();
    let code = parameter(&back, "code").unwrap();
    let path = |query: String| format!("/api/facebook/callback?{query}");
    for (query, word) in [
        (format!("state={state}"), "try-again"),
        (format!("code={code}"), "try-again"),
        (String::new(), "try-again"),
        (
            format!("code={code}&code={code}&state={state}"),
            "try-again",
        ),
        (
            format!("code={code}&state={state}&state={state}"),
            "try-again",
        ),
        (format!("code=&state={state}"), "failed"),
        (
            format!("code={}&state={state}", "x".repeat(20_480)),
            "failed",
        ),
        (format!("code={}&state={state}", "x".repeat(2049)), "failed"),
        (format!("code={code}&state={state}x"), "failed"),
        (format!("code={code}&state="), "failed"),
    ] {
        let back = path(query);
        world.without_traces(|| ada.comes_back_without(&back, word));
    }
    let ticket = ada.cookie("__Host-facebook").unwrap();
    let twice = format!("__Host-facebook={ticket}; __Host-facebook={ticket}");
    let request = || ada.request("GET", &back).header("cookie", &twice).send();
    let answer = world.without_traces(request);
    assert_eq!(
        answer.header("location"),
        Some("/sign-in?error=failed"),
        "of two tickets none is taken"
    );
    ada.get(&back).expect(303);
    assert!(ada.cookie("__Host-session").is_some());
}

#[test]
fn only_a_visit_is_a_return() {
    let world = World::new();
    let ada = world.browser(NOBODY);
    let back = ada.answers_facebook("ada", "allow");
    let answer = world.without_traces(|| ada.request("HEAD", &back).send());
    assert_eq!(answer.header("location"), Some("/sign-in?error=try-again"));
    for method in ["POST", "PUT"] {
        let answer = world.without_traces(|| ada.request(method, &back).send());
        answer.refused(405, "method-not-allowed");
    }
    ada.get(&back).expect(303);
    assert!(ada.cookie("__Host-session").is_some());
}

#[test]
fn the_same_return_twice_signs_in_once() {
    let world = World::new();
    let ada = world.browser(NOBODY);
    let dialog = ada.goes_to_facebook("%2Fstudio");
    let ticket = ada.cookie("__Host-facebook").unwrap();
    let back = world.answers_dialog(&dialog, "ada", "allow");
    ada.get(&back).expect(303);
    let session = ada.token();
    ada.set_cookie("__Host-facebook", &ticket);
    let again = ada.get(&back);
    again.expect(303);
    assert_eq!(again.header("location"), Some("/studio#"));
    assert_eq!(ada.token(), session, "no session of its own");
    assert_eq!(world.count_exchanges(), 1);
    let stranger = world.browser(NOBODY);
    stranger.set_cookie("__Host-facebook", &ticket);
    stranger.get(&back).expect(303);
    assert!(stranger.cookie("__Host-session").is_none());
    assert_eq!(world.count_exchanges(), 1);
}

/// FA-12: where one comes back to is ours to say.
#[test]
fn another_host_in_the_request_changes_nothing() {
    let world = World::new();
    let ada = world.browser(NOBODY);
    let request = ada
        .request(
            "GET",
            "/api/facebook/auth?next=https%3A%2F%2Fevil.example%2F",
        )
        .header("host", "evil.example")
        .header("x-forwarded-host", "evil.example");
    let answer = request.send();
    let dialog = answer.header("location").unwrap();
    assert!(!dialog.contains("evil.example"));
    let back = world.answers_dialog(dialog, "ada", "allow");
    assert_eq!(ada.get(&back).header("location"), Some("/#"));
}

/// FA-13: a token is never taken from a browser.
#[test]
fn a_token_that_a_browser_brings_is_ignored() {
    let world = World::new();
    let ada = world.browser(NOBODY);
    let dialog = ada.goes_to_facebook("%2F");
    let state = parameter(&dialog, "state").unwrap();
    let back = format!("/api/facebook/callback?access_token=EAAx&state={state}");
    world.without_traces(|| ada.comes_back_without(&back, "try-again"));
}

#[test]
fn without_an_app_there_is_nothing_of_facebook() {
    let off = [("FACEBOOK_APP_ID", ""), ("FACEBOOK_APP_SECRET", "")];
    let world = World::with(&off);
    let nobody = world.browser(NOBODY);
    for (method, path) in [
        ("GET", "/api/facebook/auth"),
        ("GET", "/api/facebook/callback?code=x&state=y"),
        ("GET", "/api/facebook/callback?error=access_denied"),
        ("POST", "/api/facebook/deauthorize"),
    ] {
        let answer = world.without_traces(|| nobody.request(method, path).send());
        answer.refused(404, "not-found");
    }
    let health = nobody.get("/api/health").expect(200);
    assert_eq!(health["providers"]["facebook"], "disabled");
    let on = World::new().browser(NOBODY).get("/api/health").expect(200);
    assert_eq!(on["providers"]["facebook"], "closed");
    for half in off {
        let wrong = fake::config(&[half]).expect_err("half-set");
        assert_eq!(wrong.variable, half.0);
    }
}
