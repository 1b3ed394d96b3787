//! Photos: what is taken in, what is left of it, and the bundle that a training is given.

use serde_json::{Value, json};
use stand_ins::{Behaviour, Script};

use crate::pictures;
use crate::world::{MINUTE, World};

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

/// PH-02
#[test]
fn a_size_that_a_header_only_claims_is_refused_at_once() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(0);
    let cases = [
        (60_000, 60_000, "too-large-dimensions"),
        (12_001, 300, "too-large-dimensions"),
        (300, 12_001, "too-large-dimensions"),
        (10_000, 5001, "too-large-dimensions"),
        (1, 1, "too-small"),
        (0, 0, "not-an-image"),
    ];
    for (width, height, reason) in cases {
        for photo in [
            pictures::png_claiming(width, height),
            pictures::jpeg_claiming(width, height),
        ] {
            let answer = world.without_traces(|| ana.uploads(&model, &photo));
            let problem = answer.refused(422, "photo-rejected");
            let is_right = problem["reason"] == reason || (width == 0);
            assert!(is_right, "{width} x {height}: {problem}");
        }
    }
    ana.uploads(&model, &pictures::photo(1)).expect(201);
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
        (ana.photos_of(&model).len(), world.stored("/photos/").len()),
        (4, files)
    );

    for _ in 4..30 {
        ana.uploads(&model, &pictures::photo(world.number()))
            .expect(201);
    }
    world.settle();
    let one_more = pictures::photo(world.number());
    let answer = world.without_traces(|| ana.uploads(&model, &one_more));
    let problem = answer.refused(429, "quota-exceeded");
    assert_eq!(
        (&problem["limit"], &problem["used"]),
        (&json!(30), &json!(30))
    );
    assert_eq!(
        problem["detail"],
        "This model has 30 of 30 photos. Remove one to add another."
    );
    assert_eq!(problem["resets_at"], Value::Null);
    assert_eq!(answer.header("retry-after"), None);
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
        assert_eq!(ana.photos_of(&model).len(), 1);
        world.outside.world().clear_scripts();
        ana.uploads(&model, &photo).expect(201);
        world.advance(20 * MINUTE);
        assert_eq!(ana.photos_of(&model).len(), 2);
        assert_eq!(
            world.stored("/photos/").len(),
            2,
            "{trouble:?}: what is not of the set is removed"
        );
        assert_eq!(ana.sees_model(&model)["photos"], 2);
    }
}

/// PV-06
#[test]
fn photos_go_when_their_time_after_the_last_training_is_over() {
    const DAY: u64 = 24 * 60 * MINUTE;
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    assert_eq!(world.stored("/photos/").len(), 4);
    world.advance(29 * DAY);
    assert_eq!(world.stored("/photos/").len(), 4);
    world.advance(2 * DAY);
    assert!(world.stored("/photos/").is_empty());
    ana.signs_in();
    let shown = ana.sees_model(&model);
    assert_eq!(
        (&shown["photos"], &shown["state"]),
        (&json!(0), &json!("ready"))
    );
}
