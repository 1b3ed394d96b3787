//! The sweep and the alarms when something around them fails.

use stand_ins::{Behaviour, Script};

use crate::world::{HOUR, MINUTE, World};

const PEOPLE: [&str; 5] = [
    "a@example.com",
    "b@example.com",
    "c@example.com",
    "d@example.com",
    "e@example.com",
];

/// HK-13
#[test]
fn one_operation_in_trouble_keeps_the_sweep_from_no_other() {
    let world = World::new();
    world.script(Script::new("replicate", Behaviour::WebhookDrop));
    let people = PEOPLE.map(|email| world.person(email));
    let models: Vec<String> = people
        .iter()
        .map(|person| person.has_a_model_with_photos(4))
        .collect();
    for (person, model) in people.iter().zip(&models) {
        person.asks_to_train(model).expect(202);
    }
    world.run_due_alarms();
    let third = world.jobs()[2].id.clone();
    let status = Behaviour::Status {
        code: 500,
        body: None,
        headers: [].into(),
    };
    world.script(Script::new("replicate", status).method("GET").path(&third));
    world.sleep(3 * MINUTE);
    let swept = world.sweep();
    assert_eq!((swept.looked_at, swept.failed), (5, 1));
    let states = || {
        let seen = people
            .iter()
            .zip(&models)
            .map(|(person, model)| person.sees_model(model));
        seen.filter(|model| model["state"] == "ready").count()
    };
    assert_eq!(states(), 4);
    world.outside.world().clear_scripts();
    world.sweep();
    let last = world.sweep();
    assert_eq!((states(), last.looked_at), (5, 0));
    for person in &people {
        assert_eq!(
            person.sees_account()["quotas"]["trainings_per_day"]["used"],
            1
        );
    }
}

/// HK-13
#[test]
fn a_sweep_that_breaks_off_is_completed_by_the_next() {
    use selfie::fake::LedgerFault::{After, Before, Pass};
    for fault in [Before, After] {
        for place in 0..8 {
            let world = World::new();
            let ana = world.ana();
            world.script(Script::new("replicate", Behaviour::WebhookDrop));
            let model = ana.has_a_model_with_photos(4);
            ana.asks_to_train(&model).expect(202);
            world.run_due_alarms();
            world.sleep(3 * MINUTE);
            let faults = std::iter::repeat_n(Pass, place).chain([fault]);
            world.fake.fail_ledger(faults);
            let broken = selfie::fake::run(selfie::app::sweep::sweep(world.app()));
            assert!(broken.is_err() || broken.is_ok_and(|swept| swept.looked_at <= 1));
            // Rows that were being done are left alone for a while.
            world.sleep(4 * MINUTE);
            while world
                .fake
                .rows()
                .iter()
                .any(|(name, _)| name.starts_with("global open"))
            {
                world.sleep(2 * MINUTE);
                // What is left of the faults may break this run off as well.
                let _ = selfie::fake::run(selfie::app::sweep::sweep(world.app()));
                assert!(
                    world.now_ms() < 1_772_618_400_000 + 2 * HOUR,
                    "{fault:?} at {place}"
                );
            }
            assert_eq!(
                ana.sees_model(&model)["state"],
                "ready",
                "{fault:?} at {place}"
            );
            assert_eq!(
                ana.sees_model(&model)["versions"].as_array().unwrap().len(),
                1
            );
            assert_eq!(world.jobs_of("training").len(), 1);
        }
    }
}

/// PD-16
#[test]
fn an_operator_who_cannot_be_told_is_no_trouble_for_anybody() {
    let status = Behaviour::Status {
        code: 500,
        body: None,
        headers: [].into(),
    };
    for trouble in [status, Behaviour::Hang, Behaviour::DropBefore] {
        let world = World::new();
        world.script(Script::new("pushover", trouble.clone()));
        let ana = world.ana();
        ana.has_a_trained_model();
        world.advance(24 * HOUR);
        // new-user, new-model, training-ready, the digest: four tries each, and nothing about their
        // failing.
        assert_eq!(world.count_calls("pushover", "POST"), 16, "{trouble:?}");
        assert_eq!(world.count_alerts(""), 0);
    }
}
