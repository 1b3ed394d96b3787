//! Stands in for Turnstile: a script that puts a tick box into a page, and the verification of the tokens that the box hands out.
//! It must never take a token twice, unless the same question is asked again.

use http::Method;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value, json};

use crate::clock::{self, SECOND_MS};
use crate::script::Behaviour;
use crate::wire::{self, Incoming, Response};
use crate::world::World;

const LIFE_MS: u64 = 300 * SECOND_MS;
const MAX_RESPONSE: usize = 2048;
const DUMMY: &str = "XXXX.DUMMY.TOKEN.XXXX";
const SCRIPT: &str = include_str!("turnstile/api.js");
const WIDGET: &str = include_str!("turnstile/widget.html");

#[derive(Debug)]
struct Token {
    text: String,
    hostname: String,
    action: String,
    issued_ms: u64,
    /// The question it was answered to, and the answer.
    answered: Option<(Option<String>, Value)>,
}

/// A verification that was asked for.
#[derive(Debug, Clone)]
pub struct Verification {
    pub remoteip: Option<String>,
    pub idempotency_key: Option<String>,
    pub success: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Turnstile {
    tokens: Vec<Token>,
    verifications: Vec<Verification>,
}

impl World {
    /// A token as the box hands it out on a page of that host.
    pub fn pass_turnstile(&mut self, hostname: &str, action: &str) -> String {
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
        let token = format!("0.{}", self.random.text(letters, 400));
        self.turnstile.tokens.push(Token {
            text: token.clone(),
            hostname: hostname.to_owned(),
            action: action.to_owned(),
            issued_ms: self.now_ms,
            answered: None,
        });
        token
    }

    #[must_use]
    pub fn verifications(&self) -> &[Verification] {
        &self.turnstile.verifications
    }
}

/// Turnstile answers every trouble in JSON; what comes from before it is a page.
pub(crate) fn fault(_: &World, status: u16) -> Response {
    wire::answer(status, "text/html", "<html><body>error</body></html>")
}

pub(crate) fn handle(world: &mut World, request: &Incoming) -> Response {
    match (&request.method, request.path.as_str()) {
        (&Method::POST, "/siteverify") => siteverify(world, request),
        (&Method::GET, "/api.js") => wire::answer(200, "text/javascript; charset=utf-8", SCRIPT),
        (&Method::GET, "/widget") => widget(world, request),
        _ => wire::answer(404, "text/html", "<html><body>Not found</body></html>"),
    }
}

/// The box itself, in a frame of our origin. What it hands out depends on the site key alone.
fn widget(world: &mut World, request: &Incoming) -> Response {
    let value = |name: &str| request.query_value(name).unwrap_or_default();
    let site_key = value("sitekey");
    let token = match site_key.get(..2) {
        Some("1x" | "3x") => DUMMY.to_owned(),
        _ if site_key == world.settings.turnstile_site_key => {
            world.pass_turnstile(&value("hostname"), &value("action"))
        }
        // A test key that blocks, or one that nobody knows.
        _ => String::new(),
    };
    let page = WIDGET.replace("TOKEN", &wire::escape(&token));
    wire::answer(200, "text/html; charset=utf-8", page)
}

fn siteverify(world: &mut World, request: &Incoming) -> Response {
    let fields = fields(request).unwrap_or_default();
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let key = fields
        .get("idempotency_key")
        .and_then(Value::as_str)
        .map(str::to_owned);
    let mut answer = judge(world, text("secret"), text("response"), key.as_ref());
    for effect in world.effects("turnstile", request) {
        match effect {
            Behaviour::InternalError => answer = refusal(world, "internal-error"),
            Behaviour::Answer { set } => {
                if let Some(answer) = answer.as_object_mut() {
                    answer.extend(set);
                }
            }
            _ => {}
        }
    }
    world.turnstile.verifications.push(Verification {
        remoteip: fields
            .get("remoteip")
            .and_then(Value::as_str)
            .map(str::to_owned),
        idempotency_key: key,
        success: answer.get("success") == Some(&Value::Bool(true)),
    });
    wire::json(200, &answer)
}

/// JSON or a form.
fn fields(request: &Incoming) -> Option<Map<String, Value>> {
    let kind = request.headers.get(CONTENT_TYPE)?.to_str().ok()?;
    if kind.starts_with("application/json") {
        return match request.json()? {
            Value::Object(fields) => Some(fields),
            _ => None,
        };
    }
    let pairs = url::form_urlencoded::parse(&request.body).into_owned();
    Some(
        pairs
            .map(|(name, value)| (name, Value::String(value)))
            .collect(),
    )
}

fn judge(world: &mut World, secret: &str, response: &str, key: Option<&String>) -> Value {
    if secret.is_empty() {
        return refusal(world, "missing-input-secret");
    }
    if let Some(test) = secret
        .get(..2)
        .filter(|start| matches!(*start, "1x" | "2x" | "3x"))
    {
        return match test {
            // A test secret refuses a real token.
            "1x" if response == DUMMY => passed_by_test_key(world),
            "1x" => refusal(world, "invalid-input-secret"),
            "2x" => refusal(world, "invalid-input-response"),
            _ => refusal(world, "timeout-or-duplicate"),
        };
    }
    if secret != world.settings.turnstile_secret {
        return refusal(world, "invalid-input-secret");
    }
    if response.is_empty() {
        return refusal(world, "missing-input-response");
    }
    let now_ms = world.now_ms;
    let known = world
        .turnstile
        .tokens
        .iter()
        .position(|token| response.len() <= MAX_RESPONSE && token.text == response);
    let Some(index) = known else {
        return refusal(world, "invalid-input-response");
    };
    let duplicate = refusal(world, "timeout-or-duplicate");
    let metadata = world.switches.is("turnstile_metadata", "present");
    let Some(token) = world.turnstile.tokens.get_mut(index) else {
        return duplicate;
    };
    if let Some((asked, answer)) = &token.answered {
        let again = asked.is_some() && asked.as_ref() == key;
        return if again { answer.clone() } else { duplicate };
    }
    if now_ms.saturating_sub(token.issued_ms) >= LIFE_MS {
        return duplicate;
    }
    let mut answer = json!({
        "success": true, "challenge_ts": clock::rfc3339(token.issued_ms, 0, 3), "hostname": token.hostname,
        "error-codes": [], "action": token.action, "cdata": ""
    });
    if let (true, Some(answer)) = (metadata, answer.as_object_mut()) {
        answer.insert("metadata".to_owned(), json!({}));
    }
    token.answered = Some((key.cloned(), answer.clone()));
    answer
}

fn passed_by_test_key(world: &World) -> Value {
    let mut answer = json!({
        "success": true, "challenge_ts": clock::rfc3339(world.now_ms, 0, 3),
        "hostname": world.switches.get("turnstile_test_hostname"), "error-codes": [], "action": "", "cdata": ""
    });
    if let (true, Some(answer)) = (
        world.switches.is("turnstile_metadata", "present"),
        answer.as_object_mut(),
    ) {
        answer.insert(
            "metadata".to_owned(),
            json!({"result_with_testing_key": true}),
        );
    }
    answer
}

fn refusal(world: &World, code: &str) -> Value {
    let mut answer = json!({"success": false, "error-codes": [code]});
    if let (true, Some(answer)) = (
        world.switches.is("turnstile_messages", "present"),
        answer.as_object_mut(),
    ) {
        answer.insert("messages".to_owned(), json!([]));
    }
    answer
}

#[cfg(test)]
mod tests;
