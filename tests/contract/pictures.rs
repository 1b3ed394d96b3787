//! Photos for tests: small, real, and each different from every other.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{ImageFormat, Rgb, RgbImage};

/// The least side that is accepted keeps the suite fast.
const SIDE: u32 = 256;

fn drawing(seed: u64, width: u32, height: u32) -> RgbImage {
    let [a, b, c, ..] = (seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)).to_be_bytes();
    RgbImage::from_fn(width, height, |x, y| {
        let shade = |base: u8, by: u32| base.wrapping_add(u8::try_from(by / 4 % 64).unwrap());
        Rgb([shade(a, x), shade(b, y), shade(c, x + y)])
    })
}

/// A JPEG of the least size.
pub fn photo(seed: u64) -> Vec<u8> {
    photo_of(seed, SIDE, SIDE)
}

pub fn photo_of(seed: u64, width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 60)
        .encode_image(&drawing(seed, width, height))
        .unwrap();
    bytes
}

pub fn picture(seed: u64, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    drawing(seed, SIDE, SIDE)
        .write_to(&mut bytes, format)
        .unwrap();
    bytes.into_inner()
}
