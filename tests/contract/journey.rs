//! The main job from the first letter to a picture, and what it leaves behind.

use serde_json::json;

use crate::world::{MINUTE, SECOND, World};

#[test]
fn a_person_makes_a_model_and_a_picture_with_it() {
    let world = World::new();
    let ana = world.browser("ana@example.com");
    let user = ana.signs_in();
    assert_eq!(
        (&user["email"], &user["provider"]),
        (&json!("ana@example.com"), &json!("email"))
    );
    ana.consents();
    let model = ana.has_a_model_with_photos(5);
    let draft = ana.sees_model(&model);
    assert_eq!(
        (&draft["state"], &draft["photos"]),
        (&json!("draft"), &json!(5))
    );

    let queued = ana.asks_to_train(&model).expect(202);
    assert_eq!(
        (&queued["state"], &queued["progress"]["stage"]),
        (&json!("queued"), &json!("queued"))
    );
    world.advance(40 * SECOND);
    let training = ana.sees_model(&model);
    assert_eq!(training["state"], "training");
    assert!(
        training["progress"]["percent"].as_u64().is_some(),
        "{training}"
    );
    world.advance(2 * MINUTE);
    let ready = ana.sees_model(&model);
    assert_eq!(ready["state"], "ready");
    assert_eq!(ready["versions"][0]["id"], "v1");
    assert_eq!(ready["versions"][0]["photos"], 5);
    assert_eq!(
        world.stored("/zips/").len(),
        0,
        "the bundle goes with the training"
    );

    let prediction = ana.creates(&model, "as an astronaut");
    assert_eq!(prediction["state"], "succeeded", "{prediction}");
    assert_eq!(prediction["images"].as_array().unwrap().len(), 1);
    let trigger = ready["trigger_word"].as_str().unwrap();
    let final_prompt = prediction["recipe"]["final_prompt"].as_str().unwrap();
    assert!(final_prompt.contains(trigger) && final_prompt.contains("as an astronaut"));
    assert_eq!(world.jobs_of("training").len(), 1);
    assert_eq!(world.jobs_of("prediction").len(), 1);
    assert_eq!(world.jobs_of("training")[0].entries.len(), 5);
    assert!(world.heard.borrow().iter().all(|status| *status == 200));
}

#[test]
fn statistics_count_what_succeeded() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let trained = ana.sees_account();
    assert_eq!(trained["prediction_count"], 0);
    let training_s = trained["total_predict_time_s"].as_f64().unwrap();
    assert!(training_s > 60.0, "{training_s}");

    let prediction = ana.creates(&model, "by the sea");
    let account = ana.sees_account();
    assert_eq!(account["prediction_count"], 1);
    let total_s = account["total_predict_time_s"].as_f64().unwrap();
    let expected_s = training_s + prediction["predict_time_s"].as_f64().unwrap();
    assert!(
        (total_s - expected_s).abs() < 0.01,
        "{total_s} and {expected_s}"
    );
    let verified = ana.get("/api/verify-token").expect(200);
    assert_eq!(verified["user"]["prediction_count"], 1);
    assert_eq!(
        verified["user"]["total_predict_time_s"],
        account["total_predict_time_s"]
    );
    assert_eq!(account["quotas"]["trainings_per_day"]["used"], 1);
    assert_eq!(account["quotas"]["predictions_per_day"]["used"], 1);
}

#[test]
fn stored_images_say_that_they_are_made_by_a_machine() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    for format in ["jpg", "png", "webp"] {
        let body = json!({"model": model, "prompt": "on a horse", "format": format});
        ana.request("POST", "/create")
            .json(&body)
            .fresh_key()
            .send()
            .expect(202);
    }
    world.advance(2 * MINUTE);
    let images = world.stored("/images/");
    assert_eq!(images.len(), 3);
    for image in images {
        assert!(selfie::media::is_marked(&image.bytes), "{}", image.path);
    }
    assert!(
        world
            .stored("/photos/")
            .iter()
            .all(|photo| !selfie::media::is_marked(&photo.bytes))
    );
}

/// PH-14
#[test]
fn files_are_shown_by_signed_addresses_that_end() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let prediction = ana.creates(&model, "in the rain");
    let photos = ana
        .get(&format!("/api/bytescale?model={model}"))
        .expect(200);
    let image = prediction["images"][0]["url"].as_str().unwrap();
    let photo = photos["photos"][0]["url"].as_str().unwrap();
    for url in [image, photo] {
        assert_eq!(world.fetches(url), 200, "{url}");
        let (bare, _) = url.split_once('?').unwrap();
        assert_eq!(world.fetches(bare), 403);
        assert_eq!(world.fetches(&url.replace("exp=1", "exp=2")), 403);
    }
    world.sleep(MINUTE * 60);
    assert_eq!(world.fetches(image), 403);
    assert_eq!(world.fetches(photo), 403);
    let again = ana.sees_prediction(&prediction);
    assert_eq!(
        world.fetches(again["images"][0]["url"].as_str().unwrap()),
        200
    );
}

#[test]
fn the_placeholder_of_an_image_is_a_small_picture_in_the_record() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let prediction = ana.creates(&model, "in the snow");
    let image = &prediction["images"][0];
    let placeholder = image["placeholder"].as_str().unwrap();
    assert!(
        placeholder.starts_with("data:image/webp;base64,"),
        "{placeholder}"
    );
    assert!(placeholder.len() < 1024);
    assert_eq!(
        (&image["width"], &image["height"]),
        (&json!(1024), &json!(1024))
    );
    assert_eq!(image["content_type"], "image/jpeg");
}

#[test]
fn the_same_seed_makes_the_same_picture() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let body = json!({"model": model, "prompt": "in a boat", "seed": 7, "format": "jpg"});
    for _ in 0..2 {
        ana.request("POST", "/create")
            .json(&body)
            .fresh_key()
            .send()
            .expect(202);
    }
    world.advance(2 * MINUTE);
    let images = world.stored("/images/");
    assert_eq!(images.len(), 2);
    assert_eq!(images[0].bytes, images[1].bytes);
}
