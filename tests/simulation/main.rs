//! Thousands of histories of the whole product, each from its seed: people who click, double-click
//! and leave, providers that fail in every way that their stand-ins know, webhooks that are lost or
//! made up, copies that are old, a ledger that is evicted between any two steps, a clock that jumps.
//! After each, everything that was accepted has ended, was told, was paid once and was counted once.
//!
//! ```text
//! simulation                    500 seeds, the last line says how it went
//! simulation --seeds 10000      more of them
//! simulation --seed 17          one, with the least history that goes wrong
//! simulation --bugs             seeded bugs, each found within 2,000 seeds
//! ```

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "a test that cannot go on must stop"
)]

mod bug;
mod chance;
mod crew;
mod deed;
mod forgery;
mod history;
mod people;
mod pictures;
mod plan;
mod platform;
mod shrink;
mod trouble;
mod verdict;
mod witness;

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;

use bug::Bug;
use history::Outcome;

const SEEDS: u64 = 500;
/// A bug that needs more is not found.
const MOST_SEEDS_FOR_A_BUG: u64 = 2000;
/// So many failing seeds say what there is to say.
const MOST_FAILURES: usize = 5;

struct Asked {
    seeds: u64,
    seed: Option<u64>,
    bugs: bool,
}

fn main() -> ExitCode {
    let asked = match read(std::env::args().skip(1)) {
        Ok(asked) => asked,
        Err(wrong) => {
            eprintln!("simulation: {wrong}");
            return ExitCode::from(2);
        }
    };
    let sound = match asked {
        Asked {
            seed: Some(seed), ..
        } => replay(seed),
        Asked { bugs: true, .. } => find_bugs(),
        Asked { seeds, .. } => search(seeds),
    };
    if sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn read(mut arguments: impl Iterator<Item = String>) -> Result<Asked, String> {
    let mut asked = Asked {
        seeds: SEEDS,
        seed: None,
        bugs: false,
    };
    while let Some(argument) = arguments.next() {
        let mut number = || {
            let next = arguments.next().and_then(|text| text.parse().ok());
            next.ok_or(format!("{argument} wants a number"))
        };
        match argument.as_str() {
            "--seeds" => asked.seeds = number()?,
            "--seed" => asked.seed = Some(number()?),
            "--bugs" => asked.bugs = true,
            other => return Err(format!("there is no {other}")),
        }
    }
    Ok(asked)
}

/// Runs the seeds from 1 on all cores until `enough` says so; answers outcomes as they come.
fn over_seeds(seeds: u64, bug: Option<Bug>, mut hear: impl FnMut(u64, Outcome) -> bool) {
    let next = AtomicU64::new(1);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let (tell, heard) = mpsc::channel();
        for _ in 0..cores {
            let (tell, next) = (tell.clone(), &next);
            scope.spawn(move || {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed > seeds || tell.send((seed, run(seed, bug))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(tell);
        for (seed, outcome) in heard {
            if !hear(seed, outcome) {
                next.store(seeds + 1, Ordering::Relaxed);
                return;
            }
        }
    });
}

fn run(seed: u64, bug: Option<Bug>) -> Outcome {
    history::run(&plan::draw(seed), bug)
}

fn search(seeds: u64) -> bool {
    let began = now();
    let (mut ran, mut operations, mut faults) = (0_u64, 0, 0);
    let mut failures = Vec::new();
    over_seeds(seeds, None, |seed, outcome| {
        ran += 1;
        operations += outcome.operations;
        faults += outcome.faults;
        if !outcome.violations.is_empty() {
            println!("seed {seed}: {}", outcome.violations.join("; "));
            failures.push(seed);
        }
        failures.len() < MOST_FAILURES
    });
    if let Some(first) = failures.iter().min() {
        explain(*first);
    }
    let (violations, seconds) = (failures.len(), began.elapsed().as_secs());
    println!(
        "seeds={ran} operations={operations} faults={faults} violations={violations} seconds={seconds}"
    );
    violations == 0
}

/// Prints the least history of a seed that goes wrong; answers whether none does.
fn replay(seed: u64) -> bool {
    let outcome = run(seed, None);
    for violation in &outcome.violations {
        println!("seed {seed}: {violation}");
    }
    let sound = outcome.violations.is_empty();
    if !sound {
        explain(seed);
    }
    println!(
        "seeds=1 operations={} faults={} violations={}",
        outcome.operations,
        outcome.faults,
        u8::from(!sound)
    );
    sound
}

fn explain(seed: u64) {
    let plan = plan::draw(seed);
    let outcome = history::run(&plan, None);
    let Some(violation) = outcome.violations.first() else {
        println!("seed {seed} does not fail when it is run again");
        return;
    };
    println!("\nthe least history of seed {seed} with: {violation}");
    let least = shrink::shrink(&plan, None, violation);
    println!(
        "  trained: {}, stale: {}, {:?}",
        least.trained, least.stale, least.realities
    );
    for step in &least.steps {
        println!("  {step:?}");
    }
    for violation in history::run(&least, None).violations {
        println!("  → {violation}");
    }
    println!("  again: make simulate SEED={seed}\n");
}

fn find_bugs() -> bool {
    let mut missed = 0;
    for bug in Bug::ALL {
        let mut found = None;
        over_seeds(MOST_SEEDS_FOR_A_BUG, Some(bug), |seed, outcome| {
            if let Some(violation) = outcome.violations.into_iter().next() {
                found = Some((seed, violation));
            }
            found.is_none()
        });
        match found {
            Some((seed, violation)) => println!("{} seeds={seed} found: {violation}", bug.name()),
            None => {
                missed += 1;
                println!("{} seeds={MOST_SEEDS_FOR_A_BUG} not found", bug.name());
            }
        }
    }
    println!("bugs={} missed={missed}", Bug::ALL.len());
    missed == 0
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long it took is told, and changes nothing"
)]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}
