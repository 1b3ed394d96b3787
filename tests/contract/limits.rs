//! How often, and by whom: counted exactly in the ledger, with nothing in front of it here.

use selfie::ports::Shield;
use serde_json::json;

use crate::browser::Browser;
use crate::pictures;
use crate::world::{HOUR, MINUTE, SECOND, World};

/// Asks for a letter to an address that nobody else asks for.
fn asks(browser: &Browser<'_>) -> crate::answer::Answer {
    let email = format!("number{}@example.com", browser.world.number());
    browser.post("/api/magic-link", &json!({"email": email}))
}

/// The seconds after which it may be tried again.
fn wait_s(answer: &crate::answer::Answer) -> u64 {
    answer.refused(429, "too-many-requests");
    answer.header("retry-after").unwrap().parse().unwrap()
}

/// LK-11: ten requests a minute, whatever else a client says that it is.
#[test]
fn the_eleventh_request_of_a_client_in_a_minute_is_refused() {
    let world = World::new();
    let client = world.browser("ana@example.com");
    for _ in 0..10 {
        asks(&client).expect(202);
        world.advance(SECOND);
    }
    for forged in [
        "x-forwarded-for",
        "x-real-ip",
        "true-client-ip",
        "forwarded",
    ] {
        let request = client
            .request("POST", "/api/magic-link")
            .header(forged, "203.0.113.9");
        let request = request.json(&json!({"email": "late@example.com"}));
        let answer = world.without_traces(|| request.send());
        assert_eq!(wait_s(&answer), 50);
    }
    world.advance(49 * SECOND);
    assert_eq!(wait_s(&asks(&client)), 1);
    world.advance(SECOND);
    asks(&client).expect(202);
    asks(&world.browser("neighbour@example.com")).expect(202);
}

/// LK-11
#[test]
fn a_client_asks_at_most_thirty_times_an_hour() {
    let world = World::new();
    let client = world.browser("ana@example.com");
    for _ in 0..30 {
        asks(&client).expect(202);
        world.advance(10 * SECOND);
    }
    world.advance(MINUTE);
    assert_eq!(wait_s(&asks(&client)), 3600 - 300 - 60);
    world.advance(HOUR - 6 * MINUTE);
    asks(&client).expect(202);
}

/// LK-11: a network of IPv6 is one client, and those without an address are one together.
#[test]
fn clients_that_cannot_be_told_apart_share_a_limit() {
    let world = World::new();
    for addresses in [
        ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9"],
        ["", "not an address"],
    ] {
        for count in 0..12 {
            let client = world.browser("ana@example.com");
            let email = format!("number{}@example.com", world.number());
            let request = client
                .request("POST", "/api/magic-link")
                .json(&json!({"email": email}));
            let request = request.header("cf-connecting-ip", addresses[count % 2]);
            assert_eq!(request.send().status, if count < 10 { 202 } else { 429 });
        }
    }
}

#[test]
fn ten_confirmations_a_minute_are_taken_from_a_client() {
    let world = World::new();
    let client = world.browser("ana@example.com");
    client.asks_for_a_link();
    let token = client.letter_token();
    for _ in 0..10 {
        client
            .confirms(&"x".repeat(43))
            .refused(400, "link-invalid");
    }
    let answer = world.without_traces(|| client.confirms(&token));
    assert_eq!(wait_s(&answer), 60);
    world.advance(MINUTE);
    client.confirms(&token).expect(200);
}

/// The row that counts knows no address, and goes when it counts for nothing any more.
#[test]
fn what_is_counted_is_forgotten() {
    let world = World::new();
    asks(&world.browser("ana@example.com")).expect(202);
    let counted = || {
        let rows = world.fake.rows().into_iter();
        rows.filter(|(key, _)| key.starts_with("global recent"))
            .map(|(key, _)| key)
            .collect::<Vec<_>>()
    };
    assert_eq!(counted().len(), 2);
    assert!(
        counted().iter().all(|key| !key.contains("10.7.")),
        "{:?}",
        counted()
    );
    world.advance(2 * HOUR);
    assert_eq!(counted(), [] as [String; 0]);
}

/// All clients together send at most 200 letters an hour; then nobody is let wait in vain.
#[test]
fn letters_to_all_addresses_are_limited_and_the_operator_is_told() {
    let world = World::new();
    for _ in 0..20 {
        let client = world.browser("ana@example.com");
        for _ in 0..10 {
            asks(&client).expect(202);
        }
    }
    world.settle();
    let letters = world.count_calls("resend", "POST /emails");
    assert_eq!(letters, 200);
    let client = world.browser("ana@example.com");
    for _ in 0..3 {
        let answer = asks(&client);
        assert_eq!(
            answer.refused(503, "provider-unavailable")["provider"],
            "mail"
        );
        assert_eq!(answer.header("retry-after"), Some("3600"));
    }
    world.settle();
    assert_eq!(world.count_calls("resend", "POST /emails"), 200);
    assert_eq!(world.count_alerts("letters exhausted"), 1);
    world.advance(HOUR);
    asks(&client).expect(202);
}

/// PH-12: the 121st upload of an hour.
#[test]
fn a_person_begins_at_most_120_uploads_an_hour() {
    let world = World::new();
    let ana = world.ana();
    let mut model = String::new();
    for count in 0..120 {
        if count % 30 == 0 {
            model = ana.creates_a_model();
        }
        ana.uploads(&model, &pictures::photo(world.number()))
            .expect(201);
    }
    model = ana.creates_a_model();
    world.settle();
    let one_more = pictures::photo(world.number());
    let answer = world.without_traces(|| ana.uploads(&model, &one_more));
    let problem = answer.refused(429, "quota-exceeded");
    assert_eq!(
        (&problem["limit"], &problem["used"]),
        (&json!(120), &json!(120))
    );
    assert_eq!(answer.header("retry-after"), Some("3600"));
    assert_eq!(
        problem["detail"],
        "You have added 120 of 120 photos of an hour. The next one is possible at 11:00 UTC."
    );
    world.advance(HOUR);
    ana.uploads(&model, &one_more).expect(201);
}

/// PH-12: more than 300 MiB, all models together.
#[test]
fn a_person_stores_at_most_300_mib() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(1);
    let rows = world.fake.rows();
    let (name, row) = rows
        .iter()
        .find(|(name, _)| name.contains(" photo "))
        .unwrap();
    let mut photo: serde_json::Value = serde_json::from_str(row).unwrap();
    let one_more = pictures::photo(world.number());
    photo["bytes"] = json!(300 * 1024 * 1024 - one_more.len() / 2);
    world.fake.rewrite(name, &photo.to_string());
    let other = ana.creates_a_model();
    world.settle();
    for model in [&model, &other] {
        let answer = world.without_traces(|| ana.uploads(model, &one_more));
        let problem = answer.refused(429, "quota-exceeded");
        assert_eq!(problem["quota"], "stored_photo_bytes");
        assert_eq!(problem["limit"], 300 * 1024 * 1024);
        assert_eq!(
            problem["detail"],
            "Your photos take up 299 of 300 MiB. Remove some, or a model with its photos, to add \
             others."
        );
        // Nothing goes by itself, so no time is named.
        assert_eq!(problem["resets_at"], serde_json::Value::Null);
        assert_eq!(answer.header("retry-after"), None);
    }
    photo["bytes"] = json!(300 * 1024 * 1024 - 2 * one_more.len());
    world.fake.rewrite(name, &photo.to_string());
    ana.uploads(&other, &one_more).expect(201);
}

/// They cost a look into a ledger or a dialog at Facebook, and nobody must be signed in for them.
#[test]
fn what_anybody_may_ask_for_is_behind_a_shield() {
    let world = World::new();
    let ana = world.ana();
    let code = "7".repeat(26);
    let asks = || {
        [
            ana.get("/api/health"),
            ana.get(&format!("/api/deletion/{code}")),
            ana.get("/api/facebook/auth"),
        ]
    };
    assert_eq!(asks().map(|answer| answer.status), [200, 404, 302]);
    world.fake.refuse_at(Shield::Read);
    world.without_traces(|| {
        for answer in asks() {
            assert_eq!(wait_s(&answer), 60);
        }
        // A person stands before this one, who is sent on to a page that says so.
        let back = format!("/api/facebook/callback?code=x&state={}", "s".repeat(43));
        let back = ana.get(&back);
        let to = back.header("location");
        assert_eq!((back.status, to), (303, Some("/sign-in?error=try-again")));
    });
    ana.get("/api/account").expect(200);
}
