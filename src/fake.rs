//! The platform in memory: storage, ledger, clock and chance of one thread, with faults on order.
//!
//! It never waits, so a test polls a future once and needs no runtime. Outgoing requests go to a
//! function that the test brings; the books are the real ledger core over a map.

mod books;
mod kv;

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use crate::config::{Config, Misconfigured, Rules};
use crate::domain::breaker::Breakers;
use crate::domain::digest;
use crate::domain::timestamp::Timestamp;
use crate::ledger::Kind;
use crate::ports::{
    Book, Fault, Ledger, Letter, Limits, Mail, Outbound, Pieces, Platform, Shield, Snapshots,
};
use books::Books;
pub use kv::PutFault;

/// The development values of `.dev.vars.example`, as `Config::read` asks for them, in a test
/// environment.
pub fn settings(name: &str) -> Option<String> {
    if name == "ENVIRONMENT" {
        return Some("test".to_owned());
    }
    include_str!("../.dev.vars.example")
        .lines()
        .find_map(|line| {
            let (variable, value) = line.split_once('=')?;
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            (variable == name).then(|| value.trim_matches(quote).to_owned())
        })
}

/// The development configuration with changes.
pub fn config(changes: &[(&str, &str)]) -> Result<Config, Misconfigured> {
    Config::read(|name| {
        let changed = changes.iter().rev().find(|(variable, _)| *variable == name);
        changed
            .map(|(_, value)| (*value).to_owned())
            .or_else(|| settings(name))
    })
}

/// The result of a future that never waits.
pub fn run<T>(future: impl Future<Output = T>) -> T {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(value) => value,
        #[expect(clippy::panic, reason = "a test that waits is a broken test")]
        Poll::Pending => panic!("the fake platform never waits"),
    }
}

/// Whom outgoing requests reach.
pub type Internet = Box<dyn FnMut(http::Request<Vec<u8>>, Limits, Timestamp) -> Sent>;

/// What comes back, and how long it took.
pub struct Sent {
    pub result: Result<http::Response<Vec<u8>>, Fault>,
    pub took_ms: u64,
}

pub struct Fake {
    state: RefCell<State>,
    internet: RefCell<Internet>,
    books: RefCell<Books>,
    kv: RefCell<kv::Store>,
    breakers: RefCell<Breakers>,
    snapshots: RefCell<Snapshots>,
}

struct State {
    now: Timestamp,
    drawn: u64,
    seed: u64,
    lines: Vec<String>,
    ledger_faults: VecDeque<LedgerFault>,
    refused: Vec<Shield>,
    breaking_bodies: usize,
    letters: Vec<Letter>,
}

/// How a call of the ledger fails, and in which order: `Pass` lets one through.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LedgerFault {
    Pass,
    /// Nothing was applied.
    Before,
    /// It was applied, and the answer was lost.
    After,
}

impl Fake {
    pub fn new(seed: u64, now: Timestamp, rules: Rules, internet: Internet) -> Self {
        Self {
            state: State {
                now,
                drawn: 0,
                seed,
                lines: Vec::new(),
                ledger_faults: VecDeque::new(),
                refused: Vec::new(),
                breaking_bodies: 0,
                letters: Vec::new(),
            }
            .into(),
            internet: internet.into(),
            books: Books::new(rules).into(),
            kv: kv::Store::default().into(),
            breakers: RefCell::default(),
            snapshots: RefCell::default(),
        }
    }

    /// Moves the clock; nothing happens by itself.
    pub fn set_now(&self, now: Timestamp) {
        let mut state = self.state.borrow_mut();
        state.now = state.now.max(now);
    }

    /// The alarm of a book begins to ring, or has rung.
    pub fn ring(&self, book: &Book, ends: bool) {
        // What a book cannot read it will say when it is asked.
        let _ = self.books.borrow_mut().ring(book, ends);
    }

    /// The book whose alarm is due first, and when.
    pub fn next_alarm(&self) -> Option<(Timestamp, Book)> {
        self.books.borrow().next_alarm()
    }

    /// The next calls of the ledger fail like this, one after the other.
    pub fn fail_ledger(&self, faults: impl IntoIterator<Item = LedgerFault>) {
        self.state.borrow_mut().ledger_faults.extend(faults);
    }

    /// When each book's alarm is due.
    pub fn alarms(&self) -> Vec<(Timestamp, Book)> {
        self.books.borrow().alarms().collect()
    }

    /// The next writes to KV fail like this, one after the other.
    pub fn fail_puts(&self, faults: impl IntoIterator<Item = PutFault>) {
        self.kv.borrow_mut().put_faults.extend(faults);
    }

    /// The next `count` gets from KV fail.
    pub fn fail_gets(&self, count: usize) {
        self.kv.borrow_mut().failing_gets = count;
    }

    /// From now on KV takes one write a second for each key, as the real one does.
    pub fn limit_puts(&self) {
        self.kv.borrow_mut().limited = true;
    }

    /// What was still to fail does not.
    pub fn forget_faults(&self) {
        self.state.borrow_mut().ledger_faults.clear();
        self.kv.borrow_mut().forget_faults();
    }

    /// From now on KV serves what it has seen, and what it has not, for 60 s.
    pub fn make_kv_stale(&self) {
        self.kv.borrow_mut().stale = true;
    }

    /// The next `count` bodies that are read piece by piece break off after the first.
    pub fn break_bodies(&self, count: usize) {
        self.state.borrow_mut().breaking_bodies = count;
    }

    /// From now on a shield refuses everybody.
    pub fn refuse_at(&self, shield: Shield) {
        self.state.borrow_mut().refused.push(shield);
    }

    /// Everything in KV, `NAMESPACE/key` and value, in order.
    pub fn kv_entries(&self) -> Vec<(String, String)> {
        self.kv.borrow().entries(self.state.borrow().now)
    }

    /// Writes to KV behind the product's back.
    pub fn plant(&self, namespace: crate::ports::Namespace, key: &str, value: &str) {
        self.kv.borrow_mut().plant(namespace, key, value);
    }

    /// Gets and puts (with deletes and lists) of KV so far.
    pub fn kv_operations(&self) -> (u64, u64) {
        let kv = self.kv.borrow();
        (kv.reads, kv.writes)
    }

    /// An isolate begins that has read nothing yet.
    pub fn forget_snapshots(&self) {
        self.snapshots.take();
    }

    /// How many messages each book has answered so far.
    pub fn ledger_messages(&self) -> BTreeMap<Book, u64> {
        self.books.borrow().messages.clone()
    }

    /// Rows that were written so far, as storage counts them: of all books, and for their alarms.
    pub fn rows_written(&self) -> u64 {
        self.books.borrow().rows_written
    }

    /// All rows of all books, `book kind key` and value, in order.
    pub fn rows(&self) -> Vec<(String, String)> {
        self.books.borrow().entries()
    }

    /// Replaces a row behind the ledger's back; `name` is as in [`Self::rows`].
    pub fn rewrite(&self, name: &str, value: &str) {
        self.books.borrow_mut().rewrite(name, value);
    }

    /// The rows of one kind in one book, key and value.
    pub fn rows_of(&self, book: &Book, kind: Kind) -> Vec<(String, String)> {
        self.books.borrow().rows_of(book, kind)
    }

    /// Puts many rows into a book at once, behind the ledger's back.
    pub fn crowd(&self, book: &Book, kind: Kind, rows: Vec<(String, String)>) {
        self.books.borrow_mut().crowd(book, kind, rows);
    }

    /// Writes or removes a row behind the product's back.
    pub fn plant_row(&self, book: &Book, kind: Kind, key: &str, value: Option<&str>) {
        self.books.borrow_mut().plant(book, kind, key, value);
    }

    /// What was logged.
    pub fn lines(&self) -> Vec<String> {
        self.state.borrow().lines.clone()
    }

    /// Letters that went through the binding.
    pub fn letters(&self) -> Vec<Letter> {
        self.state.borrow().letters.clone()
    }
}

impl Ledger for Fake {
    async fn post(&self, book: &Book, message: String) -> Result<String, Fault> {
        let fault = self.state.borrow_mut().ledger_faults.pop_front();
        if fault == Some(LedgerFault::Before) {
            return Err(Fault::Unreachable);
        }
        let now = self.state.borrow().now;
        let answer = self.books.borrow_mut().post(book, now, &message)?;
        if fault == Some(LedgerFault::After) {
            Err(Fault::Unreachable)
        } else {
            Ok(answer)
        }
    }
}

impl Outbound for Fake {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
        limits: Limits,
    ) -> Result<http::Response<Vec<u8>>, Fault> {
        let now = self.state.borrow().now;
        let sent = (self.internet.borrow_mut())(request, limits, now);
        let took_ms = sent.took_ms.min(limits.deadline_ms.into());
        self.set_now(now.plus_ms(took_ms));
        if sent.took_ms > limits.deadline_ms.into() {
            return Err(Fault::Timeout);
        }
        match sent.result {
            Ok(response) if response.body().len() > limits.max_bytes => Err(Fault::TooLarge {
                max_bytes: limits.max_bytes,
            }),
            result => result,
        }
    }

    async fn open(
        &self,
        request: http::Request<Vec<u8>>,
        limits: Limits,
    ) -> Result<http::Response<Pieces>, Fault> {
        let (parts, body) = self.send(request, limits).await?.into_parts();
        let mut state = self.state.borrow_mut();
        let mut pieces: Vec<_> = body.chunks(1000).map(|piece| Ok(piece.to_vec())).collect();
        if state.breaking_bodies > 0 {
            state.breaking_bodies = state.breaking_bodies.saturating_sub(1);
            pieces.truncate(1);
            pieces.push(Err(Fault::Unreachable));
        }
        let pieces = Pieces::of(futures_util::stream::iter(pieces));
        Ok(http::Response::from_parts(parts, pieces))
    }

    async fn pause(&self, ms: u32) {
        let now = self.state.borrow().now;
        self.set_now(now.plus_ms(ms.into()));
    }

    fn breakers(&self) -> &RefCell<Breakers> {
        &self.breakers
    }
}

impl Mail for Fake {
    async fn deliver(&self, _from: &str, letter: &Letter) -> Result<(), Fault> {
        self.state.borrow_mut().letters.push(letter.clone());
        Ok(())
    }
}

impl Platform for Fake {
    fn now(&self) -> Timestamp {
        self.state.borrow().now
    }

    fn entropy(&self) -> [u8; 32] {
        let mut state = self.state.borrow_mut();
        state.drawn = state.drawn.saturating_add(1);
        digest::sha256(&[&state.seed.to_be_bytes(), &state.drawn.to_be_bytes()])
    }

    fn domain_to_ascii(&self, domain: &str) -> Option<String> {
        idna::domain_to_ascii_strict(domain).ok()
    }

    async fn admits(&self, shield: Shield, _client: &str) -> bool {
        !self.state.borrow().refused.contains(&shield)
    }

    fn log(&self, line: &str) {
        self.state.borrow_mut().lines.push(line.to_owned());
    }
}
