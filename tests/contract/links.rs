//! Signing in by mail: the letter, the link, the code, and the browser that asked.

use serde_json::json;

use crate::world::{MINUTE, SECOND, World};

const CONFIRM: &str = "/api/magic-link/confirm";

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
    world.fake.fail_ledger([Pass, Pass, Before, Before]);
    ana.confirms(&token).refused(503, "storage-unavailable");
    ana.confirms(&token).refused(409, "operation-in-progress");
    world.advance(10 * SECOND);
    ana.confirms(&token).expect(200);
    assert_eq!(ana.sees_account()["sessions"].as_array().unwrap().len(), 1);
}

/// LK-15
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
    ana.types("00000000").refused(400, "link-invalid");
    let told = {
        let outside = world.outside.world();
        format!("{:?}", outside.alerts())
    };
    let logged = world.fake.lines().join("\n") + &told;
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
