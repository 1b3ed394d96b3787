//! Opening a body that is read piece by piece: once it has begun nothing is sent again here.

use http::{Request, header};

use super::{Policy, USER_AGENT, admit, count, pause_ms, refusal};
use crate::ports::{Fault, Pieces, Platform};

/// Sends, again where it may help, and answers with the body of a 2xx or a fault.
pub(in super::super) async fn open<P: Platform>(
    platform: &P,
    request: &Request<Vec<u8>>,
    policy: Policy,
) -> Result<Pieces, Fault> {
    let service = admit(platform, request)?;
    let opened = open_on(platform, request, policy).await;
    let trouble = opened.as_ref().is_err_and(Fault::is_trouble);
    count(platform, &service, trouble);
    opened
}

async fn open_on<P: Platform>(
    platform: &P,
    request: &Request<Vec<u8>>,
    policy: Policy,
) -> Result<Pieces, Fault> {
    let mut attempt = 1;
    loop {
        let mut request = request.clone();
        request.headers_mut().insert(header::USER_AGENT, USER_AGENT);
        let fault = match platform.open(request, policy.limits).await {
            Ok(answer) if answer.status().is_success() => return Ok(answer.into_body()),
            Ok(answer) => refusal(&answer.map(|_| Vec::new())),
            Err(fault) => fault,
        };
        let pause_ms = pause_ms(&fault, attempt, &platform.entropy());
        match pause_ms.filter(|_| fault.is_transient() && attempt < policy.tries) {
            Some(pause_ms) => platform.pause(pause_ms).await,
            None => return Err(fault),
        }
        attempt = attempt.saturating_add(1);
    }
}
