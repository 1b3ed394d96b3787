//! Runs that nobody wants any more: each is stopped, whatever the provider says to that, and what
//! it has made goes.

use std::rc::Rc;

use stand_ins::{Behaviour, Script};

use crate::browser::Browser;
use crate::receipts::{is_done, object};
use crate::world::{HOUR, MINUTE, SECOND, World};

fn status(code: u16) -> Behaviour {
    Behaviour::Status {
        code,
        body: None,
        headers: [].into(),
    }
}

fn answers(code: u16, method: &str, path: &str) -> Script {
    Script::new("replicate", status(code))
        .method(method)
        .path(path)
}

/// The next order is answered late, and until then this happens in another tab.
fn meanwhile(world: &Rc<World>, who: &Browser<'_>, act: impl FnOnce(&Browser<'_>) + 'static) {
    let slow = Script::new("replicate", Behaviour::Delay { ms: 2000 });
    world.script(slow.method("POST").times(1));
    let (inside, token) = (Rc::clone(world), who.token());
    world.outside.meanwhile(move || {
        let elsewhere = inside.browser("ana@example.com");
        elsewhere.set_cookie("__Host-session", &token);
        act(&elsewhere);
    });
}

#[test]
fn a_run_that_is_unknown_once_is_stopped_all_the_same() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let stuck = Behaviour::StuckStarting { ms: None };
    world.script(Script::new("replicate", stuck).method("POST").times(1));
    ana.asks_to_train(&model).expect(202);
    world.advance(20 * SECOND);
    world.script(answers(404, "POST", "/cancel").times(1));
    world.script(answers(404, "GET", "/trainings/").times(1));
    assert_eq!(ana.delete(&format!("/api/model/{model}")).status, 202);
    world.settle();
    assert_eq!(world.jobs()[0].status, "starting");
    world.advance(2 * MINUTE);
    assert_eq!(world.jobs()[0].status, "canceled");
}

#[test]
fn a_run_is_lost_when_the_provider_has_not_known_it_for_half_an_hour() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    ana.asks_to_train(&model).expect(202);
    world.advance(20 * SECOND);
    world.script(answers(404, "POST", "/cancel"));
    world.script(answers(404, "GET", "/trainings/"));
    let code = ana.deletes_the_account();
    world.advance(30 * MINUTE);
    assert!(!is_done(&world.receipt(&code)));
    world.advance(2 * HOUR);
    let receipt = world.receipt(&code);
    assert!(is_done(&receipt), "{receipt}");
    assert_eq!(object(&receipt, "runs")["count"], 1);
}

#[test]
fn the_version_of_a_run_goes_that_can_no_longer_be_stopped() {
    for refusal in [400, 404, 409, 410, 422] {
        let world = World::new();
        let ana = world.ana();
        let model = ana.has_a_model_with_photos(4);
        ana.asks_to_train(&model).expect(202);
        world.sleep(5 * MINUTE);
        world.script(answers(refusal, "POST", "/cancel"));
        let code = ana.deletes_the_account();
        world.advance(15 * MINUTE);
        assert!(is_done(&world.receipt(&code)), "{refusal}");
        let made = &world.jobs()[0].output["version"];
        let made = made.as_str().unwrap().to_owned();
        assert_eq!(world.living_versions(&[made].into()), 0, "{refusal}");
    }
}

#[test]
fn a_prediction_that_is_deleted_while_it_is_ordered_is_stopped() {
    let world = Rc::new(World::new());
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let stuck = Behaviour::StuckStarting { ms: None };
    world.script(Script::new("replicate", stuck).method("POST").times(1));
    meanwhile(&world, &ana, |elsewhere| {
        let list = elsewhere.get("/api/prediction").expect(200);
        let id = list["predictions"][0]["id"].as_str().unwrap();
        let gone = elsewhere.delete(&format!("/api/prediction/{id}"));
        assert_eq!(gone.status, 202);
    });
    ana.asks_for_images(&model, "the sea")
        .refused(404, "not-found");
    world.settle();
    assert_eq!(world.jobs_of("prediction")[0].status, "canceled");
    world.advance(5 * MINUTE);
    assert_eq!(world.sweep().looked_at, 0);
}

#[test]
fn a_model_that_is_deleted_while_its_training_is_ordered_leaves_no_run() {
    let world = Rc::new(World::new());
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let path = format!("/api/model/{model}");
    meanwhile(&world, &ana, move |elsewhere| {
        assert_eq!(elsewhere.delete(&path).status, 202);
    });
    ana.asks_to_train(&model).refused(404, "not-found");
    world.settle();
    assert_eq!(world.jobs()[0].status, "canceled");
    let rows = world.fake.rows();
    let left = rows.iter().filter(|(name, _)| name.contains(" operation "));
    assert_eq!(left.count(), 0);
    world.advance(5 * MINUTE);
    assert_eq!(world.sweep().looked_at, 0);
}
