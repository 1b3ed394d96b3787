//! What must hold before an endpoint is asked: who is asking, from where, with what.

use std::collections::BTreeMap;

use http::HeaderMap;

use super::cookie::{self, Unusable};
use super::problem::{Field, Problem};
use super::routes::Take;
use crate::app::{App, Error, session};
use crate::domain::ownership::SignedIn;
use crate::ports::Platform;

/// Whoever holds the token of the cookie or the header. Both must be the same one.
pub fn recognise<P: Platform>(app: App<'_, P>, headers: &HeaderMap) -> Result<SignedIn, Problem> {
    let cookie = cookie::find(headers, cookie::SESSION)?;
    let token = match (cookie, bearer(headers)?) {
        (Some(cookie), Some(bearer)) if cookie != bearer => {
            return Err(Problem::Malformed(
                "The cookie and the bearer token differ.",
            ));
        }
        (Some(token), _) | (None, Some(token)) => token,
        (None, None) => return Err(Problem::App(Error::NotSignedIn)),
    };
    Ok(session::recognise(app, token)?)
}

fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let mut values = headers.get_all("authorization").iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(Problem::Malformed(
            "The header Authorization was sent twice.",
        ));
    }
    let not_signed_in = Problem::App(Error::NotSignedIn);
    let text = value.to_str().map_err(|_| not_signed_in.clone())?;
    text.strip_prefix("Bearer ").map(Some).ok_or(not_signed_in)
}

/// An unsafe request must come from a page of ours, or carry no cookie that a browser would send
/// by itself.
pub fn require_same_origin(origin: &str, headers: &HeaderMap) -> Result<(), Problem> {
    let one = |name: &str| {
        let mut values = headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (value, None) => Ok(value.map(|value| value.to_str().unwrap_or_default())),
            _ => Err(Problem::CrossSite),
        }
    };
    let (site, from) = (one("sec-fetch-site")?, one("origin")?);
    if site.is_some_and(|site| site != "same-origin") || from.is_some_and(|from| from != origin) {
        return Err(Problem::CrossSite);
    }
    // One that cannot be read was sent by a browser too.
    let has_cookie = cookie::find(headers, cookie::SESSION).map_or(true, |found| found.is_some());
    if has_cookie && site.is_none() && from.is_none() {
        return Err(Problem::CrossSite);
    }
    Ok(())
}

/// Of two sessions one is somebody else's. Who needs a session is refused without this; who signs out
/// is rid of both.
pub fn require_one_session(headers: &HeaderMap) -> Result<(), Problem> {
    match cookie::find(headers, cookie::SESSION) {
        Err(Unusable::Twice) => Err(Unusable::Twice.into()),
        _ => Ok(()),
    }
}

const JSON: &[&str] = &["application/json"];
const PICTURES: &[&str] = &["image/jpeg", "image/png", "image/webp"];

/// The body must be declared as what the route takes.
pub fn require_media_type(take: Take, headers: &HeaderMap) -> Result<(), Problem> {
    let declared = headers
        .get("content-type")
        .map(|value| value.to_str().unwrap_or_default())
        .map(|text| {
            text.split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_ascii_lowercase()
        });
    let (accepted, optional) = match take {
        Take::Nothing => (JSON, true),
        Take::Json => (JSON, false),
        Take::Picture => (PICTURES, false),
        Take::Webhook | Take::Form => return Ok(()),
    };
    match declared {
        None if optional => Ok(()),
        Some(declared) if accepted.contains(&declared.as_str()) => Ok(()),
        _ => Err(Problem::UnsupportedMediaType { accepted }),
    }
}

/// The query, each name once.
#[derive(Debug, Default)]
pub struct Query(BTreeMap<String, String>);

impl Query {
    pub fn read(text: Option<&str>) -> Result<Self, Problem> {
        let mut values = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(text.unwrap_or_default().as_bytes()) {
            if values
                .insert(name.into_owned(), value.into_owned())
                .is_some()
            {
                return Err(Problem::Malformed("A parameter was given twice."));
            }
        }
        Ok(Self(values))
    }

    pub fn find(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// How many entries a page of a list has.
    pub fn limit(&self) -> Result<usize, Problem> {
        match self.find("limit") {
            None => Ok(24),
            Some(text) => text
                .parse()
                .ok()
                .filter(|limit| (1..=100).contains(limit))
                .ok_or_else(|| refuse("/limit", "Must be a number from 1 to 100.")),
        }
    }
}

/// The refusal of one field.
pub fn refuse(pointer: &'static str, detail: &'static str) -> Problem {
    Problem::Fields(Box::new([Field {
        pointer: pointer.to_owned(),
        detail: detail.into(),
    }]))
}
