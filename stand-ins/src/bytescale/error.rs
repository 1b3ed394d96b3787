//! Bytescale's error body and the checks that fill its `details`.
//! Nothing here may depend on a route: callers name the field that is wrong.

use serde_json::{Map, Value, json};

use crate::wire::{self, Incoming, Response};

#[derive(Debug)]
pub(super) struct Refusal {
    status: u16,
    code: &'static str,
    message: String,
    details: Option<Value>,
}

impl Refusal {
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            details: None,
        }
    }

    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(404, "not_found", message)
    }

    pub fn of_status(status: u16) -> Self {
        match status {
            401 => Self::new(401, "invalid_api_key", "The API key is invalid."),
            402 => Self::new(
                402,
                "quota_exceeded",
                "Please upgrade your Bytescale Account.",
            ),
            403 => Self::new(
                403,
                "permission_denied",
                "You do not have permission to access this resource.",
            ),
            404 => Self::not_found("The requested resource could not be found."),
            429 => Self::new(429, "too_many_requests", "Too many requests."),
            _ => Self::new(status, "internal_error", "An internal error occurred."),
        }
    }

    /// A value that does not match what the specification says about the field.
    pub fn invalid(field: &str, rule: &str, value: &Value) -> Self {
        let details = json!({field: {"message": format!("Not match in '{rule}'"), "value": value}});
        Self {
            status: 400,
            code: "validation_error",
            message: "Validation failed.".to_owned(),
            details: Some(details),
        }
    }

    pub fn response(&self) -> Response {
        let mut error = json!({"message": self.message, "code": self.code});
        if let (Some(error), Some(details)) = (error.as_object_mut(), &self.details) {
            error.insert("details".to_owned(), details.clone());
        }
        wire::json(self.status, &json!({"error": error}))
    }
}

/// A file path: `/` first, 1–512 characters, no empty, `.` or `..` segment.
pub(super) fn check_path(field: &str, path: &str) -> Result<(), Refusal> {
    let segments = path
        .strip_prefix('/')
        .map(|rest| rest.split('/').collect::<Vec<_>>());
    let plain = |segment: &&str| {
        !matches!(*segment, "" | "." | "..") && !segment.chars().any(char::is_control)
    };
    if path.chars().count() <= 512 && segments.is_some_and(|segments| segments.iter().all(plain)) {
        return Ok(());
    }
    Err(Refusal::invalid(field, "^/.{1,511}$", &json!(path)))
}

/// Like a file path; the root is `/`.
pub(super) fn check_folder(field: &str, path: &str) -> Result<(), Refusal> {
    if path == "/" {
        Ok(())
    } else {
        check_path(field, path)
    }
}

pub(super) fn check_tag(field: &str, tag: &str) -> Result<(), Refusal> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".,/=_+-".contains(&byte);
    if (1..=255).contains(&tag.len()) && tag.bytes().all(allowed) {
        return Ok(());
    }
    Err(Refusal::invalid(
        field,
        "^[a-zA-Z0-9.,/=_+-]{1,255}$",
        &json!(tag),
    ))
}

/// The JSON object of the body, with no key but these.
pub(super) fn object(request: &Incoming, keys: &[&str]) -> Result<Map<String, Value>, Refusal> {
    let Some(Value::Object(fields)) = request.json() else {
        let text = String::from_utf8_lossy(&request.body);
        return Err(Refusal::invalid(
            "body",
            "object",
            &json!(text.chars().take(80).collect::<String>()),
        ));
    };
    check_keys("body", &fields, keys)?;
    Ok(fields)
}

pub(super) fn check_keys(
    prefix: &str,
    fields: &Map<String, Value>,
    keys: &[&str],
) -> Result<(), Refusal> {
    match fields
        .iter()
        .find(|(name, _)| !keys.contains(&name.as_str()))
    {
        Some((name, value)) => Err(Refusal::invalid(
            &format!("{prefix}.{name}"),
            "unknown property",
            value,
        )),
        None => Ok(()),
    }
}

pub(super) fn required_text<'a>(
    fields: &'a Map<String, Value>,
    name: &str,
) -> Result<&'a str, Refusal> {
    let value = fields.get(name).unwrap_or(&Value::Null);
    value
        .as_str()
        .ok_or_else(|| Refusal::invalid(&format!("body.{name}"), "string", value))
}

pub(super) fn optional_flag(
    fields: &Map<String, Value>,
    name: &str,
    default: bool,
) -> Result<bool, Refusal> {
    match fields.get(name) {
        None => Ok(default),
        Some(Value::Bool(value)) => Ok(*value),
        Some(other) => Err(Refusal::invalid(&format!("body.{name}"), "boolean", other)),
    }
}

/// The texts of an array of 1…1000.
pub(super) fn texts(fields: &Map<String, Value>, name: &str) -> Result<Vec<String>, Refusal> {
    let value = fields.get(name).unwrap_or(&Value::Null);
    let list = value
        .as_array()
        .filter(|list| (1..=1000).contains(&list.len()));
    let texts = list.and_then(|list| {
        list.iter()
            .map(|one| one.as_str().map(str::to_owned))
            .collect::<Option<Vec<_>>>()
    });
    texts.ok_or_else(|| {
        Refusal::invalid(&format!("body.{name}"), "array of 1 to 1000 strings", value)
    })
}
