use crate::domain::ids::UserId;
use crate::domain::timestamp::Timestamp;
use crate::ports::Text;
use crate::ports::json::json_struct;

json_struct! {
    /// A person: `USERS` under `email.{id}` or `facebook.{id}`.
    #[derive(Clone, PartialEq, Debug)]
    pub struct User {
        pub schema: u8,
        pub id: Text<UserId>,
        pub name: Option<String>,
        pub email: Option<String>,
        /// The whole code that the id was cut from, in base64; only for accounts by e-mail.
        pub email_mac: Option<String>,
        pub email_id_key_version: u8,
        pub created_at: Timestamp,
        pub consent: Option<Consent>,
        /// Derived in the ledger from settled operations, so that it cannot drift.
        pub prediction_count: u64,
        /// Microseconds of GPU time, likewise.
        pub total_predict_time_us: u64,
        /// Raised to end every session at once.
        pub epoch: u32,
        /// The highest model id that was ever allotted.
        pub last_model_ms: u64,
    }
}

json_struct! {
    /// What was agreed to, and when.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Consent {
        pub version: String,
        pub text_sha256: String,
        pub accepted_at: Timestamp,
    }
}
