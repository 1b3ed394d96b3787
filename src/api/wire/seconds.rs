//! Durations as clients see them: decimal seconds, made of whole numbers. Nothing is computed in
//! floats here.

use crate::ports::json::{ToJson, write_thousandths};

/// A duration in seconds, exact to the millisecond.
#[derive(Clone, Copy, Debug)]
pub struct Seconds {
    ms: u64,
}

impl Seconds {
    /// Milliseconds are as fine as anybody needs to know, and keep the number short.
    pub const fn of_us(us: u64) -> Self {
        Self { ms: us / 1000 }
    }
}

impl ToJson for Seconds {
    fn write(&self, out: &mut String) {
        write_thousandths(out, self.ms);
    }
}
