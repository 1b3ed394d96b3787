//! One attempt to sign in, in a book of its own that is wiped when its time is over. By mail it waits
//! for the link or the code; a return from a provider's dialog uses it up at once.
//!
//! ```text
//! open ──claim──► claimed ──consume──► consumed
//!   ▲               │ lapses after 10 s, or is released
//!   └───────────────┘          five wrong codes, or a new attempt ─► dead
//! ```

use super::super::rows::{Attempt, AttemptState};
use super::super::{Command, Effect, Page, Refusal, SignInLetter};
use super::account::ONLY;
use crate::domain::digest;
use crate::domain::ids::SessionId;
use crate::ports::Text;
use crate::ports::json::{json_enum, json_struct};
use crate::records::SCHEMA;

const CLAIM_S: u64 = 10;
const MOST_WRONG_CODES: u8 = 5;

json_struct! {
    /// Begins an attempt and lets the letter follow.
    pub struct OpenAttempt {
        pub next: String,
        pub token_sha256: String,
        pub code_mac: String,
        pub letter: SignInLetter,
    }
}

impl Command for OpenAttempt {
    const NAME: &'static str = "open-attempt";
    type Reply = ();

    fn run(self, page: &mut Page<'_>) -> Result<(), Refusal> {
        if page.find::<Attempt>(ONLY)?.is_some() {
            return Err(Refusal::conflict("open"));
        }
        let attempt = Attempt {
            schema: SCHEMA,
            address: self.letter.to.clone(),
            next: self.next,
            token_sha256: self.token_sha256,
            code_mac: self.code_mac,
            wrong_codes: 0,
            state: AttemptState::Open,
            created_at: page.now(),
            expires_at: self.letter.expires_at,
            session: None,
            claimed_until: None,
        };
        page.put_until(ONLY, &attempt, attempt.expires_at);
        page.enqueue(Effect::SendSignIn(self.letter));
        page.enqueue(Effect::MirrorAttempt);
        Ok(())
    }
}

json_enum! {
    /// What the browser shows: the token of the link, or the code that was typed; hashed by the caller.
    pub enum Proof {
        "token" = Token { sha256: String },
        "code" = Code { mac: String },
    }
}

json_struct! {
    /// Claims the attempt for one confirmation. Of any number at once, exactly one gets it.
    pub struct Redeem {
        pub proof: Proof,
        /// The session to open, if this is the first claim.
        pub session: Text<SessionId>,
    }
}

json_enum! {
    pub enum Redeemed {
        "claimed" = Claimed {
            session: Text<SessionId>,
            address: String,
            next: String,
        },
        /// Another confirmation is under way.
        "busy" = Busy,
        /// Unknown, expired, used, or the proof is wrong; nobody is told which.
        "invalid" = Invalid,
    }
}

impl Command for Redeem {
    const NAME: &'static str = "redeem";
    type Reply = Redeemed;

    fn run(self, page: &mut Page<'_>) -> Result<Redeemed, Refusal> {
        let Some(mut attempt) = page.find::<Attempt>(ONLY)? else {
            return Ok(Redeemed::Invalid);
        };
        if attempt.state != AttemptState::Open || page.now() >= attempt.expires_at {
            return Ok(Redeemed::Invalid);
        }
        match &self.proof {
            Proof::Token { sha256 } => {
                if !digest::equal(sha256.as_bytes(), attempt.token_sha256.as_bytes()) {
                    return Ok(Redeemed::Invalid);
                }
            }
            Proof::Code { mac } => {
                if !digest::equal(mac.as_bytes(), attempt.code_mac.as_bytes()) {
                    attempt.wrong_codes = attempt.wrong_codes.saturating_add(1);
                    if attempt.wrong_codes >= MOST_WRONG_CODES {
                        end(page, attempt, AttemptState::Dead);
                    } else {
                        page.put_until(ONLY, &attempt, attempt.expires_at);
                    }
                    return Ok(Redeemed::Invalid);
                }
            }
        }
        if attempt
            .claimed_until
            .is_some_and(|until| page.now() < until)
        {
            return Ok(Redeemed::Busy);
        }
        let session = *attempt.session.get_or_insert(self.session);
        attempt.claimed_until = Some(page.now().plus_s(CLAIM_S));
        page.put_until(ONLY, &attempt, attempt.expires_at);
        Ok(Redeemed::Claimed {
            session,
            address: attempt.address,
            next: attempt.next,
        })
    }
}

json_struct! {
    /// Gives a claim back, so that the next press goes on with the same session.
    pub struct ReleaseClaim {}
}

impl Command for ReleaseClaim {
    const NAME: &'static str = "release-claim";
    type Reply = ();

    fn run(self, page: &mut Page<'_>) -> Result<(), Refusal> {
        if let Some(mut attempt) = page.find::<Attempt>(ONLY)? {
            attempt.claimed_until = None;
            page.put_until(ONLY, &attempt, attempt.expires_at);
        }
        Ok(())
    }
}

json_struct! {
    /// Uses the attempt up.
    pub struct Consume {}
}

impl Command for Consume {
    const NAME: &'static str = "consume";
    type Reply = ();

    fn run(self, page: &mut Page<'_>) -> Result<(), Refusal> {
        match page.find::<Attempt>(ONLY)? {
            Some(attempt) => end(page, attempt, AttemptState::Consumed),
            None => return Err(Refusal::NotFound),
        }
        Ok(())
    }
}

json_struct! {
    /// Ends an attempt because the same browser began another one.
    pub struct EndAttempt {}
}

impl Command for EndAttempt {
    const NAME: &'static str = "end-attempt";
    type Reply = ();

    fn run(self, page: &mut Page<'_>) -> Result<(), Refusal> {
        if let Some(attempt) = page.find::<Attempt>(ONLY)?
            && attempt.state == AttemptState::Open
        {
            end(page, attempt, AttemptState::Dead);
        }
        Ok(())
    }
}

json_struct! {
    /// Uses up the one return that a browser has from a provider's dialog: true for the first, false
    /// for every other. Its nonce is good for no letter then.
    pub struct UseReturn {
        /// For how long a return could come again.
        pub life_s: u64,
    }
}

impl Command for UseReturn {
    const NAME: &'static str = "use-return";
    type Reply = bool;

    fn run(self, page: &mut Page<'_>) -> Result<bool, Refusal> {
        if page.find::<Attempt>(ONLY)?.is_some() {
            return Ok(false);
        }
        let used = Attempt {
            schema: SCHEMA,
            address: String::new(),
            next: String::new(),
            token_sha256: String::new(),
            code_mac: String::new(),
            wrong_codes: 0,
            state: AttemptState::Consumed,
            created_at: page.now(),
            expires_at: page.now().plus_s(self.life_s),
            session: None,
            claimed_until: None,
        };
        page.put_until(ONLY, &used, used.expires_at);
        Ok(true)
    }
}

fn end(page: &mut Page<'_>, mut attempt: Attempt, state: AttemptState) {
    attempt.state = state;
    page.put_until(ONLY, &attempt, attempt.expires_at);
    page.enqueue(Effect::MirrorAttempt);
}

json_struct! {
    /// What the mirror says of the attempt.
    pub struct ShowAttempt {}
}

impl Command for ShowAttempt {
    const NAME: &'static str = "show-attempt";
    type Reply = Option<Attempt>;

    fn run(self, page: &mut Page<'_>) -> Result<Self::Reply, Refusal> {
        page.find(ONLY)
    }
}
