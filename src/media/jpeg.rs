//! JPEG (ITU T.81) as a row of marker segments; baseline and progressive only, since nothing else is shown everywhere.
//! It must never skip bytes it cannot name: what stands between two segments is a fault, not padding.
//!
//! ```text
//! file    = SOI 1*( segment / scan ) EOI
//! segment = marker length body                  ; length counts itself
//! scan    = SOS length body entropy-coded-data  ; FF is followed by 00 or RST0..7 inside it
//! marker  = 1*%xFF code                         ; all but the last FF are fill
//! ```

use super::{Bounds, Format, Measured, Rejection, exif, reader::Reader};

/// SOI and the first byte of the marker that must follow.
pub(super) const SIGNATURE: &[u8] = &[0xFF, SOI, 0xFF];

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const DHT: u8 = 0xC4;
const DQT: u8 = 0xDB;
const DRI: u8 = 0xDD;
const COM: u8 = 0xFE;
const SOF_BASELINE: u8 = 0xC0;
const SOF_PROGRESSIVE: u8 = 0xC2;
const APP0: u8 = 0xE0;
const APP1: u8 = 0xE1;
const APP2: u8 = 0xE2;
const APP14: u8 = 0xEE;
const APP15: u8 = 0xEF;

const EXIF_HEADER: &[u8] = b"Exif\0\0";
const XMP_HEADER: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const XMP_EXTENSION_HEADER: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
const ICC_HEADER: &[u8] = b"ICC_PROFILE\0";

/// One segment, with the entropy-coded data behind it if it starts a scan.
#[derive(Clone, Copy)]
struct Segment<'a> {
    marker: u8,
    body: &'a [u8],
    scan: &'a [u8],
}

impl<'a> Segment<'a> {
    fn exif(&self) -> Option<&'a [u8]> {
        // The sixth byte of the header is padding, and decoders do not look at it.
        (self.marker == APP1 && self.body.starts_with(b"Exif\0"))
            .then(|| self.body.get(EXIF_HEADER.len()..))
            .flatten()
    }

    fn xmp(&self) -> Option<&'a [u8]> {
        (self.marker == APP1)
            .then(|| self.body.strip_prefix(XMP_HEADER))
            .flatten()
    }

    fn is_xmp_extension(&self) -> bool {
        self.marker == APP1 && self.body.starts_with(XMP_EXTENSION_HEADER)
    }
}

/// The segments of a file up to and without EOI; a fault ends the row.
struct Segments<'a> {
    reader: Reader<'a>,
    is_over: bool,
}

impl<'a> Segments<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        let mut reader = Reader::new(bytes);
        let is_over = reader.array() != Ok([0xFF, SOI]);
        Self { reader, is_over }
    }

    fn read(&mut self) -> Result<Option<Segment<'a>>, Rejection> {
        let marker = self.marker()?;
        match marker {
            EOI if self.reader.is_empty() => return Ok(None),
            EOI => return Err(Rejection::TrailingData),
            SOF_BASELINE | SOF_PROGRESSIVE | SOS | DHT | DQT | DRI | COM | APP0..=APP15 => {}
            // Other frames (lossless, hierarchical, arithmetic), DAC, DHP, EXP, reserved codes,
            // and DNL, by which the height would be told only after the first scan.
            0x02..=0xBF | 0xC1..=0xCF | 0xDC..=0xDF | 0xF0..=0xFD => {
                return Err(Rejection::NotAnImage);
            }
            _ => return Err(Rejection::Truncated),
        }
        let length = usize::from(self.reader.u16_be()?);
        let body = self
            .reader
            .take(length.checked_sub(2).ok_or(Rejection::Truncated)?)?;
        let scan = if marker == SOS {
            let length = scan_length(self.reader.rest()).ok_or(Rejection::Truncated)?;
            self.reader.take(length)?
        } else {
            &[]
        };
        Ok(Some(Segment { marker, body, scan }))
    }

    fn marker(&mut self) -> Result<u8, Rejection> {
        if self.reader.u8()? != 0xFF {
            return Err(Rejection::Truncated);
        }
        loop {
            match self.reader.u8()? {
                0xFF => {}
                code => return Ok(code),
            }
        }
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Result<Segment<'a>, Rejection>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let segment = self.read().transpose();
        self.is_over = !matches!(segment, Some(Ok(_)));
        segment
    }
}

/// The bytes before the next marker that is no restart marker; fill before it counts as data, which decoders skip.
fn scan_length(bytes: &[u8]) -> Option<usize> {
    bytes
        .array_windows()
        .position(|&[first, second]| first == 0xFF && !matches!(second, 0x00 | 0xD0..=0xD7 | 0xFF))
}

pub(super) fn measure(bytes: &[u8], bounds: &Bounds) -> Result<Measured, Rejection> {
    let mut frame = None;
    let mut orientation = None;
    let mut has_scan = false;
    for segment in Segments::of(bytes) {
        let segment = segment?;
        match segment.marker {
            SOF_BASELINE | SOF_PROGRESSIVE => {
                let (width, height) = frame_size(segment.body)?;
                bounds.admit(width, height)?;
                if frame.replace((width, height)).is_some() {
                    return Err(Rejection::Truncated);
                }
            }
            SOS if frame.is_none() => return Err(Rejection::Truncated),
            SOS => {
                check_scan(&segment)?;
                has_scan = true;
            }
            _ => {}
        }
        orientation = orientation.or(segment.exif().map(exif::orientation));
    }
    match frame {
        Some(size) if has_scan => Ok(Measured::new(
            Format::Jpeg,
            size,
            orientation.unwrap_or(exif::UPRIGHT),
        )),
        _ => Err(Rejection::Truncated),
    }
}

/// Width and height from a frame header of eight bits a sample and one, three or four components.
fn frame_size(body: &[u8]) -> Result<(u32, u32), Rejection> {
    let mut reader = Reader::new(body);
    let precision = reader.u8()?;
    let height = u32::from(reader.u16_be()?);
    let width = u32::from(reader.u16_be()?);
    let components = reader.u8()?;
    if precision != 8 || !matches!(components, 1 | 3 | 4) {
        return Err(Rejection::NotAnImage);
    }
    reader.take(usize::from(components).saturating_mul(3))?;
    if reader.is_empty() {
        Ok((width, height))
    } else {
        Err(Rejection::Truncated)
    }
}

fn check_scan(segment: &Segment<'_>) -> Result<(), Rejection> {
    let mut reader = Reader::new(segment.body);
    let components = reader.u8()?;
    reader.take(usize::from(components).saturating_mul(2))?;
    let [_first, _last, _approximation] = reader.array()?;
    if reader.is_empty() && matches!(components, 1..=4) && !segment.scan.is_empty() {
        Ok(())
    } else {
        Err(Rejection::Truncated)
    }
}

/// Keeps what is needed to show the pixels as they are; an unknown application segment may say anything about a person.
pub(super) fn strip(bytes: &[u8], orientation: u8) -> Result<Vec<u8>, Rejection> {
    let block = exif::only_orientation(orientation);
    let added = (orientation != exif::UPRIGHT).then_some([EXIF_HEADER, &block]);
    rebuild(bytes, added, |segment| match segment.marker {
        // Without the thumbnail, which may show more than the picture.
        APP0 if segment.body.starts_with(b"JFIF\0") => {
            segment.body.get(..12).map(|header| [header, &[0, 0]])
        }
        APP2 if segment.body.starts_with(ICC_HEADER) => Some([segment.body, &[]]),
        // Adobe's colour transform, without which the colours of some files are wrong.
        APP14 if segment.body.starts_with(b"Adobe") => {
            segment.body.get(..12).map(|header| [header, &[]])
        }
        APP0..=APP15 | COM => None,
        _ => Some([segment.body, &[]]),
    })
}

pub(super) fn with_xmp(bytes: &[u8], packet: &[u8]) -> Result<Vec<u8>, Rejection> {
    rebuild(bytes, Some([XMP_HEADER, packet]), |segment| {
        let is_replaced = segment.xmp().is_some() || segment.is_xmp_extension();
        (!is_replaced).then_some([segment.body, &[]])
    })
}

pub(super) fn xmp(bytes: &[u8]) -> Option<&[u8]> {
    Segments::of(bytes).find_map(|segment| segment.ok()?.xmp())
}

/// Writes the bodies that `kept` returns, each in two pieces, and `added` as an APP1 before the first segment
/// that need not come at the front, as JFIF and EXIF must.
fn rebuild<'a>(
    bytes: &'a [u8],
    mut added: Option<[&[u8]; 2]>,
    kept: impl Fn(&Segment<'a>) -> Option<[&'a [u8]; 2]>,
) -> Result<Vec<u8>, Rejection> {
    let growth = added.map_or(0, |[header, body]| header.len().saturating_add(body.len()));
    let mut copy = Vec::with_capacity(bytes.len().saturating_add(growth).saturating_add(16));
    copy.extend_from_slice(&[0xFF, SOI]);
    for segment in Segments::of(bytes) {
        let segment = segment?;
        let Some(body) = kept(&segment) else {
            continue;
        };
        if segment.marker != APP0
            && segment.exif().is_none()
            && let Some(body) = added.take()
        {
            write(&mut copy, APP1, body)?;
        }
        write(&mut copy, segment.marker, body)?;
        copy.extend_from_slice(segment.scan);
    }
    copy.extend_from_slice(&[0xFF, EOI]);
    Ok(copy)
}

fn write(copy: &mut Vec<u8>, marker: u8, body: [&[u8]; 2]) -> Result<(), Rejection> {
    let length = body
        .iter()
        .fold(2_usize, |sum, piece| sum.saturating_add(piece.len()));
    let length = u16::try_from(length).map_err(|_| Rejection::Truncated)?;
    copy.extend_from_slice(&[0xFF, marker]);
    copy.extend_from_slice(&length.to_be_bytes());
    for piece in body {
        copy.extend_from_slice(piece);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::samples::{frame, jpeg, load, scan, segment, talkative_jpeg};

    fn walk(parts: &[Vec<u8>]) -> Result<Measured, Rejection> {
        measure(&jpeg(parts), &Bounds::ANY)
    }

    fn size(parts: &[Vec<u8>]) -> (u32, u32) {
        walk(parts)
            .map(|measured| (measured.width, measured.height))
            .unwrap()
    }

    fn markers(bytes: &[u8]) -> Vec<u8> {
        Segments::of(bytes)
            .map(|segment| segment.unwrap().marker)
            .collect()
    }

    #[test]
    fn baseline_and_progressive_frames_are_taken() {
        for marker in [SOF_BASELINE, SOF_PROGRESSIVE] {
            assert_eq!(size(&[frame(marker, 300, 200), scan()]), (300, 200));
        }
    }

    #[test]
    fn every_other_frame_is_no_image() {
        for marker in (0xC1..=0xCF).filter(|marker| ![SOF_PROGRESSIVE, DHT].contains(marker)) {
            assert_eq!(
                walk(&[frame(marker, 300, 200), scan()]),
                Err(Rejection::NotAnImage),
                "{marker:x}"
            );
        }
    }

    #[test]
    fn hierarchy_late_heights_and_reserved_markers_are_no_image() {
        for marker in [0x02, 0xBF, 0xDC, 0xDE, 0xDF, 0xF0, 0xFD] {
            let parts = [frame(0xC0, 300, 200), segment(marker, b"\0\0"), scan()];
            assert_eq!(walk(&parts), Err(Rejection::NotAnImage), "{marker:x}");
        }
    }

    #[test]
    fn twelve_bit_samples_and_two_components_are_no_image() {
        let twelve_bit = segment(0xC0, &[12, 0, 9, 0, 9, 1, 1, 0x11, 0]);
        let two = segment(0xC0, &[8, 0, 9, 0, 9, 2, 1, 0x11, 0, 2, 0x11, 0]);
        for frame in [twelve_bit, two] {
            assert_eq!(walk(&[frame, scan()]), Err(Rejection::NotAnImage));
        }
    }

    #[test]
    fn several_scans_with_tables_between_them_are_walked() {
        let tables = segment(DHT, b"tables");
        let parts = [frame(0xC2, 300, 200), scan(), tables, scan(), scan()];
        assert_eq!(size(&parts), (300, 200));
        assert_eq!(markers(&jpeg(&parts)), [0xC2, SOS, DHT, SOS, SOS]);
    }

    #[test]
    fn fill_bytes_before_a_marker_mean_nothing() {
        let fill = vec![0xFF, 0xFF];
        let parts = [
            fill.clone(),
            frame(0xC0, 300, 200),
            fill.clone(),
            scan(),
            fill,
        ];
        assert_eq!(size(&parts), (300, 200));
    }

    #[test]
    fn fill_bytes_before_stuffing_or_a_restart_marker_belong_to_the_scan() {
        let mut scan = scan();
        scan.extend_from_slice(&[0xFF, 0xFF, 0x00, 0xFF, 0xFF, 0xD1, 0x78]);
        let parts = [frame(0xC0, 300, 200), scan];
        assert_eq!(markers(&jpeg(&parts)), [0xC0, SOS]);
        assert_eq!(strip(&jpeg(&parts), 1), Ok(jpeg(&parts)));
    }

    #[test]
    fn parts_in_an_impossible_order_or_number_do_not_add_up() {
        let frame = || frame(0xC0, 300, 200);
        for parts in [
            vec![],
            vec![frame()],
            vec![scan()],
            vec![scan(), frame()],
            vec![frame(), frame(), scan()],
            vec![frame(), scan(), frame()],
            vec![frame(), vec![0xFF, 0xD0], scan()],
            vec![frame(), vec![0xFF, 0x01], scan()],
            vec![frame(), vec![0xFF, SOI], scan()],
            vec![frame(), vec![0x00], scan()],
        ] {
            assert_eq!(walk(&parts), Err(Rejection::Truncated), "{parts:x?}");
        }
    }

    #[test]
    fn lengths_that_lie_do_not_add_up() {
        let frame_with = |body: &[u8]| vec![segment(0xC0, body), scan()];
        let scan_with = |body: &[u8]| vec![frame(0xC0, 300, 200), segment(SOS, body), vec![1]];
        for parts in [
            vec![vec![0xFF, 0xE1, 0, 1], frame(0xC0, 300, 200), scan()],
            vec![vec![0xFF, 0xE1, 0xFF, 0xFF], frame(0xC0, 300, 200), scan()],
            frame_with(&[8, 0, 9, 0, 9, 1, 1, 0x11]),
            frame_with(&[8, 0, 9, 0, 9, 1, 1, 0x11, 0, 0]),
            scan_with(&[1, 1, 0, 0, 63]),
            scan_with(&[1, 1, 0, 0, 63, 0, 0]),
            scan_with(&[0, 0, 63, 0]),
            scan_with(&[5, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 0, 63, 0]),
            vec![frame(0xC0, 300, 200), segment(SOS, &[1, 1, 0, 0, 63, 0])],
        ] {
            assert_eq!(walk(&parts), Err(Rejection::Truncated), "{parts:x?}");
        }
    }

    #[test]
    fn a_second_picture_after_the_first_is_trailing_data() {
        let picture = load("small/grayscale.jpg");
        let twice = picture.repeat(2);
        assert_eq!(measure(&twice, &Bounds::ANY), Err(Rejection::TrailingData));
    }

    #[test]
    fn the_first_exif_block_decides() {
        let exif = |value| {
            let block = exif::only_orientation(value);
            segment(APP1, &[EXIF_HEADER, &block].concat())
        };
        let parts = [exif(6), exif(3), frame(0xC0, 300, 200), scan()];
        assert_eq!(walk(&parts).map(|measured| measured.orientation), Ok(6));
    }

    #[test]
    fn an_exif_block_inside_another_application_segment_is_not_exif() {
        let block = [EXIF_HEADER, &exif::only_orientation(6)].concat();
        let parts = [segment(APP2, &block), frame(0xC0, 300, 200), scan()];
        assert_eq!(walk(&parts).map(|measured| measured.orientation), Ok(1));
    }

    #[test]
    fn a_stripped_file_has_jfif_orientation_and_profile_at_its_front_and_nothing_else() {
        let stripped = strip(&talkative_jpeg(6), 6).unwrap();
        let segments: Vec<_> = Segments::of(&stripped).map(Result::unwrap).collect();
        let front: Vec<_> = segments
            .iter()
            .map(|segment| segment.marker)
            .take(4)
            .collect();
        assert_eq!(front, [APP0, APP1, APP2, DQT]);
        assert_eq!(segments[0].body, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
        let only_tag = exif::only_orientation(6);
        assert_eq!(segments[1].exif(), Some(only_tag.as_slice()));
        for segment in &segments[3..] {
            assert!(!matches!(segment.marker, APP0..=APP15 | COM));
        }
    }

    #[test]
    fn adobes_colour_transform_is_kept_without_what_follows_it() {
        let adobe = b"Adobe\0\x64\0\0\0\0\x02";
        let parts = [
            segment(APP14, &[adobe.as_slice(), b"more"].concat()),
            segment(APP14, b"somebody else"),
            frame(0xC0, 300, 200),
            scan(),
        ];
        let kept = [segment(APP14, adobe), frame(0xC0, 300, 200), scan()];
        assert_eq!(strip(&jpeg(&parts), 1), Ok(jpeg(&kept)));
    }

    #[test]
    fn the_packet_stands_behind_jfif_and_exif_and_no_part_of_an_old_one_is_left() {
        let marked = with_xmp(&talkative_jpeg(6), b"packet").unwrap();
        let segments: Vec<_> = Segments::of(&marked).map(Result::unwrap).collect();
        assert_eq!(markers(&marked)[..4], [APP0, APP0, APP1, APP1]);
        assert!(segments[2].exif().is_some());
        assert_eq!(segments[3].xmp(), Some(b"packet".as_slice()));
        let in_app1 = segments.iter().filter(|segment| segment.marker == APP1);
        assert_eq!(in_app1.count(), 2);
    }

    #[test]
    fn a_packet_behind_the_frame_is_found_and_replaced() {
        let old = segment(APP1, &[XMP_HEADER, b"old"].concat());
        let bytes = jpeg(&[frame(0xC0, 300, 200), old, scan()]);
        assert_eq!(xmp(&bytes), Some(b"old".as_slice()));
        let marked = with_xmp(&bytes, b"new").unwrap();
        assert_eq!(xmp(&marked), Some(b"new".as_slice()));
        assert_eq!(markers(&marked), [APP1, 0xC0, SOS]);
    }
}
