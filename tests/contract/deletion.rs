//! Deleting an account or a model: what goes, what is proved, and what cannot come back.

use serde_json::{Value, json};
use stand_ins::{Behaviour, Script};

use crate::receipts::{id_of, is_done, object, settled};
use crate::world::{HOUR, MINUTE, SECOND, World};

const DAY: u64 = 24 * HOUR;
const KINDS: [&str; 6] = [
    "photos", "captions", "versions", "images", "sessions", "records",
];

#[test]
fn everything_of_a_deleted_account_is_proved_gone_and_nothing_of_others() {
    let world = World::new();
    let (ana, _) = settled(&world, "ana@example.com");
    let (ben, _) = settled(&world, "ben@example.com");
    ana.signs_in();
    let (id, versions) = (id_of(&ana), world.noted_versions());
    assert_eq!(world.living_versions(&versions), 2);
    let of_ben = world.stored(&id_of(&ben)).len();
    let code = ana.deletes_the_account();
    let begun = world.receipt(&code);
    assert_eq!(begun["state"], "running");
    assert!(begun["finished_at"].is_null());
    world.advance(15 * MINUTE);
    let receipt = world.receipt(&code);
    assert!(is_done(&receipt), "{receipt}");
    let counts = KINDS.map(|kind| object(&receipt, kind)["count"].as_u64().unwrap());
    assert_eq!(counts, [4, 1, 1, 1, 3, 3], "{receipt}");
    assert_eq!(receipt["requested_at"], begun["requested_at"]);
    assert!(receipt["finished_at"].is_string());
    assert_eq!(world.living_versions(&versions), 1);
    assert_eq!(world.stored(&id).len(), 0);
    assert_eq!(world.stored(&id_of(&ben)).len(), of_ben);
    let left = world.left_of(&id);
    let tombstone = format!("user:{id} tombstone {code}");
    let tally = format!("user:{id} tally ");
    assert_eq!(
        left,
        [tally, tombstone],
        "the day's count stays with the tombstone"
    );
    world.advance(9 * DAY);
    assert_eq!(world.left_of(&id), [] as [String; 0]);
    assert_eq!(
        world.receipt(&code),
        receipt,
        "the receipt outlives the tombstone"
    );
    world.advance(358 * DAY);
    let anybody = world.browser("anybody@example.com");
    let path = format!("/api/deletion/{code}");
    anybody.get(&path).refused(404, "not-found");
}

#[test]
fn a_receipt_tells_no_personal_data_and_is_signed_as_a_whole() {
    let world = World::new();
    let (ana, model) = settled(&world, "ana@example.com");
    let id = id_of(&ana);
    let code = ana.deletes_the_account();
    let running = world.receipt(&code);
    world.advance(15 * MINUTE);
    let done = world.receipt(&code);
    for text in [running.to_string(), done.to_string()] {
        for secret in [id.as_str(), &model, "ana", "/u/", "selfie-dev"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
    assert_ne!(running["signature"], done["signature"]);
    assert_eq!(done["signature"], world.receipt(&code)["signature"]);
    let key = &world.config.keys;
    let mut unsigned = String::new();
    for (index, name) in ["code", "state", "requested_at", "finished_at", "objects"]
        .iter()
        .enumerate()
    {
        let value = if *name == "objects" {
            let objects = done["objects"].as_array().unwrap().iter().map(|o| {
                format!(
                    "{{\"kind\":{},\"count\":{},\"verified_gone\":{}}}",
                    o["kind"], o["count"], o["verified_gone"]
                )
            });
            format!("[{}]", objects.collect::<Vec<_>>().join(","))
        } else {
            done[*name].to_string()
        };
        let comma = if index == 0 { "{" } else { "," };
        unsigned += &[comma, "\"", name, "\":", &value].concat();
    }
    unsigned.push_str(",\"signature\":\"\"}");
    let mac = key.sign("deletion-receipt", &[unsigned.as_bytes()]);
    assert_eq!(done["signature"], selfie::domain::digest::base64url(&mac));
}

/// PV-03: a provider that answers 500, for files and for versions, five times and more.
#[test]
fn a_deletion_goes_on_until_every_provider_has_confirmed() {
    let world = World::new();
    let (ana, _) = settled(&world, "ana@example.com");
    let (id, versions) = (id_of(&ana), world.noted_versions());
    let fault = || Behaviour::Status {
        code: 500,
        body: None,
        headers: std::collections::BTreeMap::new(),
    };
    for provider in ["replicate", "bytescale"] {
        world.script(Script::new(provider, fault()).method("DELETE"));
    }
    let code = ana.deletes_the_account();
    // Attempts after 1, 5 and 30 minutes and 2 hours.
    world.advance(160 * MINUTE);
    let receipt = world.receipt(&code);
    assert!(!is_done(&receipt));
    for kind in ["versions", "photos", "images"] {
        assert_eq!(object(&receipt, kind)["verified_gone"], false, "{receipt}");
    }
    let sessions = &object(&receipt, "sessions")["verified_gone"];
    assert_eq!(*sessions, true, "one does not wait for the other");
    assert_eq!(world.living_versions(&versions), 1);
    assert_eq!(world.count_calls("replicate", "DELETE"), 5 * 3);
    world.outside.world().clear_scripts();
    world.advance(20 * HOUR);
    assert!(is_done(&world.receipt(&code)));
    assert_eq!(world.living_versions(&versions), 0);
    assert_eq!(world.stored(&id).len(), 0);
    assert_eq!(world.count_alerts("deletion overdue"), 0);
}

/// PV-03: over a day the operator is told, and the receipt still claims nothing.
#[test]
fn a_deletion_that_takes_more_than_a_day_is_told_to_the_operator() {
    let world = World::new();
    let (ana, _) = settled(&world, "ana@example.com");
    let versions = world.noted_versions();
    let fault = Script::new("replicate", Behaviour::DropBefore).method("DELETE");
    world.script(fault);
    let code = ana.deletes_the_account();
    world.advance(23 * HOUR);
    assert_eq!(world.count_alerts("deletion overdue"), 0);
    world.advance(3 * HOUR);
    assert!(world.count_alerts("deletion overdue") >= 1);
    world.advance(9 * DAY);
    let receipt = world.receipt(&code);
    assert!(!is_done(&receipt));
    assert_eq!(object(&receipt, "versions")["verified_gone"], false);
    assert_eq!(object(&receipt, "photos")["verified_gone"], true);
    world.outside.world().clear_scripts();
    world.advance(2 * DAY);
    assert!(
        is_done(&world.receipt(&code)),
        "the tombstone waited for it"
    );
    assert_eq!(world.living_versions(&versions), 0);
}

#[test]
fn a_file_that_stays_listed_or_cached_is_not_gone() {
    for switch in ["listed", "cached"] {
        let world = World::new();
        let (ana, model) = settled(&world, "ana@example.com");
        let photos = ana
            .get(&format!("/api/bytescale?model={model}"))
            .expect(200);
        let url = photos["photos"][0]["url"].as_str().unwrap().to_owned();
        assert_eq!(world.fetches(&url), 200);
        world
            .outside
            .world()
            .set_switch("delete_consistency", switch)
            .unwrap();
        let code = ana.deletes_the_account();
        world.advance(20 * MINUTE);
        assert!(is_done(&world.receipt(&code)), "{switch}");
        assert_eq!(world.fetches(&url), 404, "{switch}");
    }
}

/// PV-04
#[test]
fn deleting_wants_a_fresh_sign_in_a_page_of_ours_and_the_word() {
    let world = World::new();
    let ana = world.ana();
    let ask = |body: &Value| ana.request("DELETE", "/api/account").json(body);
    let right = json!({"confirm": "delete"});
    world.without_traces(|| {
        for wrong in [
            json!({}),
            json!({"confirm": "Delete"}),
            json!({"confirm": true}),
        ] {
            ask(&wrong).send().refused(422, "invalid-request");
        }
        let foreign = ask(&right).header("origin", "https://evil.example");
        foreign.send().refused(403, "cross-site");
        let foreign = ask(&right).without("origin");
        foreign.send().refused(403, "cross-site");
    });
    world.advance(10 * MINUTE + SECOND);
    world.without_traces(|| {
        let problem = ask(&right).send().refused(401, "session-too-old");
        assert_eq!(problem["reauthenticate"], true);
        let foreign = ask(&right).header("origin", "https://evil.example");
        foreign.send().refused(403, "cross-site");
    });
    ana.sees_account();
    ana.signs_in();
    let answer = ask(&right).send();
    let started = answer.expect(202);
    let code = started["confirmation_code"].as_str().unwrap();
    assert_eq!(
        started["url"],
        format!("{}/deletion/{code}", world.config.app_origin)
    );
    assert!(code.len() == 26 && code.bytes().all(|b| b.is_ascii_alphanumeric()));
    assert!(ana.cookie("__Host-session").is_none());
    assert!(answer.header("clear-site-data").is_some());
}

#[test]
fn a_deleted_account_ends_every_session_and_begins_anew_empty() {
    let world = World::new();
    let (ana, model) = settled(&world, "ana@example.com");
    let elsewhere = world.browser("ana@example.com");
    world.advance(2 * MINUTE);
    elsewhere.signs_in();
    let token = ana.token();
    ana.deletes_the_account();
    for path in ["/api/account", "/api/verify-token", "/api/model"] {
        elsewhere.get(path).refused(401, "not-signed-in");
        let program = world.browser("ana@example.com");
        let request = program.request("GET", path);
        let request = request.header("authorization", &format!("Bearer {token}"));
        request.send().refused(401, "not-signed-in");
    }
    world.advance(2 * MINUTE);
    let again = world.browser("ana@example.com");
    again.signs_in();
    let account = again.sees_account();
    assert!(account["consent"].is_null());
    assert_eq!(account["prediction_count"], 0);
    assert_eq!(
        account["quotas"]["trainings_per_day"]["used"], 1,
        "no way around the day's quota"
    );
    assert_eq!(again.get("/api/model").expect(200)["models"], json!([]));
    again
        .get(&format!("/api/model/{model}"))
        .refused(404, "not-found");
    elsewhere.get("/api/account").refused(401, "not-signed-in");
}

#[test]
fn the_cascade_of_a_deleted_account_leaves_the_next_one_alone() {
    let world = World::new();
    let (ana, _) = settled(&world, "ana@example.com");
    let fault = Script::new("bytescale", Behaviour::DropBefore).method("DELETE");
    world.script(fault);
    let code = ana.deletes_the_account();
    world.advance(2 * MINUTE);
    let again = world.ana();
    let model = again.has_a_model_with_photos(4);
    world.outside.world().clear_scripts();
    world.advance(12 * HOUR);
    assert!(is_done(&world.receipt(&code)));
    assert_eq!(world.stored("/photos/").len(), 4);
    assert_eq!(again.sees_model(&model)["photos"], 4);
    let keys: Vec<String> = world
        .fake
        .kv_entries()
        .into_iter()
        .map(|(key, _)| key)
        .collect();
    assert!(keys.iter().any(|key| key.ends_with(&model)), "{keys:?}");
    again.signs_in();
    let second = again.deletes_the_account();
    world.advance(15 * MINUTE);
    assert!(is_done(&world.receipt(&second)));
    assert_eq!(world.stored("/u/").len(), 0);
}
