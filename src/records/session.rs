use serde::{Deserialize, Serialize};

use crate::domain::ids::{SessionId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::ports::Text;
use crate::ports::text::ms;

/// A session: `SESSIONS` under its id, until it expires.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Session {
    pub schema: u8,
    pub id: Text<SessionId>,
    pub user: Text<UserId>,
    pub epoch: u32,
    #[serde(with = "ms")]
    pub created_at: Timestamp,
    /// Written at most every five minutes.
    #[serde(with = "ms")]
    pub last_seen_at: Timestamp,
    /// The absolute end; the idle end follows from `last_seen_at`.
    #[serde(with = "ms")]
    pub expires_at: Timestamp,
}
