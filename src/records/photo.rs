use crate::domain::ids::{ModelId, OperationId, PhotoId};
use crate::domain::timestamp::Timestamp;
use crate::ports::Text;
use crate::ports::json::{json_enum, json_struct};

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
        /// What stands beside it in a training.
        pub caption: Option<String>,
        /// What the vision model said last.
        pub description: Option<String>,
        /// Nothing when nobody asked, and once it was described.
        pub captioning: Option<Captioning>,
        /// The run that describes it, or the last one.
        pub operation: Option<Text<OperationId>>,
        /// False from the moment its place is taken until Bytescale has it.
        pub stored: bool,
        pub uploaded_at: Timestamp,
    }
}

json_enum! {
    /// How the description that was asked for stands.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub enum Captioning {
        "running" = Running,
        "failed" = Failed,
    }
}

impl Captioning {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Failed => "failed",
        }
    }
}
