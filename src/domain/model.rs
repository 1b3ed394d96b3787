//! What a model is of, what it may be called, and the word that calls it up in a prompt.

use super::ids::Serial;
use super::prediction::is_bidirectional_control;

/// What the photos show. People are adults: the consent text says so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Subject {
    Person,
    Man,
    Woman,
    Pet,
    Object,
}

impl Subject {
    pub const ALL: [Self; 5] = [
        Self::Person,
        Self::Man,
        Self::Woman,
        Self::Pet,
        Self::Object,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Man => "man",
            Self::Woman => "woman",
            Self::Pet => "pet",
            Self::Object => "object",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|subject| subject.name() == name)
    }
}

pub const MAX_NAME_CHARS: usize = 60;

/// A model's name: one line of 1 to 60 characters.
pub fn is_name(text: &str) -> bool {
    (1..=MAX_NAME_CHARS).contains(&text.chars().count())
        && !text.trim().is_empty()
        && !text
            .chars()
            .any(|c| c.is_control() || is_bidirectional_control(c))
}

/// A word that no language has, so that a prompt calls up this model and nothing else.
pub fn trigger_word(serial: Serial) -> String {
    let text = serial.to_string();
    format!("SLF{}", text.get(18..).unwrap_or(&text))
}

/// The name of a version: `v1`, `v2`, …
pub fn is_version(id: &str) -> bool {
    let number = id.strip_prefix('v').unwrap_or_default();
    (1..=6).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_named_by_a_v_and_a_number() {
        assert!(is_version("v1") && is_version("v999999"));
        for wrong in ["", "v", "1", "V1", "v1x", "vx", "v1234567", "v-1"] {
            assert!(!is_version(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_trigger_word_is_like_no_other() {
        let [one, other] = [[1; 32], [2; 32]].map(|random| trigger_word(Serial::random(&random)));
        for word in [&one, &other] {
            assert!(word.len() == 11 && word.starts_with("SLF"), "{word}");
        }
        assert_ne!(one, other);
    }

    #[test]
    fn a_name_is_one_short_line() {
        assert!(is_name("Ana, summer"));
        for wrong in ["", " ", "a\nb", "a\u{202e}b", &"n".repeat(61)] {
            assert!(!is_name(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn every_subject_is_read_by_its_name() {
        for subject in Subject::ALL {
            assert_eq!(Subject::from_name(subject.name()), Some(subject));
        }
        assert_eq!(Subject::from_name("child"), None);
    }
}
