//! `/api/magic-link`: asking for a sign-in letter and confirming it.

use super::fields::Fields;
use super::problem::Problem;
use super::reply::{Reply, add, json};
use super::{Call, client, cookie, wire};
use crate::app::Error;
use crate::app::ask_for_link::{self, From, read_code};
use crate::app::confirm_link::{self, Shown};
use crate::app::require_human::require_human;
use crate::domain::digest;
use crate::domain::email::Address;
use crate::domain::path::next_or_home;
use crate::ports::Platform;

const NOT_AN_ADDRESS: &str = "Must be an e-mail address like ana@example.com.";

pub async fn ask<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let mut fields = Fields::read(&call.body)?;
    let to_ascii = |domain: &str| call.app.platform.domain_to_ascii(domain);
    let address = fields.parsed("email", NOT_AN_ADDRESS, |t| {
        Address::parse(t, to_ascii).ok()
    });
    let next = next_or_home(fields.optional_text("next").as_deref());
    let token = fields.optional_text("cf-turnstile-response");
    fields.finish()?;
    let Some(address) = address else {
        return Err(Problem::App(Error::NotFound));
    };
    let visitor = client::address(call.headers).map(|address| address.to_string());
    require_human(call.app, token.as_deref(), visitor.as_deref()).await?;
    let former = nonce(call)?;
    let from = From {
        client: client::bucket(call.headers),
        browser: client::browser(call.headers),
        former_nonce: former,
    };
    let asked = ask_for_link::ask_for_link(call.app, &address, next, from).await?;
    let mut reply = json(
        202,
        &wire::LinkSent {
            expires_in_s: asked.expires_in_s,
        },
    );
    let value = digest::base64url(&asked.nonce);
    add(
        &mut reply,
        "set-cookie",
        &cookie::set(cookie::LINK, &value, asked.expires_in_s),
    );
    Ok(reply)
}

/// The secret of this browser's attempt, if it began one.
fn nonce<P: Platform>(call: &Call<'_, P>) -> Result<Option<Vec<u8>>, Problem> {
    let value = cookie::find(call.headers, cookie::LINK)?;
    Ok(value
        .and_then(digest::from_base64url)
        .filter(|nonce| nonce.len() == 32))
}

pub async fn confirm<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let mut fields = Fields::read(&call.body)?;
    let token = fields.optional_text("token");
    let code = fields.optional_text("code");
    let shown = match (token, code) {
        (Some(token), None) => Some(Shown::Token(token)),
        // A code that is none is wrong like any other, but costs no try.
        (None, Some(code)) => read_code(&code).map(Shown::Code),
        _ => {
            fields.refuse("token", "Send exactly one of token and code.");
            None
        }
    };
    fields.finish()?;
    let Some(nonce) = nonce(call)? else {
        return Err(Problem::App(Error::OtherBrowser));
    };
    let Some(shown) = shown else {
        return Err(Problem::App(Error::LinkInvalid));
    };
    let (next, opened) =
        confirm_link::confirm_link(call.app, &client::bucket(call.headers), &nonce, shown).await?;
    call.trace.is_by(&opened.user.id);
    let mut reply = json(
        200,
        &wire::Confirmed {
            next,
            user: (&opened.user).into(),
        },
    );
    let session = cookie::set(cookie::SESSION, &opened.token, opened.max_age_s);
    add(&mut reply, "set-cookie", &session);
    add(&mut reply, "set-cookie", &cookie::clear(cookie::LINK));
    Ok(reply)
}
