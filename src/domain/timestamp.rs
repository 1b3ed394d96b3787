//! A moment, in milliseconds since 1970 in UTC, and its two spellings: the 13 digits of our keys
//! and RFC 3339.
//!
//! It never reads a clock: the platform says what time it is.

use std::fmt;

/// Milliseconds since 1970-01-01T00:00:00Z; always spelled with 13 digits, so until 2286.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Timestamp(u64);

const LAST: u64 = 9_999_999_999_999;
const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 86_400_000;

impl Timestamp {
    /// Clamped to what 13 digits can say.
    pub const fn from_ms(ms: u64) -> Self {
        Self(if ms > LAST { LAST } else { ms })
    }

    pub const fn as_ms(self) -> u64 {
        self.0
    }

    pub const fn as_s(self) -> u64 {
        self.0 / 1000
    }

    #[must_use]
    pub const fn plus_ms(self, ms: u64) -> Self {
        Self::from_ms(self.0.saturating_add(ms))
    }

    #[must_use]
    pub const fn plus_s(self, s: u64) -> Self {
        self.plus_ms(s.saturating_mul(1000))
    }

    #[must_use]
    pub const fn minus_s(self, s: u64) -> Self {
        Self(self.0.saturating_sub(s.saturating_mul(1000)))
    }

    /// Milliseconds from `earlier` to here; zero when it is not earlier.
    pub const fn since_ms(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The midnight, in UTC, that ends this day: when daily quotas start again.
    #[must_use]
    pub const fn next_midnight(self) -> Self {
        match (self.0 / DAY_MS).checked_add(1) {
            Some(day) => Self::from_ms(day.saturating_mul(DAY_MS)),
            None => Self(LAST),
        }
    }

    /// The end of this hour.
    #[must_use]
    pub const fn next_hour(self) -> Self {
        match (self.0 / HOUR_MS).checked_add(1) {
            Some(hour) => Self::from_ms(hour.saturating_mul(HOUR_MS)),
            None => Self(LAST),
        }
    }

    /// Reads RFC 3339 in UTC with zero to nine fraction digits, as Replicate writes it.
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
        let mut date = date.splitn(3, '-');
        let year = digits(date.next()?, 4)?;
        let month = digits(date.next()?, 2).filter(|m| (1..=12).contains(m))?;
        let day = digits(date.next()?, 2).filter(|d| (1..=31).contains(d))?;
        let (clock, fraction) = time.split_once('.').unwrap_or((time, ""));
        let mut clock = clock.splitn(3, ':');
        let hour = digits(clock.next()?, 2).filter(|h| *h < 24)?;
        let minute = digits(clock.next()?, 2).filter(|m| *m < 60)?;
        let second = digits(clock.next()?, 2).filter(|s| *s <= 60)?;
        if fraction.len() > 9 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let padded: String = fraction.chars().chain("000".chars()).take(3).collect();
        let ms = digits(&padded, 3)?;
        let days = days_from_civil(year, month, day)?;
        let seconds = days
            .checked_mul(86_400)?
            .checked_add(hour.checked_mul(3600)?)?
            .checked_add(minute.checked_mul(60)?)?
            .checked_add(second)?;
        Some(Self::from_ms(seconds.checked_mul(1000)?.checked_add(ms)?))
    }

    /// `2026-11-22T10:00:00.000Z`: how every time is written in the API.
    pub fn to_rfc3339(self) -> String {
        let (year, month, day) = civil_from_days(self.0 / DAY_MS);
        let ms = self.0 % DAY_MS;
        let (hour, minute) = (ms / 3_600_000, ms / 60_000 % 60);
        let (second, ms) = (ms / 1000 % 60, ms % 1000);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z")
    }
}

fn digits(text: &str, length: usize) -> Option<u64> {
    let plain = text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

// Howard Hinnant's `days_from_civil` and `civil_from_days`, for years from 1970 on:
// https://howardhinnant.github.io/date_algorithms.html
fn days_from_civil(year: u64, month: u64, day: u64) -> Option<u64> {
    if year < 1970 {
        return None;
    }
    let year = if month <= 2 {
        year.checked_sub(1)?
    } else {
        year
    };
    let (era, year_of_era) = (year / 400, year % 400);
    let shifted = if month > 2 {
        month.checked_sub(3)?
    } else {
        month.checked_add(9)?
    };
    let day_of_year = (153_u64.checked_mul(shifted)?.checked_add(2)? / 5).checked_add(day)?;
    let day_of_era = year_of_era
        .checked_mul(365)?
        .checked_add(year_of_era / 4)?
        .checked_sub(year_of_era / 100)?
        .checked_add(day_of_year)?;
    era.checked_mul(146_097)?
        .checked_add(day_of_era)?
        .checked_sub(719_469)
}

fn civil_from_days(days: u64) -> (u64, u64, u64) {
    let days = days.saturating_add(719_468);
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = day_of_era
        .saturating_sub(day_of_era / 1460)
        .saturating_add(day_of_era / 36_524)
        .saturating_sub(day_of_era / 146_096)
        / 365;
    let before = year_of_era
        .saturating_mul(365)
        .saturating_add(year_of_era / 4)
        .saturating_sub(year_of_era / 100);
    let day_of_year = day_of_era.saturating_sub(before);
    let shifted = day_of_year.saturating_mul(5).saturating_add(2) / 153;
    let day = day_of_year
        .saturating_sub(shifted.saturating_mul(153).saturating_add(2) / 5)
        .saturating_add(1);
    let month = if shifted < 10 {
        shifted.saturating_add(3)
    } else {
        shifted.saturating_sub(9)
    };
    let year = era.saturating_mul(400).saturating_add(year_of_era);
    (
        if month <= 2 {
            year.saturating_add(1)
        } else {
            year
        },
        month,
        day,
    )
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:013}", self.0)
    }
}

impl std::str::FromStr for Timestamp {
    type Err = super::ids::Malformed;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        digits(text, 13).map(Self).ok_or(super::ids::Malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn time_begins_in_1970_and_ends_with_13_digits() {
        let first = Timestamp::from_rfc3339("1970-01-01T00:00:00.000Z");
        assert_eq!(first, Some(Timestamp::from_ms(0)));
        assert_eq!(Timestamp::from_rfc3339("1969-12-31T23:59:59.999Z"), None);
        assert_eq!(Timestamp::from_ms(LAST - 1).as_ms(), LAST - 1);
        assert_eq!(Timestamp::from_ms(LAST + 1).as_ms(), LAST);
        assert_eq!(Timestamp::from_ms(u64::MAX).to_string(), "9999999999999");
    }

    #[test]
    fn a_known_moment_has_its_known_spelling() {
        let moment = Timestamp::from_ms(1_795_341_600_123);
        assert_eq!(moment.to_rfc3339(), "2026-11-22T10:00:00.123Z");
        assert_eq!(
            Timestamp::from_rfc3339("2026-11-22T10:00:00.123Z"),
            Some(moment)
        );
    }

    #[test]
    fn every_month_has_its_days_in_a_leap_year_and_in_another() {
        for (year, february) in [(2027, 28), (2028, 29)] {
            let days = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
            let mut moment = Timestamp::from_rfc3339(&format!("{year}-01-01T00:00:00Z")).unwrap();
            for (month, days) in (1..).zip(days) {
                for day in 1..=days {
                    let text = format!("{year}-{month:02}-{day:02}T00:00:00.000Z");
                    assert_eq!(moment.to_rfc3339(), text);
                    assert_eq!(Timestamp::from_rfc3339(&text), Some(moment));
                    moment = moment.plus_s(86_400);
                }
            }
        }
    }

    #[test]
    fn replicates_fractions_of_any_length_are_read() {
        let whole = Timestamp::from_rfc3339("2023-08-16T19:33:26Z").unwrap();
        for (text, ms) in [
            ("2023-08-16T19:33:26.678378653Z", 678),
            ("2023-08-16T19:33:26.329000Z", 329),
            ("2023-08-16T19:33:26.5Z", 500),
        ] {
            assert_eq!(Timestamp::from_rfc3339(text), Some(whole.plus_ms(ms)));
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in [
            "",
            "2026-11-22",
            "2026-13-01T00:00:00Z",
            "2026-11-22T24:00:00Z",
            "2026-11-22T10:60:00Z",
            "2026-11-22T10:00:61Z",
            "2026-11-22T10:00:00+01:00",
            "2026-11-22T10:00:00.1234567890Z",
            "2026-11-22T10:00:00.12a4Z",
        ] {
            assert_eq!(Timestamp::from_rfc3339(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn reading_undoes_writing(ms in 0..=LAST) {
            let moment = Timestamp::from_ms(ms);
            prop_assert_eq!(Timestamp::from_rfc3339(&moment.to_rfc3339()), Some(moment));
            prop_assert_eq!(moment.to_string().parse::<Timestamp>().unwrap(), moment);
        }

        #[test]
        fn byte_order_is_time_order(a in 0..=LAST, b in 0..=LAST) {
            let (x, y) = (Timestamp::from_ms(a), Timestamp::from_ms(b));
            prop_assert_eq!(x.to_string().cmp(&y.to_string()), a.cmp(&b));
        }

        #[test]
        fn arbitrary_text_never_panics(text in ".*") {
            let _ = Timestamp::from_rfc3339(&text);
        }
    }
}
