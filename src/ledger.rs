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

pub mod commands;
mod effect;
mod page;
mod refusal;
mod rows;

pub use effect::{Alert, Effect, SignInLetter};
pub use page::{Change, Found, Page, Rows};
pub use refusal::Refusal;
pub use rows::{Kind, Open, Sent, Tally};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::config::Rules;
use crate::domain::ids::SessionId;
use crate::domain::ownership::SignedIn;
use crate::domain::timestamp::Timestamp;
use crate::ports::{Book, Fault, Ledger, Text};

/// Something that a book can be asked to do.
pub trait Command: Serialize + DeserializeOwned {
    const NAME: &'static str;
    type Reply: Serialize + DeserializeOwned;

    /// Decides. A refusal leaves no trace: whatever was written on the page is dropped.
    fn run(self, page: &mut Page<'_>) -> Result<Self::Reply, Refusal>;
}

/// On whose behalf a command comes; the book looks up the session and the epoch before it acts.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Caller {
    session: Text<SessionId>,
    epoch: u32,
}

#[derive(Serialize)]
struct Message<'a, C> {
    command: &'static str,
    by: Option<&'a Caller>,
    body: &'a C,
}

#[derive(Deserialize)]
struct Header {
    command: String,
    by: Option<Caller>,
}

#[derive(Deserialize)]
struct Body<C> {
    body: C,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Answer<R> {
    Done(R),
    Refused(Refusal),
}

/// Asks the book of a person on their behalf.
pub async fn ask_as<L: Ledger, C: Command>(
    ledger: &L,
    who: &SignedIn,
    command: C,
) -> Result<Result<C::Reply, Refusal>, Fault> {
    let by = Caller {
        session: Text(who.session()),
        epoch: who.epoch(),
    };
    post(ledger, &Book::User(who.user().clone()), Some(&by), &command).await
}

/// Asks a book on nobody's behalf: signing in, webhooks, the sweep, the outbox.
pub async fn ask<L: Ledger, C: Command>(
    ledger: &L,
    book: &Book,
    command: C,
) -> Result<Result<C::Reply, Refusal>, Fault> {
    post(ledger, book, None, &command).await
}

async fn post<L: Ledger, C: Command>(
    ledger: &L,
    book: &Book,
    by: Option<&Caller>,
    command: &C,
) -> Result<Result<C::Reply, Refusal>, Fault> {
    let message = serde_json::to_string(&Message {
        command: C::NAME,
        by,
        body: command,
    })
    .map_err(|_| Fault::malformed("ledger message"))?;
    let answer = ledger.post(book, message).await?;
    match serde_json::from_str(&answer).map_err(|_| Fault::malformed("ledger answer"))? {
        Answer::Done(reply) => Ok(Ok(reply)),
        Answer::Refused(refusal) => Ok(Err(refusal)),
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
    let header: Header =
        serde_json::from_str(message).map_err(|_| Fault::malformed("ledger command"))?;
    let page = Page::new(rows, book, rules, now);
    if let Some(caller) = &header.by
        && let Err(refusal) = commands::session::confirm(&page, *caller.session, caller.epoch)
    {
        return answer::<()>(page, Err(refusal));
    }
    commands::dispatch(&header.command, message, page)
}

/// Runs a command that has been recognised by its name.
fn run<C: Command>(message: &str, mut page: Page<'_>) -> Result<Applied, Fault> {
    let Body { body }: Body<C> =
        serde_json::from_str(message).map_err(|_| Fault::malformed("ledger command"))?;
    let result = body.run(&mut page);
    answer(page, result)
}

fn answer<R: Serialize>(page: Page<'_>, result: Result<R, Refusal>) -> Result<Applied, Fault> {
    let (answer, changes) = match result {
        Ok(reply) => (Answer::Done(reply), page.into_changes()),
        Err(Refusal::Failing) => return Err(page.into_fault()),
        Err(refusal) => (Answer::Refused(refusal), Vec::new()),
    };
    let answer = serde_json::to_string(&answer).map_err(|_| Fault::malformed("ledger reply"))?;
    Ok(Applied { answer, changes })
}
