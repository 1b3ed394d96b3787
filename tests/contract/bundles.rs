//! The bundle that a training is given: what is in it, and when it is made.

use serde_json::{Value, json};
use stand_ins::{Behaviour, Script};

use crate::pictures;
use crate::world::{MINUTE, World};

/// PH-10
#[test]
fn a_bundle_that_is_not_the_set_is_never_paid_for() {
    let zips = [
        Behaviour::ZipEntryMissing,
        Behaviour::ZipForeignEntry,
        Behaviour::ZipTruncated,
    ];
    for behaviour in [Behaviour::ListingWrong].into_iter().chain(zips) {
        let world = World::new();
        let ana = world.ana();
        let model = ana.has_a_model_with_photos(4);
        let script = Script::new("bytescale-cdn", behaviour.clone());
        world.script(script);
        let answer = ana.asks_to_train(&model);
        assert!(
            matches!(answer.status, 502 | 503),
            "{behaviour:?} {}",
            answer.text()
        );
        assert_eq!(answer.json()["provider"], "bytescale");
        assert_eq!(world.count_calls("replicate", ""), 0);
        assert_eq!(ana.sees_account()["quotas"]["trainings_per_day"]["used"], 0);
        world.outside.world().clear_scripts();
        ana.trains(&model);
    }
}

#[test]
fn a_caption_goes_into_the_bundle_and_with_its_photo() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(5);
    let photos = ana.photos_of(&model);
    let path = |photo: &Value| {
        format!(
            "/api/bytescale/{}?model={model}",
            photo["id"].as_str().unwrap()
        )
    };
    let captioned = ana
        .patch(&path(&photos[0]), &json!({"caption": "  in a red hat "}))
        .expect(200);
    assert_eq!(captioned["caption"], "in a red hat");
    for wrong in [
        json!({"caption": "a\nb"}),
        json!({"caption": "c".repeat(501)}),
        json!({"caption": 1}),
    ] {
        world.settle();
        world
            .without_traces(|| ana.patch(&path(&photos[1]), &wrong))
            .refused(422, "invalid-request");
    }
    ana.patch(&path(&photos[1]), &json!({"caption": "gone soon"}))
        .expect(200);
    ana.patch(&path(&photos[1]), &json!({"caption": null}))
        .expect(200);
    assert_eq!(ana.delete(&path(&photos[2])).status, 204);
    ana.trains(&model);
    let job = &world.jobs_of("training")[0];
    assert_eq!(job.entries.len(), 5, "four photos and one caption");
    let count = |text: &str| {
        job.captions
            .iter()
            .filter(|(_, caption)| caption.contains(text))
            .count()
    };
    let word = ana.sees_model(&model)["trigger_word"]
        .as_str()
        .unwrap()
        .to_owned();
    let whole = format!("{word}, in a red hat");
    assert_eq!((count(&whole), count("gone soon")), (1, 0));
    assert_eq!(world.stored("/photos/").len(), 5);
    ana.delete(&path(&photos[2])).refused(404, "not-found");
}

#[test]
fn the_same_set_is_bundled_once() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let bundle = || {
        ana.post("/api/zipper", &json!({"model": model}))
            .expect(200)
    };
    let first = bundle();
    assert_eq!(first["zip"]["photos"], 4);
    world.advance(MINUTE);
    assert_eq!(bundle(), first);
    assert_eq!(world.count_calls("bytescale-cdn", "POST"), 1);
    assert_eq!(ana.sees_model(&model)["state"], "bundled");
    ana.uploads(&model, &pictures::photo(1000)).expect(201);
    assert_eq!(ana.sees_model(&model)["state"], "draft");
    assert_eq!(bundle()["zip"]["photos"], 5);
    world.settle();
    assert_eq!(world.stored("/zips/").len(), 1, "the old one is removed");
}

/// PH-09
#[test]
fn the_names_in_a_bundle_tell_nothing_and_two_programs_open_it() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(0);
    for name in [
        "Ana in Lisbon.jpg",
        "..%2F..%2Fhome.jpg",
        "COM1",
        "a%0Ab.jpg",
    ] {
        let path = format!("/api/bytescale?model={model}");
        let photo = pictures::photo(world.number());
        let request = ana.request("POST", &path).body("image/jpeg", &photo);
        request.header("x-photo-name", name).send().expect(201);
    }
    let captioned = ana.photos_of(&model)[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/bytescale/{captioned}?model={model}");
    ana.patch(&path, &json!({"caption": "in a hat"}))
        .expect(200);
    ana.post("/api/zipper", &json!({"model": model}))
        .expect(200);
    let bytes = world.stored("/zips/").remove(0).bytes;

    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
    let mut read = std::collections::BTreeMap::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut content).unwrap();
        read.insert(entry.name().unwrap().into_owned(), content.len() as u64);
    }
    let mut again = std::collections::BTreeMap::new();
    for entry in rawzip::ZipArchive::from_slice(&bytes).unwrap().entries() {
        let entry = entry.unwrap();
        let name = entry.file_path().try_normalize().unwrap();
        again.insert(name.as_ref().to_owned(), entry.uncompressed_size_hint());
    }
    assert_eq!(read, again);
    let ids: Vec<String> = ana
        .photos_of(&model)
        .iter()
        .map(|photo| photo["id"].as_str().unwrap().to_owned())
        .collect();
    let mut expected: Vec<String> = ids.iter().map(|id| format!("{id}.jpg")).collect();
    expected.push(format!("{captioned}.txt"));
    expected.sort();
    assert_eq!(read.into_keys().collect::<Vec<_>>(), expected);
}

/// PH-14
#[test]
fn a_bundle_is_given_out_to_the_trainer_alone_and_not_for_ever() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let stuck = Behaviour::StuckStarting { ms: None };
    world.script(Script::new("replicate", stuck).method("POST"));
    ana.asks_to_train(&model).expect(202);
    let order = world
        .outside
        .world()
        .calls()
        .iter()
        .rfind(|call| call.path.contains("/trainings"))
        .cloned();
    let order: Value = serde_json::from_slice(&order.unwrap().body).unwrap();
    let url = order["input"]["input_images"].as_str().unwrap().to_owned();
    let (bare, _) = url.split_once('?').unwrap();
    assert_eq!(world.fetches(&url), 200);
    assert_eq!(world.fetches(bare), 403);
    assert_eq!(world.fetches(&url.replace("/zips/", "/photos/")), 403);
    world.sleep(24 * 60 * MINUTE);
    assert_eq!(world.fetches(&url), 403);
}

/// PH-08
#[test]
fn a_bundle_over_sixty_megabytes_is_refused_before_anything_is_asked() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(0);
    for seed in 0..7 {
        ana.uploads(&model, &pictures::heavy_png(seed, 9 * 1024 * 1024))
            .expect(201);
    }
    world.settle();
    let ask = || ana.post("/api/zipper", &json!({"model": model}));
    let problem = world.without_traces(ask).refused(413, "too-large");
    assert_eq!(problem["max_bytes"], 60 * 1024 * 1024);
    world
        .without_traces(|| ana.asks_to_train(&model))
        .refused(413, "too-large");
}

#[test]
fn the_set_of_a_running_training_does_not_change() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    ana.asks_to_train(&model).expect(202);
    world.settle();
    let path = ana.address_of_a_photo(&model);
    let new = pictures::photo(1000);
    world.without_traces(|| {
        ana.uploads(&model, &new).refused(409, "conflict");
        ana.delete(&path).refused(409, "conflict");
        ana.patch(&path, &json!({"caption": "x"}))
            .refused(409, "conflict");
        ana.post("/api/zipper", &json!({"model": model}))
            .refused(409, "conflict");
    });
}

fn late_zip() -> Script {
    Script::new("bytescale-cdn", Behaviour::Delay { ms: 30_000 })
        .method("POST")
        .times(1)
}

#[test]
fn a_bundle_that_is_finished_after_we_stopped_waiting_is_taken() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    world.script(late_zip());
    let began_ms = world.now_ms();
    ana.asks_to_train(&model).expect(202);
    assert!(world.now_ms() - began_ms < 25_000);
    assert_eq!(world.count_calls("bytescale-cdn", "POST"), 1);
    world.advance(5 * MINUTE);
    assert_eq!(ana.sees_model(&model)["state"], "ready");
    assert_eq!(world.jobs_of("training")[0].entries.len(), 4);
}

#[test]
fn whoever_asks_again_is_not_sent_back_to_the_beginning() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let path = ana.address_of_a_photo(&model);
    ana.patch(&path, &json!({"caption": "in a hat"}))
        .expect(200);
    world.settle();
    world.script(late_zip());
    let status = Behaviour::Status {
        code: 500,
        body: None,
        headers: [].into(),
    };
    let details = Script::new("bytescale", status).path("/files/details");
    world.script(details.times(2));
    assert_eq!(ana.asks_to_train(&model).status, 503);
    let stored = world.count_calls("bytescale", "uploads/binary");
    ana.trains(&model);
    assert_eq!(world.count_calls("bytescale-cdn", "POST"), 1);
    assert_eq!(
        world.count_calls("bytescale", "uploads/binary"),
        stored,
        "nothing is stored again"
    );
    assert_eq!(world.jobs_of("training")[0].entries.len(), 5);
}
