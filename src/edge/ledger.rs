//! The Durable Object that holds one book: applies what is posted, and does from its alarm what is
//! due.
//!
//! There is no state in the struct but handles: it is gone with an eviction or a panic, the rows are
//! not.

use std::cell::OnceCell;

use worker::{DurableObject, Env, Request, Response, Result, State, durable_object};

use super::settings;
use super::sql::Store;
use super::workerd::Workerd;
use crate::app::{App, run_outbox};
use crate::ports::{Book, Fault, Platform as _};

/// When an alarm cannot do its work, it comes again after this.
const RETRY_S: u64 = 30;
/// How often it is looked whether somebody has mended the configuration.
const MENDED_S: u64 = 300;

#[durable_object]
pub struct Ledger {
    state: State,
    env: Env,
    /// Its tables are there once it is.
    store: OnceCell<Store>,
}

impl Ledger {
    fn store(&self) -> Result<Store> {
        if let Some(store) = self.store.get() {
            return Ok(store.clone());
        }
        let store = Store::open(&self.state)?;
        Ok(self.store.get_or_init(|| store).clone())
    }
}

impl DurableObject for Ledger {
    fn new(state: State, env: Env) -> Self {
        Self {
            state,
            env,
            store: OnceCell::new(),
        }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let path = request.path();
        let Ok(book) = path.trim_start_matches('/').parse::<Book>() else {
            return Response::error("no such book", 404);
        };
        let config = settings::read(&self.env);
        let Ok(config) = config.as_ref() else {
            return Response::error("misconfigured", 503);
        };
        let message = request.text().await?;
        let store = self.store()?;
        match store.post(&book, &config.rules, &message, false).await {
            Ok(answer) => Response::ok(answer),
            Err(_) => Response::error("not applied", 503),
        }
    }

    async fn alarm(&self) -> Result<Response> {
        let config = settings::read(&self.env);
        let store = self.store()?;
        let name = self
            .state
            .id()
            .name()
            .and_then(|name| name.parse::<Book>().ok());
        let (Ok(config), Some(book)) = (config.as_ref(), name) else {
            // This alarm is used up, and what it was for is due all the same once that is mended.
            or_ring_again(store.alarm_at(super::now().plus_s(MENDED_S)).await)?;
            return Response::error("not to be done here", 503);
        };
        let platform = Workerd::of_book(self.env.clone(), book.clone(), store.clone());
        let done = run_outbox::run_outbox(App::new(&platform, config), &book).await;
        let now = platform.now();
        let next = match done {
            Ok(()) => store.set_alarm(now).await,
            Err(_) => store.alarm_at(now.plus_s(RETRY_S)).await,
        };
        or_ring_again(next)?;
        Response::empty()
    }
}

/// The runtime calls an alarm that failed again by itself.
fn or_ring_again(set: std::result::Result<(), Fault>) -> Result<()> {
    set.map_err(|_| worker::Error::RustError("alarm not set".to_owned()))
}
