//! Photos for tests: small, real, and each different from every other.

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::{LazyLock, Mutex};

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

/// By seed, width and height.
type Album = HashMap<(u64, u32, u32), Vec<u8>>;

pub fn photo_of(seed: u64, width: u32, height: u32) -> Vec<u8> {
    // All tests ask for the same few, and to encode them takes longer than most tests.
    static TAKEN: LazyLock<Mutex<Album>> = LazyLock::new(Mutex::default);
    let key = (seed, width, height);
    if let Some(taken) = TAKEN.lock().unwrap().get(&key) {
        return taken.clone();
    }
    let bytes = take(seed, width, height);
    TAKEN.lock().unwrap().insert(key, bytes.clone());
    bytes
}

fn take(seed: u64, width: u32, height: u32) -> Vec<u8> {
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

/// A PNG that is sound to whoever decodes no pixels, as heavy as it is to be.
pub fn heavy_png(seed: u8, bytes: usize) -> Vec<u8> {
    png(&[(b"IDAT", vec![seed; bytes])])
}

/// A PNG of a few bytes that claims this size.
pub fn png_claiming(width: u32, height: u32) -> Vec<u8> {
    png_of(width, height, &[(b"IDAT", vec![0; 100])])
}

/// A small JPEG that claims this size, as far as 16 bits can.
pub fn jpeg_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = photo(1);
    let frame = bytes
        .windows(2)
        .position(|pair| pair == [0xff, 0xc0])
        .unwrap();
    let [height, width] = [height, width].map(|side| u16::try_from(side).unwrap().to_be_bytes());
    bytes[frame + 5..frame + 9].copy_from_slice(&[height, width].concat());
    bytes
}

/// A PNG of two frames.
pub fn moving_png() -> Vec<u8> {
    png(&[
        (b"acTL", vec![0, 0, 0, 2, 0, 0, 0, 0]),
        (b"IDAT", vec![0; 100]),
    ])
}

fn png(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    png_of(1000, 1000, chunks)
}

fn png_of(width: u32, height: u32, chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let sides = [width, height].map(u32::to_be_bytes).concat();
    let header = [sides.as_slice(), &[8, 2, 0, 0, 0]].concat();
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let (first, last) = ((b"IHDR", header), (b"IEND", Vec::new()));
    for (kind, data) in [&first].into_iter().chain(chunks).chain([&last]) {
        png.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        png.extend(*kind);
        png.extend(data);
        let sum = crc32fast::hash(&[kind.as_slice(), data].concat());
        png.extend(sum.to_be_bytes());
    }
    png
}

/// A WebP of one frame that says that it moves.
pub fn moving_webp() -> Vec<u8> {
    let still = picture(1, ImageFormat::WebP);
    let frame = [
        &[0; 6],
        [255, 0, 0, 255, 0, 0].as_slice(),
        &[100, 0, 0, 0],
        &still[12..],
    ]
    .concat();
    let canvas = vec![2, 0, 0, 0, 255, 0, 0, 255, 0, 0];
    let chunks = [(b"VP8X", canvas), (b"ANIM", vec![0; 6]), (b"ANMF", frame)];
    let mut body = b"WEBP".to_vec();
    for (kind, data) in chunks {
        body.extend(kind);
        body.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        body.extend(&data);
        body.resize(body.len().next_multiple_of(2), 0);
    }
    let size = u32::try_from(body.len()).unwrap().to_le_bytes();
    [b"RIFF".as_slice(), &size, &body].concat()
}

/// A photo that tells where and with what it was taken.
pub fn telltale_photo(seed: u64) -> Vec<u8> {
    let photo = photo(seed);
    let exif =
        b"Exif\0\0II*\0\x08\0\0\0\x01\0\x0f\x01\x02\0\x0b\0\0\0\x1a\0\0\0\0\0\0\0SecretPhone\0";
    let comment = b"taken at 38.7223 N 9.1393 W";
    let mut bytes = photo[..2].to_vec();
    for (marker, data) in [(0xe1_u8, exif.as_slice()), (0xfe, comment)] {
        bytes.extend([0xff, marker]);
        bytes.extend(u16::try_from(data.len() + 2).unwrap().to_be_bytes());
        bytes.extend(data);
    }
    bytes.extend(&photo[2..]);
    bytes
}
