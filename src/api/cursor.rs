//! Cursors of lists: where the next page begins, bound to the person and the list, so that one
//! cannot be used for another.

use super::guard::refuse;
use super::problem::Problem;
use crate::config::Config;
use crate::domain::digest;
use crate::domain::ids::UserId;

const LABEL: &str = "list-cursor";
const MAC_BYTES: usize = 16;

/// A cursor behind the entry `last` of a list that `scope` describes.
pub fn write(config: &Config, owner: &UserId, scope: &str, last: &str) -> String {
    let parts = [
        owner.as_str().as_bytes(),
        b"\0",
        scope.as_bytes(),
        b"\0",
        last.as_bytes(),
    ];
    let mac = config.keys.sign(LABEL, &parts);
    let mac = mac.get(..MAC_BYTES).unwrap_or_default();
    digest::base64url(&[mac, last.as_bytes()].concat())
}

/// The entry that a cursor of this list names.
pub fn read(config: &Config, owner: &UserId, scope: &str, cursor: &str) -> Result<String, Problem> {
    let entry = || {
        let bytes = (cursor.len() <= 256).then(|| digest::from_base64url(cursor))??;
        let (mac, last) = bytes.split_at_checked(MAC_BYTES)?;
        let parts = [
            owner.as_str().as_bytes(),
            b"\0",
            scope.as_bytes(),
            b"\0",
            last,
        ];
        let genuine = config.keys.is_signed(LABEL, &parts, mac);
        genuine.then(|| String::from_utf8(last.to_vec()).ok())?
    };
    entry().ok_or_else(|| refuse("/cursor", "Is not a cursor of this list."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_good_for_its_owner_and_list_only() {
        let config = Config::read(crate::fake::settings).unwrap();
        let [ana, ben]: [UserId; 2] =
            ["aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb"].map(|id| id.parse().unwrap());
        let cursor = write(&config, &ana, "model", "1732290000000");
        assert_eq!(
            read(&config, &ana, "model", &cursor),
            Ok("1732290000000".to_owned())
        );
        assert!(read(&config, &ben, "model", &cursor).is_err());
        assert!(read(&config, &ana, "prediction", &cursor).is_err());
        assert!(read(&config, &ana, "model", "garbage").is_err());
    }
}
