//! What arrives from outside, made up: the runner of the fuzz targets, which stand in a module `fuzz`
//! beside each group of parsers.
//!
//! A target holds its parser to three things: it ends without a panic, it never holds more memory
//! than its cap, and it accepts nothing outside of its grammar. `make test` gives each a second,
//! `make fuzz` a minute.

use std::fmt::Debug;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestCaseResult, TestError, TestRunner};

/// The seconds that each target is given.
const SECONDS: &str = "FUZZ_SECONDS";

/// Runs one target until its time is over, and says how many cases that were.
pub fn fuzz<S: Strategy>(name: &str, input: &S, check: impl Fn(S::Value) -> TestCaseResult)
where
    S::Value: Debug,
{
    let seconds = std::env::var(SECONDS).map_or(1, |text| text.parse().unwrap());
    let cases = run_for(Duration::from_secs(seconds), name, input, check);
    println!("fuzz target={name} cases={cases}");
}

/// At least one case, however short the time.
#[expect(
    clippy::disallowed_methods,
    reason = "how much is tried depends on the time, what must hold does not"
)]
fn run_for<S: Strategy>(
    time: Duration,
    name: &str,
    input: &S,
    check: impl Fn(S::Value) -> TestCaseResult,
) -> u64
where
    S::Value: Debug,
{
    let end = Instant::now() + time;
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        // By default as many as cases are asked for elsewhere, which may be few.
        max_shrink_iters: 4096,
        ..Config::default()
    });
    let mut cases = 0_u64;
    while cases == 0 || Instant::now() < end {
        let tree = input.new_tree(&mut runner).unwrap();
        match runner.run_one(tree, &check) {
            Ok(_) => cases += 1,
            Err(TestError::Fail(reason, least)) => panic!("{name}: {reason}\n{least:?}"),
            Err(TestError::Abort(reason)) => panic!("{name}: {reason}"),
        }
    }
    cases
}

/// What `act` gives; at no moment may it hold more than `most` bytes.
pub fn within<T>(most: usize, act: impl FnOnce() -> T) -> Result<T, TestCaseError> {
    let mut result = None;
    let used = allocation_counter::measure(|| result = Some(act()));
    prop_assert!(
        used.bytes_max <= most as u64,
        "{} bytes, where {most} are allowed",
        used.bytes_max
    );
    Ok(result.unwrap())
}

/// What parsers stumble over.
const STUMBLING: [&str; 32] = [
    "\0", "\r\n", "\t", " ", "", "%00", "%2f", "%5c", "%25", "%", "\u{202e}", "\u{feff}",
    "\u{212a}", "ß", "＠", "。", "@", "\\", "//", "..", ".", "=", "==", "+", "-", "_", ";", ",",
    "\"", "{", "[", "1e400",
];

/// Text near one of these: itself, itself with a change, or pieces of all of them put together.
pub fn near(seeds: &[&str]) -> impl Strategy<Value = String> + use<> {
    let seeds: Vec<String> = seeds.iter().map(|seed| (*seed).to_owned()).collect();
    let seed = || select(seeds.clone());
    let odd = || {
        prop_oneof![
            select(STUMBLING.to_vec()).prop_map(str::to_owned),
            "\\PC{1,3}",
            "\\PC{300}"
        ]
    };
    let piece =
        (seed(), any::<Index>(), any::<Index>()).prop_map(|(seed, from, to)| cut(&seed, from, to));
    let changed = (seed(), any::<Index>(), 0..3_usize, odd())
        .prop_map(|(seed, at, gone, new)| changed(&seed, at, gone, &new));
    let pieces = prop::collection::vec(prop_oneof![3 => piece, 1 => odd()], 0..6);
    prop_oneof![
        1 => seed(),
        4 => changed,
        3 => pieces.prop_map(|pieces| pieces.concat()),
        1 => ".{0,80}",
    ]
}

fn cut(seed: &str, from: Index, to: Index) -> String {
    let chars: Vec<char> = seed.chars().collect();
    let (from, to) = (from.index(chars.len() + 1), to.index(chars.len() + 1));
    chars[from.min(to)..from.max(to)].iter().collect()
}

fn changed(seed: &str, at: Index, gone: usize, new: &str) -> String {
    let mut chars: Vec<char> = seed.chars().collect();
    let at = at.index(chars.len() + 1);
    let end = chars.len().min(at + gone);
    chars.splice(at..end, new.chars());
    chars.into_iter().collect()
}

/// JSON near one of these documents, as bytes.
pub fn near_json(seeds: &[&str]) -> impl Strategy<Value = Vec<u8>> + use<> {
    let deep = (1..300_usize, select(vec!["[", "{\"a\":"]));
    prop_oneof![
        8 => near(seeds).prop_map(String::into_bytes),
        2 => json().prop_map(|value| value.to_string().into_bytes()),
        1 => deep.prop_map(|(depth, open)| open.repeat(depth).into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..200),
    ]
}

/// Any JSON, not too large.
pub fn json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    let name = prop_oneof![
        select(vec![
            "id", "status", "output", "files", "size", "results", "error", "logs"
        ])
        .prop_map(str::to_owned),
        "[a-z_]{1,8}",
    ];
    leaf.prop_recursive(4, 32, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(name.clone(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

#[test]
fn a_target_that_finds_something_fails_with_the_least_of_it() {
    let found = std::panic::catch_unwind(|| {
        run_for(Duration::from_secs(1), "lengths", &"[a-z]{0,20}", |text| {
            prop_assert!(text.len() < 3);
            Ok(())
        });
    });
    let message = found.unwrap_err().downcast::<String>().unwrap();
    assert!(message.ends_with("\"aaa\""), "{message}");
}

#[test]
fn memory_over_the_cap_is_noticed() {
    assert!(within(1000, || vec![0_u8; 900].len()).is_ok());
    assert!(within(1000, || vec![0_u8; 1100].len()).is_err());
}
