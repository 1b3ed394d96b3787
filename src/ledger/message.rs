//! Messages to a book and its answers, as text.
//!
//! ```text
//! message = command LF [ session SP epoch ] LF body     ; the body is JSON
//! answer  = "+" reply / "-" refusal                     ; both are JSON
//! ```
//!
//! The frame is not JSON on purpose: a wrapper of each command's and each reply's own type would
//! double the code that reads them.

use super::{Caller, Refusal};
use crate::ports::Fault;
use crate::ports::json::{self, ToJson};

/// A message, taken apart.
pub struct Message<'a> {
    pub command: &'a str,
    pub by: Option<Caller>,
    pub body: &'a str,
}

pub fn write(name: &str, by: Option<&Caller>, command: &dyn ToJson) -> String {
    let body = json::to_string(command);
    match by {
        Some(caller) => format!("{name}\n{} {}\n{body}", caller.session, caller.epoch),
        None => format!("{name}\n\n{body}"),
    }
}

pub fn read(text: &str) -> Result<Message<'_>, Fault> {
    let parts = || {
        let (command, rest) = text.split_once('\n')?;
        let (by, body) = rest.split_once('\n')?;
        let by = if by.is_empty() {
            None
        } else {
            Some(read_caller(by)?)
        };
        Some(Message { command, by, body })
    };
    parts().ok_or(Fault::malformed("ledger message"))
}

fn read_caller(text: &str) -> Option<Caller> {
    let (session, epoch) = text.split_once(' ')?;
    Some(Caller {
        session: session.parse().ok()?,
        epoch: epoch.parse().ok()?,
    })
}

pub fn write_reply(reply: &str) -> String {
    format!("+{reply}")
}

pub fn write_refusal(refusal: &Refusal) -> String {
    format!("-{}", json::to_string(refusal))
}

/// The JSON of the reply, or the refusal.
pub fn read_answer(answer: &str) -> Result<Result<&str, Refusal>, Fault> {
    let malformed = Fault::malformed("ledger answer");
    match answer.split_at_checked(1) {
        Some(("+", reply)) => Ok(Ok(reply)),
        Some(("-", refusal)) => json::from_str(refusal).map(Err).ok_or(malformed),
        _ => Err(malformed),
    }
}
