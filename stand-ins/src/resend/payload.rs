//! Validates the body of a send request field by field, with the service's texts.
//! It must never repair anything: what is wrong is refused.

use serde_json::{Map, Value, json};

use super::Refusal;
use crate::wire::Incoming;
use crate::world::World;

const FIELDS: &[&str] = &[
    "from",
    "to",
    "subject",
    "html",
    "text",
    "cc",
    "bcc",
    "reply_to",
    "headers",
    "tags",
    "scheduled_at",
    "attachments",
    "topic_id",
    "template",
];
const MAX_BYTES: usize = 40 * 1024 * 1024;

/// The e-mail with `to` as an array, or the refusal.
pub(super) fn read(world: &World, request: &Incoming) -> Result<Value, Refusal> {
    if request.body.len() > MAX_BYTES {
        return Err(invalid("The request is too large."));
    }
    let Some(Value::Object(mut email)) = request.json() else {
        return Err(Refusal::new(
            400,
            "validation_error",
            "We found an error with one or more fields in the request.",
        ));
    };
    if let Some(unknown) = email.keys().find(|name| !FIELDS.contains(&name.as_str())) {
        return Err(Refusal::new(
            422,
            "invalid_parameter",
            format!("Unknown field `{unknown}`."),
        ));
    }
    for name in ["from", "to", "subject"] {
        if !email.contains_key(name) {
            return Err(missing(name));
        }
    }
    if !["html", "text", "template"]
        .iter()
        .any(|name| email.contains_key(*name))
    {
        return Err(missing("html` or `text"));
    }
    for name in [
        "from",
        "subject",
        "html",
        "text",
        "scheduled_at",
        "topic_id",
    ] {
        if email.get(name).is_some_and(|value| !value.is_string()) {
            return Err(invalid(format!("The `{name}` field must be a `string`.")));
        }
    }
    if email
        .get("subject")
        .and_then(Value::as_str)
        .is_some_and(|subject| subject.chars().any(char::is_control))
    {
        return Err(invalid("The `\\n` is not allowed in the `subject` field."));
    }
    check_from(world, &email)?;
    let mut everyone = Vec::new();
    for name in ["to", "cc", "bcc", "reply_to"] {
        let addresses = addresses(world, &email, name)?;
        if name == "to" {
            email.insert(name.to_owned(), json!(addresses));
        }
        if name != "reply_to" {
            everyone.extend(addresses);
        }
    }
    if everyone.len() > 50 {
        return Err(invalid(
            "The `to` field must contain between 1 and 50 recipients.",
        ));
    }
    check_recipients(world, &everyone)?;
    check_headers(&email)?;
    check_tags(&email)?;
    Ok(Value::Object(email))
}

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new(422, "validation_error", message)
}

fn missing(name: &str) -> Refusal {
    Refusal::new(
        422,
        "missing_required_field",
        format!("Missing `{name}` field."),
    )
}

fn bad_address(world: &World, field: &str) -> Refusal {
    let text = format!(
        "Invalid `{field}` field. The email address needs to follow the `email@example.com` or `Name <email@example.com>` format."
    );
    Refusal::new(
        world.switches.status("resend_bad_address", 422),
        "validation_error",
        text,
    )
}

fn check_from(world: &World, email: &Map<String, Value>) -> Result<(), Refusal> {
    let from = email
        .get("from")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let (_, domain) = parse_address(from).ok_or_else(|| bad_address(world, "from"))?;
    if domain != world.settings.resend_domain {
        let text = format!(
            "The {domain} domain is not verified. Please, add and verify your domain on https://resend.com/domains"
        );
        return Err(Refusal::new(403, "validation_error", text));
    }
    Ok(())
}

fn addresses(
    world: &World,
    email: &Map<String, Value>,
    field: &str,
) -> Result<Vec<String>, Refusal> {
    let list = match email.get(field) {
        None if field == "to" => return Err(missing(field)),
        None => return Ok(Vec::new()),
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(many)) => {
            let texts: Option<Vec<String>> = many
                .iter()
                .map(|one| one.as_str().map(str::to_owned))
                .collect();
            texts.ok_or_else(|| bad_address(world, field))?
        }
        Some(_) => return Err(bad_address(world, field)),
    };
    if list.is_empty() || list.len() > 50 {
        return Err(invalid(format!(
            "The `{field}` field must contain between 1 and 50 recipients."
        )));
    }
    if list.iter().any(|address| parse_address(address).is_none()) {
        return Err(bad_address(world, field));
    }
    Ok(list)
}

fn check_recipients(world: &World, recipients: &[String]) -> Result<(), Refusal> {
    let refused = world.switches.is("resend_example_com", "refused");
    let at_example = |address: &String| {
        parse_address(address).is_some_and(|(_, domain)| domain == "example.com")
    };
    if refused && recipients.iter().any(at_example) {
        return Err(invalid(
            "Invalid `to` field. Please use our testing email address instead of domains like `example.com`. See https://resend.com/docs/dashboard/emails/send-test-emails",
        ));
    }
    Ok(())
}

fn check_headers(email: &Map<String, Value>) -> Result<(), Refusal> {
    let Some(headers) = email.get("headers") else {
        return Ok(());
    };
    let Some(headers) = headers.as_object() else {
        return Err(invalid("The `headers` field must be an `object`."));
    };
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_value = |value: &Value| {
        value
            .as_str()
            .is_some_and(|text| !text.chars().any(char::is_control))
    };
    if headers
        .iter()
        .all(|(name, value)| is_name(name) && is_value(value))
    {
        return Ok(());
    }
    Err(invalid("The `headers` field contains an invalid header."))
}

fn check_tags(email: &Map<String, Value>) -> Result<(), Refusal> {
    let Some(tags) = email.get("tags") else {
        return Ok(());
    };
    let is_word = |value: Option<&Value>| {
        value.and_then(Value::as_str).is_some_and(|text| {
            (1..=256).contains(&text.len())
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
        })
    };
    let is_tag = |tag: &Value| is_word(tag.get("name")) && is_word(tag.get("value"));
    if tags.as_array().is_some_and(|tags| tags.iter().all(is_tag)) {
        return Ok(());
    }
    Err(invalid(
        "Tags should only contain ASCII letters, numbers, underscores, or dashes.",
    ))
}

/// The local part and the lower-case domain of `address` or `Name <address>`.
fn parse_address(text: &str) -> Option<(String, String)> {
    let bare = match text.strip_suffix('>') {
        Some(named) => named.split_once('<')?.1,
        None => text,
    };
    let (local, domain) = bare.rsplit_once('@')?;
    let is_plain = |part: &str| {
        !part.is_empty()
            && !part
                .chars()
                .any(|c| c.is_whitespace() || c.is_control() || "<>,;@\"".contains(c))
    };
    let is_domain = domain.contains('.') && domain.split('.').all(|label| !label.is_empty());
    (is_plain(local) && is_plain(domain) && is_domain && !text.chars().any(char::is_control))
        .then(|| (local.to_owned(), domain.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_come_bare_or_named() {
        assert_eq!(
            parse_address("Ada <ada@Reader.test>"),
            Some(("ada".to_owned(), "reader.test".to_owned()))
        );
        assert_eq!(
            parse_address("ada@reader.test"),
            Some(("ada".to_owned(), "reader.test".to_owned()))
        );
        for wrong in [
            "ada",
            "ada@",
            "@reader.test",
            "ada@reader",
            "a b@reader.test",
            "ada@reader.test\r\nBcc: x@y.test",
            "<>",
        ] {
            assert_eq!(parse_address(wrong), None, "{wrong}");
        }
    }
}
