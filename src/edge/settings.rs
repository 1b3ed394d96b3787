//! The configuration, read once for each isolate; it is plain data and does not change in one.

use std::cell::OnceCell;
use std::rc::Rc;

use worker::{Env, console_error};

use crate::config::{Config, Misconfigured};

type Read = Rc<Result<Config, Misconfigured>>;

thread_local! {
    static CONFIG: OnceCell<Read> = const { OnceCell::new() };
}

/// The configuration, or the variable that spoils it.
pub fn read(env: &Env) -> Read {
    CONFIG.with(|cell| {
        let read = cell.get_or_init(|| {
            let find = |name: &str| env.var(name).ok().map(|value| value.to_string());
            let config = Config::read(find);
            if let Err(wrong) = &config {
                console_error!("{}", complaint(wrong));
            }
            Rc::new(config)
        });
        Rc::clone(read)
    })
}

/// One line that names the variable and never its value.
pub fn complaint(wrong: &Misconfigured) -> String {
    format!(
        "{{\"event\":\"misconfigured\",\"variable\":\"{}\"}}",
        wrong.variable
    )
}
