//! Who one is after signing in with Facebook: nobody else, whatever Facebook says or leaves out.

use serde_json::Value;
use stand_ins::{Behaviour, Script};

use crate::world::{MINUTE, World};

const NOBODY: &str = "nobody@example.com";
const ADA: &str = "10215678901234567";

/// FA-07: an address is not needed for anything.
#[test]
fn whoever_has_no_address_signs_in_and_trains_a_model() {
    let null = Behaviour::Profile {
        set: [("email".to_owned(), Value::Null)].into_iter().collect(),
        without: Vec::new(),
    };
    for (person, script) in [("bo", None), ("ada", Some(null))] {
        let world = World::new();
        if let Some(behaviour) = script {
            world.script(Script::new("facebook", behaviour).path("/me"));
        }
        let bo = world.browser(NOBODY);
        bo.signs_in_with_facebook(person);
        assert_eq!(bo.sees_account()["email"], Value::Null);
        bo.consents();
        bo.has_a_trained_model();
        world.advance(30 * MINUTE);
        assert!(world.outside.world().letters().is_empty());
        assert_eq!(world.count_alerts("effect failed"), 0);
    }
}

#[test]
fn an_address_that_was_kept_back_is_not_shown() {
    let world = World::new();
    let ada = world.browser(NOBODY);
    let back = ada.answers_facebook("ada", "allow-without-email");
    ada.get(&back).expect(303);
    assert_eq!(ada.sees_account()["email"], Value::Null);
    let later = world.browser(NOBODY);
    later.signs_in_with_facebook("ada");
    assert_eq!(later.sees_account()["email"], "ada@example.com");
    let again = world.browser(NOBODY);
    let back = again.answers_facebook("ada", "allow-without-email");
    again.get(&back).expect(303);
    assert_eq!(again.sees_account()["email"], Value::Null);
}

#[test]
fn a_very_long_name_is_cut_and_the_end_of_a_training_is_told() {
    let world = World::new();
    let long = world.browser(NOBODY);
    long.signs_in_with_facebook("long");
    let name = long.sees_account()["name"].as_str().unwrap().to_owned();
    assert!(name.starts_with("ஆனந்தவல்லி") && name.chars().count() <= 100);
    long.consents();
    long.has_a_trained_model();
    assert_eq!(world.letters_to("anandavalli@example.com").len(), 1);
}

/// FA-09: an id of sixteen digits is not the id of an address.
#[test]
fn sixteen_digits_and_an_address_are_two_people() {
    let world = World::new();
    let (ana, sana) = (world.ana(), world.browser(NOBODY));
    sana.signs_in_with_facebook("sixteen");
    sana.consents();
    assert_eq!(sana.sees_account()["id"], "1234567890123456");
    let (hers, other) = (ana.creates_a_model(), sana.creates_a_model());
    let list = |browser: &crate::browser::Browser<'_>| {
        let models = browser.get("/api/model").expect(200)["models"].clone();
        models.as_array().unwrap().len()
    };
    assert_eq!((list(&ana), list(&sana)), (1, 1));
    let path = |model: &str| format!("/api/model/{model}");
    if hers != other {
        ana.get(&path(&other)).refused(404, "not-found");
        sana.get(&path(&hers)).refused(404, "not-found");
    }
    world.settle();
    let keys: String = world
        .fake
        .kv_entries()
        .into_iter()
        .map(|(k, _)| k + " ")
        .collect();
    assert!(keys.contains("USERS/facebook.1234567890123456 "));
    assert!(keys.contains("MODELS/1234567890123456."));
}

#[test]
fn the_address_of_an_account_by_mail_joins_nothing() {
    let world = World::new();
    let ana = world.ana();
    let twin = world.browser(NOBODY);
    twin.signs_in_with_facebook("twin");
    let account = twin.sees_account();
    assert_eq!(account["email"], "ana@example.com");
    assert_ne!(account["id"], ana.sees_account()["id"]);
    assert_eq!(account["consent"], Value::Null);
}

/// FA-14: signing in over somebody's session is another session of somebody else.
#[test]
fn signing_in_over_another_session_mixes_nobody() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.creates_a_model();
    let (token, before) = (ana.token(), ana.sees_account());
    ana.signs_in_with_facebook("ada");
    assert_ne!(ana.token(), token);
    let after = ana.sees_account();
    assert_eq!(after["id"], ADA);
    assert_ne!(after["sessions"][0]["id"], before["sessions"][0]["id"]);
    ana.get(&format!("/api/model/{model}"))
        .refused(404, "not-found");
    let old = world.browser("ana@example.com");
    old.set_cookie("__Host-session", &token);
    assert_eq!(old.sees_account()["id"], before["id"]);
}
