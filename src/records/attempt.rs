use crate::domain::ids::AttemptId;
use crate::domain::timestamp::Timestamp;
use crate::ports::Text;
use crate::ports::json::json_struct;

json_struct! {
    /// That a sign-in letter was asked for and what became of it: `MAGIC_LINKS` under the hash of the
    /// browser's nonce. Never the token, the code or the address.
    #[derive(Clone, PartialEq, Debug)]
    pub struct Attempt {
        pub schema: u8,
        pub id: Text<AttemptId>,
        /// `open`, `consumed` or `dead`.
        pub state: String,
        pub created_at: Timestamp,
        pub expires_at: Timestamp,
    }
}
