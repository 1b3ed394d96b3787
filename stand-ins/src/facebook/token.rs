//! A code for a token: once, within ten minutes, by the app that asked and for the address that it asked with.
//! It must never forgive a second use.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Method;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::people::Person;
use super::problem;
use crate::clock::MINUTE_MS;
use crate::script::Behaviour;
use crate::wire::{self, Incoming, Response};
use crate::world::World;

const CODE_MS: u64 = 10 * MINUTE_MS;
const TOKEN_S: u64 = 5_183_944;
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

#[derive(Debug)]
pub(super) struct Code {
    text: String,
    pub person: &'static Person,
    pub with_email: bool,
    redirect_uri: String,
    /// Method and challenge, where the dialog got them.
    pub challenge: Option<(String, String)>,
    issued_ms: u64,
    used: bool,
}

#[derive(Debug)]
pub(super) struct Token {
    pub text: String,
    pub person: &'static Person,
    pub with_email: bool,
    pub expires_ms: u64,
}

/// A fresh code for somebody who allowed it.
pub(super) fn issue(
    world: &mut World,
    person: &'static Person,
    with_email: bool,
    redirect_uri: String,
    challenge: Option<(String, String)>,
) -> String {
    let code = format!("AQ{}", world.random.text(LETTERS, 180));
    world.facebook.codes.push(Code {
        text: code.clone(),
        person,
        with_email,
        redirect_uri,
        challenge,
        issued_ms: world.now_ms,
        used: false,
    });
    code
}

pub(super) fn exchange(world: &mut World, request: &Incoming) -> Response {
    let pairs: Vec<(String, String)> = if request.method == Method::GET {
        request.query_pairs()
    } else {
        url::form_urlencoded::parse(&request.body)
            .into_owned()
            .collect()
    };
    if request.query.contains("client_secret") || request.query.contains("code=") {
        world.violate("facebook: a code or a secret stands in the URL of the exchange".to_owned());
    }
    for effect in world.effects("facebook", request) {
        if let Behaviour::Graph { code } = effect {
            return problem::of_code(world, code);
        }
    }
    let value = |name: &str| {
        let found = pairs.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    if value("client_id") != world.settings.facebook_app_id {
        let message = "Error validating application. Invalid application ID.";
        return problem::of_exchange(world, (101, None), message);
    }
    if value("client_secret") != world.settings.facebook_app_secret {
        return problem::of_exchange(world, (1, None), "Error validating client secret.");
    }
    let code = value("code");
    let Some(known) = world
        .facebook
        .codes
        .iter()
        .position(|known| known.text == code)
    else {
        return problem::of_exchange(world, (100, None), "Invalid verification code format.");
    };
    take(world, known, value("redirect_uri"), value("code_verifier"))
}

fn take(world: &mut World, index: usize, redirect_uri: &str, verifier: &str) -> Response {
    let (now_ms, lax) = (
        world.now_ms,
        world.switches.is("facebook_redirect_slash", "lax"),
    );
    let pkce = world.switches.is("facebook_pkce", "enforced");
    let Some(code) = world.facebook.codes.get_mut(index) else {
        return problem::unknown_path(world);
    };
    if code.used {
        let message = "This authorization code has been used.";
        return problem::of_exchange(world, (100, Some(36009)), message);
    }
    if now_ms.saturating_sub(code.issued_ms) >= CODE_MS {
        let message = "This authorization code has expired.";
        return problem::of_exchange(world, (100, Some(36007)), message);
    }
    let bare = |uri: &str| uri.trim_end_matches('/').to_owned();
    let same = code.redirect_uri == redirect_uri
        || (lax && bare(&code.redirect_uri) == bare(redirect_uri));
    let proven = code
        .challenge
        .as_ref()
        .is_none_or(|challenge| answers(challenge, verifier));
    if !same || (pkce && !proven) {
        let message = "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request";
        return problem::of_exchange(world, (100, Some(36008)), message);
    }
    code.used = true;
    let (person, with_email) = (code.person, code.with_email);
    let token = format!("EAA{}", world.random.text(LETTERS, 190));
    world.facebook.tokens.push(Token {
        text: token.clone(),
        person,
        with_email,
        expires_ms: now_ms.saturating_add(TOKEN_S.saturating_mul(1000)),
    });
    let mut body = json!({"access_token": token, "token_type": "bearer"});
    if world.switches.is("facebook_expires_in", "present")
        && let Some(body) = body.as_object_mut()
    {
        body.insert("expires_in".to_owned(), json!(TOKEN_S));
    }
    wire::json(200, &body)
}

fn answers((method, challenge): &(String, String), verifier: &str) -> bool {
    if method == "S256" {
        URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == *challenge
    } else {
        verifier == challenge
    }
}
