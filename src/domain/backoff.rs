//! How long to wait before the next try, by chance: who failed together must not come back together.
//!
//! It knows no unit and no clock, and draws nothing: whoever asks brings the entropy.

/// Between nothing and `first`·2ⁿ, evenly, and never more than `most`.
pub fn full_jitter(first: u32, attempt: u32, most: u32, entropy: &[u8; 32]) -> u32 {
    let ceiling = first
        .saturating_mul(2_u32.saturating_pow(attempt))
        .min(most);
    let chance = entropy
        .first_chunk()
        .map_or(0, |bytes| u32::from_be_bytes(*bytes));
    chance
        .checked_rem(ceiling.saturating_add(1))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(number: u32) -> [u8; 32] {
        let mut entropy = [0; 32];
        entropy[..4].copy_from_slice(&number.to_be_bytes());
        entropy
    }

    #[test]
    fn the_range_doubles_with_every_attempt_up_to_the_most() {
        for (attempt, ceiling) in [(0, 4), (1, 8), (3, 32), (6, 256), (7, 300), (40, 300)] {
            let wait = |number| full_jitter(4, attempt, 300, &drawn(number));
            assert_eq!(wait(ceiling), ceiling);
            assert_eq!([wait(0), wait(ceiling + 1)], [0, 0]);
        }
    }
}
