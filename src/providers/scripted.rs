//! A platform for the tests of this module: it answers from a list, in order, and remembers what
//! it was asked. It has no store, no ledger and no chance.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use futures_util::FutureExt;
use http::{Request, Response};

use crate::domain::breaker::Breakers;
use crate::domain::timestamp::Timestamp;
use crate::ports::{
    Book, Fault, Kv, Ledger, Letter, Limits, Mail, Namespace, Outbound, Platform, Put, Shield,
    Snapshots,
};

pub type Answer = Result<Response<Vec<u8>>, Fault>;

pub struct Scripted {
    answers: RefCell<VecDeque<Answer>>,
    requests: RefCell<Vec<(Request<Vec<u8>>, Limits)>>,
    pauses: RefCell<Vec<u32>>,
    now: Cell<Timestamp>,
    breakers: RefCell<Breakers>,
    pub mail: Result<(), Fault>,
    pub letters: RefCell<Vec<(String, Letter)>>,
}

impl Scripted {
    pub fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self {
            answers: RefCell::new(answers.into_iter().collect()),
            requests: RefCell::default(),
            pauses: RefCell::default(),
            now: Cell::new(Timestamp::from_ms(1_795_341_600_000)),
            breakers: RefCell::default(),
            mail: Ok(()),
            letters: RefCell::default(),
        }
    }

    pub fn requests(&self) -> Vec<(Request<Vec<u8>>, Limits)> {
        self.requests.borrow().clone()
    }

    /// Method and URL of everything that was asked.
    pub fn calls(&self) -> Vec<String> {
        let line = |(request, _): &(Request<Vec<u8>>, Limits)| {
            format!("{} {}", request.method(), request.uri())
        };
        self.requests.borrow().iter().map(line).collect()
    }

    /// The JSON that was sent at the place `index`.
    pub fn sent(&self, index: usize) -> serde_json::Value {
        serde_json::from_slice(self.requests.borrow()[index].0.body()).unwrap()
    }

    pub fn pauses(&self) -> Vec<u32> {
        self.pauses.borrow().clone()
    }
}

pub fn answer(status: u16, body: impl AsRef<[u8]>) -> Response<Vec<u8>> {
    Response::builder()
        .status(status)
        .body(body.as_ref().to_vec())
        .unwrap()
}

/// Nothing here ever waits, so one poll is enough.
pub fn run<T>(future: impl Future<Output = T>) -> T {
    future
        .now_or_never()
        .expect("a scripted platform never waits")
}

impl Outbound for Scripted {
    async fn send(&self, request: Request<Vec<u8>>, limits: Limits) -> Answer {
        self.requests.borrow_mut().push((request, limits));
        self.answers
            .borrow_mut()
            .pop_front()
            .expect("a request that the test did not foresee")
    }

    async fn pause(&self, ms: u32) {
        self.pauses.borrow_mut().push(ms);
        self.now.set(self.now.get().plus_ms(u64::from(ms)));
    }

    fn breakers(&self) -> &RefCell<Breakers> {
        &self.breakers
    }
}

impl Mail for Scripted {
    async fn deliver(&self, from: &str, letter: &Letter) -> Result<(), Fault> {
        self.letters
            .borrow_mut()
            .push((from.to_owned(), letter.clone()));
        self.mail.clone()
    }
}

impl Platform for Scripted {
    fn now(&self) -> Timestamp {
        self.now.get()
    }

    fn entropy(&self) -> [u8; 32] {
        [7; 32]
    }

    fn domain_to_ascii(&self, _: &str) -> Option<String> {
        unimplemented!("a provider reads no domain")
    }

    async fn admits(&self, _: Shield, _: &str) -> bool {
        unimplemented!("a provider asks no shield")
    }

    fn log(&self, _: &str) {
        unimplemented!("a provider writes no log")
    }
}

impl Kv for Scripted {
    fn snapshots(&self) -> &RefCell<Snapshots> {
        unimplemented!("a provider knows no table")
    }

    async fn get(&self, _: Namespace, _: &str) -> Result<Option<String>, Fault> {
        unimplemented!("a provider knows no table")
    }

    async fn put(&self, _: Namespace, _: Put) -> Result<(), Fault> {
        unimplemented!("a provider knows no table")
    }

    async fn delete(&self, _: Namespace, _: &str) -> Result<(), Fault> {
        unimplemented!("a provider knows no table")
    }

    async fn list(&self, _: Namespace, _: &str) -> Result<Vec<String>, Fault> {
        unimplemented!("a provider knows no table")
    }
}

impl Ledger for Scripted {
    async fn post(&self, _: &Book, _: String) -> Result<String, Fault> {
        unimplemented!("a provider knows no ledger")
    }
}
