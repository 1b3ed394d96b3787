//! Sessions: their cookie, their life, their end, and tokens that are not quite right.

use serde_json::json;

use crate::browser::Browser;
use crate::world::{HOUR, MINUTE, World};

fn is_signed_in(browser: &Browser<'_>) -> bool {
    match browser.get("/api/verify-token").status {
        200 => true,
        401 => false,
        other => panic!("{other}"),
    }
}

/// SN-01
#[test]
fn signing_in_sets_one_cookie_with_exactly_these_attributes() {
    let world = World::new();
    let ana = world.browser("ana@example.com");
    let asked = ana.asks_for_a_link();
    let link = ana.cookie("__Host-link").unwrap();
    let strict = "Path=/; Secure; HttpOnly; SameSite=Strict";
    assert_eq!(
        asked.all("set-cookie"),
        [format!("__Host-link={link}; {strict}; Max-Age=600")]
    );
    assert_eq!(link.len(), 43);
    let answer = ana.confirms(&ana.letter_token());
    let token = ana.token();
    assert_eq!(
        answer.all("set-cookie"),
        [
            format!("__Host-session={token}; {strict}; Max-Age=604800"),
            format!("__Host-link=; {strict}; Max-Age=0"),
        ]
    );
    assert!(!answer.text().contains(&token) && answer.header("location").is_none());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

/// SN-06
#[test]
fn signing_out_works_always_and_clears_everything() {
    let world = World::new();
    let ana = world.ana();
    let token = ana.token();
    let strict = "Path=/; Secure; HttpOnly; SameSite=Strict";
    let check = |browser: &Browser<'_>| {
        let answer = browser.request("POST", "/api/sign-out").send();
        assert_eq!(answer.status, 204);
        assert_eq!(
            answer.all("set-cookie"),
            [format!("__Host-session=; {strict}; Max-Age=0")]
        );
        assert_eq!(
            answer.header("clear-site-data"),
            Some("\"cache\", \"cookies\", \"storage\"")
        );
    };
    check(&ana);
    check(&ana);
    let again = world.browser("ana@example.com");
    again.set_cookie("__Host-session", &token);
    assert!(!is_signed_in(&again));
    check(&again);
    again.set_cookie("__Host-session", "rubbish");
    check(&again);
}

/// SN-07
#[test]
fn signing_out_everywhere_ends_every_session_and_no_other_persons() {
    let world = World::new();
    let ben = world.ben();
    let sessions: Vec<Browser<'_>> = (0..3)
        .map(|_| {
            world.advance(2 * MINUTE);
            world.ana()
        })
        .collect();
    assert_eq!(
        sessions[0]
            .request("POST", "/api/sign-out-everywhere")
            .send()
            .status,
        204
    );
    for (session, token) in sessions
        .iter()
        .skip(1)
        .map(|session| (session, session.token()))
    {
        assert!(!is_signed_in(session));
        session
            .post("/api/model", &json!({"name": "x", "subject": "pet"}))
            .refused(401, "not-signed-in");
        let program = world.browser("ana@example.com");
        let bearer = format!("Bearer {token}");
        let request = program
            .request("GET", "/api/account")
            .header("authorization", &bearer);
        request.send().refused(401, "not-signed-in");
    }
    assert!(is_signed_in(&ben));
    world.advance(2 * MINUTE);
    assert!(is_signed_in(&world.ana()));
}

/// SN-08
#[test]
fn a_session_ends_when_it_is_idle_and_in_any_case_at_its_end() {
    let world = World::with(&[("SESSION_IDLE_S", "3600"), ("SESSION_TTL_S", "7200")]);
    let (ana, ben) = (world.ana(), world.ben());
    for _ in 0..3 {
        world.advance(35 * MINUTE);
        assert!(is_signed_in(&ana));
    }
    assert!(!is_signed_in(&ben), "idle for more than an hour");
    ben.post("/api/model", &json!({"name": "x", "subject": "pet"}))
        .refused(401, "not-signed-in");
    world.advance(16 * MINUTE);
    assert!(!is_signed_in(&ana), "older than two hours, however active");
}

/// SN-08: reading through the ledger is activity like any other.
#[test]
fn whatever_is_asked_keeps_a_session_from_being_idle() {
    let world = World::with(&[("SESSION_IDLE_S", "3600")]);
    let ana = world.ana();
    for path in [
        "/api/model",
        "/api/account",
        "/api/prediction",
        "/api/model",
    ] {
        world.advance(35 * MINUTE);
        ana.get(path).expect(200);
    }
    world.advance(61 * MINUTE);
    ana.get("/api/model").refused(401, "not-signed-in");
}

#[test]
fn a_visit_is_written_down_at_most_every_five_minutes() {
    let world = World::new();
    let ana = world.ana();
    let last_seen = || {
        let sessions = &ana.sees_account()["sessions"];
        (
            sessions[0]["last_seen_at"].clone(),
            sessions[0]["current"].clone(),
        )
    };
    let first = last_seen();
    assert_eq!(first.1, true);
    world.advance(4 * MINUTE);
    world.without_traces(|| assert_eq!(last_seen(), first));
    world.advance(MINUTE);
    last_seen();
    assert_ne!(last_seen(), first);
}

/// SN-09
#[test]
fn a_session_that_somebody_else_chose_is_replaced() {
    let world = World::new();
    let mallory = world.person("mallory@example.com");
    let victim = world.browser("ana@example.com");
    victim.set_cookie("__Host-session", &mallory.token());
    victim.signs_in();
    assert_ne!(victim.token(), mallory.token());
    assert_eq!(victim.sees_account()["email"], "ana@example.com");
    assert_eq!(mallory.sees_account()["email"], "mallory@example.com");
}

/// SN-10
#[test]
fn of_many_sessions_the_twenty_newest_stand() {
    let world = World::with(&[("SESSION_IDLE_S", "604800")]);
    let sessions: Vec<Browser<'_>> = (0..25)
        .map(|_| {
            // Ten letters a day are sent to one address.
            world.advance(150 * MINUTE);
            let browser = world.browser("ana@example.com");
            browser.signs_in();
            browser
        })
        .collect();
    let alive: Vec<bool> = sessions.iter().map(is_signed_in).collect();
    assert_eq!(alive, [vec![false; 5], vec![true; 20]].concat());
    assert_eq!(
        sessions[24].sees_account()["sessions"]
            .as_array()
            .unwrap()
            .len(),
        20
    );
}

/// OW-04
#[test]
fn a_second_address_that_falls_on_a_taken_id_is_refused_and_told() {
    let world = World::new();
    let first = world.ana();
    world.settle();
    // What another address would have left here, had it the same first eight bytes.
    let (name, row) = world
        .fake
        .rows()
        .into_iter()
        .find(|(name, _)| name.starts_with("user:76b6433c05e2d9b3 user "))
        .unwrap();
    let other = row.replace("drZDPAXi2bO2GL67", "drZDPAXi2bOAAAAA");
    assert_ne!(other, row);
    world.fake.rewrite(&name, &other);
    world.advance(2 * MINUTE);
    let second = world.browser("ana@example.com");
    second.asks_for_a_link();
    let token = second.letter_token();
    second.confirms(&token).refused(400, "link-invalid");
    assert!(second.cookie("__Host-session").is_none());
    world.settle();
    assert_eq!(world.count_alerts("address collision"), 1);
    let rows = world.fake.rows();
    assert!(rows.contains(&(name, other)), "the first is as it was");
    assert_eq!(
        first.sees_account()["sessions"].as_array().unwrap().len(),
        1
    );
}

/// OW-03
#[test]
fn an_address_has_the_id_that_was_fixed_for_it() {
    let world = World::new();
    world.browser("u2925@example.com").signs_in();
    let ana = world.ana();
    assert_eq!(
        ana.get("/api/verify-token").expect(200)["user"]["id"],
        "76b6433c05e2d9b3"
    );
    let keys: String = world
        .fake
        .kv_entries()
        .into_iter()
        .map(|(key, _)| key + " ")
        .collect();
    assert!(keys.contains("USERS/email.2446087e115025a1"));
    assert!(
        !keys.contains("8e43ca37701228e7"),
        "the id of an unkeyed hash"
    );
    world.advance(HOUR);
}
