//! Outgoing HTTP. There is no call without a deadline and a byte cap, and none follows a redirect.

use std::cell::RefCell;

use futures_util::stream;

use super::{Fault, Pieces};
use crate::domain::breaker::Breakers;

/// How long an answer may take, body included, and how many bytes of it are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    pub deadline_ms: u32,
    pub max_bytes: usize,
}

impl Limits {
    pub const fn new(deadline_ms: u32, max_bytes: usize) -> Self {
        Self {
            deadline_ms,
            max_bytes,
        }
    }
}

pub trait Outbound {
    /// Whatever the status: judging it is the caller's part.
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
        limits: Limits,
    ) -> Result<http::Response<Vec<u8>>, Fault>;

    /// The same with a request that may have to be sent again. The runtime copies a body in any case,
    /// so there it is not copied once more.
    async fn lend(
        &self,
        request: &http::Request<Vec<u8>>,
        limits: Limits,
    ) -> Result<http::Response<Vec<u8>>, Fault> {
        self.send(request.clone(), limits).await
    }

    /// The same, with a body that is read piece by piece under the same limits.
    async fn open(
        &self,
        request: http::Request<Vec<u8>>,
        limits: Limits,
    ) -> Result<http::Response<Pieces>, Fault> {
        let answer = self.send(request, limits).await?;
        Ok(answer.map(|body| Pieces::of(stream::iter([Ok(body)]))))
    }

    /// Waits before a further try. The fake moves its clock instead.
    async fn pause(&self, ms: u32);

    /// How the services that were called lately answered.
    fn breakers(&self) -> &RefCell<Breakers>;
}
