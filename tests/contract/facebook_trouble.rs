//! When Facebook does not answer as it should: nobody waits long, nothing is asked for twice that
//! may be asked for once, and nobody is signed in by mistake.

use serde_json::{Value, json};
use stand_ins::{Behaviour, Script};

use crate::world::{MINUTE, SECOND, World};

const NOBODY: &str = "nobody@example.com";

fn status(code: u16) -> Behaviour {
    Behaviour::Status {
        code,
        body: None,
        headers: [].into(),
    }
}

fn has_no_account(world: &World) {
    let rows = world.fake.rows();
    assert!(
        rows.iter().all(|(key, _)| !key.starts_with("user:")),
        "{rows:?}"
    );
    let kv = world.fake.kv_entries();
    let written = |namespace: &str| kv.iter().any(|(key, _)| key.starts_with(namespace));
    assert!(!written("USERS/") && !written("SESSIONS/"), "{kv:?}");
}

/// FA-08: an id that is none opens nothing, and the operator hears of it.
#[test]
fn a_profile_with_an_id_that_is_none_signs_nobody_in() {
    for id in [
        json!("1.2"),
        json!("12_34"),
        json!("../12"),
        json!(10_215_678_901_234_567_u64),
        json!({"id": "12"}),
        json!(""),
        json!("0"),
        json!("76b6433c05e2d9b3"),
        Value::Null,
    ] {
        let world = World::new();
        let profile = Behaviour::Profile {
            set: [("id".to_owned(), id.clone())].into_iter().collect(),
            without: Vec::new(),
        };
        world.script(Script::new("facebook", profile).path("/me"));
        let ada = world.browser(NOBODY);
        let back = ada.answers_facebook("ada", "allow");
        ada.comes_back_without(&back, "failed");
        has_no_account(&world);
        world.settle();
        assert_eq!(world.count_alerts("facebook id"), 1, "{id}");
    }
}

#[test]
fn a_profile_without_an_id_signs_nobody_in() {
    let world = World::new();
    let without = Behaviour::Profile {
        set: serde_json::Map::new(),
        without: vec!["id".to_owned()],
    };
    world.script(Script::new("facebook", without).path("/me"));
    let ada = world.browser(NOBODY);
    let back = ada.answers_facebook("ada", "allow");
    ada.comes_back_without(&back, "failed");
    has_no_account(&world);
}

/// FA-10: whatever happens to the exchange, it happens once and within ten seconds.
#[test]
fn a_code_that_cannot_be_exchanged_is_not_sent_again() {
    for trouble in [
        status(500),
        status(429),
        Behaviour::Status {
            code: 502,
            body: Some("<html>".to_owned()),
            headers: [].into(),
        },
        Behaviour::Malformed,
        Behaviour::Truncate { bytes: 10 },
        Behaviour::DropBefore,
        Behaviour::DropAfter,
        Behaviour::Delay { ms: 30_000 },
        Behaviour::Hang,
        Behaviour::Huge { bytes: 2_000_000 },
        Behaviour::Graph { code: 2 },
        Behaviour::Graph { code: 4 },
    ] {
        let world = World::new();
        let script = Script::new("facebook", trouble.clone());
        world.script(script.path("/oauth/access_token"));
        let ada = world.browser(NOBODY);
        let back = ada.answers_facebook("ada", "allow");
        let begun = world.now_ms();
        ada.comes_back_without(&back, "try-again");
        assert!(world.now_ms() - begun < 10 * SECOND, "{trouble:?}");
        assert_eq!(world.count_exchanges(), 1, "{trouble:?}");
        assert_eq!(world.count_calls("facebook", "/me"), 0);
        has_no_account(&world);
    }
}

#[test]
fn a_code_that_facebook_refuses_signs_nobody_in() {
    let world = World::new();
    let ada = world.browser(NOBODY);
    let back = ada.answers_facebook("ada", "allow");
    let code = crate::dialog::parameter(&back, "code").unwrap();
    ada.comes_back_without(&back.replace(&code, "AQunknown"), "failed");
    has_no_account(&world);
    assert_eq!(world.count_exchanges(), 1);
}

#[test]
fn a_secret_that_facebook_refuses_is_told_to_the_operator() {
    let world = World::with(&[("FACEBOOK_APP_SECRET", "fedcba9876543210fedcba9876543210")]);
    let ada = world.browser(NOBODY);
    let back = ada.answers_facebook("ada", "allow");
    ada.comes_back_without(&back, "failed");
    has_no_account(&world);
    world.settle();
    assert_eq!(world.count_alerts("facebook account"), 1);
}

/// FA-11: the profile is asked for once more, with the same proof.
#[test]
fn a_profile_that_fails_once_is_asked_for_again() {
    for trouble in [
        status(500),
        Behaviour::Graph { code: 1 },
        Behaviour::Graph { code: 2 },
        Behaviour::Graph { code: 17 },
    ] {
        let world = World::new();
        world.script(Script::new("facebook", trouble).path("/me").times(1));
        let ada = world.browser(NOBODY);
        ada.signs_in_with_facebook("ada");
        let paths: Vec<String> = world
            .outside
            .world()
            .calls()
            .iter()
            .filter(|call| call.provider == "facebook" && call.path.contains("/me?"))
            .map(|call| call.path.clone())
            .collect();
        assert_eq!(paths.len(), 2);
        assert_eq!(paths[0], paths[1]);
        assert!(paths[0].contains("appsecret_proof="));
        assert_eq!(world.count_exchanges(), 1);
    }
}

#[test]
fn a_profile_that_cannot_be_had_leads_back_within_ten_seconds() {
    for (trouble, word, calls) in [
        (status(500), "try-again", 2),
        (Behaviour::Graph { code: 4 }, "try-again", 2),
        (Behaviour::Graph { code: 190 }, "failed", 1),
        (Behaviour::Malformed, "try-again", 1),
        (Behaviour::Hang, "try-again", 2),
    ] {
        let world = World::new();
        world.script(Script::new("facebook", Behaviour::Delay { ms: 3000 }).path("access_token"));
        world.script(Script::new("facebook", trouble.clone()).path("/me"));
        let ada = world.browser(NOBODY);
        let back = ada.answers_facebook("ada", "allow");
        let begun = world.now_ms();
        ada.comes_back_without(&back, word);
        let took_ms = world.now_ms() - begun;
        assert!(took_ms < 10 * SECOND, "{trouble:?} took {took_ms} ms");
        assert_eq!(world.count_calls("facebook", "/me"), calls, "{trouble:?}");
        has_no_account(&world);
    }
}

#[test]
fn another_id_than_before_is_another_person() {
    let world = World::new();
    let ada = world.browser(NOBODY);
    ada.signs_in_with_facebook("ada");
    ada.creates_a_model();
    let other = Behaviour::Profile {
        set: [("id".to_owned(), json!("99"))].into_iter().collect(),
        without: Vec::new(),
    };
    world.script(Script::new("facebook", other).path("/me").times(1));
    let again = world.browser(NOBODY);
    again.signs_in_with_facebook("ada");
    assert_eq!(again.sees_account()["id"], "99");
    assert_eq!(again.get("/api/model").expect(200)["models"], json!([]));
}

#[test]
fn a_storage_that_fails_signs_nobody_in_and_a_new_start_does() {
    use selfie::fake::LedgerFault::{Before, Pass};
    use selfie::fake::PutFault;
    let world = World::new();
    let ada = world.browser(NOBODY);
    let back = ada.answers_facebook("ada", "allow");
    world.fake.fail_ledger([Before]);
    ada.comes_back_without(&back, "try-again");
    assert_eq!(world.count_exchanges(), 0);
    world.fake.fail_ledger([Pass, Before]);
    ada.comes_back_without(&back, "try-again");
    let back = ada.answers_facebook("ada", "allow");
    world.fake.fail_puts([PutFault::Before]);
    ada.comes_back_without(&back, "try-again");
    world.advance(MINUTE);
    ada.signs_in_with_facebook("ada");
}
