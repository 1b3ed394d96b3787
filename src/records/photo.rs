use crate::domain::ids::{ModelId, PhotoId};
use crate::domain::timestamp::Timestamp;
use crate::ports::Text;
use crate::ports::json::json_struct;

json_struct! {
    /// A photo of a model; a row of the ledger only.
    #[derive(Clone, PartialEq, Debug)]
    pub struct Photo {
        pub schema: u8,
        pub id: Text<PhotoId>,
        pub model: Text<ModelId>,
        /// For display; never part of a path.
        pub name: String,
        pub width: u32,
        pub height: u32,
        /// Of the stored, stripped file.
        pub bytes: u64,
        pub content_type: String,
        /// SHA-256 of the stored bytes: the same photo is not kept twice.
        pub sha256: String,
        /// Where it lies at Bytescale.
        pub path: String,
        pub caption: Option<String>,
        /// False from the moment its place is taken until Bytescale has it.
        pub stored: bool,
        pub uploaded_at: Timestamp,
    }
}
