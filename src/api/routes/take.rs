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

    /// How long a body may take to come: on a slow line, that sends a megabit in a second, the largest
    /// photo takes 84 s.
    pub const fn deadline_ms(self) -> u32 {
        match self {
            Self::Picture => 100_000,
            Self::Nothing | Self::Json | Self::Webhook | Self::Form => 20_000,
        }
    }
}
