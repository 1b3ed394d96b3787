//! Letters through the binding `EMAIL`.

use worker::{Env, Error, email};

use crate::ports::{Fault, Letter};

/// Sends a letter; the codes of the binding become the statuses that they would have over HTTP.
pub async fn deliver(env: &Env, from: &str, letter: &Letter) -> Result<(), Fault> {
    let sender = env.send_email("EMAIL").map_err(|_| refused(403))?;
    let (name, address) = split(from);
    let from = email::EmailAddress::new(name, address);
    let message = email::SendEmailBuilder::builder_with_email_address_and_str(
        &from,
        &letter.to,
        &letter.subject,
    )
    .text(&letter.text)
    .html(&letter.html)
    .build();
    match sender.send_with_builder(&message).await {
        Ok(_) => Ok(()),
        Err(error) => Err(fault(&Error::from(error))),
    }
}

/// `Name <address>` in its two parts.
fn split(from: &str) -> (&str, &str) {
    match from.split_once('<') {
        Some((name, rest)) => (name.trim(), rest.trim_end_matches('>').trim()),
        None => ("", from.trim()),
    }
}

const fn refused(status: u16) -> Fault {
    Fault::Refused {
        status,
        retry_after_s: None,
    }
}

fn fault(error: &Error) -> Fault {
    let text = error.to_string();
    let has = |code: &str| text.contains(code);
    match error {
        Error::RateLimitExceeded(_) => refused(429),
        Error::DailyLimitExceeded(_) => refused(402),
        Error::EmailRecipientSuppressed(_) | Error::EmailRecipientNotAllowed(_) => refused(422),
        Error::InternalError(_) => refused(500),
        _ if has("E_SENDER") => refused(403),
        _ if has("E_") || has("NOT_ALLOWED") => refused(422),
        _ => Fault::Unreachable,
    }
}
