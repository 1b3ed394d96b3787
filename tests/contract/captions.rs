//! Photos described by a vision model: in what words, and that nobody waits for them.

use serde_json::{Value, json};
use stand_ins::{Behaviour, Script};

use crate::answer::Answer;
use crate::browser::Browser;
use crate::world::{HOUR, MINUTE, SECOND, World};

impl Browser<'_> {
    pub fn asks_for_a_caption(&self, model: &str, photo: &Value) -> Answer {
        self.request("POST", "/api/caption")
            .json(&json!({"model": model, "photo": photo["id"]}))
            .fresh_key()
            .send()
    }

    pub fn sees_photo(&self, model: &str, photo: &Value) -> Value {
        let photos = self.photos_of(model);
        let found = photos.into_iter().find(|known| known["id"] == photo["id"]);
        found.unwrap()
    }

    /// The photo once its description has come, or has not.
    #[track_caller]
    pub fn has_described(&self, model: &str, photo: &Value) -> Value {
        self.asks_for_a_caption(model, photo).expect(202);
        self.world.advance(MINUTE);
        self.sees_photo(model, photo)
    }

    pub fn writes(&self, model: &str, photo: &Value, caption: &Value) {
        let path = format!(
            "/api/bytescale/{}?model={model}",
            photo["id"].as_str().unwrap()
        );
        self.patch(&path, &json!({"caption": caption})).expect(200);
    }

    pub fn captions_used(&self) -> Value {
        self.sees_account()["quotas"]["captions_per_day"]["used"].clone()
    }
}

fn says(text: &str) -> Script {
    let text = text.to_owned();
    Script::new("replicate", Behaviour::Say { text }).times(1)
}

fn order(behaviour: Behaviour) -> Script {
    Script::new("replicate", behaviour).method("POST").times(1)
}

#[test]
fn a_photo_is_described_and_the_words_are_its_caption_until_somebody_changes_them() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let photo = ana.photos_of(&model)[0].clone();
    assert_eq!(
        (&photo["caption"], &photo["captioning"]),
        (&Value::Null, &Value::Null)
    );
    let asked = ana.asks_for_a_caption(&model, &photo).expect(202);
    assert_eq!(
        (&asked["caption"], &asked["captioning"]),
        (&Value::Null, &json!("running"))
    );
    world.advance(MINUTE);
    let described = ana.sees_photo(&model, &photo);
    let words = described["description"].as_str().unwrap();
    assert!(
        words.starts_with("the subject ") && words.contains(" light"),
        "{words}"
    );
    assert_eq!(
        (&described["caption"], &described["captioning"]),
        (&json!(words), &Value::Null)
    );
    let account = ana.sees_account();
    assert_eq!(
        (ana.captions_used(), &account["prediction_count"]),
        (json!(1), &json!(0))
    );
    assert_eq!(account["total_predict_time_s"], 7.0);

    world.script(says("Someone by the sea."));
    let again = ana.has_described(&model, &photo);
    assert_eq!(
        again["caption"], "Someone by the sea.",
        "nobody had changed it"
    );
    ana.writes(&model, &photo, &json!("my own words"));
    world.script(says("Someone in a wood."));
    let kept = ana.has_described(&model, &photo);
    assert_eq!(
        (&kept["caption"], &kept["description"]),
        (&json!("my own words"), &json!("Someone in a wood."))
    );
    ana.writes(&model, &photo, &Value::Null);
    assert_eq!(
        ana.sees_photo(&model, &photo)["description"],
        "Someone in a wood."
    );
    assert_eq!(ana.captions_used(), 3);
}

#[test]
fn a_vision_model_is_shown_the_photo_and_told_nothing_else() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let photo = ana.photos_of(&model)[0].clone();
    ana.has_described(&model, &photo);
    let [job] = &world.jobs_of("description")[..] else {
        panic!("one run");
    };
    assert!(job.version.starts_with("lucataco/moondream2:"));
    let input = job.input.as_object().unwrap();
    assert_eq!(input.keys().collect::<Vec<_>>(), ["image", "prompt"]);
    let told = job.input.to_string();
    for private in ["Ana", "ana@", "SLF", "photo.jpg"] {
        assert!(!told.contains(private), "{private}");
    }
    let address = input["image"].as_str().unwrap();
    assert_eq!(world.fetches(address), 200);
    world.advance(HOUR);
    assert_eq!(
        world.fetches(address),
        403,
        "its address lives for half an hour"
    );
}

#[test]
fn captions_stand_beside_the_photos_with_the_trigger_word_and_without_those_switched_off() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let photos = ana.photos_of(&model);
    for photo in &photos[..3] {
        ana.has_described(&model, photo);
    }
    ana.writes(&model, &photos[1], &json!("in a red hat"));
    ana.writes(&model, &photos[2], &Value::Null);
    ana.trains(&model);
    let word = ana.sees_model(&model)["trigger_word"]
        .as_str()
        .unwrap()
        .to_owned();
    let job = &world.jobs_of("training")[0];
    assert_eq!(job.entries.len(), 6, "four photos and two captions");
    let words: Vec<&str> = job
        .captions
        .iter()
        .map(|(_, words)| words.as_str())
        .collect();
    assert!(words.contains(&format!("{word}, in a red hat").as_str()));
    let described = format!("{word}, the subject ");
    assert!(
        words.iter().any(|words| words.starts_with(&described)),
        "{words:?}"
    );
    assert_eq!(
        words
            .iter()
            .filter(|words| words.contains("a photo of"))
            .count(),
        2
    );
}

#[test]
fn what_a_vision_model_says_is_one_line_of_plain_words_or_nothing() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let photo = ana.photos_of(&model)[0].clone();
    let long = "word ".repeat(4000);
    for (said, kept) in [
        (
            "A <b>bold</b>\u{202e} hat\n\u{1b}[31m<lora:x:9> **red**",
            "A bold hat 31m red",
        ),
        (&long, long[..499].trim()),
    ] {
        world.script(says(said));
        assert_eq!(ana.has_described(&model, &photo)["caption"], kept);
    }
    let before = ana.captions_used();
    for nothing in ["", "<br>", " \u{200b}\n..."] {
        world.script(says(nothing));
        let failed = ana.has_described(&model, &photo);
        assert_eq!(
            (&failed["captioning"], &failed["caption"]),
            (&json!("failed"), &json!(long[..499].trim()))
        );
    }
    assert_eq!(
        ana.captions_used(),
        before,
        "what said nothing is given back"
    );
    world.script(order(Behaviour::OutputString));
    world.script(says("One whole text."));
    assert_eq!(
        ana.has_described(&model, &photo)["caption"],
        "One whole text."
    );
}

#[test]
fn a_caption_that_failed_is_given_back_and_stops_no_training() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let photo = ana.photos_of(&model)[0].clone();
    let error = "CUDA is out of memory".to_owned();
    for behaviour in [
        Behaviour::Fail { error },
        Behaviour::OutputNull,
        Behaviour::Aborted,
    ] {
        world.script(order(behaviour.clone()));
        let failed = ana.has_described(&model, &photo);
        let stopped = behaviour == Behaviour::Aborted;
        let captioning = if stopped {
            Value::Null
        } else {
            json!("failed")
        };
        assert_eq!(
            (&failed["captioning"], &failed["caption"]),
            (&captioning, &Value::Null),
            "{behaviour:?}"
        );
        assert!(!failed.to_string().contains("CUDA"));
        assert_eq!(ana.captions_used(), 0);
    }
    assert_eq!(
        world.count_alerts("caption failed"),
        1,
        "one of a kind in ten minutes"
    );
    ana.trains(&model);
    assert_eq!(world.jobs_of("training")[0].entries.len(), 4);
}

#[test]
fn a_training_takes_the_captions_that_there_are_and_stops_the_rest() {
    for bundled in [false, true] {
        let world = World::new();
        let ana = world.ana();
        let model = ana.has_a_model_with_photos(4);
        let photos = ana.photos_of(&model);
        ana.has_described(&model, &photos[0]);
        if bundled {
            ana.post("/api/zipper", &json!({"model": model}))
                .expect(200);
        }
        world.script(order(Behaviour::StuckStarting {
            ms: Some(20 * SECOND),
        }));
        ana.asks_for_a_caption(&model, &photos[1]).expect(202);
        world.advance(SECOND);
        ana.trains(&model);
        assert_eq!(world.jobs_of("training")[0].entries.len(), 5);
        assert_eq!(world.jobs_of("description")[1].status, "canceled");
        let photo = ana.sees_photo(&model, &photos[1]);
        assert_eq!(
            (&photo["captioning"], &photo["caption"]),
            (&Value::Null, &Value::Null)
        );
        assert_eq!(ana.captions_used(), 1);
    }
}
