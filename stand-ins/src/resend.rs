//! Stands in for Resend: one letter a request, refused, counted and repeated as the service does, and kept for the inbox.
//! It must never accept what the service refuses, nor let a letter pass that links elsewhere without recording a violation.

mod letter;
mod limits;
mod payload;

use http::Method;
use http::header::RETRY_AFTER;
use serde_json::{Value, json};

pub use letter::Letter;

use crate::clock::DAY_MS;
use crate::script::Behaviour;
use crate::wire::{self, Incoming, Response};
use crate::world::World;

#[derive(Debug)]
struct Accepted {
    id: String,
    key: Option<String>,
    body: Vec<u8>,
    email: Value,
    at_ms: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Resend {
    accepted: Vec<Accepted>,
    letters: Vec<Letter>,
    /// Accepted letters that arrive later.
    on_the_way: Vec<Letter>,
    /// Instants of the requests of the current second.
    second: (u64, u64),
    recipients: u64,
}

impl Resend {
    pub fn letters(&self) -> &[Letter] {
        &self.letters
    }

    pub fn settle(&mut self, until: u64) {
        let (arrived, waiting): (Vec<_>, Vec<_>) = self
            .on_the_way
            .drain(..)
            .partition(|letter| letter.at_ms <= until);
        self.on_the_way = waiting;
        self.letters.extend(arrived);
    }
}

struct Refusal {
    status: u16,
    name: &'static str,
    message: String,
}

impl Refusal {
    fn new(status: u16, name: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            name,
            message: message.into(),
        }
    }

    fn response(&self) -> Response {
        wire::json(
            self.status,
            &json!({"statusCode": self.status, "name": self.name, "message": self.message}),
        )
    }
}

pub(crate) fn fault(world: &World, status: u16) -> Response {
    let html = world.switches.is("resend_500", "html");
    let (name, message) = match status {
        429 => (
            "rate_limit_exceeded",
            "Too many requests. Please limit the number of requests per second.",
        ),
        503 => ("service_unavailable", "API is temporarily unavailable"),
        401 => (
            "missing_api_key",
            "Missing API key in the authorization header.",
        ),
        403 => ("suspended_api_key", "This API key is suspended."),
        409 => (
            "concurrent_idempotent_requests",
            "Same idempotency key used while original request is still in progress.",
        ),
        500.. if html => {
            return wire::answer(
                status,
                "text/html",
                "<html><body><h1>Internal Server Error</h1></body></html>",
            );
        }
        _ => ("application_error", "An unexpected error occurred."),
    };
    let mut response = Refusal::new(status, name, message).response();
    if status == 429 && world.switches.is("resend_retry_after", "present") {
        wire::set_header(&mut response, RETRY_AFTER, "1");
    }
    response
}

pub(crate) fn handle(world: &mut World, request: &Incoming) -> Response {
    if request
        .header("user-agent")
        .is_none_or(|agent| agent.trim().is_empty())
    {
        return wire::answer(403, "text/html", "error code: 1010");
    }
    let mut response = authorised(world, request).unwrap_or_else(|refusal| refusal.response());
    if response.status() == 429
        && world.switches.is("resend_retry_after", "present")
        && !response.headers().contains_key(RETRY_AFTER)
    {
        wire::set_header(&mut response, RETRY_AFTER, "1");
    }
    limits::write_headers(world, &mut response);
    response
}

fn authorised(world: &mut World, request: &Incoming) -> Result<Response, Refusal> {
    let key = request.authorization("Bearer").ok_or_else(|| {
        Refusal::new(
            401,
            "missing_api_key",
            "Missing API key in the authorization header.",
        )
    })?;
    if key != world.settings.resend_api_key {
        return Err(Refusal::new(
            403,
            world.switches.get("resend_key_name"),
            "API key is invalid.",
        ));
    }
    let id = request
        .path
        .strip_prefix("/emails/")
        .filter(|id| !id.is_empty() && !id.contains('/'));
    match (request.path.as_str(), &request.method, id) {
        ("/emails", &Method::POST, _) => {
            limits::count_request(world)?;
            send(world, request)
        }
        ("/emails", &Method::GET, _) => Ok(list(world)),
        (_, &Method::GET, Some(id)) => find(world, id),
        ("/emails", ..) | (_, _, Some(_)) => Err(Refusal::new(
            405,
            "method_not_allowed",
            "Method is not allowed for the requested path.",
        )),
        _ => Err(Refusal::new(
            404,
            "not_found",
            "The requested endpoint does not exist.",
        )),
    }
}

fn send(world: &mut World, request: &Incoming) -> Result<Response, Refusal> {
    let key = request.header("idempotency-key").map(str::to_owned);
    if key
        .as_ref()
        .is_some_and(|key| key.is_empty() || key.chars().count() > 256)
    {
        return Err(Refusal::new(
            400,
            "invalid_idempotency_key",
            "The key must be between 1-256 chars.",
        ));
    }
    let email = payload::read(world, request)?;
    let now_ms = world.now_ms;
    let earlier = world.resend.accepted.iter().find(|earlier| {
        key.is_some() && earlier.key == key && now_ms.saturating_sub(earlier.at_ms) < DAY_MS
    });
    if let Some(earlier) = earlier {
        if earlier.body != request.body {
            let text = "Same idempotency key used with a different request payload.";
            return Err(Refusal::new(409, "invalid_idempotent_request", text));
        }
        return Ok(wire::json(200, &json!({"id": earlier.id})));
    }
    limits::take_quota(world)?;
    let id = world.random.uuid();
    let mut letter = Letter::new(&email, key.clone(), now_ms);
    for problem in letter.problems(world.settings.app_origin.as_deref()) {
        world.violate(format!("resend: {problem}"));
    }
    world.resend.recipients = world
        .resend
        .recipients
        .saturating_add(u64::try_from(letter.to.len()).unwrap_or(0));
    world.resend.accepted.push(Accepted {
        id: id.clone(),
        key,
        body: request.body.clone(),
        email,
        at_ms: now_ms,
    });
    let effects = world.effects("resend", request);
    let copies = if effects.contains(&Behaviour::DeliverTwice) {
        2
    } else {
        1
    };
    if let Some(Behaviour::DeliverLate { ms }) = effects
        .iter()
        .find(|effect| matches!(effect, Behaviour::DeliverLate { .. }))
    {
        letter.at_ms = now_ms.saturating_add(*ms);
    }
    if !effects.contains(&Behaviour::Suppressed) {
        world
            .resend
            .on_the_way
            .extend(std::iter::repeat_n(letter, copies));
        world.resend.settle(now_ms);
    }
    Ok(wire::json(200, &json!({"id": id})))
}

fn list(world: &World) -> Response {
    let data: Vec<Value> = world.resend.accepted.iter().rev().map(summary).collect();
    wire::json(
        200,
        &json!({"object": "list", "has_more": false, "data": data}),
    )
}

fn find(world: &World, id: &str) -> Result<Response, Refusal> {
    let found = world
        .resend
        .accepted
        .iter()
        .find(|accepted| accepted.id == id);
    let accepted = found.ok_or_else(|| Refusal::new(404, "not_found", "Email not found"))?;
    let mut body = summary(accepted);
    if let Some(body) = body.as_object_mut() {
        for part in ["html", "text"] {
            body.insert(
                part.to_owned(),
                accepted.email.get(part).cloned().unwrap_or(Value::Null),
            );
        }
    }
    Ok(wire::json(200, &body))
}

fn summary(accepted: &Accepted) -> Value {
    let field = |name: &str| accepted.email.get(name).cloned().unwrap_or(Value::Null);
    json!({
        "object": "email", "id": accepted.id, "from": field("from"), "to": field("to"), "subject": field("subject"),
        "created_at": crate::clock::rfc3339(accepted.at_ms, 0, 3), "last_event": "delivered"
    })
}

#[cfg(test)]
mod tests;
