//! How the product speaks: HTTP in, HTTP out.
//!
//! ```text
//! route ─► shield ─► who is asking ─► is it from our page ─► body ─► endpoint ─► reply
//! ```
//!
//! Each step may refuse with a [`problem::Problem`]; nothing here touches storage or a provider,
//! that is what the use cases are for.

mod account;
pub mod client;
mod cookie;
mod cursor;
mod deletion;
mod facebook;
mod fields;
mod guard;
mod health;
mod images;
mod links;
mod models;
mod photos;
mod problem;
mod reply;
pub mod routes;
mod styles;
mod webhook;
pub mod wire;

#[cfg(test)]
mod fuzz;

use std::pin::Pin;

use http::Method;

pub use problem::SLUGS;
pub use reply::{Content, Reply};

use crate::app::{App, session};
use crate::config::{Config, Misconfigured};
use crate::domain::ids::Serial;
use crate::domain::ownership::SignedIn;
use crate::ledger::Alert;
use crate::ports::{Body, Fault, Platform};
use guard::Query;
use problem::Problem;
use routes::{Auth, Endpoint, Route, Take};

/// One request on its way through the steps.
pub(crate) struct Call<'a, P> {
    pub app: App<'a, P>,
    pub headers: &'a http::HeaderMap,
    pub params: Vec<String>,
    pub query: Query,
    pub body: Vec<u8>,
    who: Option<SignedIn>,
}

impl<P> Call<'_, P> {
    /// Whoever asks; on routes that are only for people who are signed in.
    pub fn who(&self) -> Result<&SignedIn, Problem> {
        self.who
            .as_ref()
            .ok_or(Problem::App(crate::app::Error::NotSignedIn))
    }

    /// The id in the path; of another grammar there is nothing, as little as for a stranger's.
    pub fn id<T: std::str::FromStr>(&self) -> Result<T, Problem> {
        let text = self.params.first().map_or("", String::as_str);
        text.parse()
            .map_err(|_| Problem::App(crate::app::Error::NotFound))
    }
}

/// Answers a request. Never fails: whatever goes wrong is a problem document.
pub async fn handle<P: Platform, B: Body>(
    platform: &P,
    config: Result<&Config, &Misconfigured>,
    request: http::Request<B>,
) -> Reply {
    let request_id = Serial::newest_first(platform.now(), &platform.entropy()).to_string();
    let outcome = answer(platform, config, request).await;
    let mut reply = match outcome {
        Ok(reply) => reply,
        Err(problem) => {
            note(platform, &problem, &request_id);
            if let (Some(_), Ok(config)) = (problem.cause(), config) {
                let alert = Alert::new("internal-error", &request_id);
                App::new(platform, config).tell(alert).await;
            }
            problem.reply(platform.now(), &request_id)
        }
    };
    reply::finish(&mut reply, &request_id);
    reply
}

/// One line for the operator; the only place where a refusal is logged.
fn note<P: Platform>(platform: &P, problem: &Problem, request_id: &str) {
    let now = platform.now();
    let (slug, status) = (problem.slug(now), problem.status(now));
    let cause = problem.cause().unwrap_or(slug);
    platform.log(&format!(
        "{{\"event\":\"refusal\",\"slug\":\"{slug}\",\"status\":{status},\"cause\":\"{cause}\",\
         \"request\":\"{request_id}\"}}"
    ));
}

async fn answer<P: Platform, B: Body>(
    platform: &P,
    config: Result<&Config, &Misconfigured>,
    request: http::Request<B>,
) -> Result<Reply, Problem> {
    let (parts, body) = request.into_parts();
    let (route, params) = match routes::find(&parts.method, parts.uri.path()) {
        // Who asks before asking from elsewhere is not told that they may.
        Err(Problem::MethodNotAllowed { allow }) if parts.method == Method::OPTIONS => {
            let mut reply = reply::empty(204);
            reply::add(&mut reply, "allow", &format!("{allow}, OPTIONS"));
            return Ok(reply);
        }
        found => found?,
    };
    let config = config.map_err(|_| Problem::Misconfigured)?;
    let app = App::new(platform, config);
    if let Some(shield) = route.shield
        && !platform
            .admits(shield, &client::bucket(&parts.headers))
            .await
    {
        return Err(Problem::TooManyRequests { retry_after_s: 60 });
    }
    let query = match route.endpoint {
        Endpoint::ReturnFromFacebook => facebook::read_return(&parts.method, parts.uri.query()),
        _ => Query::read(parts.uri.query())?,
    };
    let who = match route.auth {
        Auth::Anyone | Auth::Signed => None,
        Auth::Session | Auth::Fresh => Some(guard::recognise(app, &parts.headers)?),
        Auth::SessionIfAny => guard::recognise(app, &parts.headers).ok(),
    };
    if route.auth != Auth::Signed && !matches!(parts.method, Method::GET | Method::HEAD) {
        guard::require_media_type(route.take, &parts.headers)?;
        guard::require_same_origin(&config.app_origin, &parts.headers)?;
    }
    if let (Auth::Fresh, Some(who)) = (route.auth, &who) {
        session::require_fresh(app, who)?;
    }
    if route.endpoint == Endpoint::HearReplicate {
        // The body of a message to nobody is not read.
        webhook::require_handle(app, &params)?;
    }
    let body = read(body, route).await?;
    let call = Call {
        app,
        headers: &parts.headers,
        params,
        query,
        body,
        who,
    };
    let outcome = dispatch(&call, route.endpoint).await;
    app.report_resting().await;
    let mut reply = outcome?;
    if parts.method == Method::HEAD {
        *reply.body_mut() = Content::default();
    }
    Ok(reply)
}

async fn read<B: Body>(body: B, route: &Route) -> Result<Vec<u8>, Problem> {
    let max_bytes = route.take.max_bytes();
    match body.read(max_bytes).await {
        Ok(bytes) => Ok(bytes),
        Err(Fault::TooLarge { .. }) if route.take == Take::Nothing => {
            Err(Problem::Malformed("This address takes no body."))
        }
        Err(Fault::TooLarge { max_bytes }) => Err(Problem::TooLarge { max_bytes }),
        Err(_) => Err(Problem::Malformed("The body broke off.")),
    }
}

/// Each endpoint's future is a box of its own: as parts of one they would be moved about, and
/// reserved for, in every request.
async fn dispatch<P: Platform>(call: &Call<'_, P>, endpoint: Endpoint) -> Result<Reply, Problem> {
    let reply: Pin<Box<dyn Future<Output = Result<Reply, Problem>> + '_>> = match endpoint {
        Endpoint::Styles => return Ok(styles::list()),
        Endpoint::CreatePage => return Ok(http::Response::new(Content::Page("/create"))),
        Endpoint::Health => Box::pin(health::show(call)),
        Endpoint::AskForLink => Box::pin(links::ask(call)),
        Endpoint::ConfirmLink => Box::pin(links::confirm(call)),
        Endpoint::GoToFacebook => return facebook::begin(call),
        Endpoint::ReturnFromFacebook => Box::pin(facebook::finish(call)),
        Endpoint::HearDeletion => Box::pin(facebook::hear_deletion(call)),
        Endpoint::HearDeauthorization => Box::pin(facebook::hear_deauthorization(call)),
        Endpoint::VerifyToken => Box::pin(account::verify_token(call)),
        Endpoint::SignOut => Box::pin(account::sign_out(call)),
        Endpoint::SignOutEverywhere => Box::pin(account::sign_out_everywhere(call)),
        Endpoint::ShowAccount => Box::pin(account::show(call)),
        Endpoint::DeleteAccount => Box::pin(deletion::delete_account(call)),
        Endpoint::ShowReceipt => Box::pin(deletion::show_receipt(call)),
        Endpoint::AcceptConsent => Box::pin(account::accept_consent(call)),
        Endpoint::CreateModel => Box::pin(models::create(call)),
        Endpoint::ListModels => Box::pin(models::list(call)),
        Endpoint::ShowModel => Box::pin(models::show(call)),
        Endpoint::RenameModel => Box::pin(models::rename(call)),
        Endpoint::DeleteModel => Box::pin(models::delete(call)),
        Endpoint::DeleteVersion => Box::pin(models::delete_version(call)),
        Endpoint::AddPhoto => Box::pin(photos::add(call)),
        Endpoint::ListPhotos => Box::pin(photos::list(call)),
        Endpoint::CaptionPhoto => Box::pin(photos::caption(call)),
        Endpoint::DropPhoto => Box::pin(photos::remove(call)),
        Endpoint::BundlePhotos => Box::pin(photos::bundle(call)),
        Endpoint::TrainModel => Box::pin(models::train(call)),
        Endpoint::CancelTraining => Box::pin(models::cancel(call)),
        Endpoint::MakeImages => Box::pin(images::create(call)),
        Endpoint::ListPredictions => Box::pin(images::list(call)),
        Endpoint::ShowPrediction => Box::pin(images::show(call)),
        Endpoint::MarkFavorite => Box::pin(images::mark(call)),
        Endpoint::DeletePrediction => Box::pin(images::delete(call)),
        Endpoint::HearReplicate => Box::pin(webhook::hear(call)),
    };
    reply.await
}
