//! Deleting while something is under way: it is stopped, and what comes late brings nothing back.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use stand_ins::{Behaviour, Script};

use crate::pictures;
use crate::receipts::{id_of, is_done, object, settled};
use crate::world::{HOUR, MINUTE, SECOND, World};

/// PV-02: whatever still runs is stopped, and what it reports changes nothing.
#[test]
fn a_late_webhook_after_a_deletion_brings_nothing_back() {
    let world = World::new();
    let (ana, model) = settled(&world, "ana@example.com");
    let other = ana.has_a_model_with_photos(4);
    ana.asks_to_train(&other).expect(202);
    ana.asks_for_images(&model, "the sea").expect(202);
    let id = id_of(&ana);
    // Both end at the provider; none of it has been heard.
    world.sleep(5 * MINUTE);
    let code = ana.deletes_the_account();
    world.deliver_due_webhooks();
    world.advance(15 * MINUTE);
    let receipt = world.receipt(&code);
    assert!(is_done(&receipt), "{receipt}");
    assert_eq!(object(&receipt, "runs")["count"], 2);
    assert_eq!(
        world
            .heard
            .borrow()
            .iter()
            .filter(|status| **status != 200)
            .count(),
        0
    );
    let made: BTreeSet<String> = world
        .jobs_of("training")
        .iter()
        .filter_map(|job| Some(job.output["version"].as_str()?.to_owned()))
        .collect();
    assert_eq!(made.len(), 2, "the second training was faster than its end");
    assert_eq!(world.living_versions(&made), 0);
    assert_eq!(world.stored(&id).len(), 0);
    world.sweep();
    assert_eq!(world.left_of(&id).len(), 2);
}

#[test]
fn a_run_whose_answer_was_lost_is_found_and_stopped() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let lost = Script::new("replicate", Behaviour::DropAfter)
        .method("POST")
        .times(1);
    world.script(lost);
    ana.asks_to_train(&model).expect(202);
    let id = id_of(&ana);
    let code = ana.deletes_the_account();
    world.advance(30 * MINUTE);
    let receipt = world.receipt(&code);
    assert!(is_done(&receipt), "{receipt}");
    assert_eq!(object(&receipt, "runs")["count"], 1);
    assert!(
        world
            .jobs_of("training")
            .iter()
            .all(|job| job.status != "succeeded")
    );
    assert_eq!(world.left_of(&id).len(), 2);
}

#[test]
fn an_upload_that_was_under_way_leaves_no_file() {
    let world = Rc::new(World::new());
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(1);
    let id = id_of(&ana);
    let slow = Script::new("bytescale", Behaviour::Delay { ms: 3000 })
        .path("/uploads/binary")
        .times(1);
    world.script(slow);
    let (inside, token) = (Rc::clone(&world), ana.token());
    let code = Rc::new(RefCell::new(String::new()));
    let told = Rc::clone(&code);
    world.outside.meanwhile(move || {
        let elsewhere = inside.browser("ana@example.com");
        elsewhere.set_cookie("__Host-session", &token);
        told.replace(elsewhere.deletes_the_account());
    });
    ana.uploads(&model, &pictures::photo(77))
        .refused(401, "not-signed-in");
    world.advance(HOUR);
    assert!(is_done(&world.receipt(&code.borrow())));
    assert_eq!(world.stored(&id).len(), 0);
}

/// PV-02
#[test]
fn a_model_that_is_deleted_while_it_trains_is_gone_at_the_stores() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    ana.asks_to_train(&model).expect(202);
    world.advance(20 * SECOND);
    assert_eq!(world.stored("/zips/").len(), 1);
    assert_eq!(ana.delete(&format!("/api/model/{model}")).status, 202);
    world.advance(15 * MINUTE);
    assert_eq!(world.jobs_of("training")[0].status, "canceled");
    assert_eq!(world.stored("/u/").len(), 0);
    ana.get(&format!("/api/model/{model}"))
        .refused(404, "not-found");
    let keys = world.fake.kv_entries();
    assert!(keys.iter().all(|(key, _)| !key.contains(&model)));
}
