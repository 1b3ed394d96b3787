//! Whatever an account held and whatever fails meanwhile: once it is deleted, nothing is left but
//! the tombstone, and later not even that.

use std::collections::BTreeMap;

use proptest::prelude::*;
use selfie::fake::{LedgerFault, PutFault};
use serde_json::json;
use stand_ins::{Behaviour, Script};

use crate::browser::Browser;
use crate::pictures;
use crate::receipts::{id_of, is_done, settled};
use crate::world::{HOUR, MINUTE, World};

const DAY: u64 = 24 * HOUR;
/// More than all the pauses between the attempts of an effect.
const PATIENCE: u64 = 40 * HOUR;

/// What one model of the account holds.
#[derive(Clone, Debug)]
struct Held {
    photos: usize,
    caption: bool,
    trained: bool,
    images: usize,
    /// Something of it is under way when the account is deleted.
    busy: bool,
}

#[derive(Clone, Debug)]
struct Failing {
    provider: &'static str,
    method: &'static str,
    behaviour: Behaviour,
    times: u32,
}

fn any_held() -> impl Strategy<Value = Held> {
    let parts = (
        0..6_usize,
        any::<bool>(),
        any::<bool>(),
        0..3_usize,
        any::<bool>(),
    );
    parts.prop_map(|(photos, caption, trained, images, busy)| Held {
        photos,
        caption,
        trained: trained && photos >= 4,
        images,
        busy,
    })
}

fn any_failing() -> impl Strategy<Value = Failing> {
    let status = Behaviour::Status {
        code: 500,
        body: None,
        headers: BTreeMap::new(),
    };
    let behaviours = vec![
        status,
        Behaviour::DropBefore,
        Behaviour::DropAfter,
        Behaviour::Malformed,
    ];
    let parts = (
        prop::sample::select(vec!["replicate", "bytescale"]),
        prop::sample::select(vec!["DELETE", "GET", "POST"]),
        prop::sample::select(behaviours),
        1..8_u32,
    );
    parts.prop_map(|(provider, method, behaviour, times)| Failing {
        provider,
        method,
        behaviour,
        times,
    })
}

fn any_ledger_fault() -> impl Strategy<Value = LedgerFault> {
    prop::sample::select(vec![
        LedgerFault::Pass,
        LedgerFault::Before,
        LedgerFault::After,
    ])
}

fn any_put_fault() -> impl Strategy<Value = PutFault> {
    prop::sample::select(vec![PutFault::Pass, PutFault::Before, PutFault::After])
}

fn fill(world: &World, person: &Browser<'_>, held: &Held) -> String {
    let model = person.creates_a_model();
    for number in 0..held.photos {
        let photo = pictures::photo(world.number());
        let photo = person.uploads(&model, &photo).expect(201);
        if held.caption && number == 0 {
            let id = photo["id"].as_str().unwrap();
            let path = format!("/api/bytescale/{id}?model={model}");
            person
                .patch(&path, &json!({"caption": "in red"}))
                .expect(200);
        }
    }
    if held.trained {
        person.trains(&model);
        for _ in 0..held.images {
            person.creates(&model, "a hat");
        }
    }
    model
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn nothing_is_left_but_the_tombstone(
        held in prop::collection::vec(any_held(), 0..4),
        sessions in 0..3_usize,
        failing in prop::collection::vec(any_failing(), 0..4),
        ledger in prop::collection::vec(any_ledger_fault(), 0..12),
        puts in prop::collection::vec(any_put_fault(), 0..8),
    ) {
        let world = World::new();
        let (ben, _) = settled(&world, "ben@example.com");
        let of_ben = world.stored(&id_of(&ben)).len();
        let ben = id_of(&ben);
        let versions_of_ben = world.noted_versions();
        let ana = world.ana();
        let id = id_of(&ana);
        let models: Vec<String> = held.iter().map(|held| fill(&world, &ana, held)).collect();
        for _ in 0..sessions {
            world.advance(2 * MINUTE);
            world.browser("ana@example.com").signs_in();
        }
        world.advance(2 * MINUTE);
        ana.signs_in();
        let versions = world.noted_versions();
        for of in &failing {
            let script = Script::new(of.provider, of.behaviour.clone());
            world.script(script.method(of.method).times(of.times));
        }
        // What is refused is no harm: it is not there to be deleted.
        for (held, model) in held.iter().zip(&models).filter(|(held, _)| held.busy) {
            if held.trained {
                let _ = ana.asks_for_images(model, "a scarf");
            } else {
                let _ = ana.asks_to_train(model);
            }
        }
        let code = ana.deletes_the_account();
        world.fake.fail_ledger(ledger);
        world.fake.fail_puts(puts);
        world.advance(3 * HOUR);
        world.outside.world().clear_scripts();
        world.fake.forget_faults();
        world.advance(PATIENCE);

        prop_assert!(is_done(&world.receipt(&code)));
        let tombstone = format!("user:{id} tombstone {code}");
        let tally = format!("user:{id} tally ");
        let mut left = world.left_of(&id);
        prop_assert!(left.contains(&tombstone));
        left.retain(|name| *name != tombstone && *name != tally);
        prop_assert_eq!(left, [] as [String; 0]);
        prop_assert_eq!(world.stored(&id).len(), 0);
        prop_assert_eq!(world.living_versions(&versions), versions_of_ben.len());
        let going_on = world.jobs();
        let going_on = going_on.iter().filter(|job| matches!(job.status, "starting" | "processing"));
        prop_assert_eq!(going_on.count(), 0);
        world.advance(9 * DAY);
        prop_assert_eq!(world.left_of(&id), [] as [String; 0]);
        prop_assert_eq!(world.stored(&ben).len(), of_ben);
        prop_assert_eq!(world.living_versions(&versions_of_ben), versions_of_ben.len());
    }
}
