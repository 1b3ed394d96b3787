//! What a vision model is asked about a photo, and what is kept of its answer.
//!
//! The answer is text of a stranger: it becomes one bounded line without markup before anything
//! else sees it.

use super::photo::MAX_CAPTION_CHARS;
use super::prediction::is_bidirectional_control;

/// What a training should not take for the subject itself: everything around it. What the law calls
/// special about a person is not asked for.
pub const QUESTION: &str = "Describe this photo in one plain sentence of at most forty words: \
    clothing, pose, expression, framing, light and background. Do not guess names, age, origin, \
    health or beliefs.";

/// Vision models begin like this; a caption begins with what is there.
const LEADS: [&str; 12] = [
    "the image shows",
    "the image features",
    "the image depicts",
    "the image captures",
    "this image shows",
    "the photo shows",
    "the photo features",
    "the photo depicts",
    "the photo captures",
    "this photo shows",
    "in the image,",
    "in this photo,",
];

/// What is kept of an answer: one line of plain words, cut between two of them where it is too long.
/// Nothing when it says nothing.
pub fn from_answer(answer: &str) -> Option<String> {
    let plain = without_tags(answer);
    let letters = plain.chars().map(|c| match c {
        c if c.is_control() || is_mark(c) => ' ',
        c => c,
    });
    let letters: String = letters
        .filter(|c| !is_bidirectional_control(*c) && !is_invisible(*c))
        .collect();
    let mut line = letters.split_whitespace().collect::<Vec<_>>().join(" ");
    while let Some(rest) = without_lead(&line) {
        line = rest;
    }
    let line = cut(trim(&line));
    line.chars().any(char::is_alphanumeric).then_some(line)
}

/// What a trainer reads beside a photo: the caption, with the trigger word in front where it lacks.
pub fn for_training(caption: &str, trigger_word: &str) -> String {
    if caption.contains(trigger_word) {
        caption.to_owned()
    } else {
        format!("{trigger_word}, {caption}")
    }
}

/// What stands between angle brackets is no description: `<b>`, `<lora:x:1>`, `<|end|>`. A bracket
/// without its other half is only a mark.
fn without_tags(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        kept.push_str(before);
        kept.push(' ');
        rest = after.split_once('>').map_or(after, |(_, behind)| behind);
    }
    kept.push_str(rest);
    kept
}

/// Marks of Markdown, HTML and prompt languages, none of which a sentence needs.
const fn is_mark(c: char) -> bool {
    matches!(
        c,
        '<' | '>' | '*' | '_' | '#' | '`' | '|' | '~' | '\\' | '[' | ']' | '{' | '}' | '=' | '^'
    )
}

/// Characters that take no room and can hide others.
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}'
            | '\u{206a}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

fn without_lead(line: &str) -> Option<String> {
    let line = trim(line);
    LEADS.iter().find_map(|lead| {
        let begin = line.get(..lead.len())?;
        let rest = line.get(lead.len()..)?;
        let whole =
            begin.eq_ignore_ascii_case(lead) && rest.starts_with(|c: char| c.is_whitespace());
        whole.then(|| rest.trim().to_owned())
    })
}

fn trim(line: &str) -> &str {
    line.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | '“' | '”' | '„' | ',' | ':' | ';' | '-')
    })
}

fn cut(line: &str) -> String {
    let Some((end, _)) = line.char_indices().nth(MAX_CAPTION_CHARS) else {
        return line.to_owned();
    };
    let most = line.get(..end).unwrap_or_default();
    let whole = match most.rsplit_once(' ') {
        Some((words, _)) if !line.get(end..).is_some_and(|rest| rest.starts_with(' ')) => words,
        _ => most,
    };
    trim(whole).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::photo::is_caption;
    use proptest::prelude::*;

    #[test]
    fn an_answer_becomes_one_plain_line() {
        for (answer, kept) in [
            ("A woman in a red coat.", Some("A woman in a red coat.")),
            (
                "\nThe image shows a man\r\n\twith  a hat.\n",
                Some("a man with a hat."),
            ),
            ("The image shows the photo shows a dog", Some("a dog")),
            ("**Bold** _words_ `here` # x", Some("Bold words here x")),
            (
                "a <script>alert(1)</script> cat <lora:x:2>",
                Some("a alert(1) cat"),
            ),
            ("a < b", Some("a b")),
            ("<a", Some("a")),
            ("\"In this photo, two cups\"", Some("two cups")),
            ("gpj.\u{202e}exe\u{200b}", Some("gpj.exe")),
            ("\u{1b}[31mred\0", Some("31mred")),
            ("The image showsmanship", Some("The image showsmanship")),
            ("", None),
            (" \n\t", None),
            ("<br><br>", None),
            ("...", None),
        ] {
            assert_eq!(from_answer(answer).as_deref(), kept, "{answer:?}");
        }
    }

    #[test]
    fn a_long_answer_ends_with_a_whole_word() {
        let kept = from_answer(&"word ".repeat(300)).unwrap();
        assert!(kept.len() <= MAX_CAPTION_CHARS && kept.ends_with("word"));
        let kept = from_answer(&"ü".repeat(5000)).unwrap();
        assert_eq!(kept.chars().count(), MAX_CAPTION_CHARS);
    }

    #[test]
    fn a_word_that_ends_where_the_caption_does_is_whole() {
        let words = "word ".repeat(99);
        let exact = format!("{words}words");
        assert_eq!(exact.len(), MAX_CAPTION_CHARS);
        assert_eq!(from_answer(&format!("{exact} and more")), Some(exact));
        let broken = format!("{words}wordsandmore");
        assert_eq!(from_answer(&broken), Some(words.trim().to_owned()));
    }

    #[test]
    fn a_trainer_reads_the_trigger_word_once() {
        assert_eq!(for_training("in a garden", "SLFx"), "SLFx, in a garden");
        assert_eq!(for_training("SLFx smiling", "SLFx"), "SLFx smiling");
    }

    /// Text of everything that a sanitiser has to deal with.
    fn answer() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            any::<String>(),
            "[a-zäß ]{0,40}",
            Just("<b>".to_owned()),
            Just("The image shows ".to_owned()),
            Just("\u{202e}".to_owned()),
            Just("\r\n".to_owned()),
            Just("\"".to_owned()),
            Just("word ".repeat(120)),
        ];
        prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn whatever_is_answered_is_kept_as_a_caption(answer in answer()) {
            if let Some(kept) = from_answer(&answer) {
                prop_assert!(is_caption(&kept));
                prop_assert_eq!(kept.trim(), &kept);
                let mark = |c: char| is_mark(c) || is_invisible(c);
                prop_assert!(!kept.is_empty() && !kept.contains(mark) && !kept.contains("  "));
            }
        }

        #[test]
        fn what_was_kept_once_is_kept_alike(answer in answer()) {
            if let Some(kept) = from_answer(&answer) {
                prop_assert_eq!(from_answer(&kept), Some(kept));
            }
        }
    }
}
