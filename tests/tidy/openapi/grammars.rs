//! The grammars of texts, as JSON Schema. Each is held against the code that reads or writes it.

use selfie::api::wire::Style;
use selfie::domain::model::MAX_NAME_CHARS;
use selfie::domain::photo::MAX_CAPTION_CHARS;
use selfie::domain::prediction::MAX_PROMPT_CHARS;
use serde_json::{Map, Value, json};

use crate::wire_types::words;

/// `domain::ids::Serial`: 128 bits in 26 characters, of which the first holds three.
pub const SERIAL: &str = "[0-7][0-9a-hjkmnp-tv-z]{25}";

/// Control characters, and those that reverse the writing direction; as a class of a pattern.
const UNPRINTABLE: &str = r"\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069";

/// White space that is no control character.
const BLANK: &str = r" \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000";

pub fn text() -> Value {
    json!({"type": "string"})
}

/// A sentence or a name: anything but nothing.
pub fn words_of_some_kind() -> Value {
    json!({"type": "string", "minLength": 1})
}

pub fn of_pattern(pattern: &str) -> Value {
    json!({"type": "string", "pattern": pattern})
}

pub fn serial() -> Value {
    of_pattern(&format!("^{SERIAL}$"))
}

pub fn uri() -> Value {
    json!({"type": "string", "format": "uri"})
}

/// One line, and something on it.
fn line(max_chars: usize) -> Value {
    json!({
        "type": "string",
        "minLength": 1,
        "maxLength": max_chars,
        "pattern": format!("^[^{UNPRINTABLE}]*[^{BLANK}{UNPRINTABLE}][^{UNPRINTABLE}]*$"),
    })
}

pub fn caption() -> Value {
    json!({
        "type": "string",
        "maxLength": MAX_CAPTION_CHARS,
        "pattern": format!("^[^{UNPRINTABLE}]*$"),
    })
}

/// Plain text, which may have several lines: the newline is the one control character in it.
fn prompt() -> Value {
    let unprintable = UNPRINTABLE.replace(r"\u0000-\u001f", r"\u0000-\u0009\u000b-\u001f");
    json!({
        "type": "string",
        "minLength": 1,
        "maxLength": MAX_PROMPT_CHARS,
        "pattern": format!("^[^{unprintable}]*[^{BLANK}{UNPRINTABLE}][^{unprintable}]*$"),
    })
}

/// The grammars that have a name of their own.
pub fn schemas() -> Map<String, Value> {
    let described = |mut schema: Value, description: &str| {
        schema["description"] = description.into();
        schema
    };
    let styles: Vec<&str> = styles().iter().map(|style| style.id).collect();
    let mut schemas = Map::new();
    let mut insert = |name: &str, schema| schemas.insert(name.to_owned(), schema);
    insert(
        "UserId",
        described(
            of_pattern("^([1-9][0-9]{0,19}|[0-9a-f]{16})$"),
            "A person; of those by mail at least one of the characters is a letter.",
        ),
    );
    insert(
        "ModelId",
        described(
            of_pattern("^[0-9]{13}$"),
            "The millisecond in which it was made.",
        ),
    );
    insert("Serial", described(serial(), "A photo, or a deletion."));
    insert(
        "PredictionId",
        described(
            of_pattern(&format!("^[0-9]{{13}}_{SERIAL}$")),
            "The model and a serial; the newest come first in byte order.",
        ),
    );
    insert("VersionId", of_pattern("^v[0-9]{1,6}$"));
    insert(
        "Time",
        json!({
            "type": "string",
            "format": "date-time",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$",
        }),
    );
    insert("ModelName", line(MAX_NAME_CHARS));
    insert("Prompt", prompt());
    insert("StyleId", json!({"type": "string", "enum": styles}));
    for (name, words) in words() {
        insert(name, json!({"type": "string", "enum": words}));
    }
    schemas
}

/// What `GET /api/styles` lists.
fn styles() -> &'static [Style] {
    selfie::api::STYLES
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::string::string_regex;
    use regex_lite::Regex;
    use selfie::domain::ids::{ModelId, PredictionId, Serial, UserId};
    use selfie::domain::model::{is_name, is_version};
    use selfie::domain::photo::is_caption;
    use selfie::domain::prediction::is_prompt;
    use selfie::domain::timestamp::Timestamp;

    use super::*;

    fn schema(name: &str) -> Value {
        schemas()[name].clone()
    }

    /// What a schema allows, as texts.
    fn texts(schema: &Value) -> impl Strategy<Value = String> + use<> {
        let pattern = schema["pattern"].as_str().unwrap();
        let schema = schema.clone();
        string_regex(pattern.trim_start_matches('^').trim_end_matches('$'))
            .unwrap()
            .prop_filter("too long", move |text| allows(&schema, text))
    }

    /// Whether a text is of a schema; lengths are counted in characters.
    fn allows(schema: &Value, text: &str) -> bool {
        let length = text.chars().count() as u64;
        Regex::new(schema["pattern"].as_str().unwrap())
            .unwrap()
            .is_match(text)
            && schema["minLength"].as_u64().is_none_or(|min| length >= min)
            && schema["maxLength"].as_u64().is_none_or(|max| length <= max)
    }

    proptest! {
        #[test]
        fn what_the_document_allows_is_read(
            user in texts(&schema("UserId")),
            model in texts(&schema("ModelId")),
            serial in texts(&schema("Serial")),
            prediction in texts(&schema("PredictionId")),
            version in texts(&schema("VersionId")),
            name in texts(&schema("ModelName")),
            prompt in texts(&schema("Prompt")),
            caption in texts(&caption()),
        ) {
            // Sixteen digits are of the pattern, and of neither family.
            prop_assert!(user.parse::<UserId>().is_ok() || user.bytes().all(|b| b.is_ascii_digit()));
            prop_assert!(model.parse::<ModelId>().is_ok());
            prop_assert!(serial.parse::<Serial>().is_ok());
            prop_assert!(prediction.parse::<PredictionId>().is_ok());
            prop_assert!(is_version(&version));
            prop_assert!(is_name(&name), "{name:?}");
            prop_assert!(is_prompt(&prompt), "{prompt:?}");
            prop_assert!(is_caption(&caption), "{caption:?}");
        }

        #[test]
        fn what_is_read_or_written_is_allowed(
            text in "[ a-c\\n\\t\u{7f}\u{85}\u{a0}\u{202e}\u{2028}é]{0,8}",
            ms in 0..9_999_999_999_999_u64,
            bytes in any::<[u8; 32]>(),
        ) {
            prop_assert_eq!(allows(&schema("ModelName"), &text), is_name(&text), "{:?}", text);
            prop_assert_eq!(allows(&schema("Prompt"), &text), is_prompt(&text), "{:?}", text);
            prop_assert_eq!(allows(&caption(), &text), is_caption(&text), "{:?}", text);
            prop_assert!(allows(&schema("Time"), &Timestamp::from_ms(ms).to_rfc3339()));
            prop_assert!(allows(&schema("Serial"), &Serial::random(&bytes).to_string()));
        }
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        for (schema, max) in [
            (schema("ModelName"), MAX_NAME_CHARS),
            (schema("Prompt"), MAX_PROMPT_CHARS),
            (caption(), MAX_CAPTION_CHARS),
        ] {
            assert!(allows(&schema, &"é".repeat(max)));
            assert!(!allows(&schema, &"é".repeat(max + 1)));
        }
    }
}
