//! `/api/facebook`: to the dialog of Facebook and back, and what Facebook tells us by itself.
//!
//! Whoever comes back is a person before a browser, so whatever goes wrong there leads to the
//! sign-in page with a word for it, and never to a problem document.

use http::Method;

use super::guard::Query;
use super::problem::Problem;
use super::reply::{Reply, add, empty, json, redirect};
use super::{Call, cookie, deletion};
use crate::app::sign_in_with_facebook::{self as sign_in, Returned};
use crate::app::{Error, delete_account, sign_out};
use crate::config;
use crate::domain::path::next_or_home;
use crate::ports::Platform;
use crate::providers::facebook::{SignedRequest, read_signed_request};

const MAX_CODE_BYTES: usize = 2048;
/// 32 bytes in base64url.
const STATE_CHARS: usize = 43;

/// Without an app at Facebook there is nothing here.
fn configured<'a, P>(call: &Call<'a, P>) -> Result<&'a config::Facebook, Problem> {
    let facebook = call.app.config.facebook.as_ref();
    facebook.ok_or(Problem::App(Error::NotFound))
}

pub fn begin<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let facebook = configured(call)?;
    let next = next_or_home(call.query.find("next"));
    let begun = sign_in::begin(call.app, facebook, next);
    let mut reply = redirect(302, &begun.dialog);
    let ticket = cookie::set(cookie::FACEBOOK, &begun.ticket, sign_in::TICKET_S);
    add(&mut reply, "set-cookie", &ticket);
    Ok(reply)
}

/// What came back. It opens a session, so it counts as a visit only, and only with everything once:
/// anything else is a return without anything in it.
pub fn read_return(method: &Method, query: Option<&str>) -> Query {
    let query = if *method == Method::GET { query } else { None };
    Query::read(query).unwrap_or_default()
}

pub async fn finish<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let facebook = configured(call)?;
    let query = &call.query;
    if ["error", "error_code", "error_reason"]
        .iter()
        .any(|name| query.find(name).is_some())
    {
        let denied = query.find("error") == Some("access_denied")
            || query.find("error_reason") == Some("user_denied");
        return Ok(ended(redirect(
            303,
            if denied { CANCELLED } else { FAILED },
        )));
    }
    let (Some(code), Some(state)) = (query.find("code"), query.find("state")) else {
        // Somebody came here by another way, such as the list of pages they were on.
        return Ok(try_again());
    };
    if code.is_empty() || code.len() > MAX_CODE_BYTES || state.len() != STATE_CHARS {
        return Ok(redirect(303, FAILED));
    }
    let Ok(ticket) = cookie::find(call.headers, cookie::FACEBOOK) else {
        return Ok(redirect(303, FAILED));
    };
    Ok(
        match sign_in::finish(call.app, facebook, ticket, code, state).await {
            Returned::SignedIn { next, opened } => {
                call.trace.is_by(&opened.user.id);
                let mut reply = ended(on(&next));
                let session = cookie::set(cookie::SESSION, &opened.token, opened.max_age_s);
                add(&mut reply, "set-cookie", &session);
                reply
            }
            Returned::Repeated { next } => on(&next),
            Returned::Failed => redirect(303, FAILED),
            Returned::TryAgain => try_again(),
        },
    )
}

const CANCELLED: &str = "/sign-in?error=cancelled";
const FAILED: &str = "/sign-in?error=failed";
const TRY_AGAIN: &str = "/sign-in?error=try-again";

pub fn try_again() -> Reply {
    redirect(303, TRY_AGAIN)
}

/// With a fragment of our own, or the browser would carry Facebook's `#_=_` there.
fn on(next: &str) -> Reply {
    redirect(303, &format!("{next}#"))
}

/// The same, and the ticket is of no more use.
fn ended(mut reply: Reply) -> Reply {
    add(&mut reply, "set-cookie", &cookie::clear(cookie::FACEBOOK));
    reply
}

pub async fn hear_deauthorization<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let facebook = configured(call)?;
    let SignedRequest { user, sha256 } = signed_request(call, facebook)?;
    sign_out::deauthorize(call.app, user, sha256).await?;
    Ok(empty(200))
}

/// The same answer for somebody unknown, so that nothing is told by it.
pub async fn hear_deletion<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let facebook = configured(call)?;
    let SignedRequest { user, sha256 } = signed_request(call, facebook)?;
    let code = delete_account::delete_as_asked(call.app, user, &sha256).await?;
    Ok(json(200, &deletion::started(call, code)))
}

/// The message in the one field that Facebook signs; whatever is wrong with it is told alike.
fn signed_request<P: Platform>(
    call: &Call<'_, P>,
    facebook: &config::Facebook,
) -> Result<SignedRequest, Problem> {
    let refusal = || Problem::Malformed("The signed request is missing or not valid.");
    let form = str::from_utf8(&call.body).map_err(|_| refusal())?;
    let form = Query::read(Some(form)).map_err(|_| refusal())?;
    let message = form.find("signed_request").ok_or_else(refusal)?;
    let now = call.app.platform.now();
    read_signed_request(&facebook.app_secret, message, now).ok_or_else(refusal)
}
