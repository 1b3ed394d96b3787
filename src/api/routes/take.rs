//! What a request may bring along, and how much of it.

/// What the body may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Take {
    Nothing,
    Json,
    Picture,
    Webhook,
    Form,
}

impl Take {
    pub const fn max_bytes(self) -> usize {
        match self {
            // A client may say `{}` where nothing is needed.
            Self::Nothing => 64,
            Self::Json => 16 * 1024,
            Self::Picture => crate::domain::photo::MAX_BYTES,
            Self::Webhook => 1024 * 1024,
            Self::Form => 8 * 1024,
        }
    }
}
