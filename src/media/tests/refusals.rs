//! What is no picture, or none that is taken.

use super::*;

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
