//! A creation that is told to wait.

use super::*;

fn throttled(seconds: u32) -> http::Response<Vec<u8>> {
    answer(
        429,
        format!(r#"{{"detail":"Your rate limit resets in ~{seconds}s.","status":429}}"#),
    )
}

#[test]
fn a_throttled_creation_waits_as_told_and_is_sent_again() {
    let platform = Scripted::new([Ok(throttled(5)), Ok(throttled(1)), Ok(answer(201, CREATED))]);
    assert!(run(create_prediction(&platform, &config(), &new_prediction())).is_ok());
    assert_eq!(platform.pauses(), [5000, 1000]);
}

#[test]
fn a_creation_waits_at_most_twice() {
    let platform = Scripted::new([Ok(throttled(1)), Ok(throttled(1)), Ok(throttled(1))]);
    let fault = Fault::Refused {
        status: 429,
        retry_after_s: Some(1),
    };
    assert_eq!(
        run(create_prediction(&platform, &config(), &new_prediction())),
        Err(fault)
    );
    assert_eq!(platform.pauses(), [1000, 1000]);
}

#[test]
fn a_creation_waits_at_most_fifteen_seconds_in_all() {
    let platform = Scripted::new([Ok(throttled(10)), Ok(throttled(6))]);
    let fault = Fault::Refused {
        status: 429,
        retry_after_s: Some(6),
    };
    assert_eq!(
        run(create_prediction(&platform, &config(), &new_prediction())),
        Err(fault)
    );
    assert_eq!(platform.pauses(), [10_000]);
}

#[test]
fn a_creation_that_becomes_ambiguous_after_a_wait_stops_there() {
    let platform = Scripted::new([Ok(throttled(1)), Err(Fault::Timeout)]);
    let answer = run(create_prediction(&platform, &config(), &new_prediction()));
    assert_eq!(answer, Err(Fault::Timeout));
}
