//! Writes and reads instants as the providers do.
//! It owns no clock: the world's time is a number of milliseconds since 1970 that only the world moves.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

pub(crate) const SECOND_MS: u64 = 1000;
pub(crate) const MINUTE_MS: u64 = 60 * SECOND_MS;
pub(crate) const HOUR_MS: u64 = 60 * MINUTE_MS;
pub(crate) const DAY_MS: u64 = 24 * HOUR_MS;

/// RFC 3339 in UTC with `digits` fraction digits; `nanos` refines the millisecond (0…999,999).
pub(crate) fn rfc3339(at_ms: u64, nanos: u32, digits: usize) -> String {
    let seconds = i64::try_from(at_ms / SECOND_MS).unwrap_or(i64::MAX);
    let moment = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let whole = format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
        moment.year(),
        u8::from(moment.month()),
        moment.day(),
        moment.hour(),
        moment.minute(),
        moment.second()
    );
    let fraction = format!("{:03}{:06}", at_ms % SECOND_MS, nanos % 1_000_000);
    match fraction.get(..digits.min(9)) {
        Some(kept) if !kept.is_empty() => format!("{whole}.{kept}Z"),
        _ => format!("{whole}Z"),
    }
}

pub(crate) fn parse_rfc3339(text: &str) -> Option<u64> {
    let moment = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    u64::try_from(moment.unix_timestamp_nanos() / 1_000_000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fraction_digits_are_as_asked() {
        assert_eq!(rfc3339(1_713_784_515_329, 0, 3), "2024-04-22T11:15:15.329Z");
        assert_eq!(
            rfc3339(1_713_784_515_329, 12_345, 9),
            "2024-04-22T11:15:15.329012345Z"
        );
        assert_eq!(rfc3339(1_713_784_515_329, 0, 0), "2024-04-22T11:15:15Z");
    }

    #[test]
    fn written_instants_are_read_back() {
        assert_eq!(
            parse_rfc3339("2024-04-22T11:15:15.329000Z"),
            Some(1_713_784_515_329)
        );
        assert_eq!(parse_rfc3339("yesterday"), None);
    }
}
