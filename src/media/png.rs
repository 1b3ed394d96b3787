//! PNG (third edition) as a row of chunks, each with its checksum; still pictures only.
//! It must never copy a chunk it does not know: an ancillary chunk may say anything about a person.
//!
//! ```text
//! file  = signature IHDR *chunk 1*IDAT *chunk IEND   ; all IDAT in one run
//! chunk = length name body crc                       ; crc over name and body
//! ```

use super::crc32::crc32;
use super::{Bounds, Format, Measured, Rejection, exif, reader::Reader};

pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

const XMP_KEYWORD: &[u8] = b"XML:com.adobe.xmp\0";
/// Keyword; not compressed, method 0, no language, no translated keyword.
const XMP_HEADER: &[u8] = b"XML:com.adobe.xmp\0\0\0\0\0";

#[derive(Clone, Copy)]
struct Chunk<'a> {
    name: [u8; 4],
    body: &'a [u8],
}

impl<'a> Chunk<'a> {
    fn is_xmp(&self) -> bool {
        &self.name == b"iTXt" && self.body.starts_with(XMP_KEYWORD)
    }

    /// The packet, unless it is compressed; language and translated keyword are skipped.
    fn xmp(&self) -> Option<&'a [u8]> {
        if !self.is_xmp() {
            return None;
        }
        let rest = self.body.strip_prefix(XMP_KEYWORD)?;
        let [0, _method, rest @ ..] = rest else {
            return None;
        };
        rest.splitn(3, |byte| *byte == 0).nth(2)
    }
}

/// The chunks of a file including IEND; a fault ends the row.
struct Chunks<'a> {
    reader: Reader<'a>,
    is_over: bool,
}

impl<'a> Chunks<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        let rest = bytes.strip_prefix(SIGNATURE);
        Self {
            reader: Reader::new(rest.unwrap_or_default()),
            is_over: rest.is_none(),
        }
    }

    fn read(&mut self) -> Result<Chunk<'a>, Rejection> {
        let length = self.reader.length_be()?;
        let name = self.reader.array()?;
        let body = self.reader.take(length)?;
        if self.reader.u32_be()? != crc32(&[&name, body]) {
            return Err(Rejection::Truncated);
        }
        if &name == b"IEND" {
            self.is_over = true;
            if !body.is_empty() {
                return Err(Rejection::Truncated);
            }
            if !self.reader.is_empty() {
                return Err(Rejection::TrailingData);
            }
        }
        Ok(Chunk { name, body })
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Result<Chunk<'a>, Rejection>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let chunk = self.read();
        self.is_over |= chunk.is_err();
        Some(chunk)
    }
}

/// Where the walk stands relative to the run of IDAT chunks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Data {
    Ahead,
    Here,
    Past,
}

pub(super) fn measure(bytes: &[u8], bounds: &Bounds) -> Result<Measured, Rejection> {
    let header = Header::read(bytes, bounds)?;
    let mut data = Data::Ahead;
    let mut has_pixels = false;
    let mut has_palette = false;
    let mut orientation = None;
    for chunk in Chunks::of(bytes).skip(1) {
        let chunk = chunk?;
        match (&chunk.name, data) {
            (b"IDAT", Data::Ahead | Data::Here) => {
                if header.needs_palette && !has_palette {
                    return Err(Rejection::Truncated);
                }
                data = Data::Here;
                has_pixels |= !chunk.body.is_empty();
                continue;
            }
            (b"PLTE", Data::Ahead) if !has_palette => has_palette = true,
            (b"acTL" | b"fcTL" | b"fdAT", _) => return Err(Rejection::Animated),
            (b"eXIf", _) => orientation = orientation.or(Some(exif::orientation(chunk.body))),
            (b"IEND", _) if has_pixels => {
                return Ok(Measured::new(
                    Format::Png,
                    header.size,
                    orientation.unwrap_or(exif::UPRIGHT),
                ));
            }
            (b"IHDR" | b"PLTE" | b"IDAT" | b"IEND", _) => return Err(Rejection::Truncated),
            (name, _) => check_unknown(*name)?,
        }
        if data == Data::Here {
            data = Data::Past;
        }
    }
    Err(Rejection::Truncated)
}

/// No decoder shows a file with a critical chunk (first letter in upper case) that it does not know.
fn check_unknown(name: [u8; 4]) -> Result<(), Rejection> {
    let [first, ..] = name;
    if !name.iter().all(u8::is_ascii_alphabetic) {
        Err(Rejection::Truncated)
    } else if first.is_ascii_uppercase() {
        Err(Rejection::NotAnImage)
    } else {
        Ok(())
    }
}

struct Header {
    size: (u32, u32),
    needs_palette: bool,
}

impl Header {
    /// The size is judged before the checksum, which costs as much as the chunk claims to be long.
    fn read(bytes: &[u8], bounds: &Bounds) -> Result<Self, Rejection> {
        let mut reader = Reader::new(bytes);
        reader.take(SIGNATURE.len())?;
        let length = reader.u32_be()?;
        if (length, reader.array()?) != (13, *b"IHDR") {
            return Err(Rejection::Truncated);
        }
        let size = (reader.u32_be()?, reader.u32_be()?);
        bounds.admit(size.0, size.1)?;
        let [depth, colour, compression, filter, interlace] = reader.array()?;
        let is_known = match colour {
            0 => matches!(depth, 1 | 2 | 4 | 8 | 16),
            3 => matches!(depth, 1 | 2 | 4 | 8),
            2 | 4 | 6 => matches!(depth, 8 | 16),
            _ => false,
        };
        if !is_known || (compression, filter) != (0, 0) || interlace > 1 {
            return Err(Rejection::NotAnImage);
        }
        match Chunks::of(bytes).next() {
            Some(Ok(_)) => Ok(Self {
                size,
                needs_palette: colour == 3,
            }),
            Some(Err(rejection)) => Err(rejection),
            None => Err(Rejection::Truncated),
        }
    }
}

pub(super) fn strip(bytes: &[u8], orientation: u8) -> Result<Vec<u8>, Rejection> {
    let block = exif::only_orientation(orientation);
    let added = (orientation != exif::UPRIGHT).then_some((*b"eXIf", [block.as_slice(), &[]]));
    rebuild(bytes, added, |chunk| {
        // The pixels, and what says how their values become colours and proportions.
        matches!(
            &chunk.name,
            b"IHDR"
                | b"PLTE"
                | b"IDAT"
                | b"IEND"
                | b"tRNS"
                | b"gAMA"
                | b"cHRM"
                | b"sRGB"
                | b"iCCP"
                | b"cICP"
                | b"mDCV"
                | b"cLLI"
                | b"sBIT"
                | b"bKGD"
                | b"pHYs"
        )
    })
}

pub(super) fn with_xmp(bytes: &[u8], packet: &[u8]) -> Result<Vec<u8>, Rejection> {
    let added = (*b"iTXt", [XMP_HEADER, packet]);
    rebuild(bytes, Some(added), |chunk| !chunk.is_xmp())
}

pub(super) fn xmp(bytes: &[u8]) -> Option<&[u8]> {
    Chunks::of(bytes).find_map(|chunk| chunk.ok()?.xmp())
}

/// Writes the chunks that are `kept`, and `added` behind IHDR, where every ancillary chunk may stand.
fn rebuild(
    bytes: &[u8],
    mut added: Option<([u8; 4], [&[u8]; 2])>,
    kept: impl Fn(&Chunk<'_>) -> bool,
) -> Result<Vec<u8>, Rejection> {
    let growth = added.map_or(0, |(_, [header, body])| {
        header.len().saturating_add(body.len())
    });
    let mut copy = Vec::with_capacity(bytes.len().saturating_add(growth).saturating_add(16));
    copy.extend_from_slice(SIGNATURE);
    for chunk in Chunks::of(bytes) {
        let chunk = chunk?;
        if kept(&chunk) {
            write(&mut copy, chunk.name, [chunk.body, &[]])?;
        }
        if let Some((name, body)) = added.take() {
            write(&mut copy, name, body)?;
        }
    }
    Ok(copy)
}

fn write(copy: &mut Vec<u8>, name: [u8; 4], body: [&[u8]; 2]) -> Result<(), Rejection> {
    let length = body
        .iter()
        .fold(0_usize, |sum, piece| sum.saturating_add(piece.len()));
    let length = u32::try_from(length).map_err(|_| Rejection::Truncated)?;
    copy.extend_from_slice(&length.to_be_bytes());
    let begin = copy.len();
    copy.extend_from_slice(&name);
    for piece in body {
        copy.extend_from_slice(piece);
    }
    let checksum = crc32(&[copy.get(begin..).unwrap_or_default()]);
    copy.extend_from_slice(&checksum.to_be_bytes());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::samples::{png, png_chunk, png_data, png_end, png_header, talkative_png};

    fn walk(parts: &[Vec<u8>]) -> Result<Measured, Rejection> {
        measure(&png(parts), &Bounds::ANY)
    }

    fn header_with(rest: [u8; 5]) -> Vec<u8> {
        png_chunk(
            *b"IHDR",
            &[&[0, 0, 0, 1, 0, 0, 0, 1], rest.as_slice()].concat(),
        )
    }

    fn names(bytes: &[u8]) -> Vec<[u8; 4]> {
        Chunks::of(bytes).map(|chunk| chunk.unwrap().name).collect()
    }

    #[test]
    fn the_smallest_picture_is_taken() {
        let parts = [png_header(1, 1), png_data(), png_end()];
        let measured = walk(&parts).unwrap();
        assert_eq!((measured.width, measured.height), (1, 1));
    }

    #[test]
    fn a_wrong_checksum_in_any_chunk_does_not_add_up() {
        let parts = [
            png_header(1, 1),
            png_chunk(*b"tEXt", b"a\0b"),
            png_data(),
            png_end(),
        ];
        let bytes = png(&parts);
        let mut end = SIGNATURE.len();
        for part in &parts {
            end = end.checked_add(part.len()).unwrap();
            let mut broken = bytes.clone();
            broken[end.checked_sub(1).unwrap()] ^= 1;
            assert_eq!(measure(&broken, &Bounds::ANY), Err(Rejection::Truncated));
        }
    }

    #[test]
    fn parts_in_an_impossible_order_or_number_do_not_add_up() {
        let text = || png_chunk(*b"tEXt", b"a\0b");
        let header = || png_header(1, 1);
        let palette = || png_chunk(*b"PLTE", &[0; 3]);
        for parts in [
            vec![],
            vec![header()],
            vec![header(), png_end()],
            vec![header(), png_data()],
            vec![png_data(), png_end()],
            vec![text(), header(), png_data(), png_end()],
            vec![header(), header(), png_data(), png_end()],
            vec![header(), png_data(), text(), png_data(), png_end()],
            vec![header(), png_data(), palette(), png_end()],
            vec![header(), palette(), palette(), png_data(), png_end()],
            vec![header(), png_chunk(*b"IDAT", b""), png_end()],
            vec![header(), png_data(), png_chunk(*b"IEND", b"more")],
            vec![header(), png_data(), png_chunk(*b"te t", b""), png_end()],
            vec![header_with([8, 3, 0, 0, 0]), png_data(), png_end()],
            vec![png_chunk(*b"IHDR", &[0; 12]), png_data(), png_end()],
        ] {
            assert_eq!(walk(&parts), Err(Rejection::Truncated), "{parts:x?}");
        }
    }

    #[test]
    fn data_in_several_chunks_are_walked() {
        let data = || png_chunk(*b"IDAT", b"x");
        assert!(
            walk(&[
                png_header(1, 1),
                data(),
                data(),
                png_chunk(*b"IDAT", b""),
                png_end()
            ])
            .is_ok()
        );
    }

    #[test]
    fn only_the_pixel_formats_of_the_standard_are_images() {
        let walk_header = |rest| {
            walk(&[
                header_with(rest),
                png_chunk(*b"PLTE", &[0; 3]),
                png_data(),
                png_end(),
            ])
        };
        for (colour, depths) in [
            (0, [1, 2, 4, 8, 16].as_slice()),
            (2, &[8, 16]),
            (3, &[1, 2, 4, 8]),
            (4, &[8, 16]),
            (6, &[8, 16]),
        ] {
            for depth in 0..=32 {
                let taken = walk_header([depth, colour, 0, 0, 1]);
                if depths.contains(&depth) {
                    assert!(taken.is_ok(), "{depth} bits of colour type {colour}");
                } else {
                    assert_eq!(taken, Err(Rejection::NotAnImage));
                }
            }
        }
        for rest in [
            [8, 1, 0, 0, 0],
            [8, 0, 1, 0, 0],
            [8, 0, 0, 1, 0],
            [8, 0, 0, 0, 2],
        ] {
            assert_eq!(walk_header(rest), Err(Rejection::NotAnImage));
        }
    }

    #[test]
    fn a_critical_chunk_that_nobody_knows_is_no_image() {
        let parts = [
            png_header(1, 1),
            png_chunk(*b"NEWC", b""),
            png_data(),
            png_end(),
        ];
        assert_eq!(walk(&parts), Err(Rejection::NotAnImage));
    }

    #[test]
    fn each_chunk_of_an_animation_gives_it_away() {
        for name in [*b"acTL", *b"fcTL", *b"fdAT"] {
            for parts in [
                [
                    png_header(1, 1),
                    png_chunk(name, b""),
                    png_data(),
                    png_end(),
                ],
                [
                    png_header(1, 1),
                    png_data(),
                    png_chunk(name, b""),
                    png_end(),
                ],
            ] {
                assert_eq!(walk(&parts), Err(Rejection::Animated));
            }
        }
    }

    #[test]
    fn a_stripped_file_keeps_what_the_colours_and_proportions_need() {
        let kept = *b"tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT bKGD pHYs";
        let dropped = *b"eXIf tEXt iTXt zTXt tIME caBX prVt hIST sPLT vpAg";
        let chunks = |list: &[u8]| {
            let names = list.chunks(5).map(|name| *name.first_chunk().unwrap());
            names.map(|name| png_chunk(name, b"1")).collect::<Vec<_>>()
        };
        let around =
            |middle: Vec<Vec<u8>>| png(&[png_header(1, 1), middle.concat(), png_data(), png_end()]);
        let all = [chunks(&kept), chunks(&dropped)].concat();
        assert_eq!(strip(&around(all), 1), Ok(around(chunks(&kept))));
    }

    #[test]
    fn an_orientation_is_written_behind_the_header() {
        let stripped = strip(&talkative_png(6), 6).unwrap();
        assert_eq!(names(&stripped)[..2], [*b"IHDR", *b"eXIf"]);
        let chunk = Chunks::of(&stripped).nth(1).unwrap().unwrap();
        assert_eq!(chunk.body, exif::only_orientation(6));
    }

    #[test]
    fn a_packet_with_a_language_is_found_and_one_that_is_compressed_is_not() {
        let with = |header: &[u8]| {
            let text = [b"XML:com.adobe.xmp\0", header, b"packet"].concat();
            png(&[
                png_header(1, 1),
                png_chunk(*b"iTXt", &text),
                png_data(),
                png_end(),
            ])
        };
        let plain = with(b"\0\0en\0translated\0");
        assert_eq!(xmp(&plain), Some(b"packet".as_slice()));
        let compressed = with(b"\x01\0\0\0");
        assert_eq!(xmp(&compressed), None);
        for bytes in [plain, compressed] {
            let marked = with_xmp(&bytes, b"new").unwrap();
            assert_eq!(names(&marked), [*b"IHDR", *b"iTXt", *b"IDAT", *b"IEND"]);
            assert_eq!(xmp(&marked), Some(b"new".as_slice()));
        }
    }
}
