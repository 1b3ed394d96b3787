//! Where the product runs: workerd, and the only code that can see the runtime.
//!
//! Every function here is a conversion; nothing is decided. `fetch` never returns an error, and no
//! JavaScript value is kept across requests.

mod bindings;
mod convert;
mod export;
mod kv;
mod ledger;
mod outbound;
mod settings;
mod sql;
mod workerd;

use std::task::{Context as Poller, Poll, Waker};

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;
use web_sys::{Request, Response};
use worker::{Context, Env, ScheduleContext, ScheduledEvent, event};

use crate::api;
use crate::app::{App, sweep, tell_misconfigured};
use crate::domain::timestamp::Timestamp;
use workerd::Workerd;

/// Where requests arrive. What is answered without waiting for anything is answered at once: a promise
/// and its turn in the runtime's queue would take a tenth of the time that most requests take.
#[wasm_bindgen]
pub fn fetch(request: Request, env: Env, context: worker::worker_sys::Context) -> JsValue {
    let mut answer = Box::pin(answer(request, env, Context::new(context)));
    match answer.as_mut().poll(&mut Poller::from_waker(Waker::noop())) {
        Poll::Ready(response) => response.into(),
        Poll::Pending => future_to_promise(async { Ok(answer.await.into()) }).into(),
    }
}

async fn answer(request: Request, env: Env, context: Context) -> Response {
    let config = settings::read(&env);
    let platform = Workerd::new(env.clone());
    let url = request.url();
    let reply = match convert::request(&request, &url) {
        Ok(request) => api::handle(&platform, config.as_ref().as_ref(), request).await,
        Err(_) => api::refuse_malformed(&platform),
    };
    let response = convert::response(&platform, &context, reply, &url).await;
    if config.is_err() {
        context.wait_until(tell_misconfigured(env));
    }
    response
}

#[event(scheduled)]
async fn scheduled(_event: ScheduledEvent, env: Env, _context: ScheduleContext) {
    match settings::read(&env).as_ref() {
        Ok(config) => sweep::run(App::new(&Workerd::new(env), config)).await,
        Err(_) => tell_misconfigured(env).await,
    }
}

/// The time, as far as the runtime lets it be known.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "milliseconds of this age are 13 digits"
)]
fn now() -> Timestamp {
    Timestamp::from_ms(js_sys::Date::now() as u64)
}

/// Tells the operator, off anybody's path.
async fn tell_misconfigured(env: Env) {
    if !settings::is_to_be_told(now().as_ms()) {
        return;
    }
    let pushover = settings::pushover(&env);
    if let Err(wrong) = settings::read(&env).as_ref() {
        let platform = Workerd::new(env);
        tell_misconfigured::tell_misconfigured(&platform, wrong, pushover.as_ref()).await;
    }
}
