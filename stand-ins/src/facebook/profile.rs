//! The profile behind a token, and what a token is.
//! It must never show more than was asked for and allowed, nor anything without the proof.

use hmac::{Hmac, Mac};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use super::problem;
use crate::script::Behaviour;
use crate::wire::{self, Incoming, Response};
use crate::world::World;

pub(super) fn me(world: &mut World, request: &Incoming) -> Response {
    let effects = world.effects("facebook", request);
    for effect in &effects {
        if let Behaviour::Graph { code } = effect {
            return problem::of_code(world, *code);
        }
    }
    let header = request.authorization("Bearer").map(str::to_owned);
    let sent = header.or_else(|| request.query_value("access_token"));
    let sent = sent.unwrap_or_default();
    if sent.starts_with("EAAotherapp") {
        return problem::bad_proof(world);
    }
    let found = world
        .facebook
        .tokens
        .iter()
        .find(|token| token.text == sent);
    let Some((person, with_email, expires_ms)) =
        found.map(|token| (token.person, token.with_email, token.expires_ms))
    else {
        return problem::bad_token(world, 467);
    };
    if world.now_ms >= expires_ms {
        return problem::bad_token(world, 463);
    }
    let proof = proof(&world.settings.facebook_app_secret, &sent);
    if request.query_value("appsecret_proof").as_deref() != Some(proof.as_str()) {
        return problem::bad_proof(world);
    }
    let fields = request.query_value("fields");
    let fields = fields.as_deref().unwrap_or("id,name");
    let mut profile = Map::new();
    for field in fields.split(',') {
        let value = match field {
            "id" => Some(person.id),
            "name" => Some(person.name),
            "email" => person.email.filter(|_| with_email),
            _ => return problem::no_such_field(world, field),
        };
        if let Some(value) = value {
            profile.insert(field.to_owned(), json!(value));
        }
    }
    for effect in effects {
        if let Behaviour::Profile { set, without } = effect {
            profile.extend(set);
            profile.retain(|name, _| !without.contains(name));
        }
    }
    wire::json(200, &Value::Object(profile))
}

/// Lower-case hexadecimal of HMAC-SHA-256 over the token, the key being the app's secret.
fn proof(secret: &str, token: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes());
    mac.map_or_else(
        |_| String::new(),
        |mac| wire::hex(&mac.chain_update(token).finalize().into_bytes()),
    )
}

pub(super) fn debug_token(world: &mut World, request: &Incoming) -> Response {
    let settings = &world.settings;
    let app = format!(
        "{}|{}",
        settings.facebook_app_id, settings.facebook_app_secret
    );
    if request.query_value("access_token") != Some(app) {
        return problem::bad_token(world, 467);
    }
    let asked = request.query_value("input_token").unwrap_or_default();
    let found = world
        .facebook
        .tokens
        .iter()
        .find(|token| token.text == asked);
    let data = match found {
        Some(token) => {
            let scopes: &[&str] = if token.with_email {
                &["public_profile", "email"]
            } else {
                &["public_profile"]
            };
            json!({
                "app_id": settings.facebook_app_id, "type": "USER", "is_valid": world.now_ms < token.expires_ms,
                "expires_at": token.expires_ms / 1000, "data_access_expires_at": token.expires_ms / 1000,
                "scopes": scopes, "user_id": token.person.id
            })
        }
        None => {
            json!({"is_valid": false, "scopes": [], "error": {"code": 190, "message": "Invalid OAuth access token."}})
        }
    };
    wire::json(200, &json!({ "data": data }))
}
