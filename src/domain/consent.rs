//! The text that a person accepts before the first photo, in each language, and its version.
//!
//! The version is part of every stored consent, and so is the hash of the very words that were
//! shown. Another text or another retention needs another version, and everybody is asked again
//! before the next upload, bundle, training or image.

use std::fmt;
use std::str::FromStr;

use super::digest;

/// When the words were last changed.
pub const WORDED: &str = "2026-11-28";

/// A language that the text is there in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Language {
    #[default]
    English,
    German,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// The points of the text. What the operator sets stands there as `{days}`.
    pub const fn points(self) -> &'static [&'static str] {
        match self {
            Self::English => &ENGLISH,
            Self::German => &GERMAN,
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Language {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        let named = |language: &Self| language.name() == name;
        Self::ALL.into_iter().find(named).ok_or(())
    }
}

const ENGLISH: [&str; 4] = [
    "I agree that the photos I add, and the face in them, are stored and used to train one private \
     image model, and that pictures are made with it when I ask for them. They are used for nothing \
     else, nobody is identified by them, and no face vector is made on a server.",
    "I am an adult. The photos show me, an adult who agreed to this, or a pet or a thing of mine. \
     Nobody in them is under 18.",
    "Bytescale stores photos and pictures. Replicate trains and keeps the model and makes the \
     pictures; only when I ask for captions does a vision model there see the photos and describe \
     them. Cloudflare runs this site and keeps the records.",
    "The training bundle is deleted when the training ends, and the photos {days} days after the \
     last training. I can withdraw this at any time by deleting a model or my account: that deletes \
     photos, model and pictures at every one of these processors.",
];

const GERMAN: [&str; 4] = [
    "Ich stimme zu, dass die Fotos, die ich hinzufüge, und das Gesicht darauf gespeichert und \
     benutzt werden, um ein privates Bildmodell zu trainieren, und dass damit Bilder gemacht \
     werden, wenn ich sie verlange. Sie dienen zu nichts anderem, niemand wird damit erkannt, und \
     auf keinem Server entsteht ein Gesichtsvektor.",
    "Ich bin erwachsen. Die Fotos zeigen mich, einen Erwachsenen, der dem zugestimmt hat, oder ein \
     Tier oder eine Sache, die mir gehören. Niemand darauf ist unter 18.",
    "Bytescale speichert Fotos und Bilder. Replicate trainiert und bewahrt das Modell und macht die \
     Bilder; nur wenn ich um Bildtexte bitte, sieht dort ein Bildmodell die Fotos und beschreibt \
     sie. Cloudflare betreibt diese Seite und verwahrt die Angaben.",
    "Das Paket fürs Training wird gelöscht, wenn das Training endet, und die Fotos {days} Tage nach \
     dem letzten Training. Ich kann das jederzeit widerrufen, indem ich ein Modell oder mein Konto \
     lösche: Das löscht Fotos, Modell und Bilder bei allen Genannten.",
];

/// What must be accepted where photos are kept for so many days.
pub fn version(photo_days: u64) -> String {
    format!("{WORDED}.{photo_days}")
}

/// SHA-256 of the points as they are read, each on a line, in lower-case hexadecimal.
pub fn text_sha256(language: Language, photo_days: u64) -> String {
    let text = language.points().join("\n");
    let shown = text.replace("{days}", &photo_days.to_string());
    digest::hex(&digest::sha256(&[shown.as_bytes()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A changed text is a new consent: change the version with the hashes.
    #[test]
    fn the_version_belongs_to_the_texts() {
        let of = |language| text_sha256(language, 30);
        assert_eq!(
            (
                version(30).as_str(),
                of(Language::English).as_str(),
                of(Language::German).as_str()
            ),
            (
                "2026-11-28.30",
                "d17c65c3a89aa62ee67adbafbd82a148f0bd621e159ef56c08c6f8c184a90acb",
                "8f9d012776f0050358697d60d70e4a7f435d2e4640d91c76d2feb664c39f3752"
            )
        );
    }

    #[test]
    fn another_retention_is_another_text() {
        assert_ne!(version(30), version(90));
        for language in Language::ALL {
            assert_ne!(text_sha256(language, 30), text_sha256(language, 90));
            assert_eq!(language.name().parse(), Ok(language));
        }
        assert_eq!("fr".parse::<Language>(), Err(()));
    }
}
