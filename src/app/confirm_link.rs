//! Signing in with the link or the code of a letter.
//!
//! ```text
//! 1 claim the attempt     one at a time; the session's id is fixed here
//! 2 open the session      idempotent by that id
//! 3 write its record      or give the claim back: the next press goes on with the same session
//! 4 use the attempt up
//! ```

use super::admit_client::admit_client;
use super::ask_for_link::{code_mac, hash_token};
use super::session::{self, Opened};
use super::{App, Error};
use crate::domain::email::Address;
use crate::domain::ids::AttemptId;
use crate::ledger::commands::attempt::{Consume, Proof, Redeem, Redeemed, ReleaseClaim};
use crate::ledger::commands::limit::Asked;
use crate::ledger::commands::session::OpenSession;
use crate::ports::{Book, Platform, Text};

/// What the browser shows.
pub enum Shown {
    Token(String),
    /// As read by `ask_for_link::read_code`.
    Code(String),
}

/// Signs in. `next` is the path that was asked for with the link.
pub async fn confirm_link<P: Platform>(
    app: App<'_, P>,
    client: &str,
    nonce: &[u8],
    shown: Shown,
) -> Result<(String, Opened), Error> {
    admit_client(app, client, Asked::Confirmation).await?;
    let book = Book::Link(AttemptId::of_nonce(nonce));
    let proof = match shown {
        Shown::Token(token) => Proof::Token {
            sha256: hash_token(&token),
        },
        Shown::Code(code) => Proof::Code {
            mac: code_mac(app, &code),
        },
    };
    // (1)
    let redeem = Redeem {
        proof,
        session: Text(session::fresh_id(app.platform)),
    };
    let (session, address, next) = match app.ask(&book, redeem).await? {
        Redeemed::Claimed {
            session,
            address,
            next,
        } => (session, address, next),
        Redeemed::Busy => return Err(Error::InProgress),
        Redeemed::Invalid => return Err(Error::LinkInvalid),
    };
    let opened = open(app, session, &address).await;
    // (4)
    match opened {
        Ok(opened) => {
            app.ask(&book, Consume {}).await?;
            Ok((next, opened))
        }
        Err(error) => {
            // A claim that cannot be given back lapses in seconds.
            let _ = app.ask(&book, ReleaseClaim {}).await;
            Err(error)
        }
    }
}

async fn open<P: Platform>(
    app: App<'_, P>,
    session: Text<crate::domain::ids::SessionId>,
    address: &str,
) -> Result<Opened, Error> {
    let unreadable = Error::Internal {
        cause: "address of an attempt",
    };
    let address = Address::parse(address, |domain| app.platform.domain_to_ascii(domain))
        .map_err(|_| unreadable.clone())?;
    let account = address
        .account(app.config.keys.email_id())
        .ok_or(unreadable)?;
    // (2), (3)
    let open = OpenSession {
        session,
        name: None,
        email: Some(address.as_str().to_owned()),
        email_mac: Some(account.mac),
        email_id_key_version: 1,
    };
    session::open(app, account.id, open).await
}
