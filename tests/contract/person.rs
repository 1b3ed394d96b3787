//! What a person does, in sentences; each step must succeed.

use selfie::domain::consent;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::browser::Browser;
use crate::pictures;
use crate::world::{MINUTE, World};

impl World {
    pub fn fresh_key(&self) -> String {
        format!("5e1f1e00-0000-4000-8000-{:012}", self.number())
    }
}

impl Browser<'_> {
    pub fn asks_for_a_link(&self) -> Answer {
        self.post("/api/magic-link", &json!({"email": self.email}))
    }

    /// The last letter that came to this person.
    pub fn letter(&self) -> stand_ins::Letter {
        self.world.settle();
        self.world.letters_to(self.email).pop().expect("a letter")
    }

    /// The token in the link of the last letter.
    pub fn letter_token(&self) -> String {
        let letter = self.letter();
        let (_, token) = letter.links[0].split_once("#t=").unwrap();
        token.to_owned()
    }

    pub fn letter_code(&self) -> String {
        self.letter().code.unwrap()
    }

    pub fn confirms(&self, token: &str) -> Answer {
        self.post("/api/magic-link/confirm", &json!({"token": token}))
    }

    pub fn types(&self, code: &str) -> Answer {
        self.post("/api/magic-link/confirm", &json!({"code": code}))
    }

    /// Answers the user.
    #[track_caller]
    pub fn signs_in(&self) -> Value {
        self.asks_for_a_link().expect(202);
        let answer = self.confirms(&self.letter_token()).expect(200);
        self.world.settle();
        answer["user"].clone()
    }

    /// Answers the code of the receipt.
    #[track_caller]
    pub fn deletes_the_account(&self) -> String {
        let request = self.request("DELETE", "/api/account");
        let started = request
            .json(&json!({"confirm": "delete"}))
            .send()
            .expect(202);
        started["confirmation_code"].as_str().unwrap().to_owned()
    }

    #[track_caller]
    pub fn consents(&self) {
        self.post("/api/consent", &json!({"version": consent::version(30)}))
            .expect(200);
        self.world.settle();
    }

    /// Answers the id of a new model.
    #[track_caller]
    pub fn creates_a_model(&self) -> String {
        let body = json!({"name": "Ana", "subject": "woman"});
        let model = self.post("/api/model", &body).expect(201);
        model["id"].as_str().unwrap().to_owned()
    }

    pub fn uploads(&self, model: &str, photo: &[u8]) -> Answer {
        let path = format!("/api/bytescale?model={model}");
        self.request("POST", &path).body("image/jpeg", photo).send()
    }

    #[track_caller]
    pub fn has_a_model_with_photos(&self, count: usize) -> String {
        let model = self.creates_a_model();
        for _ in 0..count {
            self.uploads(&model, &pictures::photo(self.world.number()))
                .expect(201);
        }
        self.world.settle();
        model
    }

    pub fn photos_of(&self, model: &str) -> Vec<Value> {
        let list = self
            .get(&format!("/api/bytescale?model={model}"))
            .expect(200);
        list["photos"].as_array().unwrap().clone()
    }

    /// Where the first photo of a model is changed and removed.
    pub fn address_of_a_photo(&self, model: &str) -> String {
        let photo = self.photos_of(model).swap_remove(0);
        format!(
            "/api/bytescale/{}?model={model}",
            photo["id"].as_str().unwrap()
        )
    }

    pub fn asks_to_train(&self, model: &str) -> Answer {
        self.request("POST", "/api/genmodel")
            .json(&json!({"model": model}))
            .fresh_key()
            .send()
    }

    /// Answers the model once it is ready.
    #[track_caller]
    pub fn trains(&self, model: &str) -> Value {
        self.asks_to_train(model).expect(202);
        self.world.advance(5 * MINUTE);
        let model = self.get(&format!("/api/model/{model}")).expect(200);
        assert_eq!(model["state"], "ready", "{model}");
        model
    }

    #[track_caller]
    pub fn has_a_trained_model(&self) -> String {
        let model = self.has_a_model_with_photos(4);
        self.trains(&model);
        model
    }

    pub fn asks_for_images(&self, model: &str, prompt: &str) -> Answer {
        // A small format, one image, and the same for the same words: drawing is what takes time.
        let body = json!({"model": model, "prompt": prompt, "format": "jpg", "seed": 7});
        self.request("POST", "/create")
            .json(&body)
            .fresh_key()
            .send()
    }

    /// Answers the prediction once it has ended.
    #[track_caller]
    pub fn creates(&self, model: &str, prompt: &str) -> Value {
        let accepted = self.asks_for_images(model, prompt).expect(202);
        self.world.advance(2 * MINUTE);
        self.sees_prediction(&accepted)
    }

    /// The prediction of that record as it stands now.
    #[track_caller]
    pub fn sees_prediction(&self, record: &Value) -> Value {
        let id = record["id"].as_str().unwrap();
        self.get(&format!("/api/prediction/{id}")).expect(200)
    }

    #[track_caller]
    pub fn sees_model(&self, model: &str) -> Value {
        self.get(&format!("/api/model/{model}")).expect(200)
    }

    #[track_caller]
    pub fn sees_account(&self) -> Value {
        self.get("/api/account").expect(200)
    }
}
