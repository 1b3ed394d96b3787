//! What the operator is told of a day that is over, in one message and in numbers alone.

use super::super::App;
use super::{Performed, push};
use crate::domain::timestamp::Timestamp;
use crate::ledger::commands::spend::ShowDay;
use crate::ledger::{Day, WAIT_STEPS_S};
use crate::ports::{Book, Platform};
use crate::providers::pushover::Notice;

/// Below a new user, above nothing: it is read in the morning.
const QUIET: i8 = -1;

/// Sends the digest of the day that ends at that midnight.
pub async fn send<P: Platform>(app: App<'_, P>, midnight: Timestamp) -> Performed {
    let show = ShowDay { day: midnight };
    let Some(day) = app.ask(&Book::Global, show).await? else {
        return Ok(());
    };
    let mut title = "Selfie.pr: ".to_owned();
    title.extend(midnight.minus_s(1).to_rfc3339().chars().take(10));
    let notice = Notice {
        title,
        message: words(&day),
        priority: QUIET,
        at: midnight,
    };
    push(app, notice).await
}

fn words(day: &Day) -> String {
    let gpu_s = day.predict_time_us / 1_000_000;
    let cents = day.settled_micro_usd.div_ceil(10_000);
    let waited = |counts: &[u64], percent| percentile_s(counts, percent).unwrap_or_default();
    let numbers = [
        ("new users", day.users),
        ("new models", day.models),
        ("trainings", day.trainings),
        ("requests for images", day.predictions),
        ("images", day.images),
        ("captions", day.captions.unwrap_or_default()),
        ("failures", day.failures),
        ("ended without a webhook", day.unheard),
        ("GPU seconds", gpu_s),
        ("US cents", cents),
        (
            "s half of the images waited",
            waited(&day.prediction_waits, 50),
        ),
        ("s 95 % of them waited", waited(&day.prediction_waits, 95)),
        (
            "s half of the trainings waited",
            waited(&day.training_waits, 50),
        ),
        ("s 95 % of them waited", waited(&day.training_waits, 95)),
    ];
    let mut text = String::new();
    for (what, number) in numbers {
        text.push_str(&number.to_string());
        text.push(' ');
        text.push_str(what);
        text.push('\n');
    }
    text
}

/// The upper end of the step at which that part of all had waited no longer; nothing when nobody
/// waited. What is beyond the last step is told as its end.
fn percentile_s(counts: &[u64], percent: u64) -> Option<u64> {
    let all = counts.iter().fold(0_u64, |sum, n| sum.saturating_add(*n));
    let enough = all.saturating_mul(percent).div_ceil(100);
    let mut passed = 0_u64;
    let reached = |count: &u64| {
        passed = passed.saturating_add(*count);
        passed >= enough
    };
    let step = counts.iter().position(reached).filter(|_| all > 0)?;
    WAIT_STEPS_S.get(step).or(WAIT_STEPS_S.last()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(pairs: &[(usize, u64)]) -> Vec<u64> {
        let mut counts = vec![0; WAIT_STEPS_S.len() + 1];
        for (step, count) in pairs {
            counts[*step] = *count;
        }
        counts
    }

    #[test]
    fn half_and_nearly_all_are_found_among_the_steps() {
        let waits = counts(&[(2, 50), (4, 45), (9, 5)]);
        assert_eq!(percentile_s(&waits, 50), Some(3));
        assert_eq!(percentile_s(&waits, 95), Some(8));
        assert_eq!(percentile_s(&waits, 96), Some(89));
    }

    #[test]
    fn one_that_waited_is_all_and_none_is_nothing() {
        assert_eq!(percentile_s(&counts(&[(0, 1)]), 50), Some(1));
        assert_eq!(percentile_s(&counts(&[]), 50), None);
        assert_eq!(percentile_s(&[], 95), None);
        assert_eq!(percentile_s(&counts(&[(20, 1)]), 95), Some(10_946));
    }
}
