//! The one place that sends: deadlines, caps, repeats, and what a status means.
//!
//! Nothing is sent twice unless its [`Policy`] says so, and no text of an answer survives here: a
//! refusal is a status and, at most, the seconds to wait.

mod open;
mod retry_after;

use http::header::{self, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use serde_json::Value;
use std::time::Duration;

use crate::domain::backoff::full_jitter;
use crate::ports::json::{self, FromJson};
use crate::ports::{Fault, Limits, Platform};
pub(super) use open::open;
use retry_after::retry_after_s;

const JSON_MAX: usize = 1024 * 1024;
/// The largest picture that is read from a provider.
pub(super) const IMAGE_MAX: usize = 25 * 1024 * 1024;
const USER_AGENT: HeaderValue = HeaderValue::from_static("selfie.pr/1.0");
/// The longest pause before a further try; told to wait longer, we give up and pass it on.
const MAX_PAUSE_MS: u32 = 8000;
/// All tries together: a person who waits for an answer gets one within 25 s.
const MAX_TRYING_MS: u64 = 22_000;

/// How long one try may take, how much of its answer is read, and how many tries there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Policy {
    pub limits: Limits,
    pub tries: u32,
}

const fn policy(deadline_ms: u32, max_bytes: usize, tries: u32) -> Policy {
    Policy {
        limits: Limits::new(deadline_ms, max_bytes),
        tries,
    }
}

/// What costs money is asked once.
pub(super) const CREATE: Policy = policy(10_000, JSON_MAX, 1);
/// Reads, cancellations and deletions: all of them harmless to repeat.
pub(super) const READ: Policy = policy(5000, JSON_MAX, 3);
pub(super) const READ_IMAGE: Policy = policy(5000, IMAGE_MAX, 3);
/// Handing a file on: it takes as long as whoever gets it.
pub(super) const HAND_ON: Policy = policy(900_000, IMAGE_MAX, 3);
/// Storing: harmless to repeat, because the path decides where it goes.
pub(super) const STORE: Policy = policy(20_000, JSON_MAX, 2);
/// Making a bundle: as far as whoever waits for it lets us look whether it is there after all.
pub(super) const ARCHIVE: Policy = policy(18_000, JSON_MAX, 2);
/// A look that may as well fail.
pub(super) const GLANCE: Policy = policy(2500, JSON_MAX, 1);
/// A code that stands for a person works once, so it is sent once.
pub(super) const EXCHANGE: Policy = policy(5000, JSON_MAX, 1);
/// Whoever waits for the profile is looking at an empty page.
pub(super) const PROFILE: Policy = policy(5000, JSON_MAX, 2);
/// A question whose key makes it the same one when it is asked again.
pub(super) const VERIFY: Policy = policy(5000, JSON_MAX, 2);
/// Messages: the outbox repeats them.
pub(super) const MESSAGE: Policy = policy(5000, JSON_MAX, 1);

/// A request that we ourselves refuse to send, because it would not mean what was meant.
pub(super) const UNSENDABLE: Fault = Fault::Refused {
    status: 400,
    retry_after_s: None,
};

/// A request with a bearer token, or without one when it is empty.
pub(super) fn request(
    method: Method,
    url: &str,
    token: &str,
    headers: &[(&'static str, &str)],
    body: Vec<u8>,
) -> Result<Request<Vec<u8>>, Fault> {
    let mut builder = Request::builder().method(method).uri(url);
    if !token.is_empty() {
        builder = builder.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder.body(body).map_err(|_| UNSENDABLE)
}

/// The same with a body in JSON.
pub(super) fn json_request(
    method: Method,
    url: &str,
    token: &str,
    headers: &[(&'static str, &str)],
    body: &Value,
) -> Result<Request<Vec<u8>>, Fault> {
    let body = json::to_string(body).into_bytes();
    let mut request = request(method, url, token, headers, body)?;
    let json = HeaderValue::from_static("application/json");
    request.headers_mut().insert(header::CONTENT_TYPE, json);
    Ok(request)
}

/// Sends once; whatever the status. A service that rests is not asked.
pub(super) async fn exchange<P: Platform>(
    platform: &P,
    request: Request<Vec<u8>>,
    limits: Limits,
) -> Result<Response<Vec<u8>>, Fault> {
    let service = admit(platform, &request)?;
    let answer = platform.send(introduced(request), limits).await;
    let trouble = match &answer {
        Ok(response) => response.status().is_server_error(),
        Err(fault) => fault.is_trouble(),
    };
    count(platform, &service, trouble);
    answer
}

/// Says who asks. Without it Resend answers 403, and a Worker's `fetch` sets none.
fn introduced(mut request: Request<Vec<u8>>) -> Request<Vec<u8>> {
    request.headers_mut().insert(header::USER_AGENT, USER_AGENT);
    request
}

/// Sends, again where the policy allows it and it may help, and answers with a 2xx or a fault.
pub(super) async fn send<P: Platform>(
    platform: &P,
    request: Request<Vec<u8>>,
    policy: Policy,
) -> Result<Vec<u8>, Fault> {
    let service = admit(platform, &request)?;
    let answer = send_on(platform, request, policy).await;
    let trouble = answer.as_ref().is_err_and(Fault::is_trouble);
    count(platform, &service, trouble);
    answer
}

async fn send_on<P: Platform>(
    platform: &P,
    request: Request<Vec<u8>>,
    policy: Policy,
) -> Result<Vec<u8>, Fault> {
    let request = introduced(request);
    let began = platform.now();
    for attempt in 1..policy.tries {
        let answer = platform.lend(&request, policy.limits).await;
        match answer.and_then(accept) {
            Err(fault) if fault.is_transient() => {
                let Some(pause_ms) = pause_ms(&fault, attempt, &platform.entropy()) else {
                    return Err(fault);
                };
                let next_ms = u64::from(pause_ms.saturating_add(policy.limits.deadline_ms));
                let tried_ms = platform.now().since_ms(began);
                if tried_ms.saturating_add(next_ms) > MAX_TRYING_MS {
                    return Err(fault);
                }
                platform.pause(pause_ms).await;
            }
            settled => return settled,
        }
    }
    accept(platform.send(request, policy.limits).await?)
}

/// Whom a request asks, if it may be asked now: the host and the first part of the path, which tells
/// services apart that share a host.
fn admit<P: Platform>(platform: &P, request: &Request<Vec<u8>>) -> Result<String, Fault> {
    let service = service_of(&request.uri().to_string()).to_owned();
    let now = platform.now();
    match platform.breakers().borrow_mut().admit(&service, now) {
        Ok(()) => Ok(service),
        Err(retry_after_s) => Err(Fault::Resting { retry_after_s }),
    }
}

/// Takes in how a call of a service went; its repeats are one call.
fn count<P: Platform>(platform: &P, service: &str, trouble: bool) {
    let mut breakers = platform.breakers().borrow_mut();
    if trouble {
        breakers.fail(service, platform.now());
    } else {
        breakers.succeed(service);
    }
}

/// A URL up to the end of the first part of its path.
pub fn service_of(url: &str) -> &str {
    let slash = |(at, _): (usize, &str)| at;
    let end = url.match_indices(['/', '?']).map(slash).nth(3);
    end.and_then(|end| url.get(..end)).unwrap_or(url)
}

/// The body of a 2xx; everything else is a refusal, redirects included.
pub(super) fn accept(response: Response<Vec<u8>>) -> Result<Vec<u8>, Fault> {
    if response.status().is_success() {
        Ok(response.into_body())
    } else {
        Err(refusal(&response))
    }
}

/// A refusal in our words.
pub(super) fn refusal(response: &Response<Vec<u8>>) -> Fault {
    let waits = [
        StatusCode::TOO_MANY_REQUESTS,
        StatusCode::SERVICE_UNAVAILABLE,
    ];
    let wait = waits.contains(&response.status());
    Fault::Refused {
        status: response.status().as_u16(),
        retry_after_s: wait
            .then(|| retry_after_s(response.headers(), response.body()))
            .flatten(),
    }
}

/// What was told, or 0.5·2ⁿ s with full jitter. Nothing when it is too long to wait here.
fn pause_ms(fault: &Fault, attempt: u32, entropy: &[u8; 32]) -> Option<u32> {
    let told = match fault {
        Fault::Refused {
            retry_after_s: Some(s),
            ..
        } => Some(s.saturating_mul(1000)),
        _ => None,
    };
    let pause_ms = told.unwrap_or_else(|| backoff_ms(attempt, entropy));
    (pause_ms <= MAX_PAUSE_MS).then_some(pause_ms)
}

/// Between nothing and 0.5·2ⁿ s, evenly.
pub(super) fn backoff_ms(attempt: u32, entropy: &[u8; 32]) -> u32 {
    full_jitter(500, attempt, MAX_PAUSE_MS, entropy)
}

/// A 404 is an answer where something may be gone.
pub(super) fn unless_gone<T>(answer: Result<T, Fault>) -> Result<Option<T>, Fault> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(Fault::Refused { status: 404, .. }) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// Reads JSON; what is not of the form is named by `field`.
pub(super) fn read_json<T: FromJson + Default>(
    body: &[u8],
    field: &'static str,
) -> Result<T, Fault> {
    json::from_slice(body).ok_or(Fault::malformed(field))
}

/// A whole number that may be written as a float or with an exponent.
pub(super) fn whole(number: f64) -> Option<u64> {
    let duration = Duration::try_from_secs_f64(number).ok()?;
    (duration.subsec_nanos() == 0).then_some(duration.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::scripted::{Scripted, answer, run};
    use proptest::prelude::*;

    fn get() -> Request<Vec<u8>> {
        request(Method::GET, "https://a.test/x", "t", &[], Vec::new()).unwrap()
    }

    #[test]
    fn a_read_is_repeated_until_it_is_answered() {
        let platform = Scripted::new([
            Err(Fault::Timeout),
            Ok(answer(502, "<html>")),
            Ok(answer(200, "ok")),
        ]);
        assert_eq!(run(send(&platform, get(), READ)), Ok(b"ok".to_vec()));
        assert_eq!(platform.requests().len(), 3);
        assert_eq!(platform.pauses().len(), 2);
    }

    #[test]
    fn a_read_is_given_up_after_its_last_try() {
        let platform = Scripted::new([
            Ok(answer(500, "")),
            Ok(answer(500, "")),
            Ok(answer(500, "")),
        ]);
        let fault = Fault::Refused {
            status: 500,
            retry_after_s: None,
        };
        assert_eq!(run(send(&platform, get(), READ)), Err(fault));
        assert_eq!((platform.requests().len(), platform.pauses().len()), (3, 2));
    }

    #[test]
    fn a_try_that_could_end_too_late_for_whoever_waits_is_not_begun() {
        let slow = policy(30_000, JSON_MAX, 2);
        let platform = Scripted::new([Err(Fault::Timeout)]);
        assert_eq!(run(send(&platform, get(), slow)), Err(Fault::Timeout));
        assert_eq!(platform.requests().len(), 1);
    }

    #[test]
    fn a_create_is_sent_once_whatever_happens() {
        for outcome in [
            Err(Fault::Timeout),
            Err(Fault::Unreachable),
            Ok(answer(503, "")),
        ] {
            let platform = Scripted::new([outcome]);
            assert!(run(send(&platform, get(), CREATE)).is_err());
            assert_eq!(platform.requests().len(), 1);
        }
    }

    #[test]
    fn what_is_refused_for_good_is_not_repeated() {
        for status in [301, 400, 401, 402, 403, 404, 409, 422] {
            let platform = Scripted::new([Ok(answer(status, "{}"))]);
            let fault = Fault::Refused {
                status,
                retry_after_s: None,
            };
            assert_eq!(run(send(&platform, get(), READ)), Err(fault));
        }
    }

    #[test]
    fn a_wait_that_was_told_is_waited() {
        let throttled = answer(429, r#"{"detail":"…","retry_after":5}"#);
        let platform = Scripted::new([Ok(throttled), Ok(answer(200, ""))]);
        assert!(run(send(&platform, get(), READ)).is_ok());
        assert_eq!(platform.pauses(), [5000]);
    }

    #[test]
    fn a_wait_too_long_for_a_request_is_passed_on() {
        let platform = Scripted::new([Ok(answer(429, r#"{"retry_after":30}"#))]);
        let fault = Fault::Refused {
            status: 429,
            retry_after_s: Some(30),
        };
        assert_eq!(run(send(&platform, get(), READ)), Err(fault));
        assert!(platform.pauses().is_empty());
    }

    #[test]
    fn every_request_says_who_asks_and_has_its_limits() {
        let platform = Scripted::new([Ok(answer(200, ""))]);
        run(send(&platform, get(), STORE)).unwrap();
        let (sent, limits) = platform.requests().remove(0);
        assert_eq!(sent.headers()["user-agent"], "selfie.pr/1.0");
        assert_eq!(sent.headers()["authorization"], "Bearer t");
        assert_eq!(limits, Limits::new(20_000, 1024 * 1024));
    }

    #[test]
    fn a_header_with_a_line_break_is_never_sent() {
        let refused = request(Method::GET, "https://a.test", "a\r\nb: c", &[], Vec::new());
        assert_eq!(refused.err(), Some(UNSENDABLE));
    }

    #[test]
    fn whole_numbers_may_have_exponents() {
        assert_eq!(whole(1e3), Some(1000));
        assert_eq!(whole(1.5), None);
        assert_eq!(whole(-1.0), None);
    }

    proptest! {
        #[test]
        fn pauses_grow_and_stay_bounded(attempt in 1_u32..100, entropy: [u8; 32]) {
            let ceiling = 500_u32.saturating_mul(2_u32.saturating_pow(attempt)).min(8000);
            prop_assert!(backoff_ms(attempt, &entropy) <= ceiling);
        }
    }
}
