//! The one EXIF tag that changes how a picture is shown, read from a TIFF block and written as a block of its own.
//! It never reads or writes another tag: the rest of EXIF tells where, when and with what a person took the picture.

/// TIFF tag 0x0112.
const ORIENTATION: u16 = 0x0112;
/// TIFF field type SHORT.
const SHORT: u16 = 3;
/// As stored, and what a file without EXIF means.
pub(super) const UPRIGHT: u8 = 1;

/// The orientation in a TIFF block; [`UPRIGHT`] when it has none that makes sense, as in browsers.
pub(super) fn orientation(block: &[u8]) -> u8 {
    find(without_preamble(block)).unwrap_or(UPRIGHT)
}

/// A TIFF block that holds the orientation and nothing else.
pub(super) const fn only_orientation(orientation: u8) -> [u8; 26] {
    let [tag_high, tag_low] = ORIENTATION.to_be_bytes();
    let [type_high, type_low] = SHORT.to_be_bytes();
    let mut block = [0; 26];
    block.copy_from_slice(&[
        b'M',
        b'M',
        0,
        42,
        0,
        0,
        0,
        8, // big-endian, first directory at byte 8
        0,
        1,
        tag_high,
        tag_low,
        type_high,
        type_low, // one entry: tag, type
        0,
        0,
        0,
        1,
        0,
        orientation,
        0,
        0, // one value, padded to four bytes
        0,
        0,
        0,
        0, // no second directory
    ]);
    block
}

/// JPEG puts `Exif\0\0` before the block, and some WebP encoders copy it along.
fn without_preamble(block: &[u8]) -> &[u8] {
    block.strip_prefix(b"Exif\0\0").unwrap_or(block)
}

fn find(tiff: &[u8]) -> Option<u8> {
    let is_big_endian = match tiff.first_chunk()? {
        b"MM\0*" => true,
        b"II*\0" => false,
        _ => return None,
    };
    let short = |bytes: [u8; 2]| {
        if is_big_endian {
            u16::from_be_bytes(bytes)
        } else {
            u16::from_le_bytes(bytes)
        }
    };
    let long = |bytes: [u8; 4]| {
        if is_big_endian {
            u32::from_be_bytes(bytes)
        } else {
            u32::from_le_bytes(bytes)
        }
    };
    let offset = usize::try_from(long(*tiff.get(4..)?.first_chunk()?)).ok()?;
    let (count, entries) = tiff.get(offset..)?.split_first_chunk()?;
    let (entries, _) = entries.as_chunks();
    let &[_, _, k0, k1, c0, c1, c2, c3, v0, v1, _, _] = entries
        .iter()
        .take(usize::from(short(*count)))
        .find(|&&[t0, t1, ..]: &&[u8; 12]| short([t0, t1]) == ORIENTATION)?;
    let is_one_short = short([k0, k1]) == SHORT && long([c0, c1, c2, c3]) == 1;
    let value = u8::try_from(short([v0, v1])).ok()?;
    (is_one_short && (1..=8).contains(&value)).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Little-endian, with a camera model before the orientation, as a phone writes it.
    fn little_endian(kind: u16, count: u32, value: u16) -> Vec<u8> {
        let mut block = b"II*\0\x08\0\0\0\x02\0".to_vec();
        block.extend_from_slice(b"\x10\x01\x02\0\x04\0\0\0abc\0");
        block.extend_from_slice(b"\x12\x01");
        block.extend_from_slice(&kind.to_le_bytes());
        block.extend_from_slice(&count.to_le_bytes());
        block.extend_from_slice(&value.to_le_bytes());
        block.extend_from_slice(&[0; 6]);
        block
    }

    #[test]
    fn what_is_written_is_read_back() {
        for value in 1..=8 {
            assert_eq!(orientation(&only_orientation(value)), value);
        }
    }

    #[test]
    fn both_byte_orders_and_the_jpeg_preamble_are_read() {
        let block = little_endian(SHORT, 1, 6);
        assert_eq!(orientation(&block), 6);
        let with_preamble = [b"Exif\0\0".as_slice(), &block].concat();
        assert_eq!(orientation(&with_preamble), 6);
    }

    #[test]
    fn an_orientation_that_makes_no_sense_is_upright() {
        for block in [
            little_endian(SHORT, 1, 0),
            little_endian(SHORT, 1, 9),
            little_endian(SHORT, 1, 0x0106),
            little_endian(SHORT, 2, 6),
            little_endian(4, 1, 6),
            b"MM\0*\xff\xff\xff\xff".to_vec(),
            b"neither".to_vec(),
            Vec::new(),
        ] {
            assert_eq!(orientation(&block), UPRIGHT, "{block:?}");
        }
    }

    #[test]
    fn an_entry_beyond_the_count_is_not_part_of_the_directory() {
        let mut block = little_endian(SHORT, 1, 6);
        block[8] = 1;
        assert_eq!(orientation(&block), UPRIGHT);
    }

    #[test]
    fn a_block_that_breaks_off_is_upright_until_the_entry_is_whole() {
        let block = only_orientation(6);
        for length in 0..22 {
            assert_eq!(orientation(&block[..length]), UPRIGHT);
        }
        assert_eq!(orientation(&block[..22]), 6);
    }
}
