//! The dialog: a page on which one chooses whom to be and what to answer, and the way back with that answer.
//! It must never lead anywhere but to the one registered address.

use std::fmt::Write;

use http::header::LOCATION;

use super::people::{self, PEOPLE};
use super::{redirect_uri, token};
use crate::wire::{self, Incoming, Response};
use crate::world::World;

/// What a person can answer, and how the button says it.
const CHOICES: &[(&str, &str)] = &[
    ("allow", "Continue"),
    ("allow-without-email", "Continue without the e-mail address"),
    ("deny", "Cancel"),
    ("error", "Come back with an error"),
    ("nothing", "Come back with nothing"),
    ("twice", "Continue, and come back twice"),
];

const STYLE: &str = "body{font:1rem/1.5 system-ui;max-width:34rem;margin:2rem auto;padding:0 1rem;color:#1c1e21;background:#fff}\
fieldset{border:1px solid #8a8d91;border-radius:8px;padding:1rem;margin:0 0 1rem}label{display:block;padding:.35rem 0;overflow-wrap:anywhere}\
small{color:#54575c}button{font:inherit;display:block;width:100%;margin:.5rem 0;padding:.6rem;border:1px solid #8a8d91;border-radius:8px;background:#f0f2f5;color:#1c1e21}\
button:first-of-type{background:#0a58ca;color:#fff}";

/// The page, once the request for it is right.
pub(super) fn show(world: &mut World, request: &Incoming) -> Response {
    if let Err(refusal) = check(world, request) {
        return page(
            400,
            "Something is wrong with this app",
            &format!("<p>{refusal}</p>"),
        );
    }
    let mut form = "<form method=\"get\" action=\"oauth/answer\">".to_owned();
    for (name, value) in request.query_pairs() {
        let _ = write!(
            form,
            "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
            wire::escape(&name),
            wire::escape(&value)
        );
    }
    form.push_str("<fieldset><legend>Who are you?</legend>");
    for (index, person) in PEOPLE.iter().enumerate() {
        let checked = if index == 0 { " checked" } else { "" };
        let _ = write!(
            form,
            "<label><input type=\"radio\" name=\"person\" value=\"{}\"{checked}> {} <small>{}</small></label>",
            person.key,
            wire::escape(person.name),
            wire::escape(person.note)
        );
    }
    form.push_str("</fieldset>");
    for (choice, words) in CHOICES {
        let _ = write!(
            form,
            "<button type=\"submit\" name=\"choice\" value=\"{choice}\">{words}</button>"
        );
    }
    form.push_str("</form>");
    page(
        200,
        "Continue to the app with Facebook?",
        &format!("<p>This is a stand-in: nothing leaves this machine.</p>{form}"),
    )
}

fn page(status: u16, title: &str, body: &str) -> Response {
    let html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title><link rel=\"icon\" href=\"data:,\"><style>{STYLE}</style></head><body><main><h1>{title}</h1>{body}</main></body></html>"
    );
    wire::answer(status, "text/html; charset=utf-8", html)
}

/// What the dialog demands of an app.
fn check(world: &mut World, request: &Incoming) -> Result<(), &'static str> {
    let value = |name: &str| request.query_value(name).unwrap_or_default();
    if value("client_id") != world.settings.facebook_app_id {
        return Err("Invalid App ID: the provided app ID does not look like a valid app ID.");
    }
    if value("redirect_uri") != redirect_uri(world) {
        return Err(
            "URL blocked: this redirect failed because the redirect URI is not white-listed.",
        );
    }
    if value("response_type") != "code" {
        return Err("This response type is not one that this app may use.");
    }
    if value("scope")
        .split(',')
        .any(|scope| !matches!(scope, "public_profile" | "email"))
    {
        return Err("Invalid Scopes: this app may ask for public_profile and email.");
    }
    if value("state").len() < 43 {
        world.violate("facebook: the dialog was asked for without 256 bits of state".to_owned());
    }
    Ok(())
}

/// The way back with what was chosen.
pub(super) fn answer(world: &mut World, request: &Incoming) -> Response {
    if let Err(refusal) = check(world, request) {
        return page(
            400,
            "Something is wrong with this app",
            &format!("<p>{refusal}</p>"),
        );
    }
    let value = |name: &str| request.query_value(name).unwrap_or_default();
    let Some(person) = people::find(&value("person")) else {
        return page(400, "There is nobody of that name", "");
    };
    let choice = value("choice");
    let state = value("state");
    let pairs: Vec<(&str, String)> = match choice.as_str() {
        "allow" | "allow-without-email" | "twice" => {
            let asked = value("scope").split(',').any(|scope| scope == "email");
            let challenge = request
                .query_value("code_challenge")
                .map(|challenge| (value("code_challenge_method"), challenge));
            let back = redirect_uri(world);
            let with_email = asked && choice != "allow-without-email";
            let code = token::issue(world, person, with_email, back, challenge);
            vec![("code", code), ("state", state)]
        }
        "deny" if world.switches.is("facebook_denied", "reduced") => {
            vec![("error", "access_denied".to_owned()), ("state", state)]
        }
        "deny" => vec![
            ("error", "access_denied".to_owned()),
            ("error_code", "200".to_owned()),
            ("error_description", "Permissions error".to_owned()),
            ("error_reason", "user_denied".to_owned()),
            ("state", state),
        ],
        "error" => vec![
            ("error_code", "1349048".to_owned()),
            ("error_message", "Can't load URL".to_owned()),
            ("state", state),
        ],
        "nothing" => Vec::new(),
        _ => return page(400, "That is no answer", ""),
    };
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    let back = format!("{}?{query}#_=_", redirect_uri(world));
    if choice == "twice" {
        return twice(&back);
    }
    let mut response = wire::empty(302);
    wire::set_header(&mut response, LOCATION, &back);
    response
}

/// A browser that fetches the way back before it goes there, as some do.
fn twice(back: &str) -> Response {
    let url = back
        .replace('<', "%3C")
        .replace('\'', "%27")
        .replace('\\', "%5C");
    let script = format!(
        "<script>const back='{url}';fetch(back,{{mode:'no-cors',credentials:'include'}}).finally(()=>location.replace(back));</script>"
    );
    page(200, "One moment", &script)
}
