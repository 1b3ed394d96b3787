//! How long trainings take, so that waiting for one is told honestly. The global book remembers the
//! last spans of each preset, with nobody's name to them; a training hears of them as it begins.

use super::super::rows::Pace;
use super::super::{Page, Refusal};
use super::model::save;
use crate::ports::json::json_struct;
use crate::records::{Model, SCHEMA};

/// So many spans are remembered of each preset.
const REMEMBERED: usize = 50;
/// A number made of fewer would be a guess.
const ENOUGH: usize = 3;

json_struct! {
    /// A training that succeeded, and the seconds from its request to its end.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Trained {
        pub preset: String,
        pub span_s: u64,
    }
}

json_struct! {
    /// What half of the trainings of a preset stay under, and what nine of ten do.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Usual {
        pub median_s: u64,
        pub slow_s: u64,
    }
}

pub(super) fn remember(page: &mut Page<'_>, trained: &Trained) -> Result<(), Refusal> {
    let known = page.find::<Pace>(&trained.preset)?;
    let mut spans_s = known.map(|pace| pace.spans_s).unwrap_or_default();
    spans_s.push(trained.span_s);
    let forgotten = spans_s.len().saturating_sub(REMEMBERED);
    spans_s.drain(..forgotten);
    let schema = SCHEMA;
    page.put(&trained.preset, &Pace { schema, spans_s });
    Ok(())
}

pub(super) fn usual(page: &Page<'_>, preset: &str) -> Result<Option<Usual>, Refusal> {
    let known = page.find::<Pace>(preset)?;
    Ok(known.and_then(|pace| summarise(pace.spans_s)))
}

fn summarise(mut spans_s: Vec<u64>) -> Option<Usual> {
    if spans_s.len() < ENOUGH {
        return None;
    }
    spans_s.sort_unstable();
    let slow = spans_s.len().saturating_mul(9).div_ceil(10);
    Some(Usual {
        median_s: *spans_s.get(spans_s.len() / 2)?,
        slow_s: *spans_s.get(slow.saturating_sub(1))?,
    })
}

/// Notes with a model whose training begins how long others took.
pub(super) fn note(page: &mut Page<'_>, model: &mut Model, usual: &Usual) {
    if let Some(progress) = &mut model.progress {
        progress.median_s = Some(usual.median_s);
        progress.slow_s = Some(usual.slow_s);
        save(page, model);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_trainings_make_no_number() {
        assert_eq!(summarise(vec![]), None);
        assert_eq!(summarise(vec![60, 70]), None);
    }

    #[test]
    fn the_middle_and_the_ninth_of_ten_are_told() {
        let usual = summarise(vec![90, 10, 30, 20, 80, 40, 60, 50, 100, 70]);
        let (median_s, slow_s) = (60, 90);
        assert_eq!(usual, Some(Usual { median_s, slow_s }));
        let (median_s, slow_s) = (20, 30);
        let usual = summarise(vec![30, 10, 20]);
        assert_eq!(usual, Some(Usual { median_s, slow_s }));
    }
}
