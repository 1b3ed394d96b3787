use serde::{Deserialize, Serialize};

use crate::domain::ids::AttemptId;
use crate::domain::timestamp::Timestamp;
use crate::ports::Text;
use crate::ports::text::ms;

/// That a sign-in letter was asked for and what became of it: `MAGIC_LINKS` under the hash of the
/// browser's nonce. Never the token, the code or the address.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Attempt {
    pub schema: u8,
    pub id: Text<AttemptId>,
    /// `open`, `consumed` or `dead`.
    pub state: String,
    #[serde(with = "ms")]
    pub created_at: Timestamp,
    #[serde(with = "ms")]
    pub expires_at: Timestamp,
}
