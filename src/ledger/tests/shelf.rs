//! One person's book, and what is put into it again and again.

use super::*;

/// One person's book.
pub(super) struct Shelf {
    pub(super) fake: Fake,
    pub(super) book: Book,
    pub(super) drawn: std::cell::Cell<u8>,
}

impl Shelf {
    pub(super) fn new(changes: &[(&str, &str)]) -> Self {
        let rules = fake::config(changes).unwrap().rules;
        let nobody = Box::new(|_, _, _| panic!("a book calls nobody"));
        Self {
            fake: Fake::new(1, Timestamp::from_ms(NOON), rules, nobody),
            book: Book::User("2446087e115025a1".parse().unwrap()),
            drawn: 0.into(),
        }
    }

    /// With an account that has consented.
    pub(super) fn of_somebody(changes: &[(&str, &str)]) -> Self {
        let shelf = Self::new(changes);
        shelf.open_session(0);
        shelf.ask(consent()).unwrap();
        shelf
    }

    pub(super) fn ask<C: Command>(&self, command: C) -> Result<C::Reply, Refusal> {
        fake::run(ask(&self.fake, &self.book, command)).unwrap()
    }

    pub(super) fn pass(&self, s: u64) {
        use crate::ports::Platform as _;
        self.fake.set_now(self.fake.now().plus_s(s));
    }

    /// The keys of the rows of one kind.
    pub(super) fn keys(&self, kind: Kind) -> Vec<String> {
        let prefix = format!("{} {} ", self.book, kind.name());
        let key = |(name, _): (String, String)| name.strip_prefix(&prefix).map(str::to_owned);
        self.fake.rows().into_iter().filter_map(key).collect()
    }

    pub(super) fn account(&self) -> super::commands::account::Shown {
        self.ask(ShowAccount {}).unwrap()
    }

    pub(super) fn open_session(&self, number: u8) -> SessionId {
        let session = SessionId::random(&[number; 32]);
        let open = OpenSession {
            session: Text(session),
            name: None,
            email: Some("ana@example.com".to_owned()),
            email_mac: Some("mac".to_owned()),
            email_id_key_version: 1,
        };
        self.ask(open).unwrap();
        session
    }

    pub(super) fn serial(&self) -> Serial {
        self.drawn.set(self.drawn.get() + 1);
        Serial::random(&[self.drawn.get(); 32])
    }

    pub(super) fn key(&self) -> KeyClaim {
        let key_sha256 = format!("key {}", self.serial());
        let body_sha256 = "body".to_owned();
        KeyClaim {
            key_sha256,
            body_sha256,
        }
    }

    pub(super) fn model(&self) -> Text<ModelId> {
        let allot = AllotModel {
            name: "Ana".to_owned(),
            subject: "woman".to_owned(),
            trigger_word: "SLFabcdefgh".to_owned(),
        };
        self.ask(allot).unwrap().id
    }

    pub(super) fn offer(&self, model: Text<ModelId>) -> OfferPhoto {
        let id = self.serial();
        let photo = Photo {
            schema: SCHEMA,
            id: Text(id),
            model,
            name: "photo.jpg".to_owned(),
            width: 640,
            height: 480,
            bytes: 1000,
            content_type: "image/jpeg".to_owned(),
            sha256: format!("hash of {id}"),
            path: format!("/u/2446087e115025a1/{model}/photos/{id}.jpg"),
            caption: None,
            description: None,
            captioning: None,
            operation: None,
            stored: false,
            uploaded_at: Timestamp::from_ms(NOON),
        };
        OfferPhoto { photo }
    }

    /// A model with four photos and their bundle.
    pub(super) fn bundled_model(&self) -> Text<ModelId> {
        let model = self.model();
        let mut photos = Vec::new();
        for _ in 0..4 {
            let offer = self.offer(model);
            let photo = photo_key(*model, *offer.photo.id);
            self.ask(offer).unwrap();
            photos.push(self.ask(KeepPhoto { photo }).unwrap());
        }
        photos.sort_by_key(|photo| photo.id);
        let zip = Zip {
            path: format!("/u/2446087e115025a1/{model}/zips/0.zip"),
            set_sha256: set_sha256(&photos),
            photos: 4,
            bytes: 4000,
            created_at: Timestamp::from_ms(NOON),
        };
        self.ask(KeepZip { model, zip }).unwrap();
        model
    }

    pub(super) fn training(&self, model: Text<ModelId>) -> (ReserveTraining, Text<OperationId>) {
        let operation = Text(self.serial());
        let preset = "fast".to_owned();
        let key = self.key();
        (
            ReserveTraining {
                model,
                preset,
                operation,
                key,
            },
            operation,
        )
    }

    /// A model with one version.
    pub(super) fn trained_model(&self) -> Text<ModelId> {
        let model = self.bundled_model();
        let (reserve, operation) = self.training(model);
        self.ask(reserve).unwrap();
        self.submit(operation);
        self.ask(once::report(operation, once::Heard::Finished))
            .unwrap();
        model
    }

    pub(super) fn submit(&self, operation: Text<OperationId>) {
        let provider_id = Some(format!("run{operation}"));
        self.ask(Submitted {
            operation,
            provider_id,
            usual: None,
        })
        .unwrap();
    }

    pub(super) fn images(&self, model: Text<ModelId>) -> (ReservePrediction, Text<OperationId>) {
        let operation = Text(self.serial());
        let recipe = Recipe {
            version: String::new(),
            prompt: "in a garden".to_owned(),
            final_prompt: String::new(),
            style: None,
            aspect_ratio: "1:1".to_owned(),
            count: 1,
            seed: 7,
            steps: 28,
            guidance: 3,
            lora_scale: 1,
            format: "webp".to_owned(),
        };
        let reserve = ReservePrediction {
            model,
            serial: Text(self.serial()),
            operation,
            key: self.key(),
            version: None,
            recipe,
            style_prompt: None,
        };
        (reserve, operation)
    }
}
