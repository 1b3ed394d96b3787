//! The name of an operation in the webhook's path: whose it is and which, under a code of ours.
//!
//! The provider does not sign the address it sends to, so a genuine body could be sent to another
//! operation's; without our code no such address can be made up.

use crate::config::Config;
use crate::domain::digest;
use crate::domain::ids::{OperationId, Serial, UserId};

const LABEL: &str = "webhook-handle";
const ID_BYTES: usize = 16;
const MAC_BYTES: usize = 16;

/// The address at which Replicate is to report on this operation.
pub fn webhook_url(config: &Config, owner: &UserId, operation: OperationId) -> String {
    format!(
        "{}/api/webhooks/replicate/{}",
        config.app_origin,
        write(config, owner, operation)
    )
}

/// 40 to 160 characters of base64url.
pub fn write(config: &Config, owner: &UserId, operation: OperationId) -> String {
    let id = operation.to_bytes();
    let owner = owner.as_str().as_bytes();
    let mac = config.keys.sign(LABEL, &[&id, owner]);
    let mac = mac.get(..MAC_BYTES).unwrap_or_default();
    digest::base64url(&[mac, &id, owner].concat())
}

/// Whose operation it is, if we made this name.
pub fn read(config: &Config, handle: &str) -> Option<(UserId, OperationId)> {
    if !(40..=160).contains(&handle.len()) {
        return None;
    }
    let bytes = digest::from_base64url(handle)?;
    let (mac, rest) = bytes.split_at_checked(MAC_BYTES)?;
    let (id, owner) = rest.split_at_checked(ID_BYTES)?;
    if !config.keys.is_signed(LABEL, &[id, owner], mac) {
        return None;
    }
    let owner = std::str::from_utf8(owner).ok()?.parse().ok()?;
    Some((owner, Serial::from_bytes(id.try_into().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn config() -> Config {
        Config::read(crate::fake::settings).unwrap()
    }

    proptest! {
        #[test]
        fn a_handle_names_what_it_was_made_of(
            owner in prop_oneof!["[1-9][0-9]{0,19}", "[0-9a-f]{15}[a-f]"], bytes in any::<[u8; 16]>()
        ) {
            let (config, owner) = (config(), owner.parse::<UserId>().unwrap());
            let operation = Serial::from_bytes(bytes);
            let handle = write(&config, &owner, operation);
            prop_assert_eq!(read(&config, &handle), Some((owner, operation)));
        }

        #[test]
        fn no_single_change_survives(place in 0_usize..60, with in "[A-Za-z0-9_-]") {
            let (config, owner) = (config(), "2446087e115025a1".parse::<UserId>().unwrap());
            let handle = write(&config, &owner, Serial::from_bytes([5; 16]));
            let place = place % handle.len();
            prop_assume!(handle[place..=place] != with);
            let other = format!("{}{with}{}", &handle[..place], &handle[place + 1..]);
            prop_assert_eq!(read(&config, &other), None);
        }

        #[test]
        fn arbitrary_text_is_no_handle(text in ".{0,200}") {
            prop_assert_eq!(read(&config(), &text), None);
        }
    }
}
