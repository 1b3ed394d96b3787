//! WebP as a RIFF container; one frame, lossy or lossless, in the simple or the extended form.
//! It must never copy a chunk it does not know, nor believe a canvas that the frame inside does not fill.
//!
//! ```text
//! file     = "RIFF" size "WEBP" ( frame / extended )   ; size counts all that follows it
//! extended = VP8X *( ICCP / EXIF / XMP / other ) frame *( EXIF / XMP / other )
//! frame    = VP8L / [ALPH] VP8
//! chunk    = name length body [%x00]                   ; padded to an even length
//! ```

mod header;

use super::{Bounds, Format, Measured, Rejection, exif, reader::Reader};
use header::Header;

const VP8X: [u8; 4] = *b"VP8X";
const LOSSY: [u8; 4] = *b"VP8 ";
const LOSSLESS: [u8; 4] = *b"VP8L";
const ALPHA: [u8; 4] = *b"ALPH";
const PROFILE: [u8; 4] = *b"ICCP";
const EXIF: [u8; 4] = *b"EXIF";
const XMP: [u8; 4] = *b"XMP ";
const ANIMATION: [u8; 4] = *b"ANIM";
const ANIMATION_FRAME: [u8; 4] = *b"ANMF";

const HAS_XMP: u8 = 0x04;
const HAS_EXIF: u8 = 0x08;
const HAS_PROFILE: u8 = 0x20;

/// The file header: RIFF, size, WEBP.
const HEADER_BYTES: usize = 12;

pub(super) fn is_announced(bytes: &[u8]) -> bool {
    bytes.starts_with(b"RIFF") && bytes.get(8..HEADER_BYTES) == Some(b"WEBP")
}

#[derive(Clone, Copy)]
struct Chunk<'a> {
    name: [u8; 4],
    body: &'a [u8],
}

/// The chunks of a file; a fault ends the row.
struct Chunks<'a> {
    reader: Reader<'a>,
}

impl<'a> Chunks<'a> {
    fn of(bytes: &'a [u8]) -> Result<Self, Rejection> {
        let mut reader = Reader::new(bytes);
        reader.take(4)?;
        let size = reader.length_le()?;
        match reader.rest().len().cmp(&size) {
            std::cmp::Ordering::Less => return Err(Rejection::Truncated),
            std::cmp::Ordering::Greater => return Err(Rejection::TrailingData),
            std::cmp::Ordering::Equal => {}
        }
        reader.take(4)?;
        Ok(Self { reader })
    }

    fn read(&mut self) -> Result<Chunk<'a>, Rejection> {
        let name = self.reader.array()?;
        let length = self.reader.length_le()?;
        let body = self.reader.take(length)?;
        if is_odd(length) {
            self.reader.u8()?;
        }
        Ok(Chunk { name, body })
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Result<Chunk<'a>, Rejection>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.reader.is_empty() {
            return None;
        }
        let chunk = self.read();
        if chunk.is_err() {
            self.reader = Reader::new(&[]);
        }
        Some(chunk)
    }
}

const fn is_odd(length: usize) -> bool {
    length & 1 == 1
}

pub(super) fn measure(bytes: &[u8], bounds: &Bounds) -> Result<Measured, Rejection> {
    let mut chunks = Chunks::of(bytes)?;
    let first = chunks.next().ok_or(Rejection::Truncated)??;
    let (header, orientation) = match first.name {
        VP8X => {
            let canvas = Header::of_canvas(first.body, bounds)?;
            (canvas, walk_extended(chunks, canvas, bounds)?)
        }
        ANIMATION | ANIMATION_FRAME => return Err(Rejection::Animated),
        _ => {
            let frame = Header::of_frame(&first, bounds).ok_or(Rejection::NotAnImage)??;
            // The simple form ends with its frame.
            match chunks.next() {
                None => (frame, exif::UPRIGHT),
                Some(Ok(_)) => return Err(Rejection::TrailingData),
                Some(Err(rejection)) => return Err(rejection),
            }
        }
    };
    Ok(Measured::new(
        Format::Webp,
        (header.width, header.height),
        orientation,
    ))
}

/// Walks what follows VP8X and returns the orientation.
fn walk_extended(chunks: Chunks<'_>, canvas: Header, bounds: &Bounds) -> Result<u8, Rejection> {
    let mut has_frame = false;
    let mut has_alpha_plane = false;
    let mut orientation = None;
    for chunk in chunks {
        let chunk = chunk?;
        match chunk.name {
            ANIMATION | ANIMATION_FRAME => return Err(Rejection::Animated),
            VP8X => return Err(Rejection::Truncated),
            ALPHA if has_frame || has_alpha_plane => return Err(Rejection::Truncated),
            ALPHA => has_alpha_plane = true,
            EXIF => orientation = orientation.or(Some(exif::orientation(chunk.body))),
            name => {
                let Some(frame) = Header::of_frame(&chunk, bounds) else {
                    continue;
                };
                let frame = frame?;
                let is_second = has_frame || (has_alpha_plane && name == LOSSLESS);
                if is_second || (frame.width, frame.height) != (canvas.width, canvas.height) {
                    return Err(Rejection::Truncated);
                }
                has_frame = true;
            }
        }
    }
    if has_frame {
        Ok(orientation.unwrap_or(exif::UPRIGHT))
    } else {
        Err(Rejection::Truncated)
    }
}

pub(super) fn strip(bytes: &[u8], orientation: u8) -> Result<Vec<u8>, Rejection> {
    let block = exif::only_orientation(orientation);
    let added = (orientation != exif::UPRIGHT).then_some((EXIF, block.as_slice()));
    rebuild(bytes, added, |name| {
        matches!(name, LOSSY | LOSSLESS | ALPHA | PROFILE)
    })
}

pub(super) fn with_xmp(bytes: &[u8], packet: &[u8]) -> Result<Vec<u8>, Rejection> {
    rebuild(bytes, Some((XMP, packet)), |name| name != XMP)
}

pub(super) fn xmp(bytes: &[u8]) -> Option<&[u8]> {
    Chunks::of(bytes).ok()?.find_map(|chunk| {
        let chunk = chunk.ok()?;
        (chunk.name == XMP).then_some(chunk.body)
    })
}

/// Writes the chunks that are `kept`, then `added`, behind a VP8X whose flags tell what is really there.
/// A simple file stays simple unless something is added.
fn rebuild(
    bytes: &[u8],
    added: Option<([u8; 4], &[u8])>,
    kept: impl Fn([u8; 4]) -> bool,
) -> Result<Vec<u8>, Rejection> {
    let mut header = None;
    let mut is_extended = added.is_some();
    let mut flags = added.map_or(0, |(name, _)| flag(name));
    for chunk in Chunks::of(bytes)? {
        let chunk = chunk?;
        if chunk.name == VP8X {
            is_extended = true;
            header = Some(Header::of_canvas(chunk.body, &Bounds::ANY)?);
        } else if kept(chunk.name) {
            flags |= flag(chunk.name);
            if let (None, Some(frame)) = (header, Header::of_frame(&chunk, &Bounds::ANY)) {
                header = Some(frame?);
            }
        }
    }
    let header = header.ok_or(Rejection::Truncated)?;

    let growth = added.map_or(0, |(_, body)| body.len());
    let mut copy = Vec::with_capacity(bytes.len().saturating_add(growth).saturating_add(32));
    copy.extend_from_slice(b"RIFF\0\0\0\0WEBP");
    if is_extended {
        write(&mut copy, VP8X, &header.to_canvas(flags))?;
    }
    for chunk in Chunks::of(bytes)? {
        let chunk = chunk?;
        if chunk.name != VP8X && kept(chunk.name) {
            write(&mut copy, chunk.name, chunk.body)?;
        }
    }
    if let Some((name, body)) = added {
        write(&mut copy, name, body)?;
    }
    let size = u32::try_from(copy.len().saturating_sub(8)).map_err(|_| Rejection::Truncated)?;
    if let Some([_, _, _, _, field @ ..]) = copy.first_chunk_mut::<8>() {
        *field = size.to_le_bytes();
    }
    Ok(copy)
}

/// The VP8X flag that announces a chunk.
const fn flag(name: [u8; 4]) -> u8 {
    match name {
        PROFILE => HAS_PROFILE,
        ALPHA => header::HAS_ALPHA,
        EXIF => HAS_EXIF,
        XMP => HAS_XMP,
        _ => 0,
    }
}

fn write(copy: &mut Vec<u8>, name: [u8; 4], body: &[u8]) -> Result<(), Rejection> {
    let length = u32::try_from(body.len()).map_err(|_| Rejection::Truncated)?;
    copy.extend_from_slice(&name);
    copy.extend_from_slice(&length.to_le_bytes());
    copy.extend_from_slice(body);
    if is_odd(body.len()) {
        copy.push(0);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::samples::{load, riff_chunk, talkative_webp, vp8l, vp8x, webp};

    fn walk(parts: &[Vec<u8>]) -> Result<Measured, Rejection> {
        measure(&webp(parts), &Bounds::ANY)
    }

    /// The header of a lossy frame that is 300 by 200 and whose first partition is one byte long.
    fn lossy(tag: u8, first_partition: u8) -> Vec<u8> {
        let [width, height] = [300_u16.to_le_bytes(), 200_u16.to_le_bytes()];
        let head = [
            tag | first_partition << 5,
            first_partition >> 3,
            0,
            0x9D,
            0x01,
            0x2A,
        ];
        riff_chunk(LOSSY, &[&head, width.as_slice(), &height, &[0]].concat())
    }

    fn names(bytes: &[u8]) -> Vec<[u8; 4]> {
        let chunks = Chunks::of(bytes).unwrap();
        chunks.map(|chunk| chunk.unwrap().name).collect()
    }

    fn flags(bytes: &[u8]) -> u8 {
        let first = Chunks::of(bytes).unwrap().next().unwrap().unwrap();
        assert_eq!(first.name, VP8X);
        first.body[0]
    }

    #[test]
    fn lossy_and_lossless_frames_are_taken_in_both_forms() {
        for parts in [
            vec![lossy(0x10, 1)],
            vec![vp8l(300, 200)],
            vec![vp8x(0, 300, 200), lossy(0x10, 1)],
            vec![vp8x(0x10, 300, 200), vp8l(300, 200)],
            vec![
                vp8x(0x10, 300, 200),
                riff_chunk(ALPHA, b"\0"),
                lossy(0x10, 1),
            ],
            vec![vp8x(0x08, 300, 200), riff_chunk(EXIF, b"-"), lossy(0x10, 1)],
        ] {
            let measured = walk(&parts).unwrap();
            assert_eq!((measured.width, measured.height), (300, 200));
        }
    }

    #[test]
    fn a_request_to_scale_is_not_part_of_the_size() {
        let mut frame = lossy(0x10, 1);
        for upper_bits in [15, 17] {
            frame[upper_bits] |= 0xC0;
        }
        let measured = walk(&[frame]).unwrap();
        assert_eq!((measured.width, measured.height), (300, 200));
    }

    #[test]
    fn the_size_of_the_file_must_be_exact() {
        let exact = load("small/lossy.webp");
        let with_size = |change: fn(u8) -> u8| {
            let mut bytes = exact.clone();
            bytes[4] = change(bytes[4]);
            measure(&bytes, &Bounds::ANY)
        };
        assert!(with_size(|low| low).is_ok());
        assert_eq!(
            with_size(|low| low.wrapping_add(2)),
            Err(Rejection::Truncated)
        );
        assert_eq!(
            with_size(|low| low.wrapping_sub(2)),
            Err(Rejection::TrailingData)
        );
    }

    #[test]
    fn an_odd_chunk_needs_its_padding_inside_the_file() {
        let note = riff_chunk(*b"note", b"odd");
        let unpadded = note[..11].to_vec();
        let parts = |note| vec![vp8x(0, 300, 200), lossy(0x10, 1), note];
        assert!(walk(&parts(note)).is_ok());
        assert_eq!(walk(&parts(unpadded)), Err(Rejection::Truncated));
    }

    #[test]
    fn each_sign_of_an_animation_gives_it_away() {
        for parts in [
            vec![vp8x(0x02, 300, 200), lossy(0x10, 1)],
            vec![
                vp8x(0, 300, 200),
                riff_chunk(ANIMATION, b""),
                lossy(0x10, 1),
            ],
            vec![vp8x(0, 300, 200), riff_chunk(ANIMATION_FRAME, b"")],
            vec![riff_chunk(ANIMATION_FRAME, b"")],
        ] {
            assert_eq!(walk(&parts), Err(Rejection::Animated), "{parts:x?}");
        }
    }

    #[test]
    fn parts_in_an_impossible_order_or_number_do_not_add_up() {
        let canvas = || vp8x(0x10, 300, 200);
        let alpha = || riff_chunk(ALPHA, b"\0");
        let canvas_of = |length| {
            let body = [0, 0, 0, 0, 43, 1, 0, 199, 0, 0, 0];
            riff_chunk(VP8X, &body[..length])
        };
        assert!(walk(&[canvas_of(10), lossy(0x10, 1)]).is_ok());
        for parts in [
            vec![],
            vec![canvas()],
            vec![canvas(), alpha()],
            vec![canvas(), canvas(), lossy(0x10, 1)],
            vec![canvas(), lossy(0x10, 1), lossy(0x10, 1)],
            vec![canvas(), lossy(0x10, 1), alpha()],
            vec![canvas(), alpha(), alpha(), lossy(0x10, 1)],
            vec![canvas(), alpha(), vp8l(300, 200)],
            vec![canvas_of(9), lossy(0x10, 1)],
            vec![canvas_of(11), lossy(0x10, 1)],
            vec![lossy(0x10, 2)],
            vec![riff_chunk(LOSSLESS, &[0x2F, 0, 0, 0, 0])],
        ] {
            assert_eq!(walk(&parts), Err(Rejection::Truncated), "{parts:x?}");
        }
    }

    #[test]
    fn a_canvas_that_the_frame_does_not_fill_does_not_add_up() {
        for (width, height) in [(301, 200), (300, 199), (200, 300)] {
            for frame in [lossy(0x10, 1), vp8l(300, 200)] {
                let parts = [vp8x(0, width, height), frame];
                assert_eq!(walk(&parts), Err(Rejection::Truncated));
            }
        }
    }

    #[test]
    fn a_frame_that_cannot_be_shown_alone_is_no_image() {
        let wrong_version = riff_chunk(LOSSLESS, &[0x2F, 0, 0, 0, 0x20, 0]);
        let wrong_signature = riff_chunk(LOSSLESS, &[0x2E, 0, 0, 0, 0, 0]);
        for frame in [
            lossy(0x11, 1),
            lossy(0x00, 1),
            riff_chunk(LOSSY, &[0x10; 20]),
            riff_chunk(*b"note", b""),
            wrong_version,
            wrong_signature,
        ] {
            assert_eq!(walk(&[frame]), Err(Rejection::NotAnImage));
        }
    }

    #[test]
    fn the_simple_form_ends_with_its_frame() {
        let parts = [lossy(0x10, 1), riff_chunk(EXIF, b"")];
        assert_eq!(walk(&parts), Err(Rejection::TrailingData));
    }

    #[test]
    fn a_simple_file_stays_as_it_is_when_stripped() {
        for name in [
            "small/lossy.webp",
            "small/lossless.webp",
            "small/lossless-alpha.webp",
        ] {
            let bytes = load(name);
            assert_eq!(strip(&bytes, 1), Ok(bytes), "{name}");
        }
    }

    #[test]
    fn the_flags_tell_what_is_left() {
        let stripped = strip(&talkative_webp(1), 1).unwrap();
        assert_eq!(names(&stripped), [VP8X, PROFILE, LOSSY]);
        assert_eq!(flags(&stripped), HAS_PROFILE);
        let stripped = strip(&talkative_webp(6), 6).unwrap();
        assert_eq!(names(&stripped), [VP8X, PROFILE, LOSSY, EXIF]);
        assert_eq!(flags(&stripped), HAS_PROFILE | HAS_EXIF);
    }

    #[test]
    fn a_marked_simple_file_becomes_extended_and_keeps_its_transparency() {
        for (name, has_alpha) in [
            ("small/lossy.webp", false),
            ("small/lossless.webp", false),
            ("small/lossless-alpha.webp", true),
            ("small/lossy-alpha.webp", true),
        ] {
            let marked = with_xmp(&load(name), b"packet").unwrap();
            let alpha = if has_alpha { header::HAS_ALPHA } else { 0 };
            assert_eq!(flags(&marked), HAS_XMP | alpha, "{name}");
            assert_eq!(xmp(&marked), Some(b"packet".as_slice()), "{name}");
            assert_eq!(names(&marked).last(), Some(&XMP), "{name}");
        }
    }
}
