//! The text that a person accepts before the first photo, and its version.
//!
//! The version is part of every stored consent; a new text needs a new version, and everybody is
//! asked again before the next upload, bundle, training or image.

use super::digest;

pub const VERSION: &str = "2026-11-28";

/// What is agreed to, as it is shown.
pub const TEXT: &str = "\
I am an adult, and the photos I upload show me, or an adult, a pet or a thing that I have the \
right to use them of. Selfie.pr keeps the photos privately at Bytescale, has Replicate train a \
personal image model with them, has a vision model there describe them in words and makes images \
with the personal model, both only when I ask for it. Workers KV and Durable Objects of \
Cloudflare keep the records. The photos are used for nothing else, nobody is identified by them, \
and no face vector is made. I can withdraw at any time by deleting a model or my account: that \
deletes photos, models and images at every one of these processors.";

/// SHA-256 of the text, in lower-case hexadecimal.
pub fn text_sha256() -> String {
    digest::hex(&digest::sha256(&[TEXT.as_bytes()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A changed text is a new consent: change the version with the hash.
    #[test]
    fn the_version_belongs_to_the_text() {
        let sha256 = "9f39c131b5c2366a06adb963016f79927e99f0fd417792831100679f343bb1fd";
        assert_eq!((VERSION, text_sha256().as_str()), ("2026-11-28", sha256));
    }
}
