//! What all people together may spend in a day, and what becomes of it.

use serde_json::{Value, json};
use stand_ins::{Behaviour, Script};

use crate::world::{HOUR, MINUTE, World};

/// Two cents an image, a dollar and a half held for a training of a cent a second.
const PRICES: (&str, &str) = ("PRICES", "fast=1500000:10000,image=20000");

fn order(behaviour: Behaviour) -> Script {
    Script::new("replicate", behaviour).method("POST").times(1)
}

/// The sums of the first day, in micro-dollars: reserved, settled, released.
fn sums(world: &World) -> (u64, u64, u64) {
    let rows = world.fake.rows();
    let (_, day) = rows
        .iter()
        .find(|(name, _)| name.starts_with("global day "))
        .expect("a day");
    let day: Value = serde_json::from_str(day).unwrap();
    let sum = |name: &str| day[name].as_u64().unwrap();
    (
        sum("reserved_micro_usd"),
        sum("settled_micro_usd"),
        sum("released_micro_usd"),
    )
}

fn is_open(world: &World) -> bool {
    let rows = world.fake.rows();
    rows.iter().any(|(name, _)| name.starts_with("global open"))
}

/// PD-08: the spend cap of all people together.
#[test]
fn what_all_people_may_spend_in_a_day_is_not_exceeded() {
    let world = World::with(&[PRICES, ("SPEND_CAP_USD_PER_DAY", "0.86")]);
    let (ana, ben) = (world.ana(), world.ben());
    let hers = ana.has_a_model_with_photos(4);
    ana.asks_to_train(&hers).refused(503, "paused");
    assert_eq!(world.jobs().len(), 0);
    assert_eq!(ana.sees_account()["quotas"]["trainings_per_day"]["used"], 0);
    assert_eq!(ana.sees_model(&hers)["state"], "bundled");
    let his = ben.has_a_model_with_photos(4);
    let answer = ben.asks_to_train(&his);
    let problem = answer.refused(503, "paused");
    assert_eq!(problem["resets_at"], "2026-03-05T00:00:00.000Z");
    let until_midnight = (14 * HOUR - (world.now_ms() - START_MS)).div_ceil(1000);
    assert_eq!(
        answer.header("retry-after"),
        Some(until_midnight.to_string().as_str())
    );
    assert_eq!(world.count_calls("replicate", "POST"), 0);
    world.settle();
    assert_eq!(world.count_alerts("spend cap reached"), 1);
    assert_eq!(world.count_alerts("training failed"), 0);
}

const START_MS: u64 = 1_772_618_400_000;

/// PD-08
#[test]
fn a_day_that_is_spent_ends_at_midnight() {
    let world = World::with(&[PRICES, ("SPEND_CAP_USD_PER_DAY", "1.50")]);
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    // The training held 1.50 and took 70 s.
    assert_eq!(sums(&world), (1_500_000, 700_000, 800_000));
    let images = |count: u8| {
        let body = json!({
            "model": model, "prompt": "by the sea", "format": "jpg", "count": count, "seed": 7,
        });
        ana.request("POST", "/create")
            .json(&body)
            .fresh_key()
            .send()
    };
    for _ in 0..10 {
        images(4).expect(202);
    }
    world.settle();
    assert_eq!(world.count_alerts("spend at 80 percent"), 1);
    let before = world.jobs().len();
    images(4).refused(503, "paused");
    assert_eq!(world.jobs().len(), before);
    world.advance(15 * HOUR);
    images(4).expect(202);
}

#[test]
fn a_batch_without_some_of_its_images_costs_those_that_were_made() {
    let world = World::with(&[PRICES]);
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let (reserved, settled, released) = sums(&world);
    world.script(order(Behaviour::NsfwSome { n: 1 }));
    let body = json!({"model": model, "prompt": "by the sea", "format": "jpg", "count": 3});
    ana.request("POST", "/create")
        .json(&body)
        .fresh_key()
        .send()
        .expect(202);
    assert_eq!(
        sums(&world),
        (reserved + 60_000, settled, released),
        "three are held"
    );
    world.advance(2 * MINUTE);
    assert_eq!(
        sums(&world),
        (reserved + 60_000, settled + 40_000, released + 20_000)
    );
    assert!(!is_open(&world));
}

/// PD-10: in the sums of all people too.
#[test]
fn what_came_to_nothing_is_given_back_once() {
    for behaviour in [
        Behaviour::Fail {
            error: "CUDA is out of memory".to_owned(),
        },
        Behaviour::NsfwAll,
        Behaviour::Aborted,
        Behaviour::OutputNull,
    ] {
        let world = World::with(&[PRICES]);
        let ana = world.ana();
        let model = ana.has_a_trained_model();
        let (reserved, settled, released) = sums(&world);
        world.script(order(behaviour.clone()));
        world.script(order(Behaviour::WebhookDuplicate));
        ana.asks_for_images(&model, "by the sea").expect(202);
        world.advance(15 * MINUTE);
        world.sweep();
        assert_eq!(
            sums(&world),
            (reserved + 20_000, settled, released + 20_000),
            "{behaviour:?}"
        );
        assert!(!is_open(&world), "{behaviour:?}");
    }
}

#[test]
fn a_training_that_is_stopped_refused_lost_or_too_long_is_given_back() {
    let refused = Behaviour::Status {
        code: 422,
        body: None,
        headers: [].into(),
    };
    for behaviour in [
        Behaviour::StuckStarting { ms: None },
        refused,
        Behaviour::DropBefore,
    ] {
        let world = World::with(&[PRICES, ("TRAINING_TIMEOUT_S", "600")]);
        let ana = world.ana();
        let model = ana.has_a_model_with_photos(4);
        world.script(order(behaviour.clone()).path("/trainings"));
        ana.asks_to_train(&model);
        world.advance(15 * MINUTE);
        assert_eq!(sums(&world), (1_500_000, 0, 1_500_000), "{behaviour:?}");
        assert!(!is_open(&world), "{behaviour:?}");
    }
    let world = World::with(&[PRICES]);
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    ana.asks_to_train(&model).expect(202);
    ana.delete(&format!("/api/genmodel/{model}")).expect(202);
    world.advance(MINUTE);
    assert_eq!(sums(&world), (1_500_000, 0, 1_500_000));
}

/// ST-02: also where the book of all people fails.
#[test]
fn a_book_of_all_people_that_fails_costs_nothing_and_frees_the_key() {
    use selfie::fake::LedgerFault::{After, Before, Pass};
    for fault in [Before, After] {
        let world = World::with(&[PRICES]);
        let ana = world.ana();
        let model = ana.has_a_trained_model();
        let sums_before = sums(&world);
        let key = world.fresh_key();
        let ask = || {
            let body = json!({"model": model, "prompt": "by the sea", "format": "jpg"});
            let request = ana.request("POST", "/create").json(&body);
            request.header("idempotency-key", &key).send()
        };
        world.fake.fail_ledger([Pass, fault]);
        ask().refused(503, "storage-unavailable");
        assert_eq!(world.jobs_of("prediction").len(), 0, "{fault:?}");
        world.settle();
        let (reserved, settled, released) = sums(&world);
        assert_eq!(reserved - settled - released, 0, "{fault:?}");
        assert_eq!(settled, sums_before.1);
        ask().expect(202);
        world.advance(2 * MINUTE);
        assert_eq!(world.jobs_of("prediction").len(), 1);
    }
}

#[test]
fn an_account_shows_what_is_left() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    ana.asks_to_train(&model).expect(202);
    let quotas = &ana.sees_account()["quotas"];
    assert_eq!(quotas["trainings_per_day"]["left"], 2);
    assert_eq!(quotas["running_trainings"]["left"], 0);
    assert_eq!(quotas["predictions_per_day"]["left"], 100);
}

#[test]
fn the_digest_of_a_day_says_in_numbers_what_happened() {
    let world = World::with(&[PRICES]);
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    ana.creates(&model, "by the sea");
    world.script(order(Behaviour::WebhookDrop));
    ana.creates(&model, "by the lake");
    world.script(order(Behaviour::NsfwAll));
    ana.creates(&model, "by the river");
    world.advance(17 * HOUR);
    let alerts = world.outside.world().alerts().to_vec();
    let digests: Vec<_> = alerts
        .iter()
        .filter(|alert| alert.title.as_deref() == Some("Selfie.pr: 2026-03-04"))
        .collect();
    let [digest] = digests.as_slice() else {
        panic!("{alerts:?}")
    };
    for line in [
        "1 new users",
        "1 new models",
        "1 trainings",
        "2 requests for images",
        "2 images",
        "1 failures",
        "1 ended without a webhook",
        "74 US cents",
    ] {
        assert!(digest.message.contains(line), "{line}: {}", digest.message);
    }
}

#[test]
fn what_a_run_cost_arrives_although_the_book_of_all_people_failed_for_a_while() {
    let world = World::with(&[PRICES]);
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    ana.asks_for_images(&model, "by the sea").expect(202);
    let rows = world.fake.rows();
    let day = rows
        .iter()
        .find(|(name, _)| name.starts_with("global day "));
    let (name, whole) = day.expect("a day");
    // Nothing can be settled while the day's sums cannot be read.
    world.fake.rewrite(name, "torn");
    for _ in 0..4 {
        world.advance(2 * MINUTE);
        world.sweep();
    }
    assert!(is_open(&world));
    world.fake.rewrite(name, whole);
    for _ in 0..10 {
        world.advance(2 * MINUTE);
        world.sweep();
    }
    assert!(!is_open(&world));
    assert_eq!(sums(&world), (1_520_000, 720_000, 800_000));
    assert_eq!(world.count_alerts("new prediction"), 1);
}
