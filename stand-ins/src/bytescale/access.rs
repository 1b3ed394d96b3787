//! Who asks: the API key of a request, or the permission of a CDN read.
//! It must never let a request pass because a header is absent.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::error::Refusal;
use super::{permission, signature};
use crate::wire::Incoming;
use crate::world::World;

pub(super) struct Key {
    pub is_secret: bool,
}

/// The key of a request to this account.
pub(super) fn key_of(world: &World, request: &Incoming, account: &str) -> Result<Key, Refusal> {
    let key = presented(request).ok_or_else(|| {
        Refusal::new(
            401,
            "missing_api_key",
            "The 'Authorization' header is missing.",
        )
    })?;
    let (kind, rest) = key.split_once('_').unwrap_or_default();
    let key_account = rest.get(..7).unwrap_or_default();
    let public = world
        .settings
        .bytescale_secret_key
        .replacen("secret_", "public_", 1);
    let known = key == world.settings.bytescale_secret_key || key == public;
    if !known || key_account != account || world.switches.is("bytescale_key", "revoked") {
        return Err(Refusal::of_status(401));
    }
    Ok(Key {
        is_secret: kind == "secret",
    })
}

/// The bearer token, or the password of the Basic user `apikey`.
fn presented(request: &Incoming) -> Option<String> {
    if let Some(token) = request.authorization("Bearer") {
        return Some(token.to_owned());
    }
    let decoded = STANDARD.decode(request.authorization("Basic")?).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    text.strip_prefix("apikey:").map(str::to_owned)
}

/// Decides whether this request may read the file through this way (`raw`, `image`, `archive`).
pub(super) fn check_read(
    world: &World,
    request: &Incoming,
    account: &str,
    path: &str,
    way: &str,
) -> Result<(), Refusal> {
    if request.header("authorization").is_some() {
        return key_of(world, request, account).map(drop);
    }
    let revoked = world.switches.is("bytescale_key", "revoked");
    let claims = signature::claims(request);
    if claims {
        let valid = signature::verify(&world.settings, request, world.now_ms);
        return if valid && !revoked {
            Ok(())
        } else {
            Err(denied(world))
        };
    }
    if permission::is_public(&world.bytescale.folders, path, way) {
        Ok(())
    } else {
        Err(denied(world))
    }
}

fn denied(world: &World) -> Refusal {
    Refusal::of_status(world.switches.status("denied_status", 403))
}
