//! A person's account: who they are, what they agreed to, what they may still do today.

use super::super::rows::{Sent, SentLetter, Tally};
use super::super::{Command, Effect, Page, Refusal};
use crate::domain::consent::{self, Language};
use crate::ports::Text;
use crate::ports::json::json_struct;
use crate::records::{Consent, SCHEMA, Session, User};

/// The key of rows of which a book has one.
pub(super) const ONLY: &str = "";

json_struct! {
    /// The account, its sessions and what is used of today's quotas.
    pub struct ShowAccount {}
}

json_struct! {
    pub struct Shown {
        pub user: User,
        pub sessions: Vec<Session>,
        pub tally: Tally,
        pub running_trainings: u64,
    }
}

impl Command for ShowAccount {
    const NAME: &'static str = "show-account";
    type Reply = Shown;

    fn run(self, page: &mut Page<'_>) -> Result<Shown, Refusal> {
        Ok(Shown {
            user: page.require(ONLY)?,
            sessions: super::session::alive(page)?,
            tally: today(page)?,
            running_trainings: super::training::count_running(page)?,
        })
    }
}

/// Today's tally; yesterday's counts for nothing.
pub(super) fn today(page: &Page<'_>) -> Result<Tally, Refusal> {
    let until = page.now().next_midnight();
    let fresh = Tally {
        schema: SCHEMA,
        until,
        ..Tally::default()
    };
    Ok(page
        .find::<Tally>(ONLY)?
        .filter(|tally| tally.until == until)
        .unwrap_or(fresh))
}

json_struct! {
    /// Stores that the present text was accepted. An older version is refused: somebody who agreed to
    /// another text agreed to something else.
    pub struct AcceptConsent {
        pub version: String,
        /// Of the words that were shown.
        pub language: Text<Language>,
    }
}

impl Command for AcceptConsent {
    const NAME: &'static str = "accept-consent";
    type Reply = User;

    fn run(self, page: &mut Page<'_>) -> Result<User, Refusal> {
        let days = page.rules().photo_retention_days;
        let version = consent::version(days);
        if self.version != version {
            return Err(consent_required(version));
        }
        let mut user: User = page.require(ONLY)?;
        if !has_consented(&user, &version) {
            user.consent = Some(Consent {
                version,
                text_sha256: consent::text_sha256(*self.language, days),
                accepted_at: page.now(),
            });
            page.put(ONLY, &user);
            page.enqueue(Effect::MirrorUser);
        }
        Ok(user)
    }
}

fn has_consented(user: &User, version: &str) -> bool {
    user.consent
        .as_ref()
        .is_some_and(|consent| consent.version == version)
}

fn consent_required(version: String) -> Refusal {
    Refusal::ConsentRequired {
        version: version.into(),
    }
}

/// The account, if its owner agreed to the present text.
pub(super) fn require_consent(page: &Page<'_>) -> Result<User, Refusal> {
    let version = consent::version(page.rules().photo_retention_days);
    let user: User = page.require(ONLY)?;
    if has_consented(&user, &version) {
        Ok(user)
    } else {
        Err(consent_required(version))
    }
}

json_struct! {
    /// Whether one more sign-in letter may go to the address of this book: one a minute, five an hour,
    /// ten a day. Counted in the book of the address, whether it has an account or not.
    pub struct CountLetter {
        /// The same for every try of one letter, which counts once.
        pub letter: String,
    }
}

impl Command for CountLetter {
    const NAME: &'static str = "count-letter";
    type Reply = bool;

    fn run(self, page: &mut Page<'_>) -> Result<bool, Refusal> {
        const LIMITS: [(u64, usize); 3] = [(60, 1), (3600, 5), (86_400, 10)];
        let now = page.now();
        let age_ms = |sent: &SentLetter| now.since_ms(sent.at);
        let mut sent: Sent = page.find(ONLY)?.unwrap_or_default();
        if sent.letters.iter().any(|known| known.letter == self.letter) {
            return Ok(true);
        }
        sent.letters.retain(|letter| age_ms(letter) < 86_400_000);
        let within = |seconds: u64| {
            let ms = seconds.saturating_mul(1000);
            sent.letters
                .iter()
                .filter(|letter| age_ms(letter) < ms)
                .count()
        };
        let allowed = LIMITS
            .iter()
            .all(|(seconds, most)| within(*seconds) < *most);
        if allowed {
            sent.letters.push(SentLetter {
                letter: self.letter,
                at: now,
            });
            sent.schema = SCHEMA;
            page.put(ONLY, &sent);
        }
        Ok(allowed)
    }
}
