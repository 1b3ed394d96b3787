//! The lines that the operator reads: one JSON object for each event.
//!
//! A line holds kinds, ids, statuses and numbers. Tokens, codes, addresses, prompts, names of photos,
//! addresses of files and a provider's words have no place in one; the tests search every line of
//! every run for them.

use super::json::{ObjectWriter, ToJson};

/// Names and values, in the order in which they stand in the line.
pub type Fields<'a> = &'a [(&'a str, &'a dyn ToJson)];

/// One event on one line, whatever characters its fields hold.
pub fn line(event: &str, fields: Fields<'_>) -> String {
    let mut line = String::new();
    let mut object = ObjectWriter::begin(&mut line);
    object.member("event", &event);
    for (name, value) in fields {
        object.member(name, *value);
    }
    object.end();
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_begins_with_its_event() {
        let line = line("sign-in", &[("outcome", &"ok"), ("ms", &3_u64)]);
        assert_eq!(line, r#"{"event":"sign-in","outcome":"ok","ms":3}"#);
    }

    proptest! {
        #[test]
        fn whatever_a_field_holds_stays_on_the_line(text in any::<String>()) {
            let line = line("x", &[("field", &text)]);
            let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
            prop_assert!(!line.contains(breaks));
            let read: serde_json::Value = serde_json::from_str(&line).unwrap();
            prop_assert_eq!(read["field"].as_str(), Some(text.as_str()));
        }
    }
}
