//! Stands in for Pushover: checks each message as the service does, counts the quota down and keeps what the operator would have read.
//! It must never let a message pass that names a person, a link or a secret without recording a violation.

mod message;

use http::Method;
use http::header::HeaderName;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::clock::MINUTE_MS;
use crate::wire::{self, Incoming, Response};
use crate::world::World;

const LIMIT: u64 = 10_000;
const RETRY_AFTER_MS: u64 = 5000;
const FORBIDDEN: &[&str] = &["@", "http", "eyJ", "r8_", "secret_", "whsec_"];

/// A message to the operator.
#[derive(Debug, Clone, Serialize)]
pub struct Alert {
    pub title: Option<String>,
    pub message: String,
    pub priority: i64,
    pub at_ms: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Pushover {
    alerts: Vec<Alert>,
    used: u64,
    refused_at_ms: Vec<u64>,
    /// Body, instant and status of each message request.
    attempts: Vec<(Vec<u8>, u64, Option<u16>)>,
}

impl Pushover {
    pub fn alerts(&self) -> &[Alert] {
        &self.alerts
    }

    /// Ten refusals in a minute block the sender's address until the world is reset.
    fn is_blocked(&self) -> bool {
        self.refused_at_ms
            .windows(10)
            .any(|ten| matches!((ten.first(), ten.last()), (Some(first), Some(last)) if last.saturating_sub(*first) < MINUTE_MS))
    }
}

pub(crate) fn fault(world: &World, status: u16) -> Response {
    match status {
        502..=504 => wire::answer(
            status,
            "text/html",
            format!("<html><head><title>{status}</title></head><body></body></html>"),
        ),
        429 => over_quota(world),
        _ => wire::json(
            status,
            &json!({"status": 0, "errors": ["unknown error"], "request": "5042853c-402d-4a18-abcb-168734a801de"}),
        ),
    }
}

pub(crate) fn handle(world: &mut World, request: &Incoming) -> Response {
    if world.pushover.is_blocked() {
        world.violate(
            "pushover: ten refused messages within a minute, the sender's address is blocked"
                .to_owned(),
        );
        world.cuts_answer = true;
        return wire::empty(403);
    }
    let mut response = match (&request.method, request.path.as_str()) {
        (&Method::POST, "/messages.json") => messages(world, request),
        (&Method::POST, "/users/validate.json") => validate_user(world, request),
        (&Method::GET, "/apps/limits.json") => limits(world, request),
        (&Method::GET, "/sounds.json") => sounds(world),
        _ => wire::answer(404, "text/html", "<html><body>Not found</body></html>"),
    };
    if request.path == "/messages.json" && request.method == Method::POST {
        quota_headers(world, &mut response);
    }
    response
}

fn messages(world: &mut World, request: &Incoming) -> Response {
    let Some(fields) = message::fields(request) else {
        return refuse(world, "message", "cannot be blank", 400);
    };
    if let Some(refusal) = check_credentials(world, &fields) {
        return refusal;
    }
    let message = match message::read(&fields) {
        Ok(message) => message,
        Err((parameter, text)) => return refuse(world, parameter, text, 400),
    };
    if world.switches.is("pushover_quota", "used_up") || world.pushover.used >= LIMIT {
        return over_quota(world);
    }
    let words = without_ids(&message.text);
    for found in FORBIDDEN {
        let title = message.title.as_deref().unwrap_or_default();
        if words.contains(found) || title.contains(found) {
            world.violate(format!("pushover: an alert contains {found}"));
        }
    }
    world.pushover.used = world.pushover.used.saturating_add(1);
    world.pushover.alerts.push(Alert {
        title: message.title,
        message: message.text,
        priority: message.priority,
        at_ms: world.now_ms,
    });
    let mut body = json!({"status": 1, "request": world.random.uuid()});
    if message.priority == 2
        && let Some(body) = body.as_object_mut()
    {
        body.insert(
            "receipt".to_owned(),
            Value::String(
                world
                    .random
                    .text("abcdefghijklmnopqrstuvwxyz0123456789", 30),
            ),
        );
    }
    wire::json(200, &body)
}

/// The text but for the random ids in it, 26 letters and digits each: any letters may follow each
/// other in one.
fn without_ids(text: &str) -> String {
    let is_id = |word: &&str| {
        let mut bytes = word.bytes();
        word.len() == 26 && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    let words: Vec<&str> = text.split(' ').filter(|word| !is_id(word)).collect();
    words.join(" ")
}

fn check_credentials(world: &mut World, fields: &Map<String, Value>) -> Option<Response> {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("token") != world.settings.pushover_token {
        let status = world.switches.status("pushover_bad_token", 400);
        return Some(refuse(
            world,
            "token",
            "application token is invalid",
            status,
        ));
    }
    let users: Vec<&str> = text("user").split(',').collect();
    let known = users.len() <= 50
        && users
            .iter()
            .all(|user| *user == world.settings.pushover_user);
    (!known).then(|| {
        refuse(
            world,
            "user",
            "user identifier is not a valid user, group, or subscribed user key",
            400,
        )
    })
}

fn validate_user(world: &mut World, request: &Incoming) -> Response {
    let fields = message::fields(request).unwrap_or_default();
    check_credentials(world, &fields).unwrap_or_else(|| {
        let id = world.random.uuid();
        wire::json(200, &json!({"status": 1, "group": 0, "devices": ["phone"], "licenses": ["Android"], "request": id}))
    })
}

fn limits(world: &mut World, request: &Incoming) -> Response {
    if request.query_value("token").as_deref() != Some(world.settings.pushover_token.as_str()) {
        let status = world.switches.status("pushover_bad_token", 400);
        return refuse(world, "token", "application token is invalid", status);
    }
    let id = world.random.uuid();
    wire::json(
        200,
        &json!({"limit": LIMIT, "remaining": LIMIT.saturating_sub(world.pushover.used), "reset": reset_s(world), "status": 1, "request": id}),
    )
}

fn sounds(world: &mut World) -> Response {
    let id = world.random.uuid();
    wire::json(
        200,
        &json!({"sounds": {"pushover": "Pushover (default)", "none": "None (silent)"}, "status": 1, "request": id}),
    )
}

fn refuse(world: &mut World, parameter: &str, text: &str, status: u16) -> Response {
    let id = world.random.uuid();
    let errors = if parameter == "user" || parameter == "token" {
        text.to_owned()
    } else {
        format!("{parameter} {text}")
    };
    wire::json(
        status,
        &json!({parameter: "invalid", "errors": [errors], "status": 0, "request": id}),
    )
}

fn over_quota(world: &World) -> Response {
    let request = "5042853c-402d-4a18-abcb-168734a801de";
    if world.switches.is("pushover_over_quota", "400") {
        return wire::json(
            400,
            &json!({"errors": ["monthly message limit reached"], "status": 0, "request": request}),
        );
    }
    let text = format!("application has exceeded current limit of {LIMIT} messages");
    wire::json(
        429,
        &json!({"token": "invalid", "errors": [text], "status": 0, "request": request}),
    )
}

/// Checks the etiquette of retries and remembers this attempt.
pub(crate) fn observe(world: &mut World, request: &Incoming, status: Option<u16>) {
    if request.path != "/messages.json" {
        return;
    }
    let now_ms = world.now_ms;
    let earlier = world
        .pushover
        .attempts
        .iter()
        .rev()
        .find(|(body, ..)| *body == request.body);
    match earlier.map(|(_, at_ms, status)| (*at_ms, *status)) {
        Some((_, Some(400..=499))) => {
            world.violate("pushover: a request that was refused was sent again".to_owned());
        }
        Some((at_ms, None | Some(500..=599))) if now_ms.saturating_sub(at_ms) < RETRY_AFTER_MS => {
            world.violate("pushover: a retry came before 5 s had passed".to_owned());
        }
        _ => {}
    }
    world
        .pushover
        .attempts
        .push((request.body.clone(), now_ms, status));
    if status.is_some_and(|status| (400..500).contains(&status)) {
        world.pushover.refused_at_ms.push(now_ms);
    }
}

fn quota_headers(world: &World, response: &mut Response) {
    let remaining = if world.switches.is("pushover_remaining", "-1") {
        "-1".to_owned()
    } else if world.switches.is("pushover_quota", "used_up") {
        "0".to_owned()
    } else {
        LIMIT.saturating_sub(world.pushover.used).to_string()
    };
    wire::set_header(
        response,
        HeaderName::from_static("x-limit-app-limit"),
        &LIMIT.to_string(),
    );
    wire::set_header(
        response,
        HeaderName::from_static("x-limit-app-remaining"),
        &remaining,
    );
    wire::set_header(
        response,
        HeaderName::from_static("x-limit-app-reset"),
        &reset_s(world).to_string(),
    );
}

/// The first of the next month as the quota counts it; 30 days are near enough for a stand-in.
fn reset_s(world: &World) -> u64 {
    const MONTH_S: u64 = 30 * 24 * 3600;
    (world.now_ms / 1000 / MONTH_S)
        .saturating_add(1)
        .saturating_mul(MONTH_S)
}

#[cfg(test)]
mod tests;
