//! Signing in with Facebook: the way to its dialog, and the way back.
//!
//! ```text
//! 1 is it the browser that we sent    its ticket, and the state that Facebook brought back
//! 2 is it the first return            the ticket's own book, as with the link of a letter
//! 3 who is it                         the code is sent once, and the token is not kept
//! 4 open the session
//! ```
//!
//! Until (3) Facebook hears nothing of a return. An account is found by Facebook's id alone; an
//! address that Facebook names is shown and joins nothing.

mod ticket;

use super::session::{self, Opened};
use super::{App, Error};
use crate::config;
use crate::domain::digest;
use crate::domain::email::Address;
use crate::domain::ids::AttemptId;
use crate::domain::person::display_name;
use crate::ledger::Alert;
use crate::ledger::commands::attempt::UseReturn;
use crate::ledger::commands::session::OpenSession;
use crate::ports::{Book, Platform, Text};
use crate::providers::facebook::{self, Profile, Unrecognised};
use ticket::Ticket;

/// How long the dialog may take.
pub const TICKET_S: u64 = 600;

/// What the browser is sent away with.
pub struct Begun {
    /// The address of the dialog.
    pub dialog: String,
    /// What the browser keeps meanwhile.
    pub ticket: String,
}

/// How a return ended.
pub enum Returned {
    SignedIn {
        next: String,
        opened: Box<Opened>,
    },
    /// An earlier return of the same browser has been taken.
    Repeated {
        next: String,
    },
    /// Facebook did not say who it is.
    Failed,
    /// It took too long, or something could not be reached.
    TryAgain,
}

fn redirect_uri<P: Platform>(app: App<'_, P>) -> String {
    format!("{}/api/facebook/callback", app.config.app_origin)
}

/// Begins; nothing is stored, the browser carries what is needed.
pub fn begin<P: Platform>(app: App<'_, P>, facebook: &config::Facebook, next: String) -> Begun {
    let state = digest::base64url(&app.platform.entropy());
    let ticket = Ticket {
        nonce: app.platform.entropy(),
        state_sha256: digest::sha256(&[state.as_bytes()]),
        issued_at: app.platform.now(),
        next,
    };
    Begun {
        dialog: facebook::dialog_url(facebook, &redirect_uri(app), &state),
        ticket: ticket.write(&app.config.keys),
    }
}

/// Takes a return from the dialog.
pub async fn finish<P: Platform>(
    app: App<'_, P>,
    facebook: &config::Facebook,
    ticket: Option<&str>,
    code: &str,
    state: &str,
) -> Returned {
    // (1)
    let Some(ticket) = ticket else {
        // Browsers drop it after ten minutes.
        return Returned::TryAgain;
    };
    let Some(ticket) = Ticket::read(&app.config.keys, ticket) else {
        return Returned::Failed;
    };
    if app.platform.now() >= ticket.issued_at.plus_s(TICKET_S) {
        return Returned::TryAgain;
    }
    if !digest::equal(&digest::sha256(&[state.as_bytes()]), &ticket.state_sha256) {
        return Returned::Failed;
    }
    // (2)
    let book = Book::Link(AttemptId::of_nonce(&ticket.nonce));
    let next = ticket.next;
    match app.ask(&book, UseReturn { life_s: TICKET_S }).await {
        Ok(true) => {}
        Ok(false) => return Returned::Repeated { next },
        Err(_) => return Returned::TryAgain,
    }
    // (3)
    let recognised = facebook::recognise(app.platform, facebook, &redirect_uri(app), code).await;
    let profile = match recognised {
        Ok(profile) => profile,
        Err(Unrecognised::Later) => return Returned::TryAgain,
        Err(Unrecognised::Refused) => return Returned::Failed,
        Err(Unrecognised::Account) => return tell(app, "facebook-account").await,
        Err(Unrecognised::NoId) => return tell(app, "facebook-id").await,
    };
    // (4)
    match open(app, profile).await {
        Ok(opened) => Returned::SignedIn {
            next,
            opened: Box::new(opened),
        },
        Err(_) => Returned::TryAgain,
    }
}

async fn tell<P: Platform>(app: App<'_, P>, kind: &str) -> Returned {
    app.tell(Alert::new(kind, "sign-in")).await;
    Returned::Failed
}

async fn open<P: Platform>(app: App<'_, P>, profile: Profile) -> Result<Opened, Error> {
    // Letters go to it, so it must be an address; whose it is nobody has proved to us.
    let email = profile.email.and_then(|email| {
        let to_ascii = |domain: &str| app.platform.domain_to_ascii(domain);
        Address::parse(&email, to_ascii).ok()
    });
    let open = OpenSession {
        session: Text(session::fresh_id(app.platform)),
        name: profile.name.as_deref().and_then(display_name),
        email: email.map(|email| email.as_str().to_owned()),
        email_mac: None,
        email_id_key_version: 0,
    };
    session::open(app, profile.id, open).await
}
