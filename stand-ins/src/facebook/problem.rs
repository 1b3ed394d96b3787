//! The Graph's errors, as it words them.
//! It must never decide when one is due.

use http::header::WWW_AUTHENTICATE;
use serde_json::{Map, json};

use crate::wire::{self, Response};
use crate::world::World;

fn graph(
    world: &mut World,
    status: u16,
    (code, subcode): (u32, Option<u32>),
    message: &str,
) -> Response {
    let trace = world.random.text(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
        22,
    );
    let mut error = Map::new();
    error.insert("message".to_owned(), json!(message));
    error.insert("type".to_owned(), json!("OAuthException"));
    error.insert("code".to_owned(), json!(code));
    if let Some(subcode) = subcode {
        error.insert("error_subcode".to_owned(), json!(subcode));
    }
    error.insert("fbtrace_id".to_owned(), json!(trace));
    wire::json(status, &json!({ "error": error }))
}

/// A refusal of the exchange; it always says so in a header too.
pub(super) fn of_exchange(world: &mut World, code: (u32, Option<u32>), message: &str) -> Response {
    let mut response = graph(world, 400, code, message);
    let kind = if code.0 == 100 {
        "invalid_code"
    } else {
        "invalid_client"
    };
    let header = format!("OAuth \"Facebook Platform\" \"{kind}\" \"{message}\"");
    wire::set_header(&mut response, WWW_AUTHENTICATE, &header);
    response
}

pub(super) fn unknown_path(world: &mut World) -> Response {
    graph(world, 400, (2500, None), "Unknown path components")
}

pub(super) fn unknown_version(world: &mut World) -> Response {
    graph(
        world,
        400,
        (2635, None),
        "You are calling a version of the Graph API that is not available.",
    )
}

pub(super) fn bad_token(world: &mut World, subcode: u32) -> Response {
    let message = if subcode == 463 {
        "Error validating access token: Session has expired."
    } else {
        "Invalid OAuth access token - Cannot parse access token"
    };
    graph(world, 400, (190, Some(subcode)), message)
}

pub(super) fn bad_proof(world: &mut World) -> Response {
    let message = "Invalid appsecret_proof provided in the API argument";
    graph(world, 400, (100, None), message)
}

pub(super) fn no_such_field(world: &mut World, field: &str) -> Response {
    let message = format!("(#100) Tried accessing nonexisting field ({field})");
    graph(world, 400, (100, None), &message)
}

/// The refusal of that code, whatever was asked.
pub(super) fn of_code(world: &mut World, code: u32) -> Response {
    let (status, message) = match code {
        1 => (500, "An unknown error has occurred."),
        2 => (
            500,
            "An unexpected error has occurred. Please retry your request later.",
        ),
        4 => (400, "(#4) Application request limit reached"),
        17 => (400, "(#17) User request limit reached"),
        341 => (400, "(#341) Feed action request limit reached"),
        190 => (
            400,
            "Error validating access token: The session is invalid.",
        ),
        10 | 200..=299 => (403, "(#200) Permissions error"),
        _ => (400, "(#100) Invalid parameter"),
    };
    graph(world, status, (code, None), message)
}

/// The Graph's own words for a status that a script asks for.
pub(crate) fn fault(_: &World, status: u16) -> Response {
    let (code, message) = match status {
        429 => (4, "(#4) Application request limit reached"),
        500.. => (
            2,
            "An unexpected error has occurred. Please retry your request later.",
        ),
        _ => (100, "(#100) Invalid parameter"),
    };
    wire::json(
        status,
        &json!({"error": {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "AbCdEfGhIjKlMnOpQrStUv"}}),
    )
}
