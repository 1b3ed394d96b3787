//! Where the product runs: workerd, and the only code that can see the runtime.
//!
//! Every function here is a conversion; nothing is decided. `fetch` never returns an error, and no
//! JavaScript value is kept across requests.

mod convert;
mod ledger;
mod outbound;
mod settings;
mod sql;
mod workerd;

use worker::{Context, Env, Request, Response, ScheduleContext, ScheduledEvent, event};

use crate::api;
use crate::app::{App, sweep};
use crate::ports::Platform as _;
use workerd::Workerd;

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    let config = settings::read(&env);
    let platform = Workerd::new(env);
    let page_url = request.inner().url();
    let reply = match convert::request(request) {
        Ok(request) => api::handle(&platform, config.as_ref().as_ref(), request).await,
        Err(_) => convert::bad_request(),
    };
    Ok(convert::response(&platform, reply, &page_url).await)
}

#[event(scheduled)]
async fn scheduled(_event: ScheduledEvent, env: Env, _context: ScheduleContext) {
    let config = settings::read(&env);
    let platform = Workerd::new(env);
    let line = match config.as_ref() {
        Ok(config) => match sweep::sweep(App::new(&platform, config)).await {
            Ok(swept) => format!(
                "{{\"event\":\"sweep\",\"looked_at\":{},\"failed\":{}}}",
                swept.looked_at, swept.failed
            ),
            Err(_) => "{\"event\":\"sweep-failed\"}".to_owned(),
        },
        Err(wrong) => settings::complaint(wrong),
    };
    platform.log(&line);
}
