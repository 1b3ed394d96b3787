//! Photos: what is taken in, what is left of it, and the bundle that a training is given.

use serde_json::{Value, json};
use stand_ins::{Behaviour, Script};

use crate::browser::Browser;
use crate::pictures;
use crate::world::{MINUTE, World};

fn photos_of(browser: &Browser<'_>, model: &str) -> Vec<Value> {
    let list = browser
        .get(&format!("/api/bytescale?model={model}"))
        .expect(200);
    list["photos"].as_array().unwrap().clone()
}

/// PH-01
#[test]
fn no_photo_is_taken_before_the_text_is_accepted() {
    let world = World::new();
    let ana = world.browser("ana@example.com");
    ana.signs_in();
    let model = ana.creates_a_model();
    world.settle();
    let refused = world.without_traces(|| ana.uploads(&model, &pictures::photo(1)));
    let version = refused.refused(403, "consent-required")["version"].clone();
    let old = ana.post("/api/consent", &json!({"version": "1999-01-01"}));
    old.refused(403, "consent-required");
    let agreed = ana
        .post("/api/consent", &json!({"version": version}))
        .expect(200);
    assert_eq!(agreed["version"], version);
    ana.uploads(&model, &pictures::photo(1)).expect(201);
    assert_eq!(ana.sees_account()["consent"], agreed);
}

/// PH-03
#[test]
fn a_photo_over_ten_megabytes_is_not_read_to_its_end() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(0);
    let huge = vec![0; 10 * 1024 * 1024 + 1];
    let problem = world
        .without_traces(|| ana.uploads(&model, &huge))
        .refused(413, "too-large");
    assert_eq!(problem["max_bytes"], 10 * 1024 * 1024);
}

/// PH-04
#[test]
fn what_is_no_sound_picture_is_refused_and_leaves_nothing() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(0);
    let jpeg = pictures::photo(1);
    let mut png = pictures::picture(2, image::ImageFormat::Png);
    let place = png.len() - 20;
    png[place] ^= 1;
    let mut webp = pictures::picture(3, image::ImageFormat::WebP);
    let size = u32::from_le_bytes(webp[4..8].try_into().unwrap()) + 2;
    webp[4..8].copy_from_slice(&size.to_le_bytes());
    let cases: [(&[u8], &str); 7] = [
        (b"", "not-an-image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not-an-image"),
        (&jpeg[..jpeg.len() / 2], "truncated"),
        (&[jpeg.as_slice(), b"PK"].concat(), "trailing-data"),
        (&png, "truncated"),
        (&webp, "truncated"),
        (&pictures::photo_of(4, 255, 400), "too-small"),
    ];
    for (bytes, reason) in cases {
        let answer = world.without_traces(|| ana.uploads(&model, bytes));
        assert_eq!(answer.refused(422, "photo-rejected")["reason"], reason);
    }
}

/// PH-05
#[test]
fn pictures_that_move_are_refused() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(0);
    for bytes in [pictures::moving_png(), pictures::moving_webp()] {
        let answer = world.without_traces(|| ana.uploads(&model, &bytes));
        assert_eq!(answer.refused(422, "photo-rejected")["reason"], "animated");
    }
}

/// PH-06
#[test]
fn a_name_is_for_display_and_nothing_else() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(0);
    let path = format!("/api/bytescale?model={model}");
    for (name, shown) in [
        ("..%2F..%2Fetc%2Fpasswd", "passwd"),
        ("gpj.%E2%80%AEexe", "gpj.exe"),
        ("a%00b%0Ac.jpg", "abc.jpg"),
        ("<img src=x>.jpg", "<img src=x>.jpg"),
        (&"n".repeat(5000), &"n".repeat(100)),
        ("", "photo"),
    ] {
        let request = ana
            .request("POST", &path)
            .body("image/jpeg", &pictures::photo(world.number()));
        let photo = request.header("x-photo-name", name).send().expect(201);
        assert_eq!(photo["name"], shown);
        let id = photo["id"].as_str().unwrap();
        assert_eq!(
            world.stored(&format!("/photos/{id}.jpg")).len(),
            1,
            "stored under our name"
        );
    }
    let paths: String = world.stored("").into_iter().map(|file| file.path).collect();
    assert!(!paths.contains("passwd") && !paths.contains("exe") && !paths.contains("img"));
}

/// PH-07
#[test]
fn a_model_has_four_to_thirty_photos_and_none_twice() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(3);
    world
        .without_traces(|| ana.asks_to_train(&model))
        .refused(422, "invalid-request");
    let zip = || ana.post("/api/zipper", &json!({"model": model}));
    world.without_traces(zip).refused(422, "invalid-request");

    let photo = pictures::photo(1000);
    let first = ana.uploads(&model, &photo).expect(201);
    world.settle();
    let files = world.stored("/photos/").len();
    let second = ana.uploads(&model, &photo).expect(201);
    assert_eq!(first["id"], second["id"]);
    assert_eq!(
        (
            photos_of(&ana, &model).len(),
            world.stored("/photos/").len()
        ),
        (4, files)
    );

    for _ in 4..30 {
        ana.uploads(&model, &pictures::photo(world.number()))
            .expect(201);
    }
    world.settle();
    let one_more = pictures::photo(world.number());
    let problem = world
        .without_traces(|| ana.uploads(&model, &one_more))
        .refused(429, "quota-exceeded");
    assert_eq!(
        (&problem["limit"], &problem["used"]),
        (&json!(30), &json!(30))
    );
}

#[test]
fn what_a_photo_tells_beside_its_picture_is_stored_nowhere() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(0);
    let photo = pictures::telltale_photo(1);
    assert!(photo.windows(11).any(|window| window == b"SecretPhone"));
    ana.uploads(&model, &photo).expect(201);
    let stored = world.stored("/photos/").remove(0);
    for secret in [b"SecretPhone".as_slice(), b"Exif\0\0", b"38.7223"] {
        assert!(
            !stored
                .bytes
                .windows(secret.len())
                .any(|window| window == secret)
        );
        let calls = world.outside.world().calls().to_vec();
        let sent = |body: &[u8]| body.windows(secret.len()).any(|window| window == secret);
        assert!(!calls.iter().any(|call| sent(&call.body)));
    }
    assert!(image::load_from_memory(&stored.bytes).is_ok());
}

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

/// PH-13
#[test]
fn a_store_in_trouble_leaves_no_half_photo_and_a_further_try_works() {
    let status = |code| Behaviour::Status {
        code,
        body: None,
        headers: [].into(),
    };
    for trouble in [
        status(404),
        status(500),
        Behaviour::Hang,
        Behaviour::Malformed,
        Behaviour::DropAfter,
    ] {
        let world = World::new();
        let ana = world.ana();
        let model = ana.has_a_model_with_photos(1);
        let photo = pictures::photo(1000);
        world.script(
            Script::new("bytescale", trouble.clone())
                .path("/uploads/")
                .times(2),
        );
        let answer = ana.uploads(&model, &photo);
        assert!(
            matches!(answer.status, 502 | 503),
            "{trouble:?} {}",
            answer.text()
        );
        assert_eq!(answer.json()["provider"], "bytescale");
        assert_eq!(photos_of(&ana, &model).len(), 1);
        world.outside.world().clear_scripts();
        ana.uploads(&model, &photo).expect(201);
        world.advance(20 * MINUTE);
        assert_eq!(photos_of(&ana, &model).len(), 2);
        assert_eq!(
            world.stored("/photos/").len(),
            2,
            "{trouble:?}: what is not of the set is removed"
        );
        assert_eq!(ana.sees_model(&model)["photos"], 2);
    }
}

#[test]
fn a_caption_goes_into_the_bundle_and_with_its_photo() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(5);
    let photos = photos_of(&ana, &model);
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
            .filter(|(_, caption)| caption == text)
            .count()
    };
    assert_eq!((count("in a red hat"), count("gone soon")), (1, 0));
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
    let photo = photos_of(&ana, &model)[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    ana.asks_to_train(&model).expect(202);
    world.settle();
    let path = format!("/api/bytescale/{photo}?model={model}");
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
