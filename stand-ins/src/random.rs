//! A seeded source of chance (`SplitMix64`), so that a run with the same seed gives the same ids and pictures.
//! It must never be used where an outsider must not guess.

#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; 0 when the bound is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next().checked_rem(bound).unwrap_or(0)
    }

    /// A fraction in 0…1.
    pub fn fraction(&mut self) -> f32 {
        let sixteen_bits = u16::try_from(self.next() >> 48).unwrap_or(0);
        f32::from(sixteen_bits) / f32::from(u16::MAX)
    }

    /// `length` characters of the alphabet.
    pub fn text(&mut self, alphabet: &str, length: usize) -> String {
        let letters: Vec<char> = alphabet.chars().collect();
        let count = u64::try_from(letters.len()).unwrap_or(0);
        (0..length)
            .filter_map(|_| {
                let index = usize::try_from(self.below(count)).unwrap_or(0);
                letters.get(index).copied()
            })
            .collect()
    }

    pub fn hex(&mut self, length: usize) -> String {
        self.text("0123456789abcdef", length)
    }

    pub fn uuid(&mut self) -> String {
        let (a, b, c, d) = (self.hex(8), self.hex(4), self.hex(3), self.hex(3));
        format!("{a}-{b}-4{c}-a{d}-{}", self.hex(12))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_ids() {
        assert_eq!(Random::new(7).hex(32), Random::new(7).hex(32));
        assert_ne!(Random::new(7).hex(32), Random::new(8).hex(32));
    }
}
