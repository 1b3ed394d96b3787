//! Who is asking: the proof that a session stands, and opening one.
//!
//! A valid token is necessary and not sufficient. Reads look the session up in KV and, when it is
//! not there yet, in the ledger; whatever pays, destroys or uploads is decided by the ledger, which
//! looks the session up itself.

use std::pin::Pin;

use super::{App, Error};
use crate::domain::ids::{SessionId, UserId};
use crate::domain::ownership::SignedIn;
use crate::ledger::commands::session::{OpenSession, ShowSession, TouchSession, needs_touch};
use crate::ledger::{self, Alert, Refusal};
use crate::ports::{Book, Platform, Text};
use crate::records::{Session, User};
use crate::store::{self, Sessions};

pub mod token;

/// The bearer of a token that is genuine and in time. Good for whatever the ledger decides, which
/// looks the session up; for reading see [`require_standing`].
pub fn recognise<P: Platform>(app: App<'_, P>, text: &str) -> Result<SignedIn, Error> {
    let config = app.config;
    let claims = token::verify(&config.keys, &config.app_origin, app.platform.now(), text)
        .ok_or(Error::NotSignedIn)?;
    Ok(SignedIn::vouch(
        claims.user,
        claims.session,
        claims.epoch,
        claims.signed_in_at,
    ))
}

/// What cannot be undone wants a sign-in that is at most this old.
const FRESH_S: u64 = 600;

/// Whether somebody has signed in a moment ago.
pub fn require_fresh<P: Platform>(app: App<'_, P>, who: &SignedIn) -> Result<(), Error> {
    if app.platform.now() <= who.signed_in_at().plus_s(FRESH_S) {
        Ok(())
    } else {
        Err(Error::SessionTooOld)
    }
}

/// The session of somebody recognised, if it stands; noted as seen at most every five minutes.
pub async fn require_standing<P: Platform>(
    app: App<'_, P>,
    who: &SignedIn,
) -> Result<Session, Error> {
    let (platform, id) = (app.platform, who.session());
    let read = store::find::<Sessions>(platform, &id);
    let kept = store::recent::<Sessions, _>(platform, &id, read).await;
    let session = match kept {
        Ok(Some(session)) => session,
        // A fresh record may not have arrived here; one that is gone is unknown to the ledger too.
        Ok(None) => return ask_ledger(app, who).await,
        Err(_) => return Err(Error::StorageUnavailable),
    };
    let now = app.platform.now();
    let idle_end = session.last_seen_at.plus_s(app.config.rules.session_idle_s);
    let theirs = *session.user == *who.user() && session.epoch == who.epoch();
    if !theirs || now >= session.expires_at {
        return Err(Error::NotSignedIn);
    }
    if now < idle_end && !needs_touch(now, &session) {
        return Ok(session);
    }
    // The mirror may lag behind the last visit, so idleness is for the ledger to judge.
    let touch = TouchSession {
        session: Text(who.session()),
        epoch: who.epoch(),
    };
    let mark = platform.snapshots().borrow().mark();
    let touched = app.ask(&Book::User(who.user().clone()), touch).await;
    if let Ok(session) = &touched {
        store::remember::<Sessions>(platform, mark, &id, session.clone());
    }
    match touched.map_err(unknown) {
        // That a visit could not be noted keeps nobody out who is not idle.
        Err(Error::StorageUnavailable) if now < idle_end => Ok(session),
        touched => touched,
    }
}

async fn ask_ledger<P: Platform>(app: App<'_, P>, who: &SignedIn) -> Result<Session, Error> {
    let show = ShowSession {
        session: Text(who.session()),
        epoch: who.epoch(),
    };
    app.ask(&Book::User(who.user().clone()), show)
        .await
        .map_err(unknown)
}

fn unknown(error: Error) -> Error {
    if error == Error::NotFound {
        Error::NotSignedIn
    } else {
        error
    }
}

/// A session that was just opened: its token, and who it is.
#[derive(Debug)]
pub struct Opened {
    pub token: String,
    pub user: User,
    pub session: Session,
    pub max_age_s: u64,
}

/// Opens a session in the book of a person: the one way in, however they proved who they are.
///
/// Boxed, because every way to sign in ends here.
pub(super) fn open<'a, P: Platform>(
    app: App<'a, P>,
    user: UserId,
    open: OpenSession,
) -> Pin<Box<dyn Future<Output = Result<Opened, Error>> + 'a>> {
    Box::pin(async move {
        match ledger::ask(app.platform, &Book::User(user), open).await {
            Err(_) => Err(Error::StorageUnavailable),
            Ok(Err(Refusal::OtherAddress)) => {
                app.tell(Alert::new("address-collision", "sign-in")).await;
                Err(Error::LinkInvalid)
            }
            Ok(Err(refusal)) => Err(refusal.into()),
            Ok(Ok(opened)) => hand_out(app, opened.user, opened.session).await,
        }
    })
}

/// Makes the token of a session that the ledger has opened, once KV has its record.
async fn hand_out<P: Platform>(
    app: App<'_, P>,
    user: User,
    session: Session,
) -> Result<Opened, Error> {
    let now = app.platform.now();
    // Rounded up: the milliseconds since the session was opened do not shorten its cookie.
    let left_s = session.expires_at.since_ms(now).div_ceil(1000);
    store::mirror::<Sessions>(app.platform, &*session.id, Some(&session), Some(left_s))
        .await
        .map_err(|_| Error::StorageUnavailable)?;
    let claims = token::Claims {
        user: user.id.0.clone(),
        session: *session.id,
        epoch: session.epoch,
        signed_in_at: session.created_at,
        expires_at: session.expires_at,
    };
    let token = token::issue(&app.config.keys, &app.config.app_origin, now, &claims);
    Ok(Opened {
        token,
        user,
        session,
        max_age_s: left_s,
    })
}

/// A fresh id for a session.
pub(super) fn fresh_id(platform: &impl Platform) -> SessionId {
    SessionId::random(&platform.entropy())
}
