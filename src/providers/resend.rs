//! Letters through Resend. The letter's id is the idempotency key, so a letter whose answer was
//! lost is sent again safely; addresses and texts are never logged.

use http::{Method, Response};
use serde_json::json;

use super::call::{self, MESSAGE};
use super::mail::Undelivered;
use crate::ports::json::{self, json_struct};
use crate::ports::{Fault, Letter, Platform};

const LATER: Undelivered = Undelivered::Later {
    retry_after_s: None,
};

/// Sends one letter, once; `from` is `Name <address>`.
pub async fn deliver<P: Platform>(
    platform: &P,
    url: &str,
    api_key: &str,
    from: &str,
    letter: &Letter,
) -> Result<(), Undelivered> {
    let body = json!({
        "from": from,
        "to": [letter.to],
        "subject": letter.subject,
        "text": letter.text,
        "html": letter.html,
        "headers": {"Auto-Submitted": "auto-generated"},
        "tags": [{"name": "kind", "value": letter.kind}],
    });
    let url = format!("{url}/emails");
    let headers = [("idempotency-key", letter.id.as_str())];
    let request = call::json_request(Method::POST, &url, api_key, &headers, &body)
        .map_err(|_| Undelivered::Configuration)?;
    match call::exchange(platform, request, MESSAGE.limits).await {
        Ok(answer) => read_answer(&answer),
        // Whether it left or not, the same key makes it one letter.
        Err(_) => Err(LATER),
    }
}

json_struct! {
    struct Problem {
        name: Option<String>,
    }
}

/// By the name of the error first, then by the status: some names come with several.
fn read_answer(answer: &Response<Vec<u8>>) -> Result<(), Undelivered> {
    if answer.status().is_success() {
        return Ok(());
    }
    let problem: Option<Problem> = json::from_slice(answer.body());
    let name = problem
        .and_then(|problem| problem.name)
        .unwrap_or_default()
        .to_ascii_lowercase();
    let Fault::Refused {
        status,
        retry_after_s,
    } = call::refusal(answer)
    else {
        return Err(LATER);
    };
    Err(match name.as_str() {
        // This letter has left already; that it reads differently now is no reason for a second.
        "invalid_idempotent_request" => return Ok(()),
        "concurrent_idempotent_requests"
        | "application_error"
        | "internal_server_error"
        | "service_unavailable" => LATER,
        "daily_quota_exceeded" | "monthly_quota_exceeded" => Undelivered::Quota,
        "missing_required_field"
        | "invalid_parameter"
        | "missing_required_parameter"
        | "invalid_attachment" => Undelivered::ThisLetterNever,
        "invalid_idempotency_key" => Undelivered::Configuration,
        _ => match status {
            408 | 409 | 429 | 500..=599 => Undelivered::Later { retry_after_s },
            400 | 410..=428 | 430..=499 => Undelivered::ThisLetterNever,
            // Keys, permissions, an unverified sender, a wrong address of the API.
            _ => Undelivered::Configuration,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::Limits;
    use crate::providers::scripted::{Answer, Scripted, answer, run};

    fn letter() -> Letter {
        Letter {
            to: "ada@reader.test".to_owned(),
            subject: "Your sign-in link".to_owned(),
            text: "Hello".to_owned(),
            html: "<p>Hello</p>".to_owned(),
            id: "sign-in/0abc".to_owned(),
            kind: "sign_in",
        }
    }

    fn send(platform: &Scripted) -> Result<(), Undelivered> {
        let from = "Selfie.pr <hello@selfie.pr>";
        run(deliver(
            platform,
            "https://api.resend.com",
            "re_key",
            from,
            &letter(),
        ))
    }

    fn outcome(answer: Answer) -> Result<(), Undelivered> {
        send(&Scripted::new([answer]))
    }

    #[test]
    fn a_letter_is_sent_with_everything_resend_asks_for() {
        let platform = Scripted::new([Ok(answer(200, r#"{"id":"49a3999c"}"#))]);
        assert_eq!(send(&platform), Ok(()));
        let (request, limits) = platform.requests().remove(0);
        assert_eq!(platform.calls(), ["POST https://api.resend.com/emails"]);
        assert_eq!(request.headers()["authorization"], "Bearer re_key");
        assert_eq!(request.headers()["user-agent"], "selfie.pr/1.0");
        assert_eq!(request.headers()["content-type"], "application/json");
        assert_eq!(request.headers()["idempotency-key"], "sign-in/0abc");
        assert_eq!(limits, Limits::new(5000, 1024 * 1024));
        assert_eq!(
            platform.sent(0),
            json!({
                "from": "Selfie.pr <hello@selfie.pr>", "to": ["ada@reader.test"],
                "subject": "Your sign-in link", "text": "Hello", "html": "<p>Hello</p>",
                "headers": {"Auto-Submitted": "auto-generated"},
                "tags": [{"name": "kind", "value": "sign_in"}],
            })
        );
    }

    #[test]
    fn each_refusal_has_its_class() {
        use Undelivered::{Configuration, Quota, ThisLetterNever};
        for (status, name, class) in [
            (400, "invalid_idempotency_key", Configuration),
            (400, "validation_error", ThisLetterNever),
            (401, "missing_api_key", Configuration),
            (401, "restricted_api_key", Configuration),
            (403, "invalid_api_key", Configuration),
            (403, "invalid_api_Key", Configuration),
            (403, "suspended_api_key", Configuration),
            (403, "validation_error", Configuration),
            (404, "not_found", Configuration),
            (405, "method_not_allowed", Configuration),
            (409, "concurrent_idempotent_requests", LATER),
            (422, "validation_error", ThisLetterNever),
            (422, "missing_required_field", ThisLetterNever),
            (429, "rate_limit_exceeded", LATER),
            (429, "daily_quota_exceeded", Quota),
            (429, "monthly_quota_exceeded", Quota),
            (500, "application_error", LATER),
            (500, "internal_server_error", LATER),
            (503, "service_unavailable", LATER),
            (413, "", ThisLetterNever),
        ] {
            let body = format!(r#"{{"statusCode":{status},"name":"{name}","message":"m"}}"#);
            assert_eq!(
                outcome(Ok(answer(status, body))),
                Err(class),
                "{status} {name}"
            );
        }
    }

    #[test]
    fn answers_that_are_no_json_are_judged_by_their_status() {
        assert_eq!(
            outcome(Ok(answer(403, "error code: 1010"))),
            Err(Undelivered::Configuration)
        );
        assert_eq!(outcome(Ok(answer(502, "<html>"))), Err(LATER));
        assert_eq!(
            outcome(Ok(answer(301, ""))),
            Err(Undelivered::Configuration)
        );
    }

    #[test]
    fn a_letter_that_has_left_is_not_sent_twice() {
        let body = r#"{"statusCode":409,"name":"invalid_idempotent_request","message":"m"}"#;
        assert_eq!(outcome(Ok(answer(409, body))), Ok(()));
    }

    #[test]
    fn the_wait_is_the_one_that_was_told() {
        let mut throttled = answer(429, r#"{"name":"rate_limit_exceeded"}"#);
        throttled
            .headers_mut()
            .insert("retry-after", http::HeaderValue::from_static("2"));
        let later = Undelivered::Later {
            retry_after_s: Some(2),
        };
        assert_eq!(outcome(Ok(throttled)), Err(later));
    }

    #[test]
    fn a_lost_answer_is_for_later_and_not_repeated_here() {
        for fault in [
            Fault::Timeout,
            Fault::Unreachable,
            Fault::TooLarge { max_bytes: 1 },
        ] {
            assert_eq!(outcome(Err(fault)), Err(LATER));
        }
    }
}
