//! Reads a Pushover message from JSON or a form and applies the limits of its fields.
//! It must never look at who sent it: credentials are checked before.

use serde_json::{Map, Value};

use crate::wire::Incoming;

pub(super) struct Message {
    pub title: Option<String>,
    pub text: String,
    pub priority: i64,
}

type Refusal = (&'static str, &'static str);

/// The fields of the body, every scalar as text; none when the body cannot be read.
pub(super) fn fields(request: &Incoming) -> Option<Map<String, Value>> {
    if request
        .header("content-type")
        .is_some_and(|kind| kind.starts_with("application/json"))
    {
        let Value::Object(fields) = request.json()? else {
            return None;
        };
        return Some(
            fields
                .into_iter()
                .map(|(name, value)| (name, Value::String(as_text(value))))
                .collect(),
        );
    }
    let pairs = url::form_urlencoded::parse(&request.body).into_owned();
    Some(
        pairs
            .map(|(name, value)| (name, Value::String(value)))
            .collect(),
    )
}

fn as_text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

pub(super) fn read(fields: &Map<String, Value>) -> Result<Message, Refusal> {
    let text = |name: &str| {
        fields
            .get(name)
            .and_then(Value::as_str)
            .filter(|value| !value.is_empty())
    };
    let longer =
        |name: &str, limit: usize| text(name).is_some_and(|value| value.chars().count() > limit);
    let message = text("message").ok_or(("message", "cannot be blank"))?;
    for (name, limit) in [
        ("message", 1024),
        ("title", 250),
        ("url", 512),
        ("url_title", 100),
    ] {
        if longer(name, limit) {
            return Err((name, "is too long"));
        }
    }
    let number = |name: &'static str, refusal: &'static str| match text(name) {
        None => Ok(None),
        Some(value) => value.parse::<i64>().map(Some).map_err(|_| (name, refusal)),
    };
    let priority = number("priority", "is invalid")?.unwrap_or(0);
    if !(-2..=2).contains(&priority) {
        return Err(("priority", "is invalid, can only be -2, -1, 0, 1, or 2"));
    }
    if priority == 2 {
        let expire = number("expire", "must be supplied with priority=2")?
            .ok_or(("expire", "must be supplied with priority=2"))?;
        let retry = number("retry", "must be supplied with priority=2")?
            .ok_or(("retry", "must be supplied with priority=2"))?;
        if retry < 30 {
            return Err(("retry", "must be at least 30 seconds"));
        }
        if !(1..=10_800).contains(&expire) {
            return Err(("expire", "must be at most 10800 seconds"));
        }
    }
    if number("ttl", "is invalid")?.is_some_and(|ttl| ttl <= 0) {
        return Err(("ttl", "must be greater than 0"));
    }
    number("timestamp", "is invalid")?;
    if text("html").is_some() && text("monospace").is_some() {
        return Err(("html", "and monospace cannot be used together"));
    }
    for flag in ["html", "monospace"] {
        if text(flag).is_some_and(|value| value != "1" && value != "0") {
            return Err((flag, "is invalid"));
        }
    }
    let is_device = |name: &str| {
        (1..=25).contains(&name.len())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
    };
    if text("device").is_some_and(|list| !list.split(',').all(is_device)) {
        return Err(("device", "name is not valid for user"));
    }
    Ok(Message {
        title: text("title").map(str::to_owned),
        text: message.to_owned(),
        priority,
    })
}
