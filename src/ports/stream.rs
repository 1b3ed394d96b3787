//! Bodies that are never held as a whole: one that arrives piece by piece, and one that is written
//! while it is sent.

use futures_util::stream::{LocalBoxStream, Stream, StreamExt};

use super::Fault;

/// A body on its way in. Dropping it gives up the rest.
pub struct Pieces(LocalBoxStream<'static, Result<Vec<u8>, Fault>>);

impl Pieces {
    pub fn of(stream: impl Stream<Item = Result<Vec<u8>, Fault>> + 'static) -> Self {
        Self(stream.boxed_local())
    }

    /// The next piece; nothing after the last.
    pub async fn next_piece(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        self.0.next().await.transpose()
    }

    /// All that is left, as one.
    pub async fn collect(mut self) -> Result<Vec<u8>, Fault> {
        let mut all = Vec::new();
        while let Some(piece) = self.next_piece().await? {
            if all.is_empty() {
                all = piece;
            } else {
                all.extend_from_slice(&piece);
            }
        }
        Ok(all)
    }
}

/// Where an answer goes that is written piece by piece.
pub trait Sink {
    /// Done when the piece was taken, so whoever writes waits for whoever reads.
    async fn write(&mut self, piece: Vec<u8>) -> Result<(), Fault>;
}

impl Sink for Vec<u8> {
    async fn write(&mut self, piece: Vec<u8>) -> Result<(), Fault> {
        self.extend_from_slice(&piece);
        Ok(())
    }
}
