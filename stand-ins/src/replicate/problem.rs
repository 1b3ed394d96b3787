//! Replicate's refusals, word for word.
//! Nothing here decides when to refuse.

use serde_json::{Map, Value, json};

use crate::wire::{self, Response};
use crate::world::World;

#[derive(Debug)]
pub(super) struct Problem {
    status: u16,
    title: Option<&'static str>,
    detail: String,
    with_status: bool,
    extra: Map<String, Value>,
}

impl Problem {
    pub fn new(status: u16, detail: impl Into<String>) -> Self {
        Self {
            status,
            title: None,
            detail: detail.into(),
            with_status: true,
            extra: Map::new(),
        }
    }

    pub fn titled(status: u16, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            title: Some(title),
            ..Self::new(status, detail)
        }
    }

    /// Without the field `status`.
    pub fn bare(self) -> Self {
        Self {
            with_status: false,
            ..self
        }
    }

    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.extra.insert(name.to_owned(), value);
        self
    }

    pub fn not_found() -> Self {
        Self::new(404, "The requested resource could not be found.")
    }

    pub fn no_token() -> Self {
        Self::titled(
            401,
            "Unauthenticated",
            "You did not pass an authentication token",
        )
    }

    pub fn bad_token(world: &World) -> Self {
        if world.switches.is("bad_token_text", "newer") {
            return Self::titled(401, "Unauthenticated", "Invalid or expired API token.");
        }
        Self::titled(
            401,
            "Unauthenticated",
            "You did not pass a valid authentication token",
        )
    }

    pub fn insufficient_credit() -> Self {
        let detail = "You have insufficient credit to run this model. Go to https://replicate.com/account/billing#billing to purchase credit. Once you purchase credit, please wait a few minutes before trying again.";
        Self::titled(402, "Insufficient credit", detail)
    }

    pub fn unknown_version() -> Self {
        let detail = "The specified version does not exist (or perhaps you don't have permission to use it?)";
        Self::titled(422, "Invalid version or not permitted", detail)
    }

    /// The refusal that the balance asks for, if any.
    pub fn of_credit(world: &World) -> Result<(), Self> {
        match world.switches.get("credit") {
            "insufficient" => Err(Self::insufficient_credit()),
            "billing_required" => {
                let detail = "You need to set up billing to run this model. Go to https://replicate.com/account/billing#billing to set up billing.";
                Err(Self::titled(402, "Billing required", detail))
            }
            _ => Ok(()),
        }
    }

    pub fn response(&self) -> Response {
        let mut body = self.extra.clone();
        body.insert("detail".to_owned(), json!(self.detail));
        if let Some(title) = self.title {
            body.insert("title".to_owned(), json!(title));
        }
        if self.with_status {
            body.insert("status".to_owned(), json!(self.status));
        }
        wire::answer(
            self.status,
            "application/problem+json",
            format!("{}\n", Value::Object(body)),
        )
    }
}
