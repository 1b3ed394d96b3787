//! The letters that people get: text and HTML say the same, and every link leads to our origin.

use super::super::markup::escape;
use super::super::{App, why_training_failed};
use super::{Performed, Trouble};
use crate::domain::email::Address;
use crate::domain::ids::OperationId;
use crate::domain::timestamp::Timestamp;
use crate::ledger::commands::account::CountLetter;
use crate::ledger::{Alert, SignInLetter};
use crate::ports::{Book, Letter, Platform, Text};
use crate::providers::mail::{self, Undelivered};
use crate::records::{Model, User};

/// Sends the link and the code, unless too many letters went to this address already; whoever
/// asked is not told which.
pub async fn send_sign_in<P: Platform>(app: App<'_, P>, letter: &SignInLetter) -> Performed {
    let now = app.platform.now();
    if now >= letter.expires_at {
        return Err(Trouble::Hopeless);
    }
    let to_ascii = |domain: &str| app.platform.domain_to_ascii(domain);
    let address = Address::parse(&letter.to, to_ascii).map_err(|_| Trouble::Hopeless)?;
    let account = address
        .account(app.config.keys.email_id())
        .ok_or(Trouble::Hopeless)?;
    let count = CountLetter {
        letter: id_of(letter),
    };
    if !app.ask(&Book::User(account.id), count).await? {
        return Ok(());
    }
    deliver(app, &compose(&app.config.app_origin, letter)).await
}

/// The same for every try of one letter and for no other.
fn id_of(letter: &SignInLetter) -> String {
    let hash = crate::domain::digest::sha256(&[b"letter\0", letter.token.as_bytes()]);
    format!(
        "sign-in/{}",
        crate::domain::digest::hex(hash.get(..16).unwrap_or_default())
    )
}

fn compose(origin: &str, letter: &SignInLetter) -> Letter {
    let link = format!("{origin}/sign-in/confirm#t={}", letter.token);
    let SignInLetter { code, browser, .. } = letter;
    let asked = spoken(letter.asked_at);
    let minutes = letter.expires_at.since_ms(letter.asked_at) / 60_000;
    let ends = format!("The link and the code work once, for {minutes} minutes.");
    let why = format!("Somebody asked for this on {asked} in {browser}.");
    let ignore = "If it was not you, ignore this letter: without it nobody can sign in.";
    let text = format!(
        "Sign in to Selfie.pr with this link:\n\n{link}\n\n\
         Or type this code where you asked for it:\n\n{code}\n\n{ends}\n\n{why} {ignore}\n"
    );
    let (browser_html, link_html) = (escape(browser), escape(&link));
    let html = format!(
        "<p>Sign in to Selfie.pr with this link:</p><p><a href=\"{link_html}\">{link_html}</a></p>\
         <p>Or type this code where you asked for it:</p>\
         <p style=\"font:700 24px monospace;letter-spacing:.15em\">{code}</p>\
         <p>{ends}</p><p>Somebody asked for this on {asked} in {browser_html}. {ignore}</p>"
    );
    Letter {
        to: letter.to.clone(),
        subject: "Your sign-in link for Selfie.pr".to_owned(),
        text,
        html,
        id: id_of(letter),
        kind: "sign_in",
    }
}

/// Tells the owner that a training is over. One that was begun anew meanwhile tells by itself.
pub async fn send_training_end<P: Platform>(
    app: App<'_, P>,
    owner: &User,
    model: &Model,
    operation: OperationId,
) -> Performed {
    let (Some(to), true) = (&owner.email, model.operation == Some(Text(operation))) else {
        return Ok(());
    };
    deliver(
        app,
        &compose_end(&app.config.app_origin, to, model, operation),
    )
    .await
}

fn compose_end(origin: &str, to: &str, model: &Model, operation: OperationId) -> Letter {
    let link = format!("{origin}/studio/{}", model.id);
    let (subject, said, kind) = match &model.failure {
        None => (
            "Your model is ready",
            "Your model is ready. Describe a picture and see yourself in it:".to_owned(),
            "training_ready",
        ),
        Some(failure) => (
            "Your training did not work out",
            format!(
                "{} It does not count against your limit. One button starts it again:",
                why_training_failed(&failure.reason)
            ),
            "training_failed",
        ),
    };
    let name = &model.name;
    let text = format!("{name}\n\n{said}\n\n{link}\n");
    let (name_html, said_html, link_html) = (escape(name), escape(&said), escape(&link));
    let html = format!(
        "<p><strong>{name_html}</strong></p><p>{said_html}</p>\
         <p><a href=\"{link_html}\">{link_html}</a></p>"
    );
    Letter {
        to: to.to_owned(),
        subject: subject.to_owned(),
        text,
        html,
        id: format!("training/{operation}"),
        kind,
    }
}

/// `22 November 2026 at 10:00 UTC`, cut from RFC 3339.
fn spoken(moment: Timestamp) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let text = moment.to_rfc3339();
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let month = part(5, 7).parse::<usize>().unwrap_or(1).saturating_sub(1);
    let month = MONTHS.get(month).copied().unwrap_or_default();
    format!(
        "{} {month} {} at {} UTC",
        part(8, 10).trim_start_matches('0'),
        part(0, 4),
        part(11, 16)
    )
}

async fn deliver<P: Platform>(app: App<'_, P>, letter: &Letter) -> Performed {
    match mail::deliver(app.platform, app.config, letter).await {
        Ok(()) => Ok(()),
        Err(Undelivered::Later { retry_after_s }) => Err(Trouble::Again {
            retry_after_s: retry_after_s.map(u64::from),
        }),
        Err(Undelivered::ThisLetterNever) => Err(Trouble::Hopeless),
        Err(Undelivered::Quota) => {
            app.tell(Alert::new("mail-quota", "mail")).await;
            Err(Trouble::Hopeless)
        }
        Err(Undelivered::Configuration) => {
            app.tell(Alert::new("mail-account", "mail")).await;
            Err(Trouble::Again {
                retry_after_s: None,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> SignInLetter {
        SignInLetter {
            to: "ana@example.com".to_owned(),
            token: "T0ken-_".to_owned(),
            code: "AB12CD34".to_owned(),
            browser: "Firefox <b>on</b> Linux".to_owned(),
            asked_at: Timestamp::from_ms(1_795_341_600_000),
            expires_at: Timestamp::from_ms(1_795_342_200_000),
        }
    }

    #[test]
    fn both_parts_carry_the_one_link_and_the_code() {
        let composed = compose("https://selfie.pr", &letter());
        for part in [&composed.text, &composed.html] {
            assert!(part.contains("https://selfie.pr/sign-in/confirm#t=T0ken-_"));
            assert!(part.contains("AB12CD34"));
            assert!(part.contains("22 November 2026 at 10:00 UTC"));
            let foreign = part.replace("https://selfie.pr/", "");
            assert!(!foreign.contains("://"), "{foreign}");
        }
    }

    #[test]
    fn what_a_browser_says_of_itself_is_not_markup() {
        assert!(!compose("https://selfie.pr", &letter()).html.contains("<b>"));
    }

    mod fuzz {
        use proptest::prelude::*;

        use super::*;
        use crate::fuzz::{fuzz, near, within};

        #[test]
        fn letters() {
            let seeds = [
                "Firefox on Linux",
                "<b>x</b>",
                "\"'&lt;",
                "\r\nBcc: x@example.com",
                "a]]>",
            ];
            fuzz(
                "letters",
                &(near(&seeds), near(&seeds)),
                |(browser, token)| {
                    let plain = compose("https://selfie.pr", &letter());
                    let odd = SignInLetter {
                        browser: browser.clone(),
                        token: token.clone(),
                        ..letter()
                    };
                    let most = 64 * (browser.len() + token.len()) + 16_384;
                    let composed = within(most, || compose("https://selfie.pr", &odd))?;
                    prop_assert_eq!(composed.subject, plain.subject);
                    prop_assert!(
                        composed.text.contains(&browser) && composed.text.contains(&token)
                    );
                    // Whatever they say, no mark of HTML is theirs.
                    for mark in ['<', '>', '"', '\''] {
                        let count = |html: &str| html.matches(mark).count();
                        prop_assert_eq!(count(&composed.html), count(&plain.html));
                    }
                    Ok(())
                },
            );
        }
    }

    #[test]
    fn the_id_of_a_letter_does_not_tell_the_token() {
        assert!(!id_of(&letter()).contains("T0ken"));
        assert_eq!(id_of(&letter()), id_of(&letter()));
    }
}
