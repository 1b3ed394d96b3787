//! Providers that fail again and again: they are left alone for a while, and nobody pays for it.

use selfie::domain::breaker::Breakers;
use selfie::ports::Outbound;
use serde_json::json;
use stand_ins::{Behaviour, Script};

use crate::pictures;
use crate::world::{MINUTE, SECOND, World};

fn status(code: u16) -> Behaviour {
    Behaviour::Status {
        code,
        body: None,
        headers: [].into(),
    }
}

fn state(world: &World, provider: &str) -> String {
    let health = world.browser("nobody@example.com").get("/api/health");
    let state = &health.expect(200)["providers"][provider];
    state.as_str().unwrap().to_owned()
}

/// PD-07: A provider that fails again and again is left alone, then probed once.
#[test]
fn a_provider_that_keeps_failing_is_left_alone_and_then_probed() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let ask = || ana.asks_for_images(&model, "by the sea");
    let orders = || world.count_calls("replicate", "POST /predictions");
    world.script(Script::new("replicate", status(500)).method("POST"));
    for _ in 0..5 {
        // Whether it runs is not known, so it is accepted and looked for.
        ask().expect(202);
    }
    assert_eq!(state(&world, "replicate"), "open");
    let before = world.now_ms();
    let answer = ask();
    assert_eq!(
        answer.refused(503, "provider-unavailable")["provider"],
        "replicate"
    );
    assert_eq!(answer.header("retry-after"), Some("30"));
    assert!(world.now_ms() - before < 200);
    assert_eq!(orders(), 5);
    let used = &ana.sees_account()["quotas"]["predictions_per_day"]["used"];
    assert_eq!(*used, 5, "nothing is reserved for the sixth");
    world.settle();
    assert_eq!(world.count_alerts("breaker opened"), 1);

    // Another isolate has seen no failure, and is held back all the same.
    world.fake.breakers().replace(Breakers::default());
    ask().refused(503, "provider-unavailable");
    assert_eq!(orders(), 5);

    world.outside.world().clear_scripts();
    world.sleep(30 * SECOND);
    ask().expect(202);
    assert_eq!(state(&world, "replicate"), "closed");
    ask().expect(202);
    assert_eq!(orders(), 7);
}

/// PD-07: A probe that fails opens it again.
#[test]
fn a_probe_that_fails_is_the_only_one() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let ask = || ana.asks_for_images(&model, "by the sea");
    world.script(Script::new("replicate", status(500)).method("POST"));
    for _ in 0..5 {
        ask().expect(202);
    }
    world.sleep(30 * SECOND);
    ask().expect(202);
    for _ in 0..3 {
        ask().refused(503, "provider-unavailable");
    }
    assert_eq!(world.count_calls("replicate", "POST /predictions"), 6);
}

#[test]
fn a_store_that_keeps_failing_is_not_asked_while_it_rests() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.creates_a_model();
    world.script(Script::new("bytescale", status(500)).method("POST"));
    let upload = || ana.uploads(&model, &pictures::photo(world.number()));
    for _ in 0..5 {
        upload().refused(503, "provider-unavailable");
    }
    let calls = || world.count_calls("bytescale", "POST");
    let (before, asked) = (world.now_ms(), calls());
    let answer = upload();
    answer.refused(503, "provider-unavailable");
    assert!(answer.header("retry-after").is_some());
    assert_eq!((world.now_ms(), calls()), (before, asked));
    assert_eq!(state(&world, "bytescale"), "open");
    assert_eq!(state(&world, "replicate"), "closed", "each has its own");
    world.settle();
    assert_eq!(world.count_alerts("breaker opened"), 1);
    world.outside.world().clear_scripts();
    world.advance(31 * SECOND);
    upload().expect(201);
    assert_eq!(state(&world, "bytescale"), "closed");
}

/// PD-16: An operator whose service refuses is not written to for ten minutes.
#[test]
fn a_refused_message_is_the_last_for_ten_minutes() {
    let world = World::new();
    world.script(Script::new("pushover", status(400)).times(1));
    let ana = world.ana();
    world.settle();
    assert_eq!(world.count_calls("pushover", "POST"), 1);
    assert_eq!(state(&world, "pushover"), "open");
    ana.creates_a_model();
    world.advance(9 * MINUTE);
    assert_eq!(world.count_calls("pushover", "POST"), 1);
    world.advance(2 * MINUTE);
    assert_eq!(world.count_alerts("new model"), 1);
    assert_eq!(state(&world, "pushover"), "closed");
    assert_eq!(
        world.count_alerts("breaker opened"),
        0,
        "that nothing can be told cannot be told"
    );
}

/// PD-16: What is told in the words of a message that was refused is another message.
#[test]
fn a_kind_whose_message_was_refused_is_told_when_it_happens_again() {
    let world = World::new();
    world.script(Script::new("pushover", status(429)).times(1));
    world.ana();
    world.settle();
    assert_eq!(world.count_alerts("new user"), 0);
    world.advance(70 * MINUTE);
    world.ben();
    world.settle();
    assert_eq!(world.count_alerts("new user"), 1);
}

/// PD-06: Nobody is sent to a provider that does not serve our account, for five minutes.
#[test]
fn trouble_with_our_account_pauses_what_costs_money() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    world.script(
        Script::new("replicate", status(402))
            .method("POST")
            .times(1),
    );
    let ask = || {
        let body = json!({"model": model, "prompt": "by the sea", "format": "jpg"});
        ana.request("POST", "/create")
            .json(&body)
            .fresh_key()
            .send()
    };
    ask().refused(503, "provider-unavailable");
    let answer = ask();
    answer.refused(503, "provider-unavailable");
    assert_eq!(answer.header("retry-after"), Some("300"));
    assert_eq!(world.count_calls("replicate", "POST /predictions"), 1);
    world.advance(5 * MINUTE);
    ask().expect(202);
    assert_eq!(world.count_alerts("replicate account"), 1);
}
