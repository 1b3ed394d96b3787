//! Descriptions that are refused before anybody is asked, asked for once, and paid for what they took.

use serde_json::{Value, json};
use stand_ins::{Behaviour, Script};

use crate::browser::Browser;
use crate::world::{HOUR, MINUTE, SECOND, World};

#[test]
fn whatever_cannot_be_described_is_refused_before_anybody_is_asked() {
    let world = World::with(&[("QUOTA_CAPTIONS_PER_DAY", "2")]);
    let (ana, ben) = (world.ana(), world.ben());
    let model = ana.has_a_model_with_photos(4);
    let photos = ana.photos_of(&model);
    let ask = |browser: &Browser<'_>, body: Value| {
        let request = browser.request("POST", "/api/caption").json(&body);
        world.settle();
        world.without_traces(|| request.fresh_key().send())
    };
    let good = json!({"model": model, "photo": photos[0]["id"]});
    ask(&ben, good.clone()).refused(404, "not-found");
    ask(&world.browser("nobody@example.com"), good.clone()).refused(401, "not-signed-in");
    let unknown = json!({"model": model, "photo": "0".repeat(26)});
    ask(&ana, unknown).refused(404, "not-found");
    for wrong in [
        json!({"model": model}),
        json!({"photo": photos[0]["id"]}),
        json!({"model": model, "photo": "../x"}),
        json!({"model": model, "photo": photos[0]["id"], "prompt": "say my name"}),
    ] {
        ask(&ana, wrong).refused(422, "invalid-request");
    }
    let keyless = ana.request("POST", "/api/caption").json(&good);
    world
        .without_traces(|| keyless.send())
        .refused(400, "idempotency-key-required");

    ana.asks_for_a_caption(&model, &photos[0]).expect(202);
    world.advance(SECOND);
    let problem = ask(&ana, good).refused(409, "conflict");
    assert_eq!(problem["state"], "captioning");
    world.advance(MINUTE);
    ana.has_described(&model, &photos[1]);
    let third = json!({"model": model, "photo": photos[2]["id"]});
    let problem = ask(&ana, third.clone()).refused(429, "quota-exceeded");
    assert_eq!(
        (&problem["limit"], &problem["used"]),
        (&json!(2), &json!(2))
    );
    world.advance(24 * HOUR);
    ana.signs_in();
    ana.asks_to_train(&model).expect(202);
    let problem = ask(&ana, third).refused(409, "conflict");
    assert_eq!(problem["state"], "queued");
}

#[test]
fn an_operator_can_pause_cap_and_switch_off_captions() {
    for (change, status, slug) in [
        (("PAUSED", "true"), 503, "paused"),
        (("SPEND_CAP_USD_PER_DAY", "0.00"), 503, "paused"),
        (("REPLICATE_CAPTIONER", "off"), 404, "not-found"),
    ] {
        let world = World::with(&[change]);
        let ana = world.ana();
        let model = ana.has_a_model_with_photos(4);
        let photo = ana.photos_of(&model)[0].clone();
        ana.asks_for_a_caption(&model, &photo).refused(status, slug);
        world.settle();
        assert_eq!(world.count_calls("replicate", ""), 0, "{change:?}");
        assert_eq!(ana.captions_used(), 0);
        assert_eq!(ana.sees_photo(&model, &photo), photo);
        let offer = ana.sees_account()["captioning"].clone();
        assert_eq!(offer.is_null(), status == 404, "{offer}");
    }
    let world = World::with(&[("PRICES", "caption=5000:300")]);
    let offer = world.ana().sees_account()["captioning"].clone();
    assert_eq!(offer, json!({"micro_usd": 5000}));
}

#[test]
fn a_request_for_a_caption_is_answered_alike_under_its_key_and_done_once() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let photos = ana.photos_of(&model);
    let key = world.fresh_key();
    let ask = |photo: &Value| {
        let body = json!({"model": model, "photo": photo["id"]});
        let request = ana.request("POST", "/api/caption").json(&body);
        request.header("idempotency-key", &key).send()
    };
    let first = ask(&photos[0]).expect(202);
    world.advance(MINUTE);
    let again = ask(&photos[0]);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    let same = again.expect(202);
    assert_eq!(
        (&same["id"], &same["captioning"]),
        (&first["id"], &json!("running"))
    );
    ask(&photos[1]).refused(422, "idempotency-key-reused");
    assert_eq!(world.jobs_of("description").len(), 1);
    assert_eq!(world.count_calls("replicate", "POST /predictions"), 1);
}

#[test]
fn a_caption_holds_what_it_may_cost_and_settles_what_it_did() {
    let world = World::with(&[("PRICES", "caption=10000:1000")]);
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let photos = ana.photos_of(&model);
    ana.has_described(&model, &photos[0]);
    world.script(Script::new("replicate", Behaviour::OutputNull).times(1));
    ana.has_described(&model, &photos[1]);
    let rows = world.fake.rows();
    let (_, day) = rows
        .iter()
        .find(|(name, _)| name.starts_with("global day "))
        .unwrap();
    let day: Value = serde_json::from_str(day).unwrap();
    let sum = |name: &str| day[name].as_u64().unwrap();
    assert_eq!(sum("reserved_micro_usd"), 20_000);
    assert_eq!(sum("settled_micro_usd"), 7000, "seven seconds");
    assert_eq!(sum("released_micro_usd"), 13_000);
    assert_eq!(
        (sum("captions"), sum("predictions"), sum("failures")),
        (1, 0, 1)
    );
    assert!(!rows.iter().any(|(name, _)| name.starts_with("global open")));
}
