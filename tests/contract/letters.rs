//! Letters: to whom, how often, what they say, and what happens when they cannot leave.

use serde_json::json;
use stand_ins::{Behaviour, Script};

use crate::world::{MINUTE, SECOND, World};

fn unavailable() -> Behaviour {
    Behaviour::Status {
        code: 500,
        body: None,
        headers: [].into(),
    }
}

/// Fifty addresses that no other test uses.
fn addresses(kind: &str) -> Vec<&'static str> {
    let address = |number| &*format!("{kind}{number}@example.com").leak();
    (0..50).map(address).collect()
}

/// Whom the provider turns away together must not come back together.
#[test]
fn the_letters_of_a_crowd_all_leave_although_ten_a_second_are_taken() {
    let world = World::new();
    // As many as may leave within an hour.
    let crowd = ["first", "second", "third", "last"].map(addresses).concat();
    for email in &crowd {
        world.browser(email).asks_for_a_link().expect(202);
    }
    world.advance(3 * MINUTE);
    for email in &crowd {
        assert_eq!(world.letters_to(email).len(), 1, "{email}");
    }
}

/// LK-01
#[test]
fn a_known_and_an_unknown_address_are_answered_alike_and_at_once() {
    let world = World::new();
    let (known, unknown) = (addresses("known"), addresses("unknown"));
    for email in &known {
        world.browser(email).signs_in();
        world.advance(SECOND);
    }
    world.advance(2 * MINUTE);
    let mut answers = Vec::new();
    for email in known.iter().zip(&unknown).flat_map(|(a, b)| [*a, *b]) {
        let before = world.now_ms();
        let answer = world.browser(email).asks_for_a_link();
        assert_eq!(world.now_ms(), before, "no answer waits for a letter");
        let (status, headers, body) = answer.without_request_id();
        let names: Vec<String> = headers.into_iter().map(|(name, _)| name).collect();
        answers.push((status, names, body));
        world.advance(SECOND);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(answers[0].0, 202);
    for (known, unknown) in known.iter().zip(&unknown) {
        let letters = [known, unknown].map(|email| world.letters_to(email).len());
        assert_eq!(letters, [2, 1], "one for signing in, and one each");
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

fn about_trainings(world: &World) -> Vec<stand_ins::Letter> {
    let mut letters = world.letters_to("ana@example.com");
    letters.retain(|letter| !letter.subject.contains("sign-in"));
    letters
}

#[test]
fn the_end_of_a_training_is_told_once() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    world.advance(30 * MINUTE);
    world.sweep();
    let letters = about_trainings(&world);
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].subject, "Your model is ready");
    assert!(letters[0].text.contains(&format!("/studio/{model}\n")));
}

#[test]
fn a_failed_training_is_told_with_its_reason_and_that_nothing_was_charged() {
    let world = World::new();
    let error = "CUDA out of memory".to_owned();
    world.script(Script::new("replicate", Behaviour::Fail { error }));
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    ana.asks_to_train(&model).expect(202);
    world.advance(5 * MINUTE);
    assert_eq!(ana.sees_model(&model)["state"], "failed");
    let letters = about_trainings(&world);
    assert_eq!(letters.len(), 1);
    assert!(letters[0].text.contains("Nothing was charged"));
    assert!(!letters[0].text.contains("CUDA"));
}

#[test]
fn a_canceled_training_is_not_told() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    ana.asks_to_train(&model).expect(202);
    ana.delete(&format!("/api/genmodel/{model}")).expect(202);
    world.advance(MINUTE);
    assert!(about_trainings(&world).is_empty());
}
