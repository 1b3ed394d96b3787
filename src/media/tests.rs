//! What holds for all three formats, against the decoders of the `image` crate and against files that nobody made well.
#![allow(clippy::arithmetic_side_effects, reason = "an overflow fails the test")]

use super::samples::{self, PERSONAL, contains, load, taken};
use super::*;
use image::{DynamicImage, ImageDecoder, ImageReader, metadata::Orientation};
use proptest::prelude::*;
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
fn no_beginning_of_a_picture_is_taken() {
    let small = samples::SMALL.map(load).into_iter();
    for bytes in small.chain(samples::talkative(6)) {
        for length in 0..bytes.len() {
            let refused = inspect(&bytes[..length], &Bounds::ANY).unwrap_err();
            let expected = if length < 12 {
                matches!(refused, Rejection::Truncated | Rejection::NotAnImage)
            } else {
                refused == Rejection::Truncated
            };
            assert!(expected, "{refused} for {length} of {}", bytes.len());
        }
    }
}

#[test]
fn one_byte_after_the_end_is_too_many() {
    for (name, mut bytes) in taken() {
        for byte in [0x00, 0xFF, b'P'] {
            bytes.push(byte);
            assert_eq!(
                inspect(&bytes, &Bounds::ANY),
                Err(Rejection::TrailingData),
                "{name}"
            );
            assert_eq!(strip(&bytes), Err(Rejection::TrailingData), "{name}");
            bytes.pop();
        }
    }
}

#[test]
fn what_is_no_picture_is_refused_as_such() {
    for bytes in [
        b"".as_slice(),
        b"hello, this is text",
        b"GIF89a\x01\0\x01\0\0\0\0;",
        b"RIFF\x04\0\0\0WAVE",
        b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        b"BM",
        b"\xFF\xD8",
        b"\0\0\0\x20ftypheic",
    ] {
        assert_eq!(inspect(bytes, &PHOTO), Err(Rejection::NotAnImage));
        assert_eq!(strip(bytes), Err(Rejection::NotAnImage));
        assert_eq!(mark_ai_made(bytes, ""), Err(Rejection::NotAnImage));
        assert!(!is_marked(bytes));
    }
}

#[test]
fn animations_are_refused_as_such() {
    for name in ["small/animated.png", "small/animated.webp"] {
        assert_eq!(
            inspect(&load(name), &Bounds::ANY),
            Err(Rejection::Animated),
            "{name}"
        );
    }
}

#[test]
fn each_limit_is_itself_allowed_and_one_more_is_not() {
    let limits = Bounds {
        min_side: 16,
        max_side: 24,
        max_pixels: 384,
    };
    let small = samples::SMALL.map(load).into_iter();
    for bytes in small.chain(samples::talkative(6)) {
        assert!(inspect(&bytes, &limits).is_ok());
        let min_side = 17;
        assert_eq!(
            inspect(&bytes, &Bounds { min_side, ..limits }),
            Err(Rejection::TooSmall)
        );
        let max_side = 23;
        assert_eq!(
            inspect(&bytes, &Bounds { max_side, ..limits }),
            Err(Rejection::TooLargeDimensions)
        );
        let max_pixels = 383;
        assert_eq!(
            inspect(
                &bytes,
                &Bounds {
                    max_pixels,
                    ..limits
                }
            ),
            Err(Rejection::TooLargeDimensions)
        );
    }
}

#[test]
fn a_size_is_refused_before_the_rest_of_the_file_is_looked_at() {
    let head = |parts: &[Vec<u8>]| parts.concat();
    let jpeg = |width, height| {
        let frame = samples::frame(0xC0, width, height);
        head(&[vec![0xFF, 0xD8], frame, b"and no more".to_vec()])
    };
    let png = |width, height| {
        let mut bytes = samples::png(&[samples::png_header(width, height)]);
        bytes.truncate(24);
        bytes.extend_from_slice(b"\x08\0\0\0\0 no checksum");
        bytes
    };
    let webp = |width, height| samples::webp(&[samples::vp8x(0x02, width, height)]);
    for bytes in [
        jpeg(60_000, 60_000),
        jpeg(12_001, 300),
        png(60_000, 60_000),
        png(u32::MAX, u32::MAX),
        webp(60_000, 60_000),
        webp(300, 12_001),
    ] {
        assert_eq!(inspect(&bytes, &PHOTO), Err(Rejection::TooLargeDimensions));
    }
    for bytes in [jpeg(0, 300), jpeg(255, 300), png(0, 0), webp(1, 1)] {
        assert_eq!(inspect(&bytes, &PHOTO), Err(Rejection::TooSmall));
    }
}

#[test]
fn the_reasons_are_those_of_the_problem() {
    let reasons = [
        Rejection::NotAnImage,
        Rejection::Animated,
        Rejection::TooSmall,
        Rejection::TooLargeDimensions,
        Rejection::Truncated,
        Rejection::TrailingData,
    ]
    .map(Rejection::reason);
    assert_eq!(
        reasons,
        [
            "not-an-image",
            "animated",
            "too-small",
            "too-large-dimensions",
            "truncated",
            "trailing-data"
        ]
    );
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

/// What must hold for any bytes whatever.
fn check_any(bytes: &[u8], recipe: &str) -> Result<(), TestCaseError> {
    let was_marked = is_marked(bytes);
    let walked = inspect(bytes, &Bounds::ANY);
    let (stripped, marked) = (strip(bytes), mark_ai_made(bytes, recipe));
    let before = match walked {
        Ok(before) => before,
        Err(rejection) => {
            prop_assert_eq!(stripped, Err(rejection));
            prop_assert_eq!(marked, Err(rejection));
            prop_assert!(!was_marked);
            return Ok(());
        }
    };
    let stripped = stripped.unwrap();
    prop_assert_eq!(inspect(&stripped, &Bounds::ANY), Ok(before));
    prop_assert!(stripped.len() <= bytes.len() + 64);
    prop_assert!(!is_marked(&stripped));
    prop_assert_eq!(strip(&stripped), Ok(stripped));

    let marked = marked.unwrap();
    prop_assert_eq!(inspect(&marked, &Bounds::ANY), Ok(before));
    prop_assert!(marked.len() <= bytes.len() + 65_536);
    prop_assert!(is_marked(&marked));
    Ok(())
}

/// A change that an accident, or somebody with a purpose, makes to a file.
#[derive(Clone, Debug)]
enum Change {
    Overwrite(prop::sample::Index, u8),
    Insert(prop::sample::Index, Vec<u8>),
    Remove(prop::sample::Index, usize),
    Repeat(prop::sample::Index, usize),
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let place = |index: &prop::sample::Index| index.index(bytes.len() + 1);
        match self {
            Self::Overwrite(index, byte) => {
                let at = place(index);
                if let Some(slot) = bytes.get_mut(at) {
                    *slot = *byte;
                }
            }
            Self::Insert(index, more) => {
                let at = place(index);
                bytes.splice(at..at, more.iter().copied());
            }
            Self::Remove(index, count) => {
                let at = place(index);
                bytes.drain(at..bytes.len().min(at + count));
            }
            Self::Repeat(index, count) => {
                let at = place(index);
                let again = bytes[at..bytes.len().min(at + count)].to_vec();
                bytes.splice(at..at, again);
            }
        }
    }
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let index = any::<prop::sample::Index>;
    let byte = prop_oneof![any::<u8>(), Just(0xFF), Just(0), 0xC0..=0xFE_u8];
    let change = prop_oneof![
        4 => (index(), byte).prop_map(|(at, byte)| Change::Overwrite(at, byte)),
        1 => (index(), prop::collection::vec(any::<u8>(), 1..9)).prop_map(|(at, more)| Change::Insert(at, more)),
        1 => (index(), 1..40_usize).prop_map(|(at, count)| Change::Remove(at, count)),
        1 => (index(), 1..40_usize).prop_map(|(at, count)| Change::Repeat(at, count)),
    ];
    prop::collection::vec(change, 1..4)
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    let known = [
        b"Exif\0\0".to_vec(),
        [b"Exif\0\0".to_vec(), samples::exif(6)].concat(),
        samples::exif(8),
        b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0".to_vec(),
        b"JFIF\0".to_vec(),
        b"Adobe\0\x64\0\0\0\0\x01".to_vec(),
        b"Adobe".to_vec(),
        b"ICC_PROFILE\0\x01\x01".to_vec(),
        b"http://ns.adobe.com/xap/1.0/\0".to_vec(),
        b"http://ns.adobe.com/xmp/extension/\0".to_vec(),
        b"XML:com.adobe.xmp\0\0\0\0\0".to_vec(),
        b"XML:com.adobe.xmp\0\x01\0".to_vec(),
    ];
    (
        prop::option::of(prop::sample::select(known.to_vec())),
        prop::collection::vec(any::<u8>(), 0..24),
    )
        .prop_map(|(known, rest)| [known.unwrap_or_default(), rest].concat())
}

fn jpeg_part() -> impl Strategy<Value = Vec<u8>> {
    let marker = prop_oneof![
        6 => 0xE0..=0xEF_u8,
        2 => Just(0xFE),
        2 => Just(0xC4),
        1 => any::<u8>()
    ];
    prop_oneof![
        6 => (marker, body()).prop_map(|(marker, body)| samples::segment(marker, &body)),
        1 => Just(samples::scan()),
        1 => Just(vec![0xFF]),
    ]
}

fn png_part() -> impl Strategy<Value = Vec<u8>> {
    let name = prop_oneof![
        6 => prop::sample::select(vec![
            *b"eXIf", *b"tEXt", *b"iTXt", *b"zTXt", *b"tIME", *b"iCCP", *b"tRNS", *b"prVt",
        ]),
        1 => prop::sample::select(vec![*b"IDAT", *b"PLTE", *b"IEND", *b"acTL", *b"NEWC"]),
    ];
    (name, body()).prop_map(|(name, body)| samples::png_chunk(name, &body))
}

fn webp_part() -> impl Strategy<Value = Vec<u8>> {
    let name = prop_oneof![
        6 => prop::sample::select(vec![*b"EXIF", *b"XMP ", *b"ICCP", *b"note", *b"    "]),
        1 => prop::sample::select(vec![*b"ALPH", *b"VP8 ", *b"VP8L", *b"ANIM", *b"VP8X"]),
    ];
    (name, body()).prop_map(|(name, body)| samples::riff_chunk(name, &body))
}

/// Parts before and after what makes the file a picture.
fn around<S: Strategy<Value = Vec<u8>>>(
    part: impl Fn() -> S,
) -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    let parts = |part| prop::collection::vec(part, 0..5).prop_map(|parts| parts.concat());
    (parts(part()), parts(part()))
}

/// Any bytes behind a signature, a sample with changes, or a file of any parts; with a recipe.
fn files<S: Strategy<Value = Vec<u8>>>(
    signature: &'static [u8],
    samples: Vec<Vec<u8>>,
    parts: impl Fn() -> S,
    whole: impl Fn(u8, Vec<u8>, Vec<u8>) -> Vec<u8> + Clone,
) -> impl Strategy<Value = (Vec<u8>, String)> {
    let bytes = prop::collection::vec(any::<u8>(), 0..200);
    let changed = (prop::sample::select(samples), changes()).prop_map(|(mut bytes, changes)| {
        for change in &changes {
            change.apply(&mut bytes);
        }
        bytes
    });
    let of_parts = (any::<u8>(), around(parts))
        .prop_map(move |(flags, (before, after))| whole(flags, before, after));
    let file = prop_oneof![
        1 => bytes.clone(),
        1 => bytes.prop_map(move |bytes| [signature, &bytes].concat()),
        4 => changed,
        4 => of_parts,
    ];
    (file, ".{0,20}")
}

fn small(ending: &str) -> Vec<Vec<u8>> {
    let names = samples::SMALL
        .into_iter()
        .filter(|name| name.ends_with(ending));
    names.map(load).collect()
}

mod fuzz {
    use super::*;
    use crate::fuzz::{fuzz, within};

    fn check((bytes, recipe): (Vec<u8>, String)) -> Result<(), TestCaseError> {
        let most = 4 * bytes.len() + 65_536;
        let _ = within(most, || inspect(&bytes, &Bounds::ANY))?;
        let _ = within(most, || strip(&bytes))?;
        let _ = within(most + 65_536, || mark_ai_made(&bytes, &recipe))?;
        check_any(&bytes, &recipe)
    }

    #[test]
    fn jpegs() {
        let mut known = small(".jpg");
        known.push(samples::talkative_jpeg(6));
        let whole = |_, before, after| {
            let frame = samples::frame(0xC0, 300, 400);
            samples::jpeg(&[before, frame, samples::scan(), after])
        };
        fuzz(
            "jpegs",
            &files(jpeg::SIGNATURE, known, jpeg_part, whole),
            check,
        );
    }

    #[test]
    fn pngs() {
        let mut known = small(".png");
        known.push(samples::talkative_png(6));
        let whole = |_, before, after| {
            let (data, end) = (samples::png_data(), samples::png_end());
            samples::png(&[samples::png_header(300, 400), before, data, after, end])
        };
        fuzz(
            "pngs",
            &files(png::SIGNATURE, known, png_part, whole),
            check,
        );
    }

    #[test]
    fn webps() {
        let mut known = small(".webp");
        known.push(samples::talkative_webp(6));
        let whole = |flags: u8, before, after| {
            let head = samples::vp8x(flags & !0x02, 300, 400);
            samples::webp(&[head, before, samples::vp8l(300, 400), after])
        };
        let signature = b"RIFF\x20\0\0\0WEBPVP8X";
        fuzz("webps", &files(signature, known, webp_part, whole), check);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_changed_photo_is_answered(
        which in 0..samples::PHOTOS.len(),
        at in 0..2_000_usize,
        byte in any::<u8>(),
        changes in changes(),
    ) {
        let mut bytes = load(samples::PHOTOS[which]);
        bytes[at] = byte;
        check_any(&bytes, "near the front")?;
        for change in &changes {
            change.apply(&mut bytes);
        }
        check_any(&bytes, "anywhere")?;
    }
}
