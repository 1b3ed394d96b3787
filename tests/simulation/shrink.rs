//! The least history that still goes wrong: steps are left out as long as the same violation stays.

use crate::bug::Bug;
use crate::history;
use crate::plan::Plan;

/// A violation without what differs from run to run: ids and numbers.
pub fn kind_of(violation: &str) -> String {
    let is_name = |word: &str| word.len() > 9 && word.chars().any(|c| c.is_ascii_digit());
    let words = violation.split(|c: char| c.is_whitespace() || "/:._{}\"".contains(c));
    words
        .filter(|word| !is_name(word) && !word.chars().all(|c| c.is_ascii_digit()))
        .take(8)
        .collect::<Vec<_>>()
        .join(" ")
}

fn goes_wrong(plan: &Plan, bug: Option<Bug>, kind: &str) -> bool {
    let outcome = history::run(plan, bug);
    let violations = outcome.violations.iter();
    violations
        .into_iter()
        .any(|violation| kind_of(violation) == kind)
}

/// Leaves out halves, then quarters, down to single steps, until nothing more can go.
pub fn shrink(plan: &Plan, bug: Option<Bug>, violation: &str) -> Plan {
    let kind = kind_of(violation);
    let mut least = plan.clone();
    let mut size = least.steps.len().div_ceil(2).max(1);
    loop {
        let mut at = 0;
        let before = least.steps.len();
        while at < least.steps.len() {
            let mut fewer = least.clone();
            fewer.steps.drain(at..(at + size).min(fewer.steps.len()));
            if goes_wrong(&fewer, bug, &kind) {
                least = fewer;
            } else {
                at += size;
            }
        }
        if size == 1 && least.steps.len() == before {
            break;
        }
        size = size.div_ceil(2).max(1);
    }
    for reality in (0..least.realities.len()).rev() {
        let mut simpler = least.clone();
        simpler.realities.remove(reality);
        if goes_wrong(&simpler, bug, &kind) {
            least = simpler;
        }
    }
    for simplify in [
        |plan: &mut Plan| plan.stale = false,
        |plan: &mut Plan| plan.trained = false,
    ] {
        let mut simpler = least.clone();
        simplify(&mut simpler);
        if goes_wrong(&simpler, bug, &kind) {
            least = simpler;
        }
    }
    least
}
