//! What people do with the product, one request or a few after each other.

use serde_json::{Value, json};

use crate::people::{Person, Wish};
use crate::pictures;
use crate::platform::Sim;

/// Numbers choose among what the person knows by then, so that any step of a history can be left
/// out and the others still mean something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deed {
    SignIn,
    SignOut,
    SignOutEverywhere,
    /// Somebody has kept the token of a session that was ended.
    UseEndedSession,
    NewModel,
    Upload {
        model: usize,
        photo: usize,
    },
    Caption {
        photo: usize,
    },
    /// Has a vision model say what is on a photo.
    Describe {
        photo: usize,
        key: usize,
    },
    DropPhoto {
        photo: usize,
    },
    Rename {
        model: usize,
    },
    Bundle {
        model: usize,
    },
    Train {
        model: usize,
        key: usize,
    },
    CancelTraining {
        model: usize,
    },
    /// The same words and seed as another request, if `words` says so.
    Create {
        model: usize,
        words: usize,
        key: usize,
    },
    /// Asks once more for something that was asked for before, under its key.
    Again {
        wish: usize,
    },
    Favorite {
        prediction: usize,
    },
    DeletePrediction {
        prediction: usize,
    },
    DeleteModel {
        model: usize,
    },
    Look,
}

fn choose<T: Clone>(from: &[T], number: usize) -> Option<T> {
    from.get(number.checked_rem(from.len())?).cloned()
}

impl Person {
    pub async fn does(&self, sim: &Sim, deed: Deed) {
        // What is not there cannot be asked for: that is no step at all.
        let _ = self.tries(sim, deed).await;
    }

    fn model(&self, number: usize) -> Option<String> {
        choose(&self.known.borrow().models, number)
    }

    fn prediction(&self, number: usize) -> Option<String> {
        choose(&self.known.borrow().predictions, number)
    }

    fn photo(&self, number: usize) -> Option<(String, String)> {
        choose(&self.known.borrow().photos, number)
    }

    fn gives_up(&self, id: &str) {
        self.known.borrow_mut().given_up.insert(id.to_owned());
    }

    async fn tries(&self, sim: &Sim, deed: Deed) -> Option<()> {
        match deed {
            Deed::SignIn => drop(self.signs_in(sim).await),
            Deed::SignOut => self.ends_session(sim, "/api/sign-out").await,
            Deed::SignOutEverywhere => self.ends_session(sim, "/api/sign-out-everywhere").await,
            Deed::UseEndedSession => self.uses_ended_session(sim).await?,
            Deed::NewModel => {
                let body = json!({"name": "Me", "subject": "person"});
                self.ask(sim, "POST", "/api/model", Some(&body)).await;
            }
            Deed::Upload { model, photo } => self.uploads(sim, &self.model(model)?, photo).await,
            Deed::Caption { photo } => {
                let (model, photo) = self.photo(photo)?;
                let body = json!({"caption": format!("a photo of {photo}")});
                let path = format!("/api/bytescale/{photo}?model={model}");
                self.ask(sim, "PATCH", &path, Some(&body)).await;
            }
            Deed::Describe { photo, key } => {
                let (model, photo) = self.photo(photo)?;
                let body = json!({"model": model, "photo": photo});
                let wish = self.makes_wish("/api/caption", body, key);
                self.wishes(sim, &wish).await;
            }
            Deed::DropPhoto { photo } => {
                let (model, photo) = self.photo(photo)?;
                self.gives_up(&photo);
                let path = format!("/api/bytescale/{photo}?model={model}");
                self.ask(sim, "DELETE", &path, None).await;
            }
            Deed::Rename { model } => {
                let body = json!({"name": format!("Me {}", sim.below(100))});
                let path = format!("/api/model/{}", self.model(model)?);
                self.ask(sim, "PATCH", &path, Some(&body)).await;
            }
            Deed::Bundle { model } => {
                let body = json!({"model": self.model(model)?});
                self.ask(sim, "POST", "/api/zipper", Some(&body)).await;
            }
            Deed::Train { model, key } => {
                let body = json!({"model": self.model(model)?});
                let wish = self.makes_wish("/api/genmodel", body, key);
                self.wishes(sim, &wish).await;
            }
            Deed::CancelTraining { model } => {
                let model = self.model(model)?;
                self.gives_up(&model);
                let path = format!("/api/genmodel/{model}");
                self.ask(sim, "DELETE", &path, None).await;
            }
            Deed::Create { model, words, key } => {
                let prompt = format!("wish {words} of {}", self.email.replace('@', " at "));
                let body = json!({
                    "model": self.model(model)?, "prompt": prompt, "seed": words, "format": "jpg",
                    "count": 1 + words % 2,
                });
                let wish = self.makes_wish("/create", body, key);
                self.wishes(sim, &wish).await;
            }
            Deed::Again { wish } => {
                let wish = choose(&self.known.borrow().wishes, wish)?;
                self.wishes(sim, &wish).await;
            }
            Deed::Favorite { prediction } => {
                let body = json!({"favorite": prediction % 2 == 0});
                let path = format!("/api/prediction/{}", self.prediction(prediction)?);
                self.ask(sim, "PATCH", &path, Some(&body)).await;
            }
            Deed::DeletePrediction { prediction } => {
                let prediction = self.prediction(prediction)?;
                self.gives_up(&prediction);
                let path = format!("/api/prediction/{prediction}");
                self.ask(sim, "DELETE", &path, None).await;
            }
            Deed::DeleteModel { model } => {
                let model = self.model(model)?;
                self.gives_up(&model);
                let path = format!("/api/model/{model}");
                self.ask(sim, "DELETE", &path, None).await;
            }
            Deed::Look => self.looks(sim).await,
        }
        Some(())
    }

    /// The wish of that number, which all clicks of one deed share.
    fn makes_wish(&self, path: &'static str, body: Value, key: usize) -> Wish {
        let key = format!("5e1f1e00-0000-4000-8000-{key:012}");
        let mut known = self.known.borrow_mut();
        if let Some(wish) = known.wishes.iter().find(|wish| wish.key == key) {
            return wish.clone();
        }
        let wish = Wish {
            key,
            path,
            body,
            accepted: Vec::new(),
        };
        known.wishes.push(wish.clone());
        wish
    }

    pub async fn uploads(&self, sim: &Sim, model: &str, photo: usize) {
        let request = self
            .request("POST", &format!("/api/bytescale?model={model}"))
            .header("content-type", "image/jpeg")
            .body(pictures::photo(photo).to_vec());
        let answer = self.send(sim, request.unwrap()).await;
        if let Some(id) = answer.id() {
            let mut known = self.known.borrow_mut();
            known.photos.push((model.to_owned(), id));
        }
    }

    async fn ends_session(&self, sim: &Sim, path: &str) {
        let token = self.token();
        let answer = self.ask(sim, "POST", path, None).await;
        if let (204, Some(token)) = (answer.status, token) {
            self.known.borrow_mut().ended.push(token);
        }
    }

    /// Whatever decides must refuse, however old the copies are that it could read.
    async fn uses_ended_session(&self, sim: &Sim) -> Option<()> {
        let token = self.known.borrow().ended.last().cloned()?;
        let body = json!({"name": "Stolen", "subject": "person"});
        let request = http::Request::post("/api/model")
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(body.to_string().into_bytes());
        let thief = Self::new(self.email);
        let answer = thief.send(sim, request.unwrap()).await;
        if !matches!(answer.status, 401 | 503) {
            let status = answer.status;
            let violation = format!("an ended session was answered {status}");
            sim.witness.borrow_mut().complain(violation);
        }
        Some(())
    }

    async fn looks(&self, sim: &Sim) {
        for path in ["/api/account", "/api/model", "/api/prediction"] {
            self.get(sim, path).await;
        }
    }
}
