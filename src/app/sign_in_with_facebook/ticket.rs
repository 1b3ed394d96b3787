//! What a browser carries to Facebook's dialog and back, under a code of ours.
//!
//! ```text
//! ticket = base64url( mac nonce sha256(state) issued-at next )   ; 32, 32, 32, 8 bytes and the rest
//! ```
//!
//! The label of the code says what it is: nothing else that we sign is ever taken for one.

use crate::config::Keys;
use crate::domain::digest;
use crate::domain::timestamp::Timestamp;

const LABEL: &str = "facebook-ticket";
/// A path of 512 bytes and all that stands before it, in base64url.
const MAX_CHARS: usize = 832;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ticket {
    pub nonce: [u8; 32],
    pub state_sha256: [u8; 32],
    pub issued_at: Timestamp,
    pub next: String,
}

impl Ticket {
    pub fn write(&self, keys: &Keys) -> String {
        let body = [
            self.nonce.as_slice(),
            &self.state_sha256,
            &self.issued_at.as_ms().to_be_bytes(),
            self.next.as_bytes(),
        ]
        .concat();
        let mac = keys.sign(LABEL, &[&body]);
        digest::base64url(&[mac.as_slice(), &body].concat())
    }

    /// The ticket, if we wrote it.
    pub fn read(keys: &Keys, text: &str) -> Option<Self> {
        if text.len() > MAX_CHARS {
            return None;
        }
        let bytes = digest::from_base64url(text)?;
        let (mac, body) = bytes.split_first_chunk::<32>()?;
        if !keys.is_signed(LABEL, &[body], mac) {
            return None;
        }
        let (nonce, rest) = body.split_first_chunk()?;
        let (state_sha256, rest) = rest.split_first_chunk()?;
        let (issued_at, next) = rest.split_first_chunk()?;
        Some(Self {
            nonce: *nonce,
            state_sha256: *state_sha256,
            issued_at: Timestamp::from_ms(u64::from_be_bytes(*issued_at)),
            next: std::str::from_utf8(next).ok()?.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use proptest::prelude::*;

    fn keys() -> Keys {
        Config::read(crate::fake::settings).unwrap().keys
    }

    fn ticket(next: &str) -> Ticket {
        Ticket {
            nonce: [1; 32],
            state_sha256: [2; 32],
            issued_at: Timestamp::from_ms(1_772_618_400_000),
            next: next.to_owned(),
        }
    }

    #[test]
    fn the_longest_way_on_fits() {
        let ticket = ticket(&format!("/{}", "a".repeat(511)));
        let text = ticket.write(&keys());
        assert!(text.len() <= MAX_CHARS);
        assert_eq!(Ticket::read(&keys(), &text), Some(ticket));
    }

    #[test]
    fn a_longer_one_is_not_looked_at_though_we_signed_it() {
        let text = ticket(&format!("/{}", "a".repeat(4 * MAX_CHARS))).write(&keys());
        assert_eq!(Ticket::read(&keys(), &text), None);
    }

    #[test]
    fn a_nonce_alone_is_no_ticket() {
        assert_eq!(Ticket::read(&keys(), &digest::base64url(&[1; 32])), None);
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(next in "/[a-z0-9?=&%]{0,60}", nonce: [u8; 32]) {
            let ticket = Ticket { nonce, ..ticket(&next) };
            prop_assert_eq!(Ticket::read(&keys(), &ticket.write(&keys())), Some(ticket));
        }

        #[test]
        fn no_single_change_survives(place in 0_usize..150, with in "[A-Za-z0-9_-]") {
            let text = ticket("/create").write(&keys());
            let place = place % text.len();
            prop_assume!(text[place..=place] != with);
            let other = format!("{}{with}{}", &text[..place], &text[place + 1..]);
            prop_assert_eq!(Ticket::read(&keys(), &other), None);
        }

        #[test]
        fn arbitrary_text_is_no_ticket(text in ".{0,200}") {
            prop_assert_eq!(Ticket::read(&keys(), &text), None);
        }
    }
}
