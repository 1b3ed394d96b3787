//! How a person is called.

use super::prediction::is_bidirectional_control;

const MAX_NAME_CHARS: usize = 100;

/// A name for display: without control and bidirectional characters, cut to 100 characters; nothing
/// when nothing is left. Never part of a key or path.
pub fn display_name(raw: &str) -> Option<String> {
    let clean: String = raw
        .chars()
        .filter(|c| !c.is_control() && !is_bidirectional_control(*c))
        .take(MAX_NAME_CHARS)
        .collect();
    let clean = clean.trim();
    (!clean.is_empty()).then(|| clean.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_safe_to_show() {
        let shown = |raw: &str| display_name(raw);
        assert_eq!(
            shown("Ada\u{202e} \nExample").as_deref(),
            Some("Ada Example")
        );
        assert_eq!(shown(&"ழ".repeat(500)).unwrap().chars().count(), 100);
        assert_eq!(shown(" \u{200f}\t"), None);
    }
}
