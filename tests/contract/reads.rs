//! Reading: what it costs, lists page by page, and what a client may say.

use selfie::fake::LedgerFault;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::world::World;

/// Gets and other operations of the store that a request costs.
fn cost(world: &World, browser: &Browser<'_>, path: &str) -> (u64, u64) {
    let (reads, writes) = world.fake.kv_operations();
    browser.get(path).expect(200);
    let (more_reads, more_writes) = world.fake.kv_operations();
    (more_reads - reads, more_writes - writes)
}

#[test]
fn a_finished_prediction_costs_two_reads_and_outlives_the_ledger() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let prediction = ana.creates(&model, "a hat");
    let id = prediction["id"].as_str().unwrap();
    let path = format!("/api/prediction/{id}");
    ana.get(&path).expect(200);
    let (reads, writes) = cost(&world, &ana, &path);
    assert!(reads <= 2 && writes == 0, "{reads} reads, {writes} writes");
    world.fake.fail_ledger([LedgerFault::Before]);
    ana.get(&path).expect(200);
}

#[test]
fn a_model_is_shown_from_its_mirror_when_the_ledger_cannot_be_asked() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    world.fake.fail_ledger([LedgerFault::Before]);
    assert_eq!(ana.sees_model(&model)["state"], "ready");
}

#[test]
fn what_was_just_changed_is_seen_before_any_mirror_is_written() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let prediction = ana.creates(&model, "a hat");
    let path = format!("/api/prediction/{}", prediction["id"].as_str().unwrap());
    ana.get(&path).expect(200);
    ana.patch(&path, &json!({"favorite": true})).expect(200);
    assert_eq!(ana.get(&path).expect(200)["favorite"], true);
    let path = format!("/api/model/{model}");
    ana.patch(&path, &json!({"name": "Renamed"})).expect(200);
    assert_eq!(ana.get(&path).expect(200)["name"], "Renamed");
    ana.asks_to_train(&model).expect(202);
    assert_eq!(ana.sees_model(&model)["state"], "queued");
}

#[test]
fn what_runs_costs_no_more_reads() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    ana.asks_to_train(&model).expect(202);
    world.settle();
    for path in [
        "/api/account",
        "/api/model",
        "/api/prediction",
        &format!("/api/model/{model}"),
    ] {
        let (reads, writes) = cost(&world, &ana, path);
        assert!(
            reads <= 2 && writes == 0,
            "{path}: {reads} reads, {writes} writes"
        );
    }
}

fn ids(list: &Value, name: &str) -> Vec<String> {
    let entries = list[name].as_array().unwrap();
    entries
        .iter()
        .map(|entry| entry["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_list_is_read_page_by_page_newest_first() {
    let world = World::new();
    let ana = world.ana();
    let mut made: Vec<String> = (0..5).map(|_| ana.creates_a_model()).collect();
    made.reverse();
    let mut seen = Vec::new();
    let mut path = "/api/model?limit=2".to_owned();
    for pages in 1.. {
        let page = ana.get(&path).expect(200);
        seen.extend(ids(&page, "models"));
        let Some(cursor) = page["next_cursor"].as_str() else {
            assert_eq!(pages, 3);
            break;
        };
        path = format!("/api/model?limit=2&cursor={cursor}");
    }
    assert_eq!(seen, made);
    assert_eq!(
        made[0].parse::<u64>().unwrap(),
        made[4].parse::<u64>().unwrap() + 4
    );
}

#[test]
fn predictions_are_listed_by_model_by_words_and_by_favour() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let mut made = Vec::new();
    for prompt in ["in a red Hat", "by the sea", "in a hat by the sea"] {
        world.advance(1000);
        made.push(
            ana.asks_for_images(&model, prompt).expect(202)["id"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    world.settle();
    ana.patch(
        &format!("/api/prediction/{}", made[1]),
        &json!({"favorite": true}),
    )
    .expect(200);
    let list = |query: &str| {
        ids(
            &ana.get(&format!("/api/prediction{query}")).expect(200),
            "predictions",
        )
    };
    let [first, second, third] = [0, 1, 2].map(|index: usize| made[index].clone());
    assert_eq!(list(""), [third.clone(), second.clone(), first.clone()]);
    assert_eq!(list("?q=HAT"), [third.clone(), first.clone()]);
    assert_eq!(list("?favorite=true"), std::slice::from_ref(&second));
    assert_eq!(list("?favorite=false"), [third.clone(), first.clone()]);
    assert_eq!(
        list(&format!("?model={model}")),
        [third.clone(), second, first]
    );
    assert_eq!(list("?model=1600000000000"), [] as [String; 0]);
    let page = ana.get("/api/prediction?limit=1").expect(200);
    let cursor = page["next_cursor"].as_str().unwrap();
    assert_eq!(
        list(&format!("?limit=1&cursor={cursor}")),
        [made[1].clone()]
    );
    let elsewhere = ana.get(&format!("/api/prediction?q=hat&cursor={cursor}"));
    elsewhere.refused(422, "invalid-request");
}

/// OW-06
#[test]
fn a_cursor_is_of_one_person_and_one_list() {
    let world = World::new();
    let (ana, ben) = (world.ana(), world.ben());
    for _ in 0..2 {
        ana.creates_a_model();
        ben.creates_a_model();
    }
    let page = ana.get("/api/model?limit=1").expect(200);
    let cursor = page["next_cursor"].as_str().unwrap();
    let query = format!("?limit=1&cursor={cursor}");
    ben.get(&format!("/api/model{query}"))
        .refused(422, "invalid-request");
    ana.get(&format!("/api/prediction{query}"))
        .refused(422, "invalid-request");
    for wrong in [
        "cursor=garbage",
        "cursor=",
        "limit=0",
        "limit=101",
        "limit=1000000",
        "limit=x",
        "limit=-1",
    ] {
        ana.get(&format!("/api/model?{wrong}"))
            .refused(422, "invalid-request");
        ana.get(&format!("/api/prediction?{wrong}"))
            .refused(422, "invalid-request");
    }
}

/// OW-02
#[test]
fn what_the_service_decides_cannot_be_said() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(0);
    for field in [
        "owner",
        "id",
        "state",
        "versions",
        "photos",
        "created_at",
        "trigger_word",
        "webhook",
        "destination",
    ] {
        let mut body = json!({"name": "x", "subject": "pet"});
        body[field] = json!("x");
        let answer = world.without_traces(|| ana.post("/api/model", &body));
        assert_eq!(
            answer.refused(422, "invalid-request")["errors"][0]["pointer"],
            format!("/{field}")
        );
        let mut body = json!({"name": "x"});
        body[field] = json!("x");
        let path = format!("/api/model/{model}");
        world
            .without_traces(|| ana.patch(&path, &body))
            .refused(422, "invalid-request");
        let mut body = json!({"model": model});
        body[field] = json!("x");
        let train = || {
            ana.request("POST", "/api/genmodel")
                .json(&body)
                .fresh_key()
                .send()
        };
        world.without_traces(train).refused(422, "invalid-request");
    }
    let consent =
        json!({"version": selfie::domain::consent::version(30), "accepted_at": "2020-01-01"});
    world
        .without_traces(|| ana.post("/api/consent", &consent))
        .refused(422, "invalid-request");
}

/// OW-08
#[test]
fn a_parameter_that_is_said_twice_is_refused() {
    let world = World::new();
    let ana = world.ana();
    for path in [
        "/api/model?limit=1&limit=2",
        "/api/prediction?q=a&q=b",
        "/api/bytescale?model=1&model=2",
    ] {
        world
            .without_traces(|| ana.get(path))
            .refused(400, "malformed-request");
    }
    let request = ana.request("POST", "/api/model");
    let request = request.body(
        "application/json",
        br#"{"name":"a","name":"b","subject":"pet"}"#,
    );
    world
        .without_traces(|| request.send())
        .refused(400, "malformed-request");
}

/// ST-07
#[test]
fn a_mirror_that_cannot_be_read_fails_nothing() {
    use selfie::ports::Namespace;
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let user = ana.sees_account()["id"].as_str().unwrap().to_owned();
    let key = format!("{user}.{model}");
    for corrupt in ["", "{}", "[1]", r#"{"schema":99}"#] {
        world.fake.plant(Namespace::Models, &key, corrupt);
        assert_eq!(ana.sees_model(&model)["state"], "ready", "{corrupt}");
        world
            .fake
            .plant(Namespace::Users, &format!("email.{user}"), corrupt);
        ana.get("/api/verify-token").expect(200);
    }
    assert_eq!(ids(&ana.get("/api/model").expect(200), "models"), [model]);
}
