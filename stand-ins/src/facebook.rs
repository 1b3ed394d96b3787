//! Stands in for Facebook Login: the dialog as a page of people to be, the exchange of a code, the profile, and the signed messages that Facebook sends by itself.
//! It must never take a code twice, nor show a profile without the proof of the app's secret.

mod dialog;
mod messages;
mod people;
mod problem;
mod profile;
mod token;

use http::Method;

pub use messages::{Message, Seal};
pub(crate) use people::PEOPLE;
pub(crate) use problem::fault;

use crate::clock;
use crate::wire::{Incoming, Response};
use crate::world::World;

#[derive(Debug, Default)]
pub(crate) struct Facebook {
    codes: Vec<token::Code>,
    tokens: Vec<token::Token>,
    messages: Vec<Message>,
}

impl Facebook {
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }
}

/// Versions of the Graph and when each ends; the newest has no end yet.
const VERSIONS: &[(&str, &str)] = &[
    ("v21.0", "2027-01-21T00:00:00Z"),
    ("v22.0", "2027-05-20T00:00:00Z"),
    ("v23.0", "2027-10-08T00:00:00Z"),
    ("v24.0", "2028-02-18T00:00:00Z"),
    ("v25.0", "2028-07-29T00:00:00Z"),
    ("v26.0", ""),
];

pub(crate) fn handle(world: &mut World, request: &Incoming) -> Response {
    let segments = request.segments();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let Some((version, rest)) = segments.split_first() else {
        return problem::unknown_path(world);
    };
    if !is_served(version, world.now_ms) {
        return problem::unknown_version(world);
    }
    match (&request.method, rest) {
        (&Method::GET, ["dialog", "oauth"]) => dialog::show(world, request),
        (&Method::GET, ["dialog", "oauth", "answer"]) => dialog::answer(world, request),
        (&Method::GET | &Method::POST, ["oauth", "access_token"]) => {
            token::exchange(world, request)
        }
        (&Method::GET, ["me"]) => profile::me(world, request),
        (&Method::GET, ["debug_token"]) => profile::debug_token(world, request),
        _ => problem::unknown_path(world),
    }
}

fn is_served(version: &str, now_ms: u64) -> bool {
    VERSIONS
        .iter()
        .find(|(known, _)| *known == version)
        .is_some_and(|(_, end)| clock::parse_rfc3339(end).is_none_or(|end| now_ms < end))
}

/// The one address that the app has registered for the way back.
fn redirect_uri(world: &World) -> String {
    let origin = world.settings.app_origin.as_deref();
    format!(
        "{}/api/facebook/callback",
        origin.unwrap_or("http://127.0.0.1:8787")
    )
}

#[cfg(test)]
mod tests;
