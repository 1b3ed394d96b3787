use crate::domain::ids::{SessionId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::ports::Text;
use crate::ports::json::json_struct;

json_struct! {
    /// A session: `SESSIONS` under its id, until it expires.
    #[derive(Clone, PartialEq, Debug)]
    pub struct Session {
        pub schema: u8,
        pub id: Text<SessionId>,
        pub user: Text<UserId>,
        pub epoch: u32,
        pub created_at: Timestamp,
        /// Written at most every five minutes.
        pub last_seen_at: Timestamp,
        /// The absolute end; the idle end follows from `last_seen_at`.
        pub expires_at: Timestamp,
    }
}
