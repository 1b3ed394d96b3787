//! Asking for a sign-in letter.
//!
//! Whatever the address, the answer is the same and comes before anything that depends on it: the
//! letter is an effect of the attempt's book, which alone knows it.

use super::admit_client::admit_client;
use super::{App, Error};
use crate::domain::digest;
use crate::domain::email::Address;
use crate::domain::ids::AttemptId;
use crate::ledger::SignInLetter;
use crate::ledger::commands::attempt::{EndAttempt, OpenAttempt};
use crate::ledger::commands::limit;
use crate::ports::{Book, Platform};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_LABEL: &str = "link-code";

/// What the asking browser gets: the nonce for its cookie.
#[derive(Debug)]
pub struct Asked {
    pub nonce: [u8; 32],
    pub expires_in_s: u64,
}

/// Where the wish comes from.
#[derive(Debug)]
pub struct From {
    /// Whose limits it counts against.
    pub client: String,
    /// The kind of browser, in words.
    pub browser: String,
    /// The secret of this browser's former attempt.
    pub former_nonce: Option<Vec<u8>>,
}

/// Begins an attempt and lets the letter follow. A former attempt of the same browser ends.
pub async fn ask_for_link<P: Platform>(
    app: App<'_, P>,
    address: &Address,
    next: String,
    from: From,
) -> Result<Asked, Error> {
    admit_client(app, &from.client, limit::Asked::Link).await?;
    let platform = app.platform;
    let (nonce, token) = (platform.entropy(), digest::base64url(&platform.entropy()));
    let code = draw_code(&platform.entropy());
    let (now, ttl_s) = (platform.now(), app.config.rules.link_ttl_s);
    if let Some(former) = &from.former_nonce {
        app.ask(&Book::Link(AttemptId::of_nonce(former)), EndAttempt {})
            .await?;
    }
    let open = OpenAttempt {
        next,
        token_sha256: hash_token(&token),
        code_mac: code_mac(app, &code),
        letter: SignInLetter {
            to: address.as_str().to_owned(),
            token,
            code,
            browser: from.browser,
            asked_at: now,
            expires_at: now.plus_s(ttl_s),
        },
    };
    app.ask(&Book::Link(AttemptId::of_nonce(&nonce)), open)
        .await?;
    Ok(Asked {
        nonce,
        expires_in_s: ttl_s,
    })
}

/// Eight letters and digits that cannot be mistaken for each other: 40 bits.
fn draw_code(entropy: &[u8; 32]) -> String {
    entropy
        .iter()
        .take(8)
        .filter_map(|byte| ALPHABET.get(usize::from(byte & 31)))
        .map(|letter| char::from(*letter))
        .collect()
}

/// A code as it was meant: any case, with spaces and hyphens, `O` for zero, `I` and `L` for one.
pub fn read_code(typed: &str) -> Option<String> {
    let code: String = typed
        .chars()
        .filter(|c| !matches!(c, ' ' | '-'))
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    let of_alphabet = code.bytes().all(|b| ALPHABET.contains(&b));
    (code.len() == 8 && of_alphabet).then_some(code)
}

pub(super) fn hash_token(token: &str) -> String {
    digest::hex(&digest::sha256(&[token.as_bytes()]))
}

/// Forty bits could be searched from a plain hash, so a code is kept under a key.
pub(super) fn code_mac<P: Platform>(app: App<'_, P>, code: &str) -> String {
    digest::hex(&app.config.keys.sign(CODE_LABEL, &[code.as_bytes()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        assert_eq!(read_code("ab1o-il x9").as_deref(), Some("AB1011X9"));
        for wrong in ["", "ABCDEFG", "ABCDEFGHJ", "ABCDEFGU", "ABCDEFGé"] {
            assert_eq!(read_code(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_drawn_code_is_read_as_itself() {
        for seed in 0..=255 {
            let code = draw_code(&[seed; 32]);
            assert_eq!(read_code(&code), Some(code));
        }
    }
}
