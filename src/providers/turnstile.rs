//! Turnstile: whether whoever sends a form has passed the box on our page.
//!
//! A token is good once and for five minutes; it is never kept or logged. Whatever does not say yes
//! in every respect is a no.

use http::Method;
use serde_json::{Value, json};

use super::call::{self, VERIFY};
use crate::config;
use crate::domain::digest;
use crate::ports::Platform;
use crate::ports::json::{self, json_struct};

/// What our box says that it is for.
pub const ACTION: &str = "sign_in";
const MAX_TOKEN_CHARS: usize = 2048;

/// Why a form is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Doubt {
    /// The token is used, old, of another page, or none.
    NotPassed,
    /// Nobody could say.
    Later,
    /// Our secret was not accepted.
    Account,
}

json_struct! {
    struct Answer {
        success: bool,
        hostname: Option<String>,
        action: Option<String>,
        errors as "error-codes": Option<Vec<String>>,
        metadata: Option<Value>,
    }
}

/// Whether the token was handed out on a page of `hostname`, to the visitor at `address`.
pub async fn verify<P: Platform>(
    platform: &P,
    config: &config::Turnstile,
    hostname: &str,
    token: &str,
    address: Option<&str>,
) -> Result<(), Doubt> {
    if token.len() > MAX_TOKEN_CHARS {
        return Err(Doubt::NotPassed);
    }
    let body = json!({
        "secret": config.secret,
        "response": token,
        "remoteip": address,
        // The same for both tries, or the second would be told that the token was used.
        "idempotency_key": uuid(&platform.entropy()),
    });
    let url = format!("{}/siteverify", config.url);
    let request = call::json_request(Method::POST, &url, "", &[], &body);
    let request = request.map_err(|_| Doubt::Account)?;
    let mut outcome = Err(Doubt::Later);
    for _ in 0..VERIFY.tries {
        let answer = call::exchange(platform, request.clone(), VERIFY.limits).await;
        outcome = answer.map_or(Err(Doubt::Later), |answer| {
            judge(answer.body(), config, hostname)
        });
        if outcome != Err(Doubt::Later) {
            break;
        }
    }
    outcome
}

fn judge(body: &[u8], config: &config::Turnstile, hostname: &str) -> Result<(), Doubt> {
    let answer: Answer = json::from_slice(body).ok_or(Doubt::Later)?;
    if !answer.success {
        let errors = answer.errors.unwrap_or_default();
        let is = |code: &str| errors.iter().any(|error| error == code);
        return Err(if is("internal-error") {
            Doubt::Later
        } else if is("invalid-input-secret") || is("missing-input-secret") {
            Doubt::Account
        } else {
            Doubt::NotPassed
        });
    }
    // Cloudflare's test keys name a page of their own; no production has them.
    if config.is_test_key() {
        return Ok(());
    }
    let metadata = answer.metadata.unwrap_or_default();
    let of_test_key = metadata.get("result_with_testing_key") == Some(&Value::Bool(true));
    let ours = answer.hostname.as_deref() == Some(hostname)
        && answer.action.as_deref() == Some(ACTION)
        && !of_test_key;
    if ours { Ok(()) } else { Err(Doubt::NotPassed) }
}

/// A random UUID, version 4.
fn uuid(entropy: &[u8; 32]) -> String {
    let hex = digest::hex(entropy.get(..16).unwrap_or_default());
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!(
        "{}-{}-4{}-a{}-{}",
        part(0, 8),
        part(8, 12),
        part(13, 16),
        part(17, 20),
        part(20, 32)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::{Fault, Limits};
    use crate::providers::scripted::{Answer, Scripted, answer, run};

    const PASSED: &str = r#"{"success":true,"challenge_ts":"2026-11-22T10:00:00.000Z","hostname":"selfie.pr","error-codes":[],"action":"sign_in","cdata":"","metadata":{}}"#;

    fn config(secret: &str) -> config::Turnstile {
        config::Turnstile {
            url: "https://challenges.cloudflare.com/turnstile/v0".to_owned(),
            site_key: "0x4AAA".to_owned(),
            secret: secret.to_owned(),
        }
    }

    fn verified(platform: &Scripted, secret: &str) -> Result<(), Doubt> {
        let address = Some("192.0.2.7");
        run(verify(
            platform,
            &config(secret),
            "selfie.pr",
            "token",
            address,
        ))
    }

    fn outcome(answers: impl IntoIterator<Item = Answer>) -> Result<(), Doubt> {
        let platform = Scripted::new(answers);
        let outcome = verified(&platform, "0xsecret");
        let asked = platform.requests();
        assert!(
            asked
                .windows(2)
                .all(|two| two[0].0.body() == two[1].0.body())
        );
        outcome
    }

    fn refused(code: &str) -> http::Response<Vec<u8>> {
        let body = format!(r#"{{"success":false,"error-codes":["{code}"],"messages":[]}}"#);
        answer(200, body)
    }

    #[test]
    fn a_token_is_asked_about_with_who_brought_it() {
        let platform = Scripted::new([Ok(answer(200, PASSED))]);
        assert_eq!(verified(&platform, "0xsecret"), Ok(()));
        let (_, limits) = platform.requests().remove(0);
        assert_eq!(limits, Limits::new(5000, 1024 * 1024));
        assert_eq!(
            platform.calls(),
            ["POST https://challenges.cloudflare.com/turnstile/v0/siteverify"]
        );
        assert_eq!(
            platform.sent(0),
            json!({
                "secret": "0xsecret", "response": "token", "remoteip": "192.0.2.7",
                "idempotency_key": "07070707-0707-4707-a707-070707070707",
            })
        );
    }

    #[test]
    fn only_a_whole_yes_is_one() {
        for (from, to) in [
            ("selfie.pr", "evil.test"),
            (r#""hostname":"selfie.pr","#, ""),
            ("sign_in", "sign_up"),
            (r#","action":"sign_in""#, ""),
            (
                r#""metadata":{}"#,
                r#""metadata":{"result_with_testing_key":true}"#,
            ),
        ] {
            let body = PASSED.replace(from, to);
            assert_ne!(body, PASSED);
            assert_eq!(
                outcome([Ok(answer(200, &body))]),
                Err(Doubt::NotPassed),
                "{body}"
            );
        }
    }

    #[test]
    fn each_refusal_has_its_meaning() {
        for (code, doubt) in [
            ("missing-input-response", Doubt::NotPassed),
            ("invalid-input-response", Doubt::NotPassed),
            ("timeout-or-duplicate", Doubt::NotPassed),
            ("bad-request", Doubt::NotPassed),
            ("missing-input-secret", Doubt::Account),
            ("invalid-input-secret", Doubt::Account),
        ] {
            assert_eq!(outcome([Ok(refused(code))]), Err(doubt), "{code}");
        }
    }

    #[test]
    fn trouble_is_asked_about_once_more_and_is_no_yes() {
        let not_a_truth = PASSED.replace("true", "\"true\"");
        for trouble in [
            Err(Fault::Timeout),
            Err(Fault::Unreachable),
            Ok(answer(503, "<html>")),
            Ok(refused("internal-error")),
            Ok(answer(200, not_a_truth)),
        ] {
            let passed = || Ok(answer(200, PASSED));
            assert_eq!(outcome([trouble.clone(), passed()]), Ok(()));
            assert_eq!(outcome([trouble.clone(), trouble]), Err(Doubt::Later));
        }
    }

    #[test]
    fn a_test_key_is_believed_wherever_it_says_it_is() {
        let body = PASSED
            .replace("selfie.pr", "example.com")
            .replace("sign_in", "");
        let platform = Scripted::new([Ok(answer(200, body))]);
        let secret = "1x0000000000000000000000000000000AA";
        assert_eq!(verified(&platform, secret), Ok(()));
    }

    #[test]
    fn a_token_that_is_too_long_is_not_sent() {
        let platform = Scripted::new([]);
        let token = "x".repeat(2049);
        let answer = run(verify(&platform, &config("0x"), "selfie.pr", &token, None));
        assert_eq!(answer, Err(Doubt::NotPassed));
    }
}
