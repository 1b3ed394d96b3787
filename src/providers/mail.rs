//! Letters, by whichever way is configured, and why one did not leave.

use super::resend;
use crate::config::{Config, MailAdapter};
use crate::ports::{Fault, Letter, Platform};

/// Why a letter has not been sent, which decides what happens to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Undelivered {
    /// It may work later, with the same letter.
    Later { retry_after_s: Option<u32> },
    /// We have sent all that we may; nothing leaves before the quota starts again.
    Quota,
    /// Nobody will ever take this letter for this person.
    ThisLetterNever,
    /// Our account, key or sender is at fault, and with it every letter.
    Configuration,
}

/// Sends one letter, once; the outbox repeats it.
pub async fn deliver<P: Platform>(
    platform: &P,
    config: &Config,
    letter: &Letter,
) -> Result<(), Undelivered> {
    if !is_safe(letter) {
        return Err(Undelivered::ThisLetterNever);
    }
    match &config.mail {
        MailAdapter::Resend { url, api_key } => {
            resend::deliver(platform, url, api_key, &config.email_from, letter).await
        }
        MailAdapter::Cloudflare => {
            let answer = platform.deliver(&config.email_from, letter).await;
            answer.map_err(|fault| of_binding(&fault, letter))
        }
    }
}

/// No line break or other control character comes into a header.
fn is_safe(letter: &Letter) -> bool {
    let plain = |text: &str| !text.is_empty() && !text.chars().any(char::is_control);
    plain(&letter.to) && plain(&letter.subject) && plain(&letter.id)
}

/// The binding's refusals have no status of their own; the platform says 401 or 403 for a sender
/// that is not ours, 402 for a used-up quota, 429 for too many at once and 5xx for its own trouble.
fn of_binding(fault: &Fault, letter: &Letter) -> Undelivered {
    match *fault {
        Fault::Refused { status: 402, .. } => Undelivered::Quota,
        Fault::Refused {
            status: 401 | 403, ..
        } => Undelivered::Configuration,
        Fault::Refused {
            status: 408 | 429 | 500..=599,
            retry_after_s,
        } => Undelivered::Later { retry_after_s },
        Fault::Refused { .. } => Undelivered::ThisLetterNever,
        // It may have left, and the binding cannot tell a repeat: a second sign-in letter would
        // make the first one worthless, and the person can ask for another.
        _ if letter.kind == "sign_in" => Undelivered::ThisLetterNever,
        _ => Undelivered::Later {
            retry_after_s: None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::scripted::{Scripted, answer, run};
    use base64ct::{Base64, Base64UrlUnpadded, Encoding};

    fn config(adapter: &str) -> Config {
        let key = Base64UrlUnpadded::encode_string(&[9; 32]);
        Config::read(|name| {
            let value = match name {
                "ENVIRONMENT" => "test",
                "APP_ORIGIN" => "http://127.0.0.1:8787",
                "REPLICATE_API_TOKEN" => "r8_0123456789012345678901234567890123456",
                "REPLICATE_WEBHOOK_SECRET" => {
                    return Some(format!("whsec_{}", Base64::encode_string(&[7; 24])));
                }
                "REPLICATE_DESTINATION" => "selfie-pr/faces",
                "BYTESCALE_SECRET_KEY" => "secret_A623uY2abcdefghijklm",
                "BYTESCALE_SIGNING_KEY_ID" => "F91kfA1g",
                "BYTESCALE_SIGNING_KEY" => return Some(Base64::encode_string(&[8; 32])),
                "EMAIL_ADAPTER" => adapter,
                "EMAIL_FROM" => "Selfie.pr <hello@selfie.pr>",
                "RESEND_API_KEY" => "re_0123456789abcdef",
                "JWT_KEYS" => return Some(format!("{{\"k1\":\"{key}\"}}")),
                "JWT_ACTIVE_KID" => "k1",
                "EMAIL_ID_KEY" => return Some(key.clone()),
                _ => return None,
            };
            Some(value.to_owned())
        })
        .unwrap()
    }

    fn letter(kind: &'static str) -> Letter {
        Letter {
            to: "ada@reader.test".to_owned(),
            subject: "Your sign-in link".to_owned(),
            text: "…".to_owned(),
            html: "<p>…</p>".to_owned(),
            id: "0abc".to_owned(),
            kind,
        }
    }

    #[test]
    fn the_configured_way_is_taken() {
        let platform = Scripted::new([Ok(answer(200, r#"{"id":"x"}"#))]);
        assert_eq!(
            run(deliver(&platform, &config("resend"), &letter("sign_in"))),
            Ok(())
        );
        assert_eq!(platform.calls(), ["POST https://api.resend.com/emails"]);
        let platform = Scripted::new([]);
        assert_eq!(
            run(deliver(
                &platform,
                &config("cloudflare"),
                &letter("sign_in")
            )),
            Ok(())
        );
        let sent = platform.letters.borrow();
        assert_eq!(
            sent[0],
            ("Selfie.pr <hello@selfie.pr>".to_owned(), letter("sign_in"))
        );
    }

    #[test]
    fn a_letter_that_forges_a_header_is_not_sent() {
        for adapter in ["resend", "cloudflare"] {
            let platform = Scripted::new([]);
            let forged = Letter {
                subject: "a\r\nBcc: b@c.test".to_owned(),
                ..letter("sign_in")
            };
            let answer = run(deliver(&platform, &config(adapter), &forged));
            assert_eq!(answer, Err(Undelivered::ThisLetterNever));
            assert!(platform.letters.borrow().is_empty());
        }
    }

    #[test]
    fn the_bindings_refusals_have_their_classes() {
        let later = |retry_after_s| Undelivered::Later { retry_after_s };
        let refused = |status| Fault::Refused {
            status,
            retry_after_s: None,
        };
        for (fault, kind, class) in [
            (refused(402), "sign_in", Undelivered::Quota),
            (refused(401), "sign_in", Undelivered::Configuration),
            (refused(403), "sign_in", Undelivered::Configuration),
            (
                Fault::Refused {
                    status: 429,
                    retry_after_s: Some(3),
                },
                "sign_in",
                later(Some(3)),
            ),
            (refused(500), "sign_in", later(None)),
            (refused(422), "sign_in", Undelivered::ThisLetterNever),
            (Fault::Timeout, "sign_in", Undelivered::ThisLetterNever),
            (Fault::Timeout, "training_ready", later(None)),
        ] {
            let mut platform = Scripted::new([]);
            platform.mail = Err(fault.clone());
            let answer = run(deliver(&platform, &config("cloudflare"), &letter(kind)));
            assert_eq!(answer, Err(class), "{fault:?} {kind}");
        }
    }
}
