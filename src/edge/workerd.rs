//! The platform on workerd.

use std::cell::RefCell;
use std::time::Duration;

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::RequestInit;
use worker::{Delay, Env, console_log};

use super::bindings::{self, Objects};
use super::outbound;
use super::sql::Store;
use crate::domain::breaker::Breakers;
use crate::domain::timestamp::Timestamp;
use crate::ports::{
    Book, Fault, Ledger, Letter, Limits, Mail, Outbound, Pieces, Platform, Shield, Snapshots,
};

thread_local! {
    /// Plain data, and of the isolate: it lasts as long as the memory it stands in.
    static BREAKERS: &'static RefCell<Breakers> = Box::leak(Box::default());
    static SNAPSHOTS: &'static RefCell<Snapshots> = Box::leak(Box::default());
}

/// The name of the ledger's binding.
const LEDGER: &str = "LEDGER";

pub struct Workerd {
    env: Env,
    /// Inside a ledger object: its own book, which it must not ask over the network.
    own: Option<(Book, Store)>,
}

impl Workerd {
    pub const fn new(env: Env) -> Self {
        Self { env, own: None }
    }

    /// The platform as a ledger object has it.
    pub const fn of_book(env: Env, book: Book, store: Store) -> Self {
        Self {
            env,
            own: Some((book, store)),
        }
    }

    pub const fn env(&self) -> &Env {
        &self.env
    }

    pub fn snapshots() -> &'static RefCell<Snapshots> {
        SNAPSHOTS.with(|snapshots| *snapshots)
    }

    /// A page of the static frontend.
    pub async fn asset(&self, url: &str) -> worker::Result<web_sys::Response> {
        let page = self.env.assets("ASSETS")?.fetch(url, None).await?;
        Ok(page.into())
    }
}

impl Outbound for Workerd {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
        limits: Limits,
    ) -> Result<http::Response<Vec<u8>>, Fault> {
        let prepared = outbound::prepare(&request)?;
        drop(request);
        outbound::send(prepared, limits).await
    }

    async fn lend(
        &self,
        request: &http::Request<Vec<u8>>,
        limits: Limits,
    ) -> Result<http::Response<Vec<u8>>, Fault> {
        outbound::send(outbound::prepare(request)?, limits).await
    }

    async fn open(
        &self,
        request: http::Request<Vec<u8>>,
        limits: Limits,
    ) -> Result<http::Response<Pieces>, Fault> {
        outbound::open(outbound::prepare(&request)?, limits).await
    }

    async fn pause(&self, ms: u32) {
        Delay::from(Duration::from_millis(ms.into())).await;
    }

    fn breakers(&self) -> &RefCell<Breakers> {
        BREAKERS.with(|breakers| *breakers)
    }
}

impl Ledger for Workerd {
    async fn post(&self, book: &Book, message: String) -> Result<String, Fault> {
        if let Some((own, store)) = &self.own
            && own == book
        {
            let config = super::settings::read(&self.env);
            let Ok(config) = config.as_ref() else {
                return Err(Fault::malformed("settings"));
            };
            // Only from its alarm does a book ask itself.
            return store.post(book, &config.rules, &message, true).await;
        }
        let ledgers: Option<Objects> = bindings::find(&self.env, LEDGER);
        let name = book.to_string();
        let Some(Ok(stub)) = ledgers.map(|ledgers| ledgers.get_by_name(&name)) else {
            return Err(Fault::malformed("ledger binding"));
        };
        let init = RequestInit::new();
        init.set_method("POST");
        init.set_body(&JsValue::from_str(&message));
        let answer = stub.fetch(&format!("https://ledger/{name}"), &init).await;
        let answer: web_sys::Response = answer.map_err(|_| Fault::Unreachable)?.unchecked_into();
        if answer.status() != 200 {
            return Err(Fault::Refused {
                status: answer.status(),
                retry_after_s: None,
            });
        }
        let text = answer.text().map_err(|_| Fault::Unreachable)?;
        let text = JsFuture::from(text).await.map_err(|_| Fault::Unreachable)?;
        text.as_string().ok_or(Fault::malformed("ledger answer"))
    }
}

impl Mail for Workerd {
    async fn deliver(&self, from: &str, letter: &Letter) -> Result<(), Fault> {
        super::workerd::mail::deliver(&self.env, from, letter).await
    }
}

impl Platform for Workerd {
    fn now(&self) -> Timestamp {
        super::now()
    }

    fn entropy(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        bindings::fill_with_random(&mut bytes);
        bytes
    }

    fn domain_to_ascii(&self, domain: &str) -> Option<String> {
        let host = web_sys::Url::new(&format!("http://{domain}/"))
            .ok()?
            .hostname();
        (!host.is_empty()).then_some(host)
    }

    async fn admits(&self, shield: Shield, client: &str) -> bool {
        let Ok(limiter) = self.env.rate_limiter(shield.binding()) else {
            return true;
        };
        // A shield that cannot be asked does not keep people out: quotas are the ledger's.
        limiter
            .limit(client.to_owned())
            .await
            .map_or(true, |outcome| outcome.success)
    }

    fn log(&self, line: &str) {
        console_log!("{line}");
    }
}

mod mail;
