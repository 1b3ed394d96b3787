//! The platform of a history: the one in memory, with others at work between any two steps.
//!
//! Whoever is polled says here when to be polled again, so that whole requests, alarms and webhooks
//! take turns at every call that they make, in an order that the seed decides.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::task::Poll;

use selfie::config::Config;
use selfie::domain::breaker::Breakers;
use selfie::domain::timestamp::Timestamp;
use selfie::fake::Fake;
use selfie::ports::{
    Book, Fault, Kv, Ledger, Letter, Limits, Mail, Namespace, Outbound, Platform, Put, Shield,
    Snapshots,
};
use stand_ins::Reaction;

use crate::bug::{self, Bug};
use crate::chance::Chance;
use crate::witness::Witness;

/// How long a provider takes at most when nothing is wrong.
const LATENCY_MS: usize = 120;

pub struct Sim {
    pub fake: Fake,
    pub config: Config,
    pub outside: RefCell<stand_ins::World>,
    pub chance: RefCell<Chance>,
    pub witness: RefCell<Witness>,
    pub bug: Option<Bug>,
    /// When whoever is being polled wants to be polled again.
    wake_ms: Cell<Option<u64>>,
    /// Whether something happened after which something else may be due.
    stirred: Cell<bool>,
    jumped_ms: Cell<u64>,
}

impl Sim {
    pub fn new(config: Config, outside: stand_ins::World, seed: u64, bug: Option<Bug>) -> Self {
        let now = Timestamp::from_ms(outside.now_ms());
        let nobody: selfie::fake::Internet = Box::new(|_, _, _| unreachable!("see `Outbound`"));
        Self {
            fake: Fake::new(seed, now, config.rules.clone(), nobody),
            config,
            outside: outside.into(),
            chance: Chance::new(seed ^ 0x5eed).into(),
            witness: RefCell::default(),
            bug,
            wake_ms: Cell::new(None),
            stirred: Cell::new(true),
            jumped_ms: Cell::new(0),
        }
    }

    pub fn stir(&self) {
        self.stirred.set(true);
    }

    pub fn was_stirred(&self) -> bool {
        self.stirred.take()
    }

    /// Moves the clock while nothing of ours runs.
    pub fn jump(&self, ms: u64) {
        self.set_now(self.now_ms() + ms);
        self.jumped_ms.set(self.now_ms());
    }

    pub fn has_jumped_since(&self, ms: u64) -> bool {
        self.jumped_ms.get() > ms
    }

    pub fn now_ms(&self) -> u64 {
        self.fake.now().as_ms()
    }

    /// Moves the clock, here and at the providers.
    pub fn set_now(&self, ms: u64) {
        self.fake.set_now(Timestamp::from_ms(ms));
        let mut outside = self.outside.borrow_mut();
        let behind_ms = self.now_ms().saturating_sub(outside.now_ms());
        outside.advance(behind_ms);
        self.stir();
    }

    pub fn below(&self, bound: usize) -> usize {
        self.chance.borrow_mut().below(bound)
    }

    /// What the last poll asked for.
    pub fn take_wake(&self) -> u64 {
        self.wake_ms
            .take()
            .expect("whoever waits says how long it waits")
    }

    fn wake_at(&self, ms: u64) {
        let sooner = self.wake_ms.get().map_or(ms, |known| known.min(ms));
        self.wake_ms.set(Some(sooner));
    }

    pub async fn until(&self, ms: u64) {
        poll_fn(|_| {
            if self.now_ms() >= ms {
                return Poll::Ready(());
            }
            self.wake_at(ms);
            Poll::Pending
        })
        .await;
    }

    /// Lets others go first, or not.
    async fn others(&self) {
        let mut turns = self.below(3);
        poll_fn(|_| {
            if turns == 0 {
                return Poll::Ready(());
            }
            turns -= 1;
            self.wake_at(0);
            Poll::Pending
        })
        .await;
    }

    /// Brings a request before the providers: what they answer, and when it arrives.
    fn exchange(&self, request: http::Request<Vec<u8>>) -> (Answered, u64) {
        let now_ms = self.now_ms();
        let mut outside = self.outside.borrow_mut();
        let origin = format!("{}/", outside.settings().origin);
        let url = request.uri().to_string();
        if !url.starts_with(&origin) {
            self.witness
                .borrow_mut()
                .complain(format!("a request went to {url}"));
            return (Err(Fault::Unreachable), 0);
        }
        self.witness.borrow_mut().posted(&self.config, &request);
        let behind_ms = now_ms.saturating_sub(outside.now_ms());
        outside.advance(behind_ms);
        let answered = arrives(stand_ins::handle(&mut outside, request), 0);
        drop(outside);
        self.witness
            .borrow_mut()
            .answered(answered.0.as_ref().ok().map(|r| r.status().as_u16()));
        self.stir();
        answered
    }
}

type Answered = Result<http::Response<Vec<u8>>, Fault>;

fn arrives(reaction: Reaction, took_ms: u64) -> (Answered, u64) {
    match reaction {
        Reaction::Answer(response) => (Ok(response), took_ms),
        Reaction::Dropped | Reaction::Truncated { .. } => (Err(Fault::Unreachable), took_ms),
        Reaction::Delayed { ms, then } => arrives(*then, took_ms + ms),
        Reaction::Never => (Err(Fault::Timeout), u64::MAX),
    }
}

impl Outbound for Sim {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
        limits: Limits,
    ) -> Result<http::Response<Vec<u8>>, Fault> {
        self.others().await;
        let (asked_ms, deadline_ms) = (self.now_ms(), u64::from(limits.deadline_ms));
        let again =
            (self.bug == Some(Bug::PostTwice) && bug::creates(&request)).then(|| request.clone());
        let (mut answered, mut took_ms) = self.exchange(request);
        took_ms = took_ms.saturating_add(self.below(LATENCY_MS) as u64);
        if took_ms > deadline_ms {
            answered = Err(Fault::Timeout);
        }
        if let (Some(request), Err(Fault::Timeout)) = (again, &answered) {
            (answered, took_ms) = self.exchange(request);
        }
        self.until(asked_ms + took_ms.min(deadline_ms)).await;
        self.others().await;
        match answered {
            Ok(response) if response.body().len() > limits.max_bytes => Err(Fault::TooLarge {
                max_bytes: limits.max_bytes,
            }),
            answered => answered,
        }
    }

    async fn pause(&self, ms: u32) {
        self.until(self.now_ms() + u64::from(ms)).await;
    }

    fn breakers(&self) -> &RefCell<Breakers> {
        self.fake.breakers()
    }
}

impl Ledger for Sim {
    async fn post(&self, book: &Book, message: String) -> Result<String, Fault> {
        self.others().await;
        let answer = bug::post(self, book, message).await;
        self.stir();
        self.others().await;
        answer
    }
}

impl Kv for Sim {
    fn snapshots(&self) -> &RefCell<Snapshots> {
        self.fake.snapshots()
    }

    async fn get(&self, namespace: Namespace, key: &str) -> Result<Option<String>, Fault> {
        self.others().await;
        let value = self.fake.get(namespace, key).await;
        self.others().await;
        value
    }

    async fn put(&self, namespace: Namespace, put: Put) -> Result<(), Fault> {
        self.others().await;
        let done = self.fake.put(namespace, put).await;
        self.others().await;
        done
    }

    async fn delete(&self, namespace: Namespace, key: &str) -> Result<(), Fault> {
        self.others().await;
        let done = self.fake.delete(namespace, key).await;
        self.others().await;
        done
    }

    async fn list(&self, namespace: Namespace, prefix: &str) -> Result<Vec<String>, Fault> {
        self.others().await;
        self.fake.list(namespace, prefix).await
    }
}

impl Mail for Sim {
    async fn deliver(&self, from: &str, letter: &Letter) -> Result<(), Fault> {
        self.fake.deliver(from, letter).await
    }
}

impl Platform for Sim {
    fn now(&self) -> Timestamp {
        self.fake.now()
    }

    fn entropy(&self) -> [u8; 32] {
        self.fake.entropy()
    }

    fn domain_to_ascii(&self, domain: &str) -> Option<String> {
        self.fake.domain_to_ascii(domain)
    }

    async fn admits(&self, shield: Shield, client: &str) -> bool {
        self.fake.admits(shield, client).await
    }

    fn log(&self, line: &str) {
        self.fake.log(line);
    }
}
