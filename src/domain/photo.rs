//! What a photo may be, and what a person may call it.

use super::person;
use super::prediction::is_bidirectional_control;

pub const MAX_BYTES: usize = 10 * 1024 * 1024;
pub const MIN_SIDE: u32 = 256;
pub const MAX_SIDE: u32 = 12_000;
pub const MAX_PIXELS: u64 = 50_000_000;
/// The fewest photos a model is trained with.
pub const MIN_PER_MODEL: u32 = 4;
/// The most that one bundle of a model's photos may weigh.
pub const MAX_BUNDLE_BYTES: u32 = 60 * 1024 * 1024;
pub const MAX_CAPTION_CHARS: usize = 500;

/// A name for display: without control and bidirectional characters and folders, cut to 100
/// characters; never part of a key or path.
pub fn display_name(raw: &str) -> String {
    let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
    person::display_name(last).unwrap_or_else(|| "photo".to_owned())
}

/// Whether a caption may stand beside a photo: one line of plain text.
pub fn is_caption(text: &str) -> bool {
    text.chars().count() <= MAX_CAPTION_CHARS
        && !text
            .chars()
            .any(|c| c.is_control() || is_bidirectional_control(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_safe_to_show() {
        assert_eq!(display_name("../../etc/pass\0wd"), "passwd");
        assert_eq!(display_name("C:\\photos\\me.jpg"), "me.jpg");
        assert_eq!(display_name("gpj.\u{202e}exe"), "gpj.exe");
        assert_eq!(display_name(&"n".repeat(5000)).len(), 100);
        assert_eq!(display_name(" \n "), "photo");
    }

    #[test]
    fn a_caption_is_one_line_that_reads_as_it_is_written() {
        assert!(is_caption("") && is_caption("a woman in a red coat, Zürich"));
        assert!(is_caption(&"ü".repeat(MAX_CAPTION_CHARS)));
        for wrong in ["a\nb", "a\u{202e}b", &"a".repeat(MAX_CAPTION_CHARS + 1)] {
            assert!(!is_caption(wrong), "{wrong:?}");
        }
    }
}
