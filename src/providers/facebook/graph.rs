//! Asking the Graph API: one deadline over all tries, and refusals by their code.

use std::pin::Pin;

use http::{Request, Response};

use super::super::call::{self, Policy};
use crate::domain::timestamp::Timestamp;
use crate::ports::json::{self, json_struct};
use crate::ports::{Limits, Platform};

/// A try that has less time than this is not begun.
const SHORTEST_MS: u64 = 1000;

/// What the Graph said instead of what was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Refusal {
    pub status: u16,
    /// The Graph's own; 0 when it gave none.
    pub code: u64,
}

/// No whole answer came.
const LOST: Refusal = Refusal { status: 0, code: 0 };

json_struct! {
    struct Body {
        error: Words,
    }

    struct Words {
        code: f64,
    }
}

impl Refusal {
    fn read(answer: &Response<Vec<u8>>) -> Self {
        let code = json::from_slice(answer.body())
            .and_then(|body: Body| call::whole(body.error.code))
            .unwrap_or_default();
        Self {
            status: answer.status().as_u16(),
            code,
        }
    }

    /// Whether it may be another answer in a moment: trouble of theirs, or too much at once.
    pub const fn is_passing(&self) -> bool {
        matches!(self.status, 0 | 429 | 500..) || matches!(self.code, 1 | 2 | 4 | 17 | 341)
    }
}

/// The body of the answer. Tries as often as the policy says, as long as `until` has not come.
///
/// Boxed, because it is awaited twice on the way of one request.
pub fn ask<'a, P: Platform>(
    platform: &'a P,
    request: Request<Vec<u8>>,
    policy: Policy,
    until: Timestamp,
) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, Refusal>> + 'a>> {
    Box::pin(async move {
        let mut tries = 1;
        loop {
            let limits = cut(policy.limits, until.since_ms(platform.now()));
            let refusal = match call::exchange(platform, request.clone(), limits).await {
                Ok(answer) if answer.status().is_success() => return Ok(answer.into_body()),
                Ok(answer) => Refusal::read(&answer),
                Err(_) => LOST,
            };
            let pause_ms = call::backoff_ms(tries, &platform.entropy());
            let next = platform.now().plus_ms(pause_ms.into());
            let in_time = until.since_ms(next) >= SHORTEST_MS;
            if tries >= policy.tries || !refusal.is_passing() || !in_time {
                return Err(refusal);
            }
            platform.pause(pause_ms).await;
            tries = tries.saturating_add(1);
        }
    })
}

fn cut(limits: Limits, left_ms: u64) -> Limits {
    let left_ms = u32::try_from(left_ms).unwrap_or(u32::MAX);
    Limits::new(limits.deadline_ms.min(left_ms), limits.max_bytes)
}
