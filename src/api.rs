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
mod trace;
mod webhook;
pub mod wire;

#[cfg(test)]
mod fuzz;

use std::pin::{Pin, pin};

use futures_util::future::{Either, select};
use http::Method;

pub use problem::SLUGS;
pub use reply::{Content, Reply};
pub use styles::STYLES;

use crate::app::{App, Error, session};
use crate::config::{Config, Misconfigured};
use crate::domain::ownership::SignedIn;
use crate::ledger::Alert;
use crate::ports::{Body, Fault, Platform};
use guard::Query;
use problem::Problem;
use routes::{Auth, Endpoint, Take};
use trace::Trace;

/// What a shield counts over; it does not tell how much of that is left.
const SHIELD_S: u32 = 60;

/// One request on its way through the steps.
pub(crate) struct Call<'a, P> {
    pub app: App<'a, P>,
    pub headers: &'a http::HeaderMap,
    pub params: Vec<String>,
    pub query: Query,
    pub body: Vec<u8>,
    pub trace: &'a Trace,
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
    let trace = Trace::begin(platform, request.headers());
    let outcome = answer(platform, config, request, &trace).await;
    if let (Err(problem), Ok(config)) = (&outcome, config)
        && problem.cause().is_some()
    {
        let alert = Alert::new("internal-error", trace.run);
        App::of_run(platform, config, trace.run).tell(alert).await;
    }
    conclude(platform, outcome, &trace)
}

/// Answers what is no request: an address or a header outside of HTTP's grammar.
pub fn refuse_malformed<P: Platform>(platform: &P) -> Reply {
    let trace = Trace::begin(platform, &http::HeaderMap::new());
    let problem = Problem::Malformed("The address or a header cannot be read.");
    conclude(platform, Err(problem), &trace)
}

/// Answers in the place of a page that cannot be had.
pub fn refuse_page<P: Platform>(platform: &P) -> Reply {
    let trace = Trace::begin(platform, &http::HeaderMap::new());
    conclude(
        platform,
        Err(Problem::App(Error::StorageUnavailable)),
        &trace,
    )
}

fn conclude<P: Platform>(platform: &P, outcome: Result<Reply, Problem>, trace: &Trace) -> Reply {
    trace.end(platform, outcome.as_ref().err());
    let request_id = trace.run.to_string();
    let mut reply = outcome.unwrap_or_else(|problem| problem.reply(platform.now(), &request_id));
    reply::finish(&mut reply, &request_id);
    reply
}

async fn answer<P: Platform, B: Body>(
    platform: &P,
    config: Result<&Config, &Misconfigured>,
    request: http::Request<B>,
    trace: &Trace,
) -> Result<Reply, Problem> {
    let (parts, body) = request.into_parts();
    let found = routes::find(&parts.method, parts.uri.path());
    if let Ok((route, _)) = &found {
        trace.is_for(route);
    }
    let config = config.map_err(|wrong| Problem::Misconfigured {
        variable: wrong.variable,
    })?;
    let (route, params) = match found {
        // Who asks before asking from elsewhere is not told that they may.
        Err(Problem::MethodNotAllowed { allow }) if parts.method == Method::OPTIONS => {
            let mut reply = reply::empty(204);
            reply::add(&mut reply, "allow", &format!("{allow}, OPTIONS"));
            return Ok(reply);
        }
        found => found?,
    };
    let app = App::of_run(platform, config, trace.run);
    if let Some(shield) = route.shield
        && !platform
            .admits(shield, &client::bucket(&parts.headers))
            .await
    {
        if route.endpoint == Endpoint::ReturnFromFacebook {
            return Ok(facebook::try_again());
        }
        let retry_after_s = SHIELD_S;
        return Err(Problem::App(Error::TooManyRequests { retry_after_s }));
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
    if let Some(who) = &who {
        trace.is_by(who.user());
    }
    if route.auth != Auth::Signed && !matches!(parts.method, Method::GET | Method::HEAD) {
        guard::require_media_type(route.take, &parts.headers)?;
        guard::require_same_origin(&config.app_origin, &parts.headers)?;
        if route.auth == Auth::Anyone {
            guard::require_one_session(&parts.headers)?;
        }
    }
    if let (Auth::Fresh, Some(who)) = (route.auth, &who) {
        session::require_fresh(app, who)?;
    }
    if route.endpoint == Endpoint::HearReplicate {
        // The body of a message to nobody is not read.
        webhook::require_handle(app, &params)?;
    }
    let body = read(platform, body, route.take).await?;
    let mut call = Call {
        app,
        headers: &parts.headers,
        params,
        query,
        body,
        trace,
        who,
    };
    let outcome = dispatch(&mut call, route.endpoint).await;
    app.report_resting().await;
    let mut reply = outcome?;
    if parts.method == Method::HEAD {
        *reply.body_mut() = Content::default();
    }
    Ok(reply)
}

/// The whole body, if it comes in time: whoever stops sending would hold what has come for ever.
async fn read<P: Platform, B: Body>(platform: &P, body: B, take: Take) -> Result<Vec<u8>, Problem> {
    let bytes = pin!(body.read(take.max_bytes()));
    let late = pin!(platform.pause(take.deadline_ms()));
    let read = match select(bytes, late).await {
        Either::Left((read, _)) => read,
        Either::Right(_) => Err(Fault::Timeout),
    };
    match read {
        Ok(bytes) => Ok(bytes),
        Err(Fault::TooLarge { .. }) if take == Take::Nothing => {
            Err(Problem::Malformed("This address takes no body."))
        }
        Err(Fault::TooLarge { max_bytes }) => Err(Problem::TooLarge { max_bytes }),
        Err(_) => Err(Problem::Malformed("The body broke off.")),
    }
}

/// Each endpoint's future is a box of its own: as parts of one they would be moved about, and
/// reserved for, in every request.
async fn dispatch<P: Platform>(
    call: &mut Call<'_, P>,
    endpoint: Endpoint,
) -> Result<Reply, Problem> {
    // A photo is handed on, not lent: whoever takes it may let go of it.
    let photo = match endpoint {
        Endpoint::AddPhoto => std::mem::take(&mut call.body),
        _ => Vec::new(),
    };
    let call = &*call;
    let reply: Pin<Box<dyn Future<Output = Result<Reply, Problem>> + '_>> = match endpoint {
        Endpoint::Styles => return Ok(styles::list()),
        Endpoint::CreatePage => return Ok(http::Response::new(Content::Page("/create"))),
        Endpoint::Contract => {
            return Ok(http::Response::new(Content::Page("/api/openapi.json")));
        }
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
        Endpoint::ExportAccount => Box::pin(account::export(call)),
        Endpoint::ShowReceipt => Box::pin(deletion::show_receipt(call)),
        Endpoint::AcceptConsent => Box::pin(account::accept_consent(call)),
        Endpoint::CreateModel => Box::pin(models::create(call)),
        Endpoint::ListModels => Box::pin(models::list(call)),
        Endpoint::ShowModel => Box::pin(models::show(call)),
        Endpoint::RenameModel => Box::pin(models::rename(call)),
        Endpoint::DeleteModel => Box::pin(models::delete(call)),
        Endpoint::DeleteVersion => Box::pin(models::delete_version(call)),
        Endpoint::AddPhoto => Box::pin(photos::add(call, photo)),
        Endpoint::ListPhotos => Box::pin(photos::list(call)),
        Endpoint::CaptionPhoto => Box::pin(photos::caption(call)),
        Endpoint::DescribePhoto => Box::pin(photos::describe(call)),
        Endpoint::DropPhoto => Box::pin(photos::remove(call)),
        Endpoint::BundlePhotos => Box::pin(photos::bundle(call)),
        Endpoint::TrainModel => Box::pin(models::train(call)),
        Endpoint::CancelTraining => Box::pin(models::cancel(call)),
        Endpoint::MakeImages => Box::pin(images::create(call)),
        Endpoint::ListPredictions => Box::pin(images::list(call)),
        Endpoint::ShowPrediction => Box::pin(images::show(call)),
        Endpoint::FetchImage => Box::pin(images::fetch(call)),
        Endpoint::MarkFavorite => Box::pin(images::mark(call)),
        Endpoint::DeletePrediction => Box::pin(images::delete(call)),
        Endpoint::HearReplicate => Box::pin(webhook::hear(call)),
    };
    reply.await
}
