//! The rows of the book of all people.

use super::{Kind, Row};
use crate::domain::ids::{OperationId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::ports::Text;
use crate::ports::json::json_struct;

json_struct! {
    /// When the operator was last told of one kind of thing.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Told {
        pub schema: u8,
        pub at: Timestamp,
    }
}

impl Row for Told {
    const KIND: Kind = Kind::Told;
}

json_struct! {
    /// An operation that has not ended, and what is held for it.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Open {
        pub schema: u8,
        pub user: Text<UserId>,
        pub operation: Text<OperationId>,
        pub since: Timestamp,
        /// Whether it is a training; what others make dies within the hour.
        pub training: Option<bool>,
        pub held_micro_usd: Option<u64>,
        /// The midnight that ends the day on which it is held.
        pub day: Option<Timestamp>,
        /// When the sweep first found that its owner's book has it no more.
        pub missing_since: Option<Timestamp>,
    }
}

impl Row for Open {
    const KIND: Kind = Kind::Open;
}

/// The upper ends of the steps by which waits are counted; one more step is open to above.
pub const WAIT_STEPS_S: [u64; 20] = [
    1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987, 1597, 2584, 4181, 6765, 10_946,
];

json_struct! {
    /// What all people together began on one day, under the midnight that ends it.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Day {
        pub schema: u8,
        /// What was held before a provider was asked, and what became of it: spent, or given back.
        /// What is neither is still held.
        pub reserved_micro_usd: u64,
        pub settled_micro_usd: u64,
        pub released_micro_usd: u64,
        /// The operator knows that most of the cap is used.
        pub warned: bool,
        pub users: u64,
        pub models: u64,
        pub trainings: u64,
        pub predictions: u64,
        pub images: u64,
        /// Photos that were described.
        pub captions: Option<u64>,
        pub failures: u64,
        /// Runs that ended well without any webhook about them.
        pub unheard: u64,
        pub predict_time_us: u64,
        /// How many waited how long, by the steps of `WAIT_STEPS_S`.
        pub training_waits: Vec<u64>,
        pub prediction_waits: Vec<u64>,
    }
}

impl Row for Day {
    const KIND: Kind = Kind::Day;
}

json_struct! {
    /// What an operation came to.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Settled {
        pub micro_usd: u64,
        /// Neither of them when it was stopped, or never began.
        pub succeeded: bool,
        pub failed: bool,
        pub images: u64,
        /// Of a run that describes photos, and of no other.
        pub captions: Option<u64>,
        pub predict_time_us: u64,
        pub waited_ms: u64,
        pub unheard: bool,
    }
}

json_struct! {
    /// How long the last trainings of a preset took, the newest last.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Pace {
        pub schema: u8,
        pub spans_s: Vec<u64>,
    }
}

impl Row for Pace {
    const KIND: Kind = Kind::Pace;
}

json_struct! {
    /// How the last calls of a provider went, whoever made them; there is none for one in order.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Breaker {
        pub schema: u8,
        pub failures: Vec<Timestamp>,
        pub open_until: Option<Timestamp>,
    }
}

impl Row for Breaker {
    const KIND: Kind = Kind::Breaker;
}
