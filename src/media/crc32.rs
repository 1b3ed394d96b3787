//! CRC-32 as PNG's annex D defines it, byte by byte. Faster ways need tables of 16 KB, which do not
//! compress and would be a twentieth of the Worker.

const TABLE: [u32; 256] = table();

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "carried out by the compiler"
)]
const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < table.len() {
        let mut crc = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            let shifted = crc >> 1;
            crc = if crc & 1 == 1 {
                shifted ^ 0xEDB8_8320
            } else {
                shifted
            };
            bit += 1;
        }
        table[byte] = crc;
        byte += 1;
    }
    table
}

/// A checksum over pieces as if they were one.
#[derive(Clone, Copy, Debug)]
pub struct Sum(u32);

impl Sum {
    pub const fn new() -> Self {
        Self(u32::MAX)
    }

    pub fn add(&mut self, piece: &[u8]) {
        for byte in piece {
            let [low, ..] = self.0.to_le_bytes();
            let change = TABLE.get(usize::from(low ^ byte)).copied();
            self.0 = (self.0 >> 8) ^ change.unwrap_or_default();
        }
    }

    pub const fn value(self) -> u32 {
        !self.0
    }
}

pub fn crc32(pieces: &[&[u8]]) -> u32 {
    let mut sum = Sum::new();
    for piece in pieces {
        sum.add(piece);
    }
    sum.value()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_check_value_of_the_standard_is_met() {
        assert_eq!(crc32(&[b"123456789"]), 0xCBF4_3926);
        assert_eq!(crc32(&[]), 0);
    }

    proptest! {
        #[test]
        fn it_is_what_another_library_computes(
            a in prop::collection::vec(any::<u8>(), 0..300),
            b in prop::collection::vec(any::<u8>(), 0..300),
        ) {
            let whole = [a.as_slice(), b.as_slice()].concat();
            prop_assert_eq!(crc32(&[&a, &b]), crc32fast::hash(&whole));
        }
    }
}
