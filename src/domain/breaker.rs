//! A breaker: whoever fails again and again is left alone for a while, and is then asked once
//! before everybody asks again.
//!
//! ```text
//! closed ── five failures in 30 s ──► open ── 30 s ──► one probe ──► closed, or open again
//! ```

use super::timestamp::Timestamp;

const FAILURES: usize = 5;
const WITHIN_MS: u64 = 30_000;
const REST_S: u64 = 30;

/// What the last calls came to; the default is closed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Breaker {
    /// Since the last success, and at most half a minute ago.
    pub failures: Vec<Timestamp>,
    /// Nobody is asked before; after it, a probe is.
    pub open_until: Option<Timestamp>,
}

impl Breaker {
    /// Lets a call pass, or says how many seconds to wait. A call that passes an open breaker is its
    /// probe: for as long as a rest lasts there is no other.
    pub fn admit(&mut self, now: Timestamp) -> Result<(), u32> {
        let Some(until) = self.open_until else {
            return Ok(());
        };
        if now < until {
            let wait_s = until.since_ms(now).div_ceil(1000);
            return Err(u32::try_from(wait_s).unwrap_or(u32::MAX));
        }
        self.open_until = Some(now.plus_s(REST_S));
        Ok(())
    }

    /// Takes in a failure, and says whether it was one too many.
    pub fn fail(&mut self, now: Timestamp) -> bool {
        self.failures.retain(|at| now.since_ms(*at) < WITHIN_MS);
        self.failures.push(now);
        let was_closed = self.open_until.is_none();
        if !was_closed || self.failures.len() >= FAILURES {
            self.rest(now, REST_S);
        }
        was_closed && self.open_until.is_some()
    }

    /// Opens it for a time, whatever was before.
    pub fn rest(&mut self, now: Timestamp, rest_s: u64) {
        self.failures.clear();
        self.open_until = self.open_until.max(Some(now.plus_s(rest_s)));
    }

    /// Takes in a success, which closes it.
    pub fn succeed(&mut self) {
        *self = Self::default();
    }

    pub fn is_open(&self, now: Timestamp) -> bool {
        self.open_until.is_some_and(|until| now < until)
    }
}

/// The breakers of one isolate, by service; a service that did not fail lately has none. What an
/// isolate knows is gone with it, which costs a few calls more.
#[derive(Debug, Default)]
pub struct Breakers {
    services: Vec<(String, Breaker)>,
    opened: Vec<String>,
}

impl Breakers {
    fn find(&mut self, service: &str) -> Option<&mut Breaker> {
        let found = self.services.iter_mut().find(|(name, _)| name == service);
        found.map(|(_, breaker)| breaker)
    }

    fn entry(&mut self, service: &str) -> Option<&mut Breaker> {
        if self.find(service).is_none() {
            self.services.push((service.to_owned(), Breaker::default()));
        }
        self.find(service)
    }

    /// Lets a call pass, or says how many seconds to wait.
    pub fn admit(&mut self, service: &str, now: Timestamp) -> Result<(), u32> {
        self.find(service).map_or(Ok(()), |found| found.admit(now))
    }

    pub fn fail(&mut self, service: &str, now: Timestamp) {
        let opens = self.entry(service).is_some_and(|found| found.fail(now));
        if opens {
            self.opened.push(service.to_owned());
        }
    }

    pub fn rest(&mut self, service: &str, now: Timestamp, rest_s: u64) {
        if let Some(found) = self.entry(service) {
            found.rest(now, rest_s);
            self.opened.push(service.to_owned());
        }
    }

    pub fn succeed(&mut self, service: &str) {
        self.services.retain(|(name, _)| name != service);
    }

    /// The services whose breakers opened since this was asked last, to be told to everybody.
    pub fn take_opened(&mut self) -> Vec<String> {
        std::mem::take(&mut self.opened)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(s: u64) -> Timestamp {
        Timestamp::from_ms(1_772_618_400_000).plus_s(s)
    }

    fn open() -> Breaker {
        let mut breaker = Breaker::default();
        for s in 0..5 {
            assert_eq!(breaker.fail(at(s)), s == 4);
        }
        breaker
    }

    #[test]
    fn five_failures_within_half_a_minute_open_it() {
        let mut breaker = open();
        assert_eq!(breaker.admit(at(5)), Err(29));
        assert_eq!(breaker.admit(at(33)), Err(1));
    }

    #[test]
    fn failures_far_apart_or_with_a_success_between_do_not() {
        let mut breaker = Breaker::default();
        for s in 0..20 {
            assert!(!breaker.fail(at(s * 8)));
        }
        for s in 200..220 {
            assert!(!breaker.fail(at(s)));
            breaker.succeed();
        }
        assert_eq!(breaker.admit(at(220)), Ok(()));
    }

    #[test]
    fn half_a_minute_later_a_failure_counts_no_more() {
        let mut breaker = Breaker::default();
        for s in [0, 27, 28, 29] {
            assert!(!breaker.fail(at(s)));
        }
        assert!(!breaker.fail(at(30)), "the first is over");
        assert!(breaker.fail(at(31)));
    }

    #[test]
    fn it_is_open_until_its_rest_is_over() {
        assert!(!Breaker::default().is_open(at(0)));
        let breaker = open();
        assert!(breaker.is_open(at(33)));
        assert!(!breaker.is_open(at(34)));
    }

    #[test]
    fn a_service_can_be_let_rest_for_longer_and_not_for_less() {
        let mut breakers = Breakers::default();
        breakers.rest("a", at(0), 600);
        breakers.rest("a", at(1), 30);
        assert_eq!(breakers.admit("a", at(1)), Err(599));
        assert_eq!(breakers.admit("b", at(1)), Ok(()));
        assert_eq!(breakers.take_opened(), ["a", "a"]);
    }

    #[test]
    fn one_probe_decides() {
        let mut breaker = open();
        assert_eq!(breaker.admit(at(34)), Ok(()));
        assert_eq!(breaker.admit(at(34)), Err(30), "one is enough");
        assert!(!breaker.fail(at(44)), "it was open before");
        assert_eq!(breaker.admit(at(73)), Err(1));
        assert_eq!(breaker.admit(at(74)), Ok(()));
        breaker.succeed();
        assert_eq!(breaker.admit(at(74)), Ok(()));
        assert!(!breaker.fail(at(74)), "it counts anew");
    }

    #[test]
    fn a_probe_that_is_never_heard_of_again_is_followed_by_another() {
        let mut breaker = open();
        assert_eq!(breaker.admit(at(34)), Ok(()));
        assert_eq!(breaker.admit(at(63)), Err(1));
        assert_eq!(breaker.admit(at(64)), Ok(()));
    }

    #[test]
    fn services_are_kept_apart_and_told_once() {
        let mut breakers = Breakers::default();
        for s in 0..7 {
            breakers.fail("a", at(s));
        }
        assert!(breakers.admit("a", at(7)).is_err());
        assert!(breakers.admit("b", at(7)).is_ok());
        assert_eq!(breakers.take_opened(), ["a"]);
        assert_eq!(breakers.take_opened(), [""; 0]);
        breakers.succeed("a");
        assert!(breakers.admit("a", at(7)).is_ok());
    }

    proptest! {
        #[test]
        fn it_never_stays_shut_for_longer_than_a_rest(
            failures in prop::collection::vec(0_u64..120, 0..40),
        ) {
            let mut failures = failures;
            failures.sort_unstable();
            let mut breaker = Breaker::default();
            for s in &failures {
                breaker.fail(at(*s));
            }
            let last = failures.last().copied().unwrap_or_default();
            prop_assert_eq!(breaker.admit(at(last + REST_S)), Ok(()));
        }
    }
}
