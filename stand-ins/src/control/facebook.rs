//! The page with which one sends Facebook's messages to the product, rightly and wrongly signed, and the same for programs.
//! It shows what was answered and what Facebook would make of it.

use std::fmt::Write;

use http::header::LOCATION;
use serde_json::{Value, json};

use crate::facebook::{PEOPLE, Seal};
use crate::wire::{self, Incoming, Response, escape};
use crate::world::World;

const KINDS: [&str; 2] = ["deauthorize", "deletion"];

/// `{"kind", "user_id", "seal"}`, in JSON or from the page's form.
pub(super) fn send(world: &mut World, request: &Incoming) -> Response {
    let from_page = request
        .header("content-type")
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let fields = if from_page {
        let pairs = url::form_urlencoded::parse(&request.body).into_owned();
        Some(Value::Object(
            pairs.map(|(name, value)| (name, json!(value))).collect(),
        ))
    } else {
        request.json()
    };
    let fields = fields.unwrap_or_default();
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let seal = fields
        .get("seal")
        .cloned()
        .unwrap_or_else(|| json!("right"));
    let (Ok(seal), true) = (
        serde_json::from_value::<Seal>(seal),
        KINDS.contains(&text("kind")),
    ) else {
        return super::refuse(
            422,
            "kind is deletion or deauthorize, seal one of the known",
        );
    };
    let id = world.send_message(text("kind"), text("user_id"), seal);
    if !from_page {
        return wire::json(202, &json!({ "id": id }));
    }
    let mut response = wire::empty(303);
    wire::set_header(&mut response, LOCATION, "/facebook");
    response
}

pub(super) fn page(world: &World) -> String {
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Facebook's messages</title><link rel=\"icon\" href=\"data:,\"><style>{}</style></head><body>\
         <header><h1>Facebook's messages</h1><p>What Facebook tells the product by itself. <a href=\"/\">Back to the inbox</a></p></header>\
         <main><section><form method=\"post\" action=\"/__control/facebook\"><p><label>About <select name=\"user_id\">",
        super::inbox::STYLE
    );
    for person in PEOPLE {
        let _ = write!(
            html,
            "<option value=\"{}\">{}</option>",
            person.id,
            escape(person.note)
        );
    }
    html.push_str("</select></label> <label>Signature <select name=\"seal\">");
    for (_, name) in Seal::ALL {
        let _ = write!(
            html,
            "<option value=\"{name}\">{}</option>",
            name.replace('_', " ")
        );
    }
    html.push_str("</select></label></p><p>");
    for kind in KINDS {
        let _ = write!(
            html,
            "<button type=\"submit\" name=\"kind\" value=\"{kind}\">Send {kind}</button> "
        );
    }
    html.push_str("</p></form></section><section><h2>Sent</h2><ul>");
    for message in world.messages().iter().rev() {
        let verdict = match message.complaint.as_deref() {
            None => "on its way".to_owned(),
            Some("") => "as it should be".to_owned(),
            Some(complaint) => format!("<strong class=\"bad\">{}</strong>", escape(complaint)),
        };
        let _ = write!(
            html,
            "<li><h3>{} about {}</h3><p class=\"quiet\">signature {:?}, answered {}: {verdict}</p><pre>{}</pre></li>",
            message.kind,
            escape(&message.user_id),
            message.seal,
            message
                .status
                .map_or_else(|| "nothing".to_owned(), |status| status.to_string()),
            escape(&message.body)
        );
    }
    html.push_str("</ul></section></main></body></html>");
    html
}
