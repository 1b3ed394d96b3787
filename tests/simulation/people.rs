//! The people of a history: their browsers, what they were told, and what they do.
//!
//! A person who double-clicks sends the same twice, and one who leaves is cut off at whatever step
//! the product has come to.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use selfie::api::{self, Content};
use serde_json::{Value, json};

use crate::platform::Sim;

/// No request of a person may take longer.
const LONGEST_MS: u64 = 25_000;
/// How long somebody waits for a letter.
const LETTER_MS: u64 = 180_000;

pub struct Person {
    pub email: &'static str,
    jar: RefCell<BTreeMap<String, String>>,
    pub known: RefCell<Known>,
}

/// What a person was told, and what they asked for.
#[derive(Default)]
pub struct Known {
    pub models: Vec<String>,
    pub predictions: Vec<String>,
    /// Photos with their models.
    pub photos: Vec<(String, String)>,
    pub wishes: Vec<Wish>,
    /// Models, predictions and photos that they asked to delete or to stop.
    pub given_up: BTreeSet<String>,
    /// Tokens of sessions that they have ended.
    pub ended: Vec<String>,
}

/// One thing that somebody wants, however often they ask for it.
#[derive(Clone, Debug)]
pub struct Wish {
    pub key: String,
    pub path: &'static str,
    pub body: Value,
    /// Ids of what was accepted, one for each accepting answer.
    pub accepted: Vec<String>,
}

pub struct Answer {
    pub status: u16,
    pub body: Value,
}

impl Answer {
    pub fn id(&self) -> Option<String> {
        let id = self.body["id"].as_str().map(str::to_owned);
        id.filter(|_| self.status < 300)
    }
}

impl Person {
    pub fn new(email: &'static str) -> Rc<Self> {
        let (jar, known) = (RefCell::default(), RefCell::default());
        Rc::new(Self { email, jar, known })
    }

    pub fn token(&self) -> Option<String> {
        self.jar.borrow().get("__Host-session").cloned()
    }

    /// A request with this browser's cookies.
    pub fn request(&self, method: &str, path: &str) -> http::request::Builder {
        let jar = self.jar.borrow();
        let cookies: Vec<String> = jar.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let request = http::Request::builder()
            .method(method)
            .uri(path)
            .header("sec-fetch-site", "same-origin");
        if cookies.is_empty() {
            request
        } else {
            request.header("cookie", cookies.join("; "))
        }
    }

    pub async fn ask(&self, sim: &Sim, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let request = self.request(method, path);
        let request = match body {
            Some(body) => request
                .header("content-type", "application/json")
                .body(body.to_string().into_bytes()),
            None => request.body(Vec::new()),
        };
        self.send(sim, request.unwrap()).await
    }

    pub async fn get(&self, sim: &Sim, path: &str) -> Answer {
        self.ask(sim, "GET", path, None).await
    }

    /// Sends a request, and keeps the cookies of the answer.
    pub async fn send(&self, sim: &Sim, request: http::Request<Vec<u8>>) -> Answer {
        let what = format!("{} {}", request.method(), request.uri().path());
        let (headers, answer) = answer(sim, request).await;
        for cookie in headers.get_all("set-cookie") {
            let (pair, attributes) = cookie.to_str().unwrap().split_once("; ").unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            let mut jar = self.jar.borrow_mut();
            if attributes.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
        let mut known = self.known.borrow_mut();
        if let (Some(id), Some(sort)) = (answer.id(), what.strip_prefix("POST ")) {
            match sort {
                "/api/model" => known.models.push(id),
                "/create" if !known.predictions.contains(&id) => known.predictions.push(id),
                _ => {}
            }
        }
        answer
    }

    /// Asks for a letter and follows its link, however long that takes.
    pub async fn signs_in(&self, sim: &Sim) -> bool {
        let began_ms = sim.now_ms();
        let asked = json!({"email": self.email});
        let asked = self.ask(sim, "POST", "/api/magic-link", Some(&asked)).await;
        let mut token = None;
        while asked.status == 202 && token.is_none() && sim.now_ms() < began_ms + LETTER_MS {
            sim.until(sim.now_ms() + 500).await;
            token = self.letter_since(sim, began_ms);
        }
        let Some(token) = token else { return false };
        for _ in 0..3 {
            let body = json!({"token": token});
            let path = "/api/magic-link/confirm";
            match self.ask(sim, "POST", path, Some(&body)).await.status {
                200 => return true,
                409 | 503 => sim.until(sim.now_ms() + 11_000).await,
                _ => return false,
            }
        }
        false
    }

    fn letter_since(&self, sim: &Sim, ms: u64) -> Option<String> {
        let outside = sim.outside.borrow();
        let mut letters = outside.letters().iter().rev();
        let letter = letters.find(|letter| {
            letter.at_ms >= ms && letter.to == [self.email] && letter.code.is_some()
        })?;
        let (_, token) = letter.links.first()?.split_once("#t=")?;
        Some(token.to_owned())
    }

    pub async fn consents(&self, sim: &Sim) {
        let body = json!({"version": selfie::domain::consent::version(30)});
        self.ask(sim, "POST", "/api/consent", Some(&body)).await;
    }

    /// Asks for something that costs money, perhaps once more.
    pub async fn wishes(&self, sim: &Sim, wish: &Wish) -> Answer {
        let request = self
            .request("POST", wish.path)
            .header("content-type", "application/json")
            .header("idempotency-key", &wish.key)
            .body(wish.body.to_string().into_bytes());
        let answer = self.send(sim, request.unwrap()).await;
        if let Some(id) = answer.id() {
            let mut known = self.known.borrow_mut();
            let known = known.wishes.iter_mut().find(|known| known.key == wish.key);
            if let Some(known) = known {
                known.accepted.push(id);
            }
        }
        answer
    }
}

/// The product's answer to a request, which must be one of those that it promises.
async fn answer(sim: &Sim, request: http::Request<Vec<u8>>) -> (http::HeaderMap, Answer) {
    let what = format!("{} {}", request.method(), request.uri().path());
    let began_ms = sim.now_ms();
    let reply = api::handle(sim, Ok(&sim.config), request).await;
    let took_ms = sim.now_ms() - began_ms;
    let (parts, content) = reply.into_parts();
    let body = match content {
        Content::Bytes(bytes) => serde_json::from_slice(&bytes).unwrap_or_default(),
        Content::Page(_) | Content::Export(_) => Value::Null,
    };
    let status = parts.status.as_u16();
    let mut witness = sim.witness.borrow_mut();
    if took_ms > LONGEST_MS && !sim.has_jumped_since(began_ms) {
        witness.complain(format!("{what} took {took_ms} ms"));
    }
    let is_problem = body["type"].as_str().is_some_and(|slug| {
        let slug = slug.trim_start_matches("https://selfie.pr/problems/");
        api::SLUGS.contains(&slug) && slug != "internal"
    });
    if status >= 400 && !is_problem && !what.contains("/webhooks/") {
        witness.complain(format!("{what} was answered {status} {body}"));
    }
    (parts.headers, Answer { status, body })
}

/// The status of a webhook's answer.
pub async fn hears(sim: &Sim, request: http::Request<Vec<u8>>) -> u16 {
    let path = request.uri().path().to_owned();
    let (parts, body) = request.into_parts();
    let mut request = http::Request::new(body);
    *request.method_mut() = parts.method;
    *request.headers_mut() = parts.headers;
    *request.uri_mut() = path.parse().unwrap();
    answer(sim, request).await.1.status
}
