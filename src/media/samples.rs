//! Files for the tests of this module: encoded ones from the fixtures, and ones put together by hand.
//! The writers here share nothing with the code under test.
#![allow(clippy::arithmetic_side_effects, reason = "an overflow fails the test")]

/// A word that stands in every part which tells something about a person.
pub(super) const PERSONAL: &[u8] = b"PERSONAL";
/// A word that stands in the colour profile.
pub(super) const PROFILE: &[u8] = b"COLOURPROFILE";

/// One still picture for each coding, each 24 by 16 pixels.
pub(super) const SMALL: [&str; 9] = [
    "small/baseline-with-restarts.jpg",
    "small/progressive.jpg",
    "small/grayscale.jpg",
    "small/cmyk.jpg",
    "small/palette.png",
    "small/lossy.webp",
    "small/lossy-alpha.webp",
    "small/lossless.webp",
    "small/lossless-alpha.webp",
];

pub(super) const PHOTOS: [&str; 3] = ["good-01.jpg", "good-13-orientation-6.jpg", "good-15.webp"];

pub(super) fn load(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/photos/");
    std::fs::read(format!("{folder}{name}")).unwrap()
}

/// An EXIF block in big-endian TIFF: an orientation, a description of a person, and a thumbnail behind it.
pub(super) fn exif(orientation: u8) -> Vec<u8> {
    let mut block = b"MM\0*\0\0\0\x08\0\x02".to_vec();
    block.extend_from_slice(&[0x01, 0x0E, 0, 2, 0, 0, 0, 8, 0, 0, 0, 38]);
    block.extend_from_slice(&[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    block.extend_from_slice(&[0; 4]);
    block.extend_from_slice(PERSONAL);
    block.extend_from_slice(b"\xFF\xD8\xFF\xD9");
    block
}

pub(super) fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap();
    [&[0xFF, marker], length.to_be_bytes().as_slice(), body].concat()
}

pub(super) fn personal_segment(marker: u8, header: &[u8]) -> Vec<u8> {
    segment(marker, &[header, PERSONAL].concat())
}

/// A frame header for one component.
pub(super) fn frame(marker: u8, width: u16, height: u16) -> Vec<u8> {
    let [w, h] = [width.to_be_bytes(), height.to_be_bytes()];
    segment(marker, &[&[8], h.as_slice(), &w, &[1, 1, 0x11, 0]].concat())
}

/// A scan of one component whose data hold a stuffed FF and a restart marker.
pub(super) fn scan() -> Vec<u8> {
    let mut scan = segment(0xDA, &[1, 1, 0, 0, 63, 0]);
    scan.extend_from_slice(&[0x12, 0xFF, 0x00, 0x34, 0xFF, 0xD0, 0x56]);
    scan
}

/// SOI, the parts, EOI.
pub(super) fn jpeg(parts: &[Vec<u8>]) -> Vec<u8> {
    [&[0xFF, 0xD8], parts.concat().as_slice(), &[0xFF, 0xD9]].concat()
}

/// A real picture with every kind of segment that may tell something about a person, and with a profile.
pub(super) fn talkative_jpeg(orientation: u8) -> Vec<u8> {
    let picture = load("small/progressive.jpg");
    let body = &picture[20..picture.len() - 2];
    let profile = [b"ICC_PROFILE\0\x01\x01", PROFILE].concat();
    let thumbnail = [b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x03", PERSONAL].concat();
    // Name of the whole, its length, and where this part begins.
    let xmp_extension = [
        b"http://ns.adobe.com/xmp/extension/\0".as_slice(),
        &[b'0'; 32],
        &[0, 0, 0, 8, 0, 0, 0, 0],
    ]
    .concat();
    jpeg(&[
        segment(0xE0, &thumbnail),
        personal_segment(0xE0, b"JFXX\0\x10"),
        segment(0xE1, &[b"Exif\0\0", exif(orientation).as_slice()].concat()),
        personal_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0"),
        personal_segment(0xE1, &xmp_extension),
        segment(0xE2, &profile),
        personal_segment(0xE2, b"MPF\0"),
        personal_segment(0xE3, b"Meta\0\0"),
        personal_segment(0xEB, b"JP\0\0"),
        personal_segment(0xED, b"Photoshop 3.0\0"),
        personal_segment(0xFE, b""),
        body.to_vec(),
        personal_segment(0xFE, b"after the last scan "),
    ])
}

pub(super) const PNG_SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

pub(super) fn png_chunk(name: [u8; 4], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    let checksum = slow_crc32(&[name.as_slice(), body].concat()).to_be_bytes();
    [&length, name.as_slice(), body, &checksum].concat()
}

/// CRC-32 bit by bit, as PNG's annex defines it.
fn slow_crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 };
        }
    }
    !crc
}

/// Signature and parts.
pub(super) fn png(parts: &[Vec<u8>]) -> Vec<u8> {
    [PNG_SIGNATURE, parts.concat().as_slice()].concat()
}

/// Eight bits of grey a pixel.
pub(super) fn png_header(width: u32, height: u32) -> Vec<u8> {
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    png_chunk(*b"IHDR", &[size.as_slice(), &[8, 0, 0, 0, 0]].concat())
}

/// One white pixel: a zlib stream with one stored block.
pub(super) fn png_data() -> Vec<u8> {
    png_chunk(
        *b"IDAT",
        &[
            0x78, 0x01, 0x01, 2, 0, 0xFD, 0xFF, 0, 0xFF, 0x01, 0x01, 0x01, 0x00,
        ],
    )
}

pub(super) fn png_end() -> Vec<u8> {
    png_chunk(*b"IEND", b"")
}

/// A real picture with every kind of chunk that may tell something about a person, and with a profile.
pub(super) fn talkative_png(orientation: u8) -> Vec<u8> {
    let picture = load("small/palette.png");
    let (header, rest) = picture[8..].split_at(25);
    let (body, end) = rest.split_at(rest.len() - 12);
    png(&[
        header.to_vec(),
        png_chunk(*b"pHYs", &[0, 0, 0x0B, 0x13, 0, 0, 0x0B, 0x13, 1]),
        png_chunk(*b"sRGB", &[0]),
        png_chunk(*b"eXIf", &exif(orientation)),
        png_chunk(*b"tEXt", &[b"Author\0", PERSONAL].concat()),
        png_chunk(*b"zTXt", &[b"Author\0\0", PERSONAL].concat()),
        png_chunk(
            *b"iTXt",
            &[b"XML:com.adobe.xmp\0\0\0\0\0", PERSONAL].concat(),
        ),
        png_chunk(*b"caBX", PERSONAL),
        body.to_vec(),
        png_chunk(*b"tIME", &[7, 234, 1, 1, 0, 0, 0]),
        png_chunk(*b"iTXt", &[b"Comment\0\0\0\0\0", PERSONAL].concat()),
        png_chunk(*b"prVt", PERSONAL),
        end.to_vec(),
    ])
}

pub(super) fn riff_chunk(name: [u8; 4], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap().to_le_bytes();
    let padding = if body.len() % 2 == 1 { &[0][..] } else { &[] };
    [name.as_slice(), &length, body, padding].concat()
}

pub(super) fn webp(parts: &[Vec<u8>]) -> Vec<u8> {
    let parts = parts.concat();
    let size = u32::try_from(parts.len() + 4).unwrap().to_le_bytes();
    [b"RIFF", size.as_slice(), b"WEBP", &parts].concat()
}

pub(super) fn vp8x(flags: u8, width: u32, height: u32) -> Vec<u8> {
    let [w, h] = [(width - 1).to_le_bytes(), (height - 1).to_le_bytes()];
    riff_chunk(*b"VP8X", &[&[flags, 0, 0, 0], &w[..3], &h[..3]].concat())
}

/// The header of a lossless frame and one byte of data.
pub(super) fn vp8l(width: u32, height: u32) -> Vec<u8> {
    let bits = (width - 1) | ((height - 1) << 14);
    riff_chunk(
        *b"VP8L",
        &[&[0x2F], bits.to_le_bytes().as_slice(), &[0]].concat(),
    )
}

/// A real picture with every kind of chunk that may tell something about a person, and with a profile.
pub(super) fn talkative_webp(orientation: u8) -> Vec<u8> {
    let picture = load("small/lossy.webp");
    webp(&[
        vp8x(0x2C, 24, 16),
        riff_chunk(*b"ICCP", PROFILE),
        riff_chunk(*b"note", PERSONAL),
        picture[12..].to_vec(),
        riff_chunk(*b"EXIF", &exif(orientation)),
        riff_chunk(*b"XMP ", PERSONAL),
        riff_chunk(*b"C2PA", PERSONAL),
    ])
}

pub(super) fn talkative(orientation: u8) -> [Vec<u8>; 3] {
    [
        talkative_jpeg(orientation),
        talkative_png(orientation),
        talkative_webp(orientation),
    ]
}

/// Every still picture that the walk must take.
pub(super) fn taken() -> Vec<(String, Vec<u8>)> {
    let stored = SMALL.iter().chain(&PHOTOS);
    let mut all: Vec<_> = stored
        .map(|name| ((*name).to_owned(), load(name)))
        .collect();
    for orientation in [1, 3, 6] {
        for (kind, bytes) in ["JPEG", "PNG", "WebP"].iter().zip(talkative(orientation)) {
            all.push((
                format!("talkative {kind}, orientation {orientation}"),
                bytes,
            ));
        }
    }
    all
}

pub(super) fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}
