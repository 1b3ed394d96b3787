//! The platform on workerd.

use std::cell::RefCell;
use std::time::Duration;

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use worker::kv::{KvError, KvStore};
use worker::{Delay, Env, Request, Response, console_log};

use super::outbound;
use super::sql::Store;
use crate::domain::breaker::Breakers;
use crate::domain::timestamp::Timestamp;
use crate::ports::{
    Book, Fault, Kv, Ledger, Letter, Limits, Mail, Namespace, Outbound, Pieces, Platform, Put,
    Shield,
};

thread_local! {
    /// Plain data, and of the isolate: it lasts as long as the memory it stands in.
    static BREAKERS: &'static RefCell<Breakers> = Box::leak(Box::default());
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

    /// A page of the static frontend.
    pub async fn asset(&self, url: &str) -> worker::Result<Response> {
        self.env.assets("ASSETS")?.fetch(url, None).await
    }

    fn kv(&self, namespace: Namespace) -> Result<KvStore, Fault> {
        self.env
            .kv(namespace.binding())
            .map_err(|_| Fault::malformed("KV binding"))
    }
}

/// KV's errors are texts; the status is the only thing in them that matters.
fn kv_fault(error: &KvError) -> Fault {
    let text = error.to_string();
    let status = [400_u16, 413, 414, 429]
        .into_iter()
        .find(|s| text.contains(&s.to_string()));
    match status {
        Some(status) => Fault::Refused {
            status,
            retry_after_s: Some(2),
        },
        None => Fault::Unreachable,
    }
}

impl Kv for Workerd {
    async fn get(&self, namespace: Namespace, key: &str) -> Result<Option<String>, Fault> {
        self.kv(namespace)?
            .get(key)
            .text()
            .await
            .map_err(|error| kv_fault(&error))
    }

    async fn put(&self, namespace: Namespace, put: Put) -> Result<(), Fault> {
        let kv = self.kv(namespace)?;
        let builder = kv
            .put(&put.key, put.value)
            .map_err(|error| kv_fault(&error))?;
        let builder = match put.ttl_s {
            Some(ttl_s) => builder.expiration_ttl(ttl_s),
            None => builder,
        };
        builder.execute().await.map_err(|error| kv_fault(&error))
    }

    async fn delete(&self, namespace: Namespace, key: &str) -> Result<(), Fault> {
        self.kv(namespace)?
            .delete(key)
            .await
            .map_err(|error| kv_fault(&error))
    }

    async fn list(&self, namespace: Namespace, prefix: &str) -> Result<Vec<String>, Fault> {
        let kv = self.kv(namespace)?;
        let mut names = Vec::new();
        let mut cursor = None;
        loop {
            let mut page = kv.list().prefix(prefix.to_owned());
            if let Some(cursor) = cursor {
                page = page.cursor(cursor);
            }
            let page = page.execute().await.map_err(|error| kv_fault(&error))?;
            names.extend(page.keys.into_iter().map(|key| key.name));
            cursor = page.cursor;
            // An empty page is not the end; only this is.
            if page.list_complete || cursor.is_none() {
                return Ok(names);
            }
        }
    }
}

impl Outbound for Workerd {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
        limits: Limits,
    ) -> Result<http::Response<Vec<u8>>, Fault> {
        outbound::send(request, limits).await
    }

    async fn open(
        &self,
        request: http::Request<Vec<u8>>,
        limits: Limits,
    ) -> Result<http::Response<Pieces>, Fault> {
        outbound::open(request, limits).await
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
            return store.post(book, &config.rules, &message).await;
        }
        let name = book.to_string();
        let stub = self
            .env
            .durable_object(LEDGER)
            .and_then(|ns| ns.get_by_name(&name));
        let init = web_sys::RequestInit::new();
        init.set_method("POST");
        init.set_body(&JsValue::from_str(&message));
        let url = format!("https://ledger/{name}");
        let request = web_sys::Request::new_with_str_and_init(&url, &init).map(Request::from);
        let (Ok(stub), Ok(request)) = (stub, request) else {
            return Err(Fault::malformed("ledger binding"));
        };
        let answer = stub.fetch_with_request(request).await;
        let mut answer = answer.map_err(|_| Fault::Unreachable)?;
        if answer.status_code() != 200 {
            return Err(Fault::Refused {
                status: answer.status_code(),
                retry_after_s: None,
            });
        }
        answer.text().await.map_err(|_| Fault::Unreachable)
    }
}

impl Mail for Workerd {
    async fn deliver(&self, from: &str, letter: &Letter) -> Result<(), Fault> {
        super::workerd::mail::deliver(&self.env, from, letter).await
    }
}

impl Platform for Workerd {
    fn now(&self) -> Timestamp {
        Timestamp::from_ms(worker::Date::now().as_millis())
    }

    fn entropy(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        let crypto = Reflect::get(&js_sys::global(), &JsValue::from_str("crypto"));
        if let Ok(crypto) = crypto {
            let crypto: web_sys::Crypto = crypto.unchecked_into();
            // It fails for more than 65,536 bytes only.
            let _ = crypto.get_random_values_with_u8_array(&mut bytes);
        }
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
