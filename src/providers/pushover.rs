//! Alerts to the operator. The text is a kind, a count and a request id; never an address, a
//! prompt, a URL or a token.

use http::Method;
use serde_json::json;

use super::call::{self, MESSAGE, UNSENDABLE};
use crate::config;
use crate::domain::timestamp::Timestamp;
use crate::ports::json::json_struct;
use crate::ports::{Fault, Platform};

const MAX_TITLE_CHARS: usize = 250;
const MAX_MESSAGE_CHARS: usize = 1024;
/// After a refusal nothing is sent for so long.
const REFUSED_REST_S: u64 = 600;
/// How an emergency is repeated until somebody acknowledges it.
const EMERGENCY: i8 = 2;
const RETRY_S: u32 = 60;
const EXPIRE_S: u32 = 3600;

/// What the operator is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    pub title: String,
    pub message: String,
    /// -2 (quiet) to 2 (repeated for an hour until acknowledged).
    pub priority: i8,
    /// When it happened, which is shown. Two messages in the same words differ by it, so that the
    /// later is no repeat of one that was refused.
    pub at: Timestamp,
}

/// Sends an alert, once. A refusal below 500 is final ([`is_final`]): Pushover blocks whoever
/// repeats it.
pub async fn notify<P: Platform>(
    platform: &P,
    config: &config::Pushover,
    notice: &Notice,
) -> Result<(), Fault> {
    let message = cut(notice.message.trim(), MAX_MESSAGE_CHARS);
    if message.is_empty() {
        return Err(UNSENDABLE);
    }
    let priority = notice.priority.clamp(-2, EMERGENCY);
    let mut body = json!({
        "token": config.token,
        "user": config.user,
        "title": cut(&notice.title, MAX_TITLE_CHARS),
        "message": message,
        "priority": priority,
        "timestamp": notice.at.as_s(),
    });
    if let (EMERGENCY, Some(body)) = (priority, body.as_object_mut()) {
        body.insert("retry".to_owned(), RETRY_S.into());
        body.insert("expire".to_owned(), EXPIRE_S.into());
    }
    let url = format!("{}/messages.json", config.url);
    let request = call::json_request(Method::POST, &url, "", &[], &body)?;
    let answer = call::send(platform, request, MESSAGE).await;
    let answer = answer.and_then(|body| read_answer(&body));
    if answer.as_ref().is_err_and(is_final) {
        // Our message is well-formed, so the next would be refused too; whoever goes on is shut out.
        let service = call::service_of(&config.url);
        let mut breakers = platform.breakers().borrow_mut();
        breakers.rest(service, platform.now(), REFUSED_REST_S);
    }
    answer
}

/// Whether the same alert must never be sent again, a 429 included.
pub const fn is_final(fault: &Fault) -> bool {
    matches!(fault, Fault::Refused { status: ..=499, .. })
}

fn read_answer(body: &[u8]) -> Result<(), Fault> {
    json_struct! {
        struct Answer {
            status: Option<f64>,
        }
    }
    let answer: Answer = call::read_json(body, "body")?;
    let status = answer
        .status
        .and_then(call::whole)
        .ok_or(Fault::malformed("status"))?;
    // A 200 that says no is a no.
    if status == 1 { Ok(()) } else { Err(UNSENDABLE) }
}

/// Limits are counted in characters, not bytes.
fn cut(text: &str, max_chars: usize) -> &str {
    text.char_indices()
        .nth(max_chars)
        .and_then(|(end, _)| text.get(..end))
        .unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::scripted::{Scripted, answer, run};
    use proptest::prelude::*;

    fn config() -> config::Pushover {
        config::Pushover {
            url: "https://api.pushover.net/1".to_owned(),
            token: "azGDORePK8gMaC0QOYAMyEEuzJnyUi".to_owned(),
            user: "uQiRzpo4DXghDmr9QzzfQu27cmVRsG".to_owned(),
        }
    }

    fn notice() -> Notice {
        Notice {
            title: "Training stuck".to_owned(),
            message: "1 for 15 min".to_owned(),
            priority: 0,
            at: Timestamp::from_ms(1_772_618_400_999),
        }
    }

    fn accepted() -> http::Response<Vec<u8>> {
        answer(200, r#"{"status":1,"request":"647d2300"}"#)
    }

    #[test]
    fn an_alert_is_sent_as_json() {
        let platform = Scripted::new([Ok(accepted())]);
        assert_eq!(run(notify(&platform, &config(), &notice())), Ok(()));
        assert_eq!(
            platform.calls(),
            ["POST https://api.pushover.net/1/messages.json"]
        );
        assert!(
            platform.requests()[0]
                .0
                .headers()
                .get("authorization")
                .is_none()
        );
        assert_eq!(
            platform.sent(0),
            json!({
                "token": "azGDORePK8gMaC0QOYAMyEEuzJnyUi", "user": "uQiRzpo4DXghDmr9QzzfQu27cmVRsG",
                "title": "Training stuck", "message": "1 for 15 min", "priority": 0,
                "timestamp": 1_772_618_400,
            })
        );
    }

    #[test]
    fn an_emergency_says_how_it_is_repeated() {
        let platform = Scripted::new([Ok(accepted())]);
        let notice = Notice {
            priority: 7,
            ..notice()
        };
        run(notify(&platform, &config(), &notice)).unwrap();
        let sent = platform.sent(0);
        assert_eq!(
            (&sent["priority"], &sent["retry"], &sent["expire"]),
            (&json!(2), &json!(60), &json!(3600))
        );
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let platform = Scripted::new([Ok(accepted())]);
        let long = Notice {
            title: "ä".repeat(300),
            message: "€".repeat(2000),
            ..notice()
        };
        run(notify(&platform, &config(), &long)).unwrap();
        assert_eq!(platform.sent(0)["title"], "ä".repeat(250));
        assert_eq!(platform.sent(0)["message"], "€".repeat(1024));
    }

    #[test]
    fn an_alert_without_words_is_not_sent() {
        let empty = Notice {
            message: " \n".to_owned(),
            ..notice()
        };
        assert_eq!(
            run(notify(&Scripted::new([]), &config(), &empty)),
            Err(UNSENDABLE)
        );
    }

    #[test]
    fn a_refusal_is_final_and_an_outage_is_not() {
        let send =
            |answer| run(notify(&Scripted::new([answer]), &config(), &notice())).unwrap_err();
        for status in [400, 401, 404, 408, 413, 429] {
            assert!(
                is_final(&send(Ok(answer(status, r#"{"status":0}"#)))),
                "{status}"
            );
        }
        assert!(is_final(&send(Ok(answer(200, r#"{"status":0}"#)))));
        assert!(!is_final(&send(Ok(answer(502, "<html>")))));
        assert!(!is_final(&send(Err(Fault::Timeout))));
        assert_eq!(send(Ok(answer(200, "{}"))), Fault::malformed("status"));
    }

    proptest! {
        #[test]
        fn a_cut_is_a_prefix_of_at_most_that_many_characters(text in ".*", max in 0_usize..20) {
            let cut = cut(&text, max);
            prop_assert!(text.starts_with(cut) && cut.chars().count() == text.chars().count().min(max));
        }
    }
}
