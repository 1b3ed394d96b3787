//! What can go wrong outside of us, in words that no runtime or provider coined.

/// Why something outside could not be had.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// No answer before the deadline; whether it took effect is not known.
    Timeout,
    /// The connection could not be made or broke; whether it took effect is not known.
    Unreachable,
    /// The answer was cut at our cap.
    TooLarge { max_bytes: usize },
    /// An answer that says no. `retry_after_s` is set when it also says when to ask again.
    Refused {
        status: u16,
        retry_after_s: Option<u32>,
    },
    /// It was not asked, because it failed too often lately.
    Resting { retry_after_s: u32 },
    /// An answer that cannot be understood; `field` names where.
    Malformed { field: &'static str },
}

impl Fault {
    pub const fn malformed(field: &'static str) -> Self {
        Self::Malformed { field }
    }

    /// Whether asking again may help. For a call that costs money this is not enough: see
    /// [`Fault::is_ambiguous`].
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::Timeout | Self::Unreachable => true,
            Self::Refused { status, .. } => matches!(*status, 408 | 429 | 500..=599),
            Self::TooLarge { .. } | Self::Resting { .. } | Self::Malformed { .. } => false,
        }
    }

    /// Whether the request may have taken effect all the same.
    pub const fn is_ambiguous(&self) -> bool {
        match self {
            Self::Refused { status, .. } => *status >= 500 || *status < 400,
            Self::Resting { .. } => false,
            _ => true,
        }
    }

    /// Whether it says that the other side is in trouble, and not that it refuses this one request.
    pub const fn is_trouble(&self) -> bool {
        match self {
            Self::Timeout | Self::Unreachable => true,
            Self::Refused { status, .. } => *status >= 500,
            Self::TooLarge { .. } | Self::Resting { .. } | Self::Malformed { .. } => false,
        }
    }

    pub const fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// One word for a log line.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Unreachable => "unreachable",
            Self::TooLarge { .. } => "too-large",
            Self::Refused { .. } => "refused",
            Self::Resting { .. } => "resting",
            Self::Malformed { .. } => "malformed",
        }
    }
}
