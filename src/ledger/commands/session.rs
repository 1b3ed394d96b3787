//! Sessions of a person. A session exists while its row does; raising the epoch ends all of them.

use super::super::rows::Hook;
use super::super::{Alert, Command, Effect, Page, Refusal};
use super::account::ONLY;
use crate::domain::digest;
use crate::domain::ids::{Provider, SessionId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::ports::json::json_struct;
use crate::ports::{Book, Text};
use crate::records::{SCHEMA, Session, User};

/// The oldest goes when there would be more.
const MOST_SESSIONS: usize = 20;
/// Being seen is written down at most this often.
const TOUCH_EVERY_S: u64 = 300;

/// Whether a caller's session stands.
pub(in super::super) fn confirm(
    page: &Page<'_>,
    session: SessionId,
    epoch: u32,
) -> Result<Session, Refusal> {
    let session: Session = page.find(session)?.ok_or(Refusal::NotSignedIn)?;
    let user: User = page.find(ONLY)?.ok_or(Refusal::NotSignedIn)?;
    let stands = user.epoch == epoch && session.epoch == epoch && is_alive(page, &session);
    if stands {
        Ok(session)
    } else {
        Err(Refusal::NotSignedIn)
    }
}

fn is_alive(page: &Page<'_>, session: &Session) -> bool {
    let idle_end = session.last_seen_at.plus_s(page.rules().session_idle_s);
    page.now() < session.expires_at && page.now() < idle_end
}

/// The sessions that stand, the newest first.
pub(super) fn alive(page: &mut Page<'_>) -> Result<Vec<Session>, Refusal> {
    let mut sessions: Vec<Session> = page.list("")?;
    sessions.retain(|session| is_alive(page, session));
    sessions.sort_unstable_by_key(|session| std::cmp::Reverse(session.created_at));
    Ok(sessions)
}

fn owner(page: &Page<'_>) -> Result<UserId, Refusal> {
    match page.book() {
        Book::User(id) => Ok(id.clone()),
        Book::Link(_) | Book::Global => Err(Refusal::NotFound),
    }
}

json_struct! {
    /// Opens a session, and the account with the first one. Repeated with the same id it changes
    /// nothing more.
    pub struct OpenSession {
        pub session: Text<SessionId>,
        pub name: Option<String>,
        pub email: Option<String>,
        /// The whole code of the address, for accounts by e-mail.
        pub email_mac: Option<String>,
        pub email_id_key_version: u8,
    }
}

json_struct! {
    pub struct Opened {
        pub user: User,
        pub session: Session,
    }
}

impl Command for OpenSession {
    const NAME: &'static str = "open-session";
    type Reply = Opened;

    fn run(self, page: &mut Page<'_>) -> Result<Opened, Refusal> {
        let user = match page.find::<User>(ONLY)? {
            Some(user) => {
                require_same_address(&user, self.email_mac.as_deref())?;
                keep_up(page, user, &self)
            }
            None => create_account(page, &self)?,
        };
        if let Some(session) = page.find::<Session>(*self.session)? {
            return Ok(Opened { user, session });
        }
        let session = Session {
            schema: SCHEMA,
            id: self.session,
            user: user.id.clone(),
            epoch: user.epoch,
            created_at: page.now(),
            last_seen_at: page.now(),
            expires_at: page.now().plus_s(page.rules().session_ttl_s),
        };
        for old in alive(page)?.iter().skip(MOST_SESSIONS.saturating_sub(1)) {
            close(page, *old.id);
        }
        page.put_until(*self.session, &session, session.expires_at);
        page.enqueue(Effect::MirrorSession {
            session: self.session,
        });
        Ok(Opened { user, session })
    }
}

/// Two addresses that share an id are two people: the second is refused and told to the operator.
fn require_same_address(user: &User, mac: Option<&str>) -> Result<(), Refusal> {
    let known = user.email_mac.as_deref().unwrap_or_default();
    let same = digest::equal(known.as_bytes(), mac.unwrap_or_default().as_bytes());
    if same || user.id.provider() == Provider::Facebook {
        Ok(())
    } else {
        Err(Refusal::OtherAddress)
    }
}

/// What Facebook says of a person is shown as it says it now, or no more.
fn keep_up(page: &mut Page<'_>, mut user: User, new: &OpenSession) -> User {
    let same = user.name == new.name && user.email == new.email;
    if user.id.provider() == Provider::Facebook && !same {
        user.name.clone_from(&new.name);
        user.email.clone_from(&new.email);
        page.put(ONLY, &user);
        page.enqueue(Effect::MirrorUser);
    }
    user
}

fn create_account(page: &mut Page<'_>, new: &OpenSession) -> Result<User, Refusal> {
    let (epoch, last_model_ms) = super::deletion::inherit(page)?;
    let user = User {
        schema: SCHEMA,
        id: Text(owner(page)?),
        name: new.name.clone(),
        email: new.email.clone(),
        email_mac: new.email_mac.clone(),
        email_id_key_version: new.email_id_key_version,
        created_at: page.now(),
        consent: None,
        prediction_count: 0,
        total_predict_time_us: 0,
        epoch,
        last_model_ms,
    };
    page.put(ONLY, &user);
    page.enqueue(Effect::MirrorUser);
    page.enqueue(Effect::Alert(Alert::new(
        "new-user",
        user.id.provider().name(),
    )));
    Ok(user)
}

json_struct! {
    /// The session if it stands, with the account: the way back when KV does not have it yet.
    pub struct ShowSession {
        pub session: Text<SessionId>,
        pub epoch: u32,
    }
}

impl Command for ShowSession {
    const NAME: &'static str = "show-session";
    type Reply = Session;

    fn run(self, page: &mut Page<'_>) -> Result<Session, Refusal> {
        confirm(page, *self.session, self.epoch)
    }
}

json_struct! {
    /// The session as its mirror should show it; nothing when there is none.
    pub struct MirrorOf {
        pub session: Text<SessionId>,
    }
}

impl Command for MirrorOf {
    const NAME: &'static str = "mirror-of-session";
    type Reply = Option<Session>;

    fn run(self, page: &mut Page<'_>) -> Result<Self::Reply, Refusal> {
        Ok(page
            .find::<Session>(*self.session)?
            .filter(|session| is_alive(page, session)))
    }
}

json_struct! {
    /// Notes that a session was used, at most every five minutes.
    pub struct TouchSession {
        pub session: Text<SessionId>,
        pub epoch: u32,
    }
}

impl Command for TouchSession {
    const NAME: &'static str = "touch-session";
    type Reply = Session;

    fn run(self, page: &mut Page<'_>) -> Result<Session, Refusal> {
        let mut session = confirm(page, *self.session, self.epoch)?;
        note_seen(page, &session)?;
        if needs_touch(page.now(), &session) {
            session.last_seen_at = page.now();
        }
        Ok(session)
    }
}

/// Writes down that a session was used, once an hour in its mirror too, if that is due and it did not end by its use.
pub(in super::super) fn note_seen(page: &mut Page<'_>, session: &Session) -> Result<(), Refusal> {
    if needs_touch(page.now(), session) && page.find::<Session>(*session.id)?.is_some() {
        let seen = Session {
            last_seen_at: page.now(),
            ..session.clone()
        };
        page.put_until(*seen.id, &seen, seen.expires_at);
        // Whoever reads an older mirror asks here, which costs less than keeping it up.
        if seen.last_seen_at.next_hour() != session.last_seen_at.next_hour() {
            page.enqueue(Effect::MirrorSession { session: seen.id });
        }
    }
    Ok(())
}

/// Whether using a session should be noted again.
pub fn needs_touch(now: Timestamp, session: &Session) -> bool {
    now >= session.last_seen_at.plus_s(TOUCH_EVERY_S)
}

json_struct! {
    /// Ends one session; it does not matter whether it stood.
    pub struct CloseSession {
        pub session: Text<SessionId>,
    }
}

impl Command for CloseSession {
    const NAME: &'static str = "close-session";
    type Reply = ();

    fn run(self, page: &mut Page<'_>) -> Result<(), Refusal> {
        if page.find::<Session>(*self.session)?.is_some() {
            close(page, *self.session);
        }
        Ok(())
    }
}

json_struct! {
    /// Ends all sessions, also those whose tokens are still on their way.
    pub struct CloseAllSessions {}
}

impl Command for CloseAllSessions {
    const NAME: &'static str = "close-all-sessions";
    type Reply = Vec<Text<SessionId>>;

    fn run(self, page: &mut Page<'_>) -> Result<Self::Reply, Refusal> {
        let user: User = page.require(ONLY)?;
        close_all(page, user)
    }
}

fn close_all(page: &mut Page<'_>, mut user: User) -> Result<Vec<Text<SessionId>>, Refusal> {
    user.epoch = user.epoch.saturating_add(1);
    page.put(ONLY, &user);
    page.enqueue(Effect::MirrorUser);
    let sessions: Vec<Session> = page.list("")?;
    for session in &sessions {
        close(page, *session.id);
    }
    Ok(sessions.into_iter().map(|session| session.id).collect())
}

json_struct! {
    /// Ends all sessions because the provider says that the person has left us there. The message
    /// has its effect once; about nobody we know it has none.
    pub struct Deauthorize {
        /// What the message is known again by.
        pub message: String,
    }
}

/// Longer than a message is believed.
const MESSAGE_S: u64 = 172_800;

impl Command for Deauthorize {
    const NAME: &'static str = "deauthorize";
    type Reply = Vec<Text<SessionId>>;

    fn run(self, page: &mut Page<'_>) -> Result<Self::Reply, Refusal> {
        let Some(user) = page.find::<User>(ONLY)? else {
            return Ok(Vec::new());
        };
        if page.find::<Hook>(&self.message)?.is_some() {
            return Ok(Vec::new());
        }
        let until = page.now().plus_s(MESSAGE_S);
        page.put_until(&self.message, &Hook { schema: SCHEMA }, until);
        close_all(page, user)
    }
}

/// Ends a session; the effect that is answered removes its record.
pub(super) fn close(page: &mut Page<'_>, session: SessionId) -> Effect {
    page.remove::<Session>(session);
    let mirror = Effect::MirrorSession {
        session: Text(session),
    };
    page.enqueue(mirror.clone());
    mirror
}
