//! The photos of all histories, drawn once: what a history is about is not in the pixels.

use std::sync::OnceLock;

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};

/// The least side that the product accepts.
const SIDE: u32 = 256;
pub const PHOTOS: usize = 6;

pub fn photo(number: usize) -> &'static [u8] {
    static DRAWN: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    &DRAWN.get_or_init(|| (0..PHOTOS).map(draw).collect())[number % PHOTOS]
}

fn draw(number: usize) -> Vec<u8> {
    let shade = u8::try_from(number * 40 % 256).unwrap();
    let picture = RgbImage::from_fn(SIDE, SIDE, |x, y| {
        let step = u8::try_from((x / 64 + y / 64) * 16).unwrap();
        Rgb([shade, step, 255 - shade])
    });
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 40)
        .encode_image(&picture)
        .unwrap();
    bytes
}
