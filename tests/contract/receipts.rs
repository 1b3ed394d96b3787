//! What a deletion leaves, as the stores and the receipt show it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::world::World;

impl World {
    /// The versions that Replicate still has of all that were ever noted in a row.
    pub fn living_versions(&self, noted: &BTreeSet<String>) -> usize {
        self.outside.follow(self.now_ms());
        let config = &self.config.replicate;
        let lives = |version: &&String| {
            let (model, hash) = version.split_once(':').unwrap();
            let url = format!("{}/models/{model}/versions/{hash}", config.api_url);
            let request = http::Request::get(url)
                .header("authorization", format!("Bearer {}", config.token))
                .body(Vec::new())
                .unwrap();
            match stand_ins::handle(&mut self.outside.world(), request) {
                stand_ins::Reaction::Answer(answer) => answer.status() == 200,
                other => panic!("{other:?}"),
            }
        };
        noted.iter().filter(lives).count()
    }

    /// The versions at Replicate that the rows of models name.
    pub fn noted_versions(&self) -> BTreeSet<String> {
        let models = self.fake.rows();
        let models = models.iter().filter(|(name, _)| name.contains(" model "));
        models
            .flat_map(|(_, text)| {
                let model: Value = serde_json::from_str(text).unwrap();
                model["versions"].as_array().unwrap().clone()
            })
            .map(|version| version["provider_version"].as_str().unwrap().to_owned())
            .collect()
    }

    /// The receipt of a deletion, as anybody reads it who has its code.
    #[track_caller]
    pub fn receipt(&self, code: &str) -> Value {
        let anybody = self.browser("anybody@example.com");
        anybody.get(&format!("/api/deletion/{code}")).expect(200)
    }

    /// Everything that is left of a person: names of rows and keys that contain their id.
    pub fn left_of(&self, id: &str) -> Vec<String> {
        let rows = self.fake.rows().into_iter().map(|(name, _)| name);
        let keys = self.fake.kv_entries().into_iter().map(|(name, _)| name);
        // How much was uploaded within the hour is still counted, and then forgotten by itself.
        let counted = format!("user:{id} recent uploads");
        rows.chain(keys)
            .filter(|name| name.contains(id) && *name != counted)
            .collect()
    }
}

pub fn id_of(browser: &Browser<'_>) -> String {
    browser.sees_account()["id"].as_str().unwrap().to_owned()
}

pub fn object<'r>(receipt: &'r Value, kind: &str) -> &'r Value {
    let objects = receipt["objects"].as_array().unwrap();
    objects
        .iter()
        .find(|object| object["kind"] == kind)
        .unwrap_or_else(|| panic!("no {kind} in {receipt}"))
}

pub fn is_done(receipt: &Value) -> bool {
    let objects = receipt["objects"].as_array().unwrap();
    let all = objects.iter().all(|object| object["verified_gone"] == true);
    assert_eq!(receipt["state"] == "done", all, "{receipt}");
    all
}

/// Somebody with photos, a caption, a trained model, images and a favourite.
pub fn settled<'w>(world: &'w World, email: &'static str) -> (Browser<'w>, String) {
    let person = world.person(email);
    let model = person.has_a_model_with_photos(4);
    let photos = person
        .get(&format!("/api/bytescale?model={model}"))
        .expect(200);
    let photo = photos["photos"][0]["id"].as_str().unwrap();
    let path = format!("/api/bytescale/{photo}?model={model}");
    person
        .patch(&path, &json!({"caption": "in red"}))
        .expect(200);
    person.trains(&model);
    let made = person.creates(&model, "a hat");
    let path = format!("/api/prediction/{}", made["id"].as_str().unwrap());
    person.patch(&path, &json!({"favorite": true})).expect(200);
    // What was asked for a while ago does not let one delete.
    person.signs_in();
    (person, model)
}
