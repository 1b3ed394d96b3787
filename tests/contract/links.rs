//! Signing in by mail: the letter, the link, the code, and the browser that asked.

use serde_json::json;
use stand_ins::{Behaviour, Script};

use crate::world::{MINUTE, SECOND, World};

const CONFIRM: &str = "/api/magic-link/confirm";

fn unavailable() -> Behaviour {
    Behaviour::Status {
        code: 500,
        body: None,
        headers: [].into(),
    }
}

/// LK-02
#[test]
fn a_scanner_that_opens_the_address_uses_nothing_up() {
    let world = World::new();
    let ana = world.browser("ana@example.com");
    ana.asks_for_a_link();
    let token = ana.letter_token();
    for method in ["GET", "PUT", "HEAD", "DELETE"] {
        let answer = ana.request(method, CONFIRM).send();
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, Some("POST")),
            "{method}"
        );
    }
    ana.confirms(&token).expect(200);
}

/// LK-03
#[test]
fn an_expired_an_unknown_and_a_used_link_are_told_alike() {
    let world = World::new();
    let ana = world.browser("ana@example.com");
    ana.asks_for_a_link();
    let token = ana.letter_token();
    let unknown = ana.confirms(&"x".repeat(43));
    unknown.refused(400, "link-invalid");
    let nonce = ana.cookie("__Host-link").unwrap();
    ana.confirms(&token).expect(200);
    ana.set_cookie("__Host-link", &nonce);
    let used = ana.confirms(&token);

    let late = world.browser("late@example.com");
    late.asks_for_a_link();
    let token = late.letter_token();
    world.advance(10 * MINUTE);
    let expired = late.confirms(&token);
    assert_eq!(unknown.without_request_id(), used.without_request_id());
    assert_eq!(unknown.without_request_id(), expired.without_request_id());
}

/// LK-05
#[test]
fn four_wrong_codes_leave_the_right_one_good() {
    let world = World::new();
    let ana = world.browser("ana@example.com");
    ana.asks_for_a_link();
    let code = ana.letter_code();
    for _ in 0..4 {
        ana.types("0000-0000").refused(400, "link-invalid");
    }
    ana.types(&format!(" {}-{} ", code[..4].to_lowercase(), &code[4..]))
        .expect(200);
}

/// LK-05
#[test]
fn the_fifth_wrong_code_ends_the_attempt_with_its_link() {
    let world = World::new();
    let ana = world.browser("ana@example.com");
    ana.asks_for_a_link();
    let (token, code) = (ana.letter_token(), ana.letter_code());
    for _ in 0..5 {
        ana.types("00000000").refused(400, "link-invalid");
    }
    ana.types(&code).refused(400, "link-invalid");
    ana.confirms(&token).refused(400, "link-invalid");
    assert!(ana.cookie("__Host-session").is_none());
}

/// LK-06
#[test]
fn a_code_typed_in_another_browser_counts_against_that_browser_only() {
    let world = World::new();
    let (ana, ben) = (
        world.browser("ana@example.com"),
        world.browser("ben@example.com"),
    );
    ana.asks_for_a_link();
    ben.asks_for_a_link();
    let (code, bens_token) = (ana.letter_code(), ben.letter_token());
    for _ in 0..5 {
        ben.types(&code).refused(400, "link-invalid");
    }
    ben.confirms(&bens_token).refused(400, "link-invalid");
    ana.types(&code).expect(200);
}

#[test]
fn a_link_opened_where_nobody_asked_says_so_and_stays_good() {
    let world = World::new();
    let ana = world.browser("ana@example.com");
    ana.asks_for_a_link();
    let token = ana.letter_token();
    let elsewhere = world.browser("ana@example.com");
    world.without_traces(|| elsewhere.confirms(&token).refused(403, "other-browser"));
    ana.confirms(&token).expect(200);
}

#[test]
fn a_new_request_ends_the_former_one_of_its_browser_only() {
    let world = World::new();
    let (ana, elsewhere) = (
        world.browser("ana@example.com"),
        world.browser("ana@example.com"),
    );
    elsewhere.asks_for_a_link();
    let other_token = elsewhere.letter_token();
    world.advance(2 * MINUTE);
    ana.asks_for_a_link();
    let former = ana.letter_token();
    let former_nonce = ana.cookie("__Host-link").unwrap();
    world.advance(2 * MINUTE);
    ana.asks_for_a_link();
    let present = ana.letter_token();
    let present_nonce = ana.cookie("__Host-link").unwrap();
    ana.set_cookie("__Host-link", &former_nonce);
    ana.confirms(&former).refused(400, "link-invalid");
    ana.set_cookie("__Host-link", &present_nonce);
    ana.confirms(&present).expect(200);
    elsewhere.confirms(&other_token).expect(200);
}

/// LK-07
#[test]
fn the_way_on_is_kept_when_it_is_a_page_of_ours() {
    let world = World::new();
    for (next, kept) in [
        ("/create?m=1", "/create?m=1"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/api/account", "/"),
    ] {
        let ana = world.browser("ana@example.com");
        ana.post(
            "/api/magic-link",
            &json!({"email": ana.email, "next": next}),
        )
        .expect(202);
        let confirmed = ana.confirms(&ana.letter_token()).expect(200);
        assert_eq!(confirmed["next"], kept);
        world.advance(13 * MINUTE);
    }
}

/// LK-08
#[test]
fn capitals_and_spaces_do_not_make_another_person() {
    let world = World::new();
    let first = world.browser("ana@example.com");
    let id = first.signs_in()["id"].clone();
    world.advance(2 * MINUTE);
    let second = world.browser("ana@example.com");
    second
        .post("/api/magic-link", &json!({"email": " Ana@EXAMPLE.com "}))
        .expect(202);
    let confirmed = second.confirms(&second.letter_token()).expect(200);
    assert_eq!(confirmed["user"]["id"], id);
    assert_eq!(world.letters_to("ana@example.com").len(), 2);
}

/// LK-09
#[test]
fn dots_and_tags_make_other_people() {
    let world = World::new();
    let ids = ["ana@example.com", "a.na@example.com", "ana+x@example.com"]
        .map(|email| world.browser(email).signs_in()["id"].to_string());
    assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
}

/// LK-10
#[test]
fn an_address_gets_at_most_five_letters_an_hour_and_one_a_minute() {
    let world = World::new();
    for _ in 0..6 {
        let client = world.browser("ana@example.com");
        client.asks_for_a_link().expect(202);
        client.asks_for_a_link().expect(202);
        world.advance(2 * MINUTE);
    }
    assert_eq!(world.letters_to("ana@example.com").len(), 5);
    world.advance(50 * MINUTE);
    world
        .browser("ana@example.com")
        .asks_for_a_link()
        .expect(202);
    world.settle();
    assert_eq!(world.letters_to("ana@example.com").len(), 6);
}

/// LK-12
#[test]
fn trouble_with_the_mail_is_not_shown_and_is_made_good() {
    for trouble in [
        unavailable(),
        Behaviour::Hang,
        Behaviour::DropAfter,
        Behaviour::DropBefore,
    ] {
        let world = World::new();
        world.script(Script::new("resend", trouble.clone()).times(1));
        let ana = world.browser("ana@example.com");
        let before = world.now_ms();
        ana.asks_for_a_link().expect(202);
        assert_eq!(world.now_ms(), before, "the answer waits for nobody");
        world.advance(2 * MINUTE);
        let letters = world.letters_to("ana@example.com");
        assert_eq!(letters.len(), 1, "{trouble:?}");
        assert_eq!(world.count_calls("resend", "POST /emails"), 2);
        ana.confirms(&ana.letter_token()).expect(200);
    }
}

/// LK-12
#[test]
fn a_letter_that_never_leaves_is_told_to_the_operator() {
    let world = World::new();
    world.script(Script::new("resend", unavailable()));
    world
        .browser("ana@example.com")
        .asks_for_a_link()
        .expect(202);
    world.advance(60 * MINUTE);
    assert_eq!(world.letters_to("ana@example.com").len(), 0);
    assert_eq!(world.count_alerts("effect failed"), 1);
}

/// LK-13
#[test]
fn the_letter_links_to_our_origin_whatever_host_was_named() {
    let world = World::new();
    let ana = world.browser("ana@example.com");
    let request = ana
        .request("POST", "/api/magic-link")
        .json(&json!({"email": ana.email}));
    let request = request
        .header("host", "evil.example")
        .header("x-forwarded-host", "evil.example");
    request.send().expect(202);
    let letter = ana.letter();
    let [link] = letter.links.as_slice() else {
        panic!("{:?}", letter.links)
    };
    let (page, token) = link.split_once("#t=").unwrap();
    assert_eq!(page, format!("{}/sign-in/confirm", world.config.app_origin));
    for part in [&letter.text, &letter.html] {
        assert!(!part.contains("evil.example"));
        let rest = part.replace(&format!("{page}#t={token}"), "");
        assert!(!rest.contains(token) && !rest.contains("://"), "{rest}");
    }
}

/// LK-14
#[test]
fn another_site_cannot_have_letters_sent() {
    let world = World::new();
    let ana = world.browser("ana@example.com");
    let request = || {
        ana.request("POST", "/api/magic-link")
            .json(&json!({"email": ana.email}))
    };
    world.without_traces(|| {
        request()
            .header("origin", "https://evil.example")
            .send()
            .refused(403, "cross-site");
        request()
            .header("origin", "null")
            .send()
            .refused(403, "cross-site");
        request()
            .header("sec-fetch-site", "cross-site")
            .send()
            .refused(403, "cross-site");
        request()
            .header("sec-fetch-site", "same-site")
            .send()
            .refused(403, "cross-site");
        let form = ana
            .request("POST", "/api/magic-link")
            .body("text/plain", b"{}");
        form.send().refused(415, "unsupported-media-type");
    });
}

#[test]
fn what_is_no_address_is_refused_and_nothing_is_mailed() {
    let world = World::new();
    let ana = world.browser("ana@example.com");
    for wrong in [
        "",
        "ana",
        "ana@localhost",
        "a..b@example.com",
        "ana@[127.0.0.1]",
        "a@b@example.com",
    ] {
        world.without_traces(|| {
            let answer = ana.post("/api/magic-link", &json!({"email": wrong}));
            assert_eq!(
                answer.refused(422, "invalid-request")["errors"][0]["pointer"],
                "/email"
            );
        });
    }
}

#[test]
fn a_store_that_fails_at_sign_in_leaves_the_link_good_for_the_next_press() {
    use selfie::fake::PutFault;
    for fault in [PutFault::Before, PutFault::After] {
        let world = World::new();
        let ana = world.browser("ana@example.com");
        ana.asks_for_a_link();
        let token = ana.letter_token();
        world.fake.fail_puts([fault]);
        ana.confirms(&token).refused(503, "storage-unavailable");
        assert!(ana.cookie("__Host-session").is_none());
        ana.confirms(&token).expect(200);
        assert_eq!(
            ana.sees_account()["sessions"].as_array().unwrap().len(),
            1,
            "{fault:?}"
        );
    }
}

#[test]
fn a_claim_that_was_not_given_back_lapses() {
    use selfie::fake::LedgerFault::{Before, Pass};
    let world = World::new();
    let ana = world.browser("ana@example.com");
    ana.asks_for_a_link();
    let token = ana.letter_token();
    // The claim stands; opening the session fails, and so does giving the claim back.
    world.fake.fail_ledger([Pass, Before, Before]);
    ana.confirms(&token).refused(503, "storage-unavailable");
    ana.confirms(&token).refused(409, "operation-in-progress");
    world.advance(10 * SECOND);
    ana.confirms(&token).expect(200);
    assert_eq!(ana.sees_account()["sessions"].as_array().unwrap().len(), 1);
}

#[test]
fn nothing_that_opens_a_session_is_kept_in_the_store_or_the_log() {
    let world = World::new();
    let ana = world.browser("ana@example.com");
    ana.asks_for_a_link();
    let (token, code) = (ana.letter_token(), ana.letter_code());
    let kept: String = world
        .fake
        .kv_entries()
        .into_iter()
        .map(|(key, value)| key + &value)
        .collect();
    assert!(kept.contains("MAGIC_LINKS/"));
    let logged = world.fake.lines().join("\n");
    for secret in [
        token.as_str(),
        &code,
        "ana@example.com",
        &ana.cookie("__Host-link").unwrap(),
    ] {
        assert!(
            !kept.contains(secret) && !logged.contains(secret),
            "{secret}"
        );
    }
    world.advance(12 * MINUTE);
    let rows = world.fake.rows();
    assert!(
        rows.iter().all(|(key, _)| !key.starts_with("link:")),
        "{rows:?}"
    );
}
