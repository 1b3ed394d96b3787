//! The kinds of rows of a book, and the rows that no other part of the product has.

mod global;

pub use global::{Breaker, Day, Open, Pace, Settled, Told, WAIT_STEPS_S};

use super::effect::Effect;
use crate::domain::ids::{DeletionCode, OperationId, SessionId};
use crate::domain::timestamp::Timestamp;
use crate::ports::Text;
use crate::ports::json::{FromJson, ToJson, json_enum, json_struct};
use crate::records;

/// What a row is; the names stand in the database and never change.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    User,
    Model,
    Photo,
    Prediction,
    Operation,
    Tally,
    Sent,
    Open,
    Pace,
    Told,
    Breaker,
    /// Timed rows: each has a moment at which it is due to be done or forgotten.
    Session,
    Key,
    Hook,
    Attempt,
    Tombstone,
    Receipt,
    Day,
    Recent,
    Outbox,
}

impl Kind {
    pub const ALL: [Self; 20] = [
        Self::User,
        Self::Model,
        Self::Photo,
        Self::Prediction,
        Self::Operation,
        Self::Tally,
        Self::Sent,
        Self::Open,
        Self::Pace,
        Self::Told,
        Self::Breaker,
        Self::Session,
        Self::Key,
        Self::Hook,
        Self::Attempt,
        Self::Tombstone,
        Self::Receipt,
        Self::Day,
        Self::Recent,
        Self::Outbox,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Model => "model",
            Self::Photo => "photo",
            Self::Prediction => "prediction",
            Self::Operation => "operation",
            Self::Tally => "tally",
            Self::Sent => "sent",
            Self::Open => "open",
            Self::Pace => "pace",
            Self::Told => "told",
            Self::Breaker => "breaker",
            Self::Session => "session",
            Self::Key => "key",
            Self::Hook => "hook",
            Self::Attempt => "attempt",
            Self::Tombstone => "tombstone",
            Self::Receipt => "receipt",
            Self::Day => "day",
            Self::Recent => "recent",
            Self::Outbox => "outbox",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Timed rows live in a small table of their own, so that looking for due ones is cheap.
    pub const fn is_timed(self) -> bool {
        matches!(
            self,
            Self::Session
                | Self::Key
                | Self::Hook
                | Self::Attempt
                | Self::Tombstone
                | Self::Receipt
                | Self::Day
                | Self::Recent
                | Self::Outbox
        )
    }
}

/// A row of one kind.
pub trait Row: ToJson + FromJson + Default {
    const KIND: Kind;
}

impl Row for records::User {
    const KIND: Kind = Kind::User;
}

impl Row for records::Model {
    const KIND: Kind = Kind::Model;
}

impl Row for records::Photo {
    const KIND: Kind = Kind::Photo;
}

impl Row for records::Prediction {
    const KIND: Kind = Kind::Prediction;
}

impl Row for records::Operation {
    const KIND: Kind = Kind::Operation;
}

impl Row for records::Session {
    const KIND: Kind = Kind::Session;
}

json_struct! {
    /// What a person used of today's quotas; one row, overwritten by the next day.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Tally {
        pub schema: u8,
        /// The midnight that ends the day which is counted.
        pub until: Timestamp,
        pub trainings: u64,
        pub predictions: u64,
        pub captions: Option<u64>,
        /// When the person's sums were last mirrored, or will be.
        pub mirrored_at: Option<Timestamp>,
    }
}

impl Row for Tally {
    const KIND: Kind = Kind::Tally;
}

json_struct! {
    /// The sign-in letters that went to an address within a day.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Sent {
        pub schema: u8,
        pub letters: Vec<SentLetter>,
    }
}

json_struct! {
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct SentLetter {
        pub letter: String,
        pub at: Timestamp,
    }
}

impl Row for Sent {
    const KIND: Kind = Kind::Sent;
}

json_struct! {
    /// An idempotency key, under SHA-256 of route and key.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Key {
        pub schema: u8,
        /// SHA-256 of the parsed body.
        pub body_sha256: String,
        pub operation: Text<OperationId>,
        /// The record that was answered; nothing while the first request is still running.
        pub answer: Option<String>,
    }
}

impl Row for Key {
    const KIND: Kind = Kind::Key;
}

json_struct! {
    /// A webhook that has had its effect.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Hook {
        pub schema: u8,
    }
}

impl Row for Hook {
    const KIND: Kind = Kind::Hook;
}

json_struct! {
    /// An attempt to sign in by mail; the only row of its book.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Attempt {
        pub schema: u8,
        pub address: String,
        pub next: String,
        pub token_sha256: String,
        pub code_mac: String,
        pub wrong_codes: u8,
        pub state: AttemptState,
        pub created_at: Timestamp,
        pub expires_at: Timestamp,
        /// Fixed by the first claim, so that a repeated confirmation opens the same session.
        pub session: Option<Text<SessionId>>,
        pub claimed_until: Option<Timestamp>,
    }
}

json_enum! {
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub enum AttemptState {
        "open" = Open,
        "consumed" = Consumed,
        "dead" = Dead,
    }
}

impl AttemptState {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Consumed => "consumed",
            Self::Dead => "dead",
        }
    }
}

impl Row for Attempt {
    const KIND: Kind = Kind::Attempt;
}

json_struct! {
    /// When something was done that may be done so often in a time, the oldest first.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Recent {
        pub schema: u8,
        pub moments: Vec<Timestamp>,
    }
}

impl Row for Recent {
    const KIND: Kind = Kind::Recent;
}

json_struct! {
    /// Something to be done elsewhere.
    #[derive(Clone, PartialEq, Debug)]
    pub struct Outbox {
        pub schema: u8,
        pub effect: Effect,
        /// When it was taken to be done. Until that is over or long past nobody else takes it: of two
        /// at once, the one that began first could be the last to write.
        pub leased_at: Option<Timestamp>,
        pub attempts: u32,
        /// It was noted again while it was being done: when it is due once that is over.
        pub again: Option<Timestamp>,
        /// When a letter was first taken to be sent; from then on it may have been.
        pub first_at: Option<Timestamp>,
    }
}

impl Row for Outbox {
    const KIND: Kind = Kind::Outbox;
}

json_struct! {
    /// That an account was deleted: what its successor must know, and what is still to be proved
    /// gone.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Tombstone {
        pub schema: u8,
        pub code: Text<DeletionCode>,
        /// Higher than that of any session there was.
        pub epoch: u32,
        /// Every model of a later account has a higher id.
        pub last_model_ms: u64,
        pub requested_at: Timestamp,
        pub finished_at: Option<Timestamp>,
        pub places: Vec<Place>,
    }
}

json_struct! {
    /// Things of one kind that lay in one place.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Place {
        pub kind: String,
        pub count: u64,
        /// The effect that removes them and looks; nothing once a look has shown that they are gone.
        pub awaits: Option<String>,
    }
}

impl Row for Tombstone {
    const KIND: Kind = Kind::Tombstone;
}

json_struct! {
    /// What a deletion has come to, for whoever has its code; a row of the global book. Never
    /// personal data.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Receipt {
        pub schema: u8,
        pub code: Text<DeletionCode>,
        pub requested_at: Timestamp,
        pub finished_at: Option<Timestamp>,
        pub objects: Vec<Deleted>,
    }
}

json_struct! {
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Deleted {
        pub kind: String,
        pub count: u64,
        pub verified_gone: bool,
    }
}

impl Row for Receipt {
    const KIND: Kind = Kind::Receipt;
}
