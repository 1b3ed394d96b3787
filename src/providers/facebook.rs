//! Facebook Login: the address of the dialog, a profile for a code, and the messages that Facebook
//! signs.
//!
//! The token that stands between code and profile lives in one function and ends with it. A code is
//! sent once, whatever becomes of the answer.

mod graph;
mod signed_request;

use http::Method;
use serde_json::Value;

use super::call::{self, EXCHANGE, PROFILE};
use crate::config;
use crate::domain::digest;
use crate::domain::ids::{Provider, UserId};
use crate::ports::Platform;
use crate::ports::json::{self, json_struct};
use graph::{Refusal, ask};
pub use signed_request::{SignedRequest, read_signed_request};

/// Code and profile together take no longer: nobody looks at an empty page for more than ten
/// seconds.
const ALTOGETHER_MS: u64 = 9500;

/// Who signed in, as Facebook says. Only the id says who it is; the rest is for display.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Profile {
    pub id: UserId,
    pub name: Option<String>,
    pub email: Option<String>,
}

/// Why nobody was recognised.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unrecognised {
    /// Facebook could not answer; beginning anew may help.
    Later,
    /// The code or the token was not accepted.
    Refused,
    /// Our app's number or secret was not accepted.
    Account,
    /// A profile whose id is none.
    NoId,
}

/// Where the browser is sent to ask the person.
pub fn dialog_url(config: &config::Facebook, redirect_uri: &str, state: &str) -> String {
    let query = form(&[
        ("client_id", &config.app_id),
        ("redirect_uri", redirect_uri),
        ("state", state),
        ("response_type", "code"),
        ("scope", "public_profile,email"),
    ]);
    format!("{}?{query}", config.dialog_url)
}

fn form(pairs: &[(&str, &str)]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs {
        form.append_pair(name, value);
    }
    form.finish()
}

/// Changes a code for the profile of whoever allowed it.
pub async fn recognise<P: Platform>(
    platform: &P,
    config: &config::Facebook,
    redirect_uri: &str,
    code: &str,
) -> Result<Profile, Unrecognised> {
    let until = platform.now().plus_ms(ALTOGETHER_MS);
    let body = form(&[
        ("client_id", &config.app_id),
        // In the body: an address is written down on its way.
        ("client_secret", &config.app_secret),
        ("redirect_uri", redirect_uri),
        ("code", code),
    ]);
    let url = format!("{}/oauth/access_token", config.graph_url);
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    let request = call::request(Method::POST, &url, "", &kind, body.into_bytes());
    let request = request.map_err(|_| Unrecognised::Refused)?;
    let granted = ask(platform, request, EXCHANGE, until).await;
    let granted = granted.map_err(|refusal| of_exchange(&refusal))?;
    let granted: Option<Granted> = json::from_slice(&granted);
    let token = granted.ok_or(Unrecognised::Later)?.access_token;

    let url = format!(
        "{}/me?fields=id,name,email&appsecret_proof={}",
        config.graph_url,
        proof(&config.app_secret, &token)
    );
    let request = call::request(Method::GET, &url, &token, &[], Vec::new());
    let request = request.map_err(|_| Unrecognised::Later)?;
    match ask(platform, request, PROFILE, until).await {
        Ok(body) => read_profile(&body),
        Err(refusal) if refusal.is_passing() => Err(Unrecognised::Later),
        Err(_) => Err(Unrecognised::Refused),
    }
}

/// Proves to the Graph that whoever uses a token has the app's secret too.
fn proof(app_secret: &str, token: &str) -> String {
    let mac = digest::hmac_sha256(app_secret.as_bytes(), &[token.as_bytes()]);
    digest::hex(&mac)
}

/// For a code the Graph's "temporary" code 1 also means that the secret is wrong; it comes with a
/// 400 then.
fn of_exchange(refusal: &Refusal) -> Unrecognised {
    match *refusal {
        Refusal {
            status: 400..=499,
            code: 1 | 101,
        } => Unrecognised::Account,
        _ if refusal.is_passing() => Unrecognised::Later,
        _ => Unrecognised::Refused,
    }
}

json_struct! {
    struct Granted {
        access_token: String,
    }

    struct Said {
        id: Option<Value>,
        name: Option<Value>,
        email: Option<Value>,
    }
}

fn read_profile(body: &[u8]) -> Result<Profile, Unrecognised> {
    let said: Said = json::from_slice(body).ok_or(Unrecognised::Later)?;
    let id = text(said.id)
        .and_then(|id| id.parse().ok())
        .filter(|id: &UserId| id.provider() == Provider::Facebook);
    Ok(Profile {
        id: id.ok_or(Unrecognised::NoId)?,
        name: text(said.name),
        email: text(said.email),
    })
}

/// Absent, null, empty or something else altogether: there is none.
fn text(said: Option<Value>) -> Option<String> {
    match said {
        Some(Value::String(text)) if !text.is_empty() => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
