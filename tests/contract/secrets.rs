//! What nobody may read in a log or a message to the operator, collected from everything that went
//! into the product and came out of it.

use std::cell::RefCell;
use std::collections::BTreeSet;

use selfie::fake::settings;
use serde_json::Value;

use crate::answer::Answer;

/// What a secret of any run looks like: addresses, tokens, keys, signed addresses of files.
const MARKS: [&str; 7] = ["@", "eyJ", "r8_", "secret_", "whsec_", "sig=", "://"];

/// Members of bodies that belong to a person, whatever they hold.
const PERSONAL: [&str; 10] = [
    "email",
    "token",
    "code",
    "name",
    "caption",
    "description",
    "prompt",
    "url",
    "cover",
    "signed_request",
];

/// Headers that belong to a person.
const HEADERS: [&str; 5] = [
    "cookie",
    "authorization",
    "x-photo-name",
    "cf-connecting-ip",
    "idempotency-key",
];

/// What a photo is called that came without a name.
const NAMELESS: &str = "photo";
/// Shorter ones are found in any text.
const SHORTEST: usize = 5;

pub struct Secrets(RefCell<BTreeSet<String>>);

impl Secrets {
    pub fn of_the_operator() -> Self {
        let mut secrets = BTreeSet::new();
        let mut lines = include_str!("../../.dev.vars.example").lines();
        while let Some(line) = lines.next() {
            if line.starts_with("# Secret:") {
                let (name, _) = lines.next().unwrap().split_once('=').unwrap();
                secrets.extend(settings(name));
            }
        }
        secrets.retain(|secret| secret.len() >= SHORTEST);
        assert!(secrets.len() > 6, "{secrets:?}");
        Self(secrets.into())
    }

    fn learn(&self, text: &str) {
        let decoded = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
        for text in [text.trim(), decoded.trim()] {
            if text.len() >= SHORTEST && text != NAMELESS {
                self.0.borrow_mut().insert(text.to_owned());
            }
        }
    }

    fn learn_from_json(&self, value: &Value) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    match value {
                        Value::String(text) if PERSONAL.contains(&name.as_str()) => {
                            self.learn(text);
                        }
                        value => self.learn_from_json(value),
                    }
                }
            }
            Value::Array(values) => values.iter().for_each(|value| self.learn_from_json(value)),
            _ => {}
        }
    }

    pub fn learn_from_request(&self, request: &http::Request<Vec<u8>>) {
        for name in HEADERS {
            for value in request.headers().get_all(name) {
                let text = String::from_utf8_lossy(value.as_bytes());
                for part in text.split("; ") {
                    self.learn(part.rsplit(['=', ' ']).next().unwrap());
                }
            }
        }
        if let Some((_, query)) = request.uri().to_string().split_once("q=") {
            self.learn(query.split('&').next().unwrap());
        }
        if let Ok(body) = serde_json::from_slice(request.body()) {
            self.learn_from_json(&body);
        }
    }

    pub fn learn_from_answer(&self, answer: &Answer) {
        for cookie in answer.all("set-cookie") {
            let (pair, _) = cookie.split_once(';').unwrap();
            self.learn(pair.split_once('=').unwrap().1);
        }
        if let Ok(body) = serde_json::from_slice(&answer.body) {
            self.learn_from_json(&body);
        }
    }

    pub fn learn_from_letter(&self, letter: &stand_ins::Letter) {
        letter.to.iter().for_each(|to| self.learn(to));
        self.learn(letter.code.as_deref().unwrap_or_default());
        for link in &letter.links {
            self.learn(link);
            self.learn(link.split_once("#t=").map_or("", |(_, token)| token));
        }
    }

    /// The secret that a text tells, if it tells one.
    pub fn found_in(&self, text: &str) -> Option<String> {
        let secrets = self.0.borrow();
        let known = secrets.iter().map(String::as_str);
        known
            .chain(MARKS)
            .find(|secret| text.contains(secret))
            .map(str::to_owned)
    }
}
