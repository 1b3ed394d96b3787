//! What must happen once, in order, or be counted: the pure core of the Durable Object.
//!
//! A command is applied to the rows of one book and gives a reply and the changes to commit;
//! whatever must follow elsewhere is a row too, an [`Effect`], written with its cause. Nothing here
//! calls a provider, reads a clock or knows HTTP.
//!
//! ```text
//! app ── ask(book, command) ──► Ledger::post ──► apply(rows, …) ─► (answer, changes)
//!                                                  the holder commits changes, sets its alarm to
//!                                                  the earliest due row, and answers
//! ```

mod buffer;
pub mod commands;
mod effect;
mod message;
mod page;
mod refusal;
mod rows;

pub use buffer::{Buffer, Buffered, Disk};
pub use effect::{Alert, Effect, SignInLetter};
pub use page::{Change, Found, Page, Rows};
pub use refusal::{Quota, Refusal, Spent};
pub use rows::{
    Attempt, Breaker, Day, Deleted, Hook, Key, Kind, Open, Outbox, Pace, Place, Receipt, Recent,
    Sent, Settled, Tally, Told, Tombstone, WAIT_STEPS_S,
};

use std::pin::Pin;

use crate::config::Rules;
use crate::domain::ids::SessionId;
use crate::domain::ownership::SignedIn;
use crate::domain::timestamp::Timestamp;
use crate::ports::json::{self, FromJson, ToJson};
use crate::ports::{Book, Fault, Ledger};

/// Something that a book can be asked to do.
pub trait Command: ToJson + FromJson + Default {
    const NAME: &'static str;
    type Reply: ToJson + FromJson + Default;

    /// Decides. A refusal leaves no trace: whatever was written on the page is dropped.
    fn run(self, page: &mut Page<'_>) -> Result<Self::Reply, Refusal>;
}

/// On whose behalf a command comes; the book looks up the session and the epoch before it acts.
#[derive(Clone, Debug)]
struct Caller {
    session: SessionId,
    epoch: u32,
}

/// Asks the book of a person on their behalf.
pub async fn ask_as<L: Ledger, C: Command>(
    ledger: &L,
    who: &SignedIn,
    command: C,
) -> Result<Result<C::Reply, Refusal>, Fault> {
    let caller = Caller {
        session: who.session(),
        epoch: who.epoch(),
    };
    let message = message::write(C::NAME, Some(&caller), &command);
    let book = Book::User(who.user().clone());
    read_answer(post(ledger, &book, message).await)
}

/// Asks a book on nobody's behalf: signing in, webhooks, the sweep, the outbox.
pub async fn ask<L: Ledger, C: Command>(
    ledger: &L,
    book: &Book,
    command: C,
) -> Result<Result<C::Reply, Refusal>, Fault> {
    let message = message::write(C::NAME, None, &command);
    read_answer(post(ledger, book, message).await)
}

/// Boxed, so that the way to a book is compiled once and not into every command's future.
fn post<'a, L: Ledger>(
    ledger: &'a L,
    book: &'a Book,
    message: String,
) -> Pin<Box<dyn Future<Output = Result<String, Fault>> + 'a>> {
    Box::pin(ledger.post(book, message))
}

fn read_answer<R: FromJson + Default>(
    answer: Result<String, Fault>,
) -> Result<Result<R, Refusal>, Fault> {
    let answer = answer?;
    match message::read_answer(&answer)? {
        Ok(reply) => json::from_str(reply)
            .map(Ok)
            .ok_or(Fault::malformed("ledger answer")),
        Err(refusal) => Ok(Err(refusal)),
    }
}

/// What the holder of a book must do after a command: commit the changes, all or none, and answer.
#[derive(Debug)]
pub struct Applied {
    pub answer: String,
    pub changes: Vec<Change>,
}

/// Applies one message to a book.
pub fn apply(
    rows: &dyn Rows,
    book: &Book,
    rules: &Rules,
    now: Timestamp,
    message: &str,
) -> Result<Applied, Fault> {
    let message = message::read(message)?;
    let mut page = Page::new(rows, book, rules, now);
    let confirmed = message
        .by
        .map(|caller| commands::session::confirm(&page, caller.session, caller.epoch))
        .transpose();
    let result = match confirmed {
        Ok(session) => {
            let result = commands::dispatch(message.command, message.body, &mut page)?;
            match session {
                Some(session) => result.and_then(|reply| {
                    commands::session::note_seen(&mut page, &session).map(|()| reply)
                }),
                None => result,
            }
        }
        Err(refusal) => Err(refusal),
    };
    match result {
        Ok(reply) => Ok(Applied {
            answer: message::write_reply(&reply),
            changes: page.into_changes(),
        }),
        Err(Refusal::Failing) => Err(page.into_fault()),
        Err(refusal) => Ok(Applied {
            answer: message::write_refusal(&refusal),
            changes: Vec::new(),
        }),
    }
}

/// Runs a command that has been recognised by its name; the reply is JSON.
fn run<C: Command>(body: &str, page: &mut Page<'_>) -> Result<Result<String, Refusal>, Fault> {
    let command: C = json::from_str(body).ok_or(Fault::malformed("ledger command"))?;
    Ok(command.run(page).map(|reply| json::to_string(&reply)))
}

#[cfg(test)]
mod tests;
