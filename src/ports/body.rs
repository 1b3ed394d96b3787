//! The body of an incoming request, still on its way: it is read only after everything that can be
//! judged without it.

use super::Fault;

pub trait Body {
    /// The bytes as they arrive, up to `max_bytes`; `Fault::TooLarge` beyond, whatever the header
    /// said. It may never end: whoever reads sets the deadline, and dropping this gives up the rest.
    async fn read(self, max_bytes: usize) -> Result<Vec<u8>, Fault>;
}

impl Body for Vec<u8> {
    async fn read(self, max_bytes: usize) -> Result<Vec<u8>, Fault> {
        if self.len() > max_bytes {
            Err(Fault::TooLarge { max_bytes })
        } else {
            Ok(self)
        }
    }
}
