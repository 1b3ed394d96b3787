//! Looks for what must have been stripped from a stored picture: EXIF beyond the orientation, GPS, camera XMP, comments.
//! It reads structure only and must never decode pixels.

const ORIENTATION: u16 = 0x0112;
const GPS: u16 = 0x8825;
/// XMP that only says how a picture was made is wanted; these say who, where or with what.
const PRIVATE_XMP: &[&[u8]] = &[
    b"exif:",
    b"tiff:",
    b"photoshop:",
    b"GPS",
    b"xmpMM:",
    b"aux:",
    b"crs:",
];

/// What was found, in words; nothing for a clean picture or for something that is no picture.
pub(super) fn private_parts(bytes: &[u8]) -> Vec<String> {
    let chunks = if bytes.starts_with(b"\xff\xd8") {
        jpeg_segments(bytes)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        png_chunks(bytes)
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        webp_chunks(bytes)
    } else {
        Vec::new()
    };
    chunks
        .iter()
        .filter_map(|(kind, data)| judge(kind, data))
        .collect()
}

fn judge(kind: &str, data: &[u8]) -> Option<String> {
    match kind {
        "exif" => exif(data),
        "xmp" => PRIVATE_XMP
            .iter()
            .any(|mark| contains(data, mark))
            .then(|| "XMP of a camera".to_owned()),
        other => Some(format!("a {other} section")),
    }
}

fn contains(data: &[u8], mark: &[u8]) -> bool {
    data.windows(mark.len()).any(|window| window == mark)
}

fn exif(data: &[u8]) -> Option<String> {
    let tags = ifd0_tags(data.strip_prefix(b"Exif\0\0").unwrap_or(data))?;
    if tags.contains(&GPS) {
        return Some("a GPS position".to_owned());
    }
    tags.iter()
        .any(|tag| *tag != ORIENTATION)
        .then(|| "EXIF tags".to_owned())
}

fn ifd0_tags(tiff: &[u8]) -> Option<Vec<u16>> {
    let little = tiff.starts_with(b"II");
    let short = |at: usize| {
        let pair: [u8; 2] = tiff.get(at..)?.first_chunk().copied()?;
        Some(if little {
            u16::from_le_bytes(pair)
        } else {
            u16::from_be_bytes(pair)
        })
    };
    let four: [u8; 4] = tiff.get(4..)?.first_chunk().copied()?;
    let start = usize::try_from(if little {
        u32::from_le_bytes(four)
    } else {
        u32::from_be_bytes(four)
    })
    .ok()?;
    let count = usize::from(short(start)?);
    (0..count)
        .map(|index| short(start.checked_add(2)?.checked_add(index.checked_mul(12)?)?))
        .collect()
}

type Section<'a> = (&'static str, &'a [u8]);

fn jpeg_segments(bytes: &[u8]) -> Vec<Section<'_>> {
    let mut sections = Vec::new();
    let mut rest = bytes.get(2..).unwrap_or_default();
    while let [0xff, marker, high, low, ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let Some(data) = rest.get(4..length.saturating_add(2)) else {
            break;
        };
        match marker {
            0xe1 if data.starts_with(b"Exif") => sections.push(("exif", data)),
            0xe1 => sections.push(("xmp", data)),
            0xed => sections.push(("APP13", data)),
            0xfe => sections.push(("comment", data)),
            0xda => break,
            _ => {}
        }
        rest = rest.get(length.saturating_add(2)..).unwrap_or_default();
    }
    sections
}

fn png_chunks(bytes: &[u8]) -> Vec<Section<'_>> {
    let mut sections = Vec::new();
    let mut rest = bytes.get(8..).unwrap_or_default();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        let Some(data) = after.get(4..length.saturating_add(4)) else {
            break;
        };
        match after.get(..4) {
            Some(b"eXIf") => sections.push(("exif", data)),
            Some(b"iTXt") if data.starts_with(b"XML:com.adobe.xmp") => sections.push(("xmp", data)),
            Some(b"iTXt" | b"tEXt" | b"zTXt") => sections.push(("text", data)),
            Some(b"tIME") => sections.push(("time", data)),
            _ => {}
        }
        rest = after.get(length.saturating_add(8)..).unwrap_or_default();
    }
    sections
}

fn webp_chunks(bytes: &[u8]) -> Vec<Section<'_>> {
    let mut sections = Vec::new();
    let mut rest = bytes.get(12..).unwrap_or_default();
    while let Some((name, after)) = rest.split_first_chunk::<4>() {
        let Some((length, after)) = after.split_first_chunk::<4>() else {
            break;
        };
        let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let Some(data) = after.get(..length) else {
            break;
        };
        match name {
            b"EXIF" => sections.push(("exif", data)),
            b"XMP " => sections.push(("xmp", data)),
            _ => {}
        }
        rest = after
            .get(length.saturating_add(length % 2)..)
            .unwrap_or_default();
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jpeg(tiff: &[u8]) -> Vec<u8> {
        let mut data = b"Exif\0\0".to_vec();
        data.extend_from_slice(tiff);
        let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
        [b"\xff\xd8\xff\xe1".as_slice(), &length, &data, b"\xff\xda"].concat()
    }

    fn tiff(tags: &[u16]) -> Vec<u8> {
        let mut bytes = b"II\x2a\0\x08\0\0\0".to_vec();
        bytes.extend_from_slice(&u16::try_from(tags.len()).unwrap().to_le_bytes());
        for tag in tags {
            bytes.extend_from_slice(&tag.to_le_bytes());
            bytes.extend_from_slice(&[0; 10]);
        }
        bytes
    }

    #[test]
    fn orientation_alone_is_allowed() {
        assert!(private_parts(&jpeg(&tiff(&[ORIENTATION]))).is_empty());
        assert_eq!(
            private_parts(&jpeg(&tiff(&[ORIENTATION, 0x0110]))),
            ["EXIF tags"]
        );
        assert_eq!(private_parts(&jpeg(&tiff(&[GPS]))), ["a GPS position"]);
    }

    #[test]
    fn comments_and_text_are_found() {
        assert_eq!(
            private_parts(b"\xff\xd8\xff\xfe\x00\x05abc\xff\xda"),
            ["a comment section"]
        );
        let png = [
            b"\x89PNG\r\n\x1a\n".as_slice(),
            b"\0\0\0\x03tEXta\0b\0\0\0\0",
        ]
        .concat();
        assert_eq!(private_parts(&png), ["a text section"]);
        let webp = [b"RIFF\0\0\0\0WEBPXMP ".as_slice(), b"\x06\0\0\0exif:x"].concat();
        assert_eq!(private_parts(&webp), ["XMP of a camera"]);
    }
}
