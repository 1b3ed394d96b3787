//! The configuration, read once for each isolate; it is plain data and does not change in one.

use std::cell::{Cell, OnceCell};
use std::rc::Rc;

use wasm_bindgen::JsValue;
use worker::Env;

use super::bindings;
use crate::config::{self, Config, Misconfigured, NO_TEXT, Pushover};

type Read = Rc<Result<Config, Misconfigured>>;

thread_local! {
    static CONFIG: OnceCell<Read> = const { OnceCell::new() };
    static TOLD_MS: Cell<u64> = const { Cell::new(0) };
}

/// The configuration, or the variable that spoils it.
pub fn read(env: &Env) -> Read {
    CONFIG.with(|cell| {
        let read = cell.get_or_init(|| Rc::new(Config::read(|name| find(env, name))));
        Rc::clone(read)
    })
}

/// Whom to tell, whatever else is wrong.
pub fn pushover(env: &Env) -> Option<Pushover> {
    config::find_pushover(|name| find(env, name))
}

/// Whether this isolate has not looked into telling the operator for a while: requests that come at
/// the same moment would all find that nobody has.
pub fn is_to_be_told(now_ms: u64) -> bool {
    const QUIET_MS: u64 = 600_000;
    TOLD_MS.with(|told| {
        now_ms.saturating_sub(told.get()) > QUIET_MS && {
            told.set(now_ms);
            true
        }
    })
}

/// What is set but is no text, such as a number, must not be taken for nothing: its default may be the
/// looser of the two.
fn find(env: &Env, name: &str) -> Option<String> {
    let value = bindings::find::<JsValue>(env, name)?;
    Some(value.as_string().unwrap_or_else(|| NO_TEXT.to_owned()))
}
