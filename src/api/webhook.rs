//! `POST /api/webhooks/replicate/{operation}`: messages of the provider, in the order of checks
//! that costs a stranger the most and us the least.

use super::Call;
use super::problem::Problem;
use super::reply::{Reply, empty};
use crate::app::{App, Error, handle, hear_webhook};
use crate::domain::ids::{OperationId, UserId};
use crate::ledger::Alert;
use crate::ports::Platform;
use crate::providers::replicate::{read_hint, verify_webhook};

fn read_handle<P: Platform>(
    app: App<'_, P>,
    params: &[String],
) -> Result<(UserId, OperationId), Problem> {
    let text = params.first().map_or("", String::as_str);
    handle::read(app.config, text).ok_or(Problem::App(Error::NotFound))
}

/// Refuses a path that we did not make, before the body is read.
pub fn require_handle<P: Platform>(app: App<'_, P>, params: &[String]) -> Result<(), Problem> {
    read_handle(app, params).map(|_| ())
}

pub async fn hear<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let app = call.app;
    let (owner, operation) = read_handle(app, &call.params)?;
    let secrets = &app.config.replicate.webhook_secrets;
    let now = app.platform.now();
    let id = verify_webhook(secrets, call.headers, &call.body, now)
        .map_err(|_| Problem::BadSignature)?;
    let Some(hint) = read_hint(&call.body) else {
        app.tell(Alert::new("webhook-unreadable", operation)).await;
        return Err(Problem::Malformed(
            "The body is not an object with an id and a status.",
        ));
    };
    hear_webhook::hear_webhook(app, owner, operation, id, hint).await?;
    Ok(empty(200))
}
