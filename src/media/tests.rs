//! What holds for all three formats, against the decoders of the `image` crate and against files that nobody made well.
#![allow(clippy::arithmetic_side_effects, reason = "an overflow fails the test")]

mod fuzz;
mod refusals;

use super::samples::{self, PERSONAL, contains, load, taken};
use super::*;
use image::{DynamicImage, ImageDecoder, ImageReader, metadata::Orientation};
use std::io::Cursor;

const PHOTO: Bounds = Bounds {
    min_side: 256,
    max_side: 12_000,
    max_pixels: 50_000_000,
};

/// What a program that shows the picture gets to see.
#[derive(PartialEq, Debug)]
struct Seen {
    pixels: DynamicImage,
    profile: Option<Vec<u8>>,
    orientation: Orientation,
}

fn see(bytes: &[u8]) -> Seen {
    let reader = ImageReader::new(Cursor::new(bytes));
    let reader = reader.with_guessed_format().unwrap();
    let mut decoder = reader.into_decoder().unwrap();
    Seen {
        profile: decoder.icc_profile().unwrap(),
        orientation: decoder.orientation().unwrap(),
        pixels: DynamicImage::from_decoder(decoder).unwrap(),
    }
}

fn measured(bytes: &[u8]) -> Measured {
    inspect(bytes, &Bounds::ANY).unwrap()
}

#[test]
fn the_sample_photos_are_taken_as_they_are_shown() {
    let expected = [
        (Format::Jpeg, 1024, 1024, 1),
        (Format::Jpeg, 1024, 1024, 6),
        (Format::Webp, 1024, 1024, 1),
    ];
    for (name, (format, width, height, orientation)) in samples::PHOTOS.iter().zip(expected) {
        let measured = inspect(&load(name), &PHOTO).unwrap();
        assert_eq!(
            measured,
            Measured {
                format,
                width,
                height,
                orientation
            },
            "{name}"
        );
    }
}

#[test]
fn every_coding_is_measured_as_a_decoder_measures_it() {
    for (name, bytes) in taken() {
        let measured = measured(&bytes);
        let mut seen = see(&bytes);
        seen.pixels.apply_orientation(seen.orientation);
        assert_eq!(
            (measured.width, measured.height),
            (seen.pixels.width(), seen.pixels.height()),
            "{name}"
        );
        assert_eq!(measured.orientation, seen.orientation.to_exif(), "{name}");
    }
}

#[test]
fn a_quarter_turn_swaps_the_sides() {
    for orientation in 1..=8 {
        for bytes in samples::talkative(orientation) {
            let measured = measured(&bytes);
            let expected = if orientation < 5 { (24, 16) } else { (16, 24) };
            assert_eq!((measured.width, measured.height), expected);
            assert_eq!(measured.orientation, orientation);
        }
    }
}

#[test]
fn a_stripped_copy_shows_the_same_picture() {
    for (name, bytes) in taken() {
        let copy = strip(&bytes).unwrap();
        assert_eq!(see(&copy), see(&bytes), "{name}");
        assert_eq!(measured(&copy), measured(&bytes), "{name}");
    }
}

#[test]
fn a_stripped_copy_says_nothing_about_a_person() {
    for (name, bytes) in taken() {
        let copy = strip(&bytes).unwrap();
        assert!(!contains(&copy, PERSONAL), "{name}");
        assert!(!contains(&copy, b"http://ns.adobe.com/"), "{name}");
        let mut decoder = ImageReader::new(Cursor::new(&copy))
            .with_guessed_format()
            .unwrap()
            .into_decoder()
            .unwrap();
        assert_eq!(decoder.xmp_metadata().unwrap(), None, "{name}");
        assert_eq!(decoder.iptc_metadata().unwrap(), None, "{name}");
        let orientation = measured(&bytes).orientation;
        let only_tag = (orientation != 1).then(|| exif::only_orientation(orientation).to_vec());
        assert_eq!(decoder.exif_metadata().unwrap(), only_tag, "{name}");
    }
}

#[test]
fn the_talkative_samples_do_talk() {
    for bytes in samples::talkative(6) {
        assert!(contains(&bytes, PERSONAL));
    }
    assert!(contains(&load("good-01.jpg"), b"Exif\0\0"));
}

#[test]
fn a_stripped_copy_keeps_the_colour_profile() {
    for bytes in [samples::talkative_jpeg(1), samples::talkative_webp(1)] {
        assert!(contains(&strip(&bytes).unwrap(), samples::PROFILE));
    }
}

#[test]
fn stripping_twice_changes_nothing_more() {
    for (name, bytes) in taken() {
        let once = strip(&bytes).unwrap();
        assert_eq!(strip(&once).unwrap(), once, "{name}");
    }
}

#[test]
fn a_marked_copy_shows_the_same_picture_and_carries_the_mark() {
    for (name, bytes) in taken() {
        assert!(!is_marked(&bytes), "{name}");
        let copy = mark_ai_made(&bytes, r#"{"prompt":"<me> & you"}"#).unwrap();
        assert!(is_marked(&copy), "{name}");
        assert_eq!(see(&copy), see(&bytes), "{name}");
        assert_eq!(measured(&copy), measured(&bytes), "{name}");
    }
}

#[test]
fn another_program_finds_the_packet() {
    for (name, bytes) in taken() {
        let copy = mark_ai_made(&bytes, "a recipe").unwrap();
        let mut decoder = ImageReader::new(Cursor::new(&copy))
            .with_guessed_format()
            .unwrap()
            .into_decoder()
            .unwrap();
        let packet = decoder.xmp_metadata().unwrap();
        let expected = xmp::packet("a recipe").into_bytes();
        assert_eq!(packet, Some(expected), "{name}");
    }
}

#[test]
fn a_new_mark_replaces_the_old_one() {
    for (name, bytes) in taken() {
        let once = mark_ai_made(&bytes, "the first recipe").unwrap();
        let twice = mark_ai_made(&once, "the second recipe").unwrap();
        assert!(!contains(&twice, b"the first recipe"), "{name}");
        assert_eq!(
            twice,
            mark_ai_made(&bytes, "the second recipe").unwrap(),
            "{name}"
        );
    }
}

#[test]
fn stripping_takes_the_mark_away() {
    for (name, bytes) in taken() {
        let marked = mark_ai_made(&bytes, "a recipe").unwrap();
        let stripped = strip(&marked).unwrap();
        assert!(!is_marked(&stripped), "{name}");
        assert!(!contains(&stripped, b"a recipe"), "{name}");
    }
}

#[test]
fn the_longest_recipe_adds_less_than_64_kib() {
    let recipe = "\"".repeat(200_000);
    for (name, bytes) in taken() {
        let copy = mark_ai_made(&bytes, &recipe).unwrap();
        assert!(is_marked(&copy), "{name}");
        assert!(copy.len() <= bytes.len() + 65_536, "{name}");
    }
}

#[test]
fn types_and_extensions_belong_together() {
    let all = [Format::Jpeg, Format::Png, Format::Webp];
    assert_eq!(
        all.map(|format| (format.content_type(), format.extension())),
        [
            ("image/jpeg", "jpg"),
            ("image/png", "png"),
            ("image/webp", "webp")
        ]
    );
}
