//! Files of the three formats that nobody made well: any bytes, samples with changes, parts in any order.

use super::super::samples::{self, load};
use super::super::*;
use crate::fuzz::{fuzz, within};
use proptest::prelude::*;

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
