//! What the product does: one file for each thing that a person, a provider or the clock can bring
//! about.
//!
//! Use cases know nothing of status codes, cookies or JSON bodies; they take values and proofs and
//! answer with records or an [`Error`].

pub mod accept_consent;
mod admit_client;
pub mod ask_for_link;
mod book_submission;
pub mod bundle_photos;
pub mod check_health;
pub mod confirm_link;
pub mod delete_account;
pub mod describe_photo;
pub mod drive_operation;
mod error;
pub mod export_account;
pub mod handle;
pub mod hear_webhook;
mod hold_spend;
pub mod keep_models;
pub mod keep_photos;
pub mod keep_predictions;
mod keep_terms;
mod lanes;
pub mod make_images;
mod markup;
mod perform_effect;
pub mod require_human;
mod retry_training;
pub mod run_outbox;
mod save_images;
pub mod session;
pub mod show_account;
pub mod sign_in_with_facebook;
pub mod sign_out;
pub mod sweep;
pub mod tell_misconfigured;
pub mod train_model;

pub use error::{Error, FieldFault, Provider};

use crate::config::{Config, MailAdapter};
use crate::domain::ids::Serial;
use crate::domain::ownership::SignedIn;
use crate::ledger::commands::breaker::{REPLICATE, ReportCall, Went};
use crate::ledger::commands::global::Tell;
use crate::ledger::{self, Command};
use crate::ports::json::ToJson;
use crate::ports::log::{self, Fields};
use crate::ports::{Book, Platform, Text};
use crate::providers::service_of;

/// The world and what the operator set: what every use case works with.
#[derive(Debug)]
pub struct App<'a, P> {
    pub platform: &'a P,
    pub config: &'a Config,
    /// The request, alarm or sweep on whose behalf things are done; it stands in every line of the
    /// log.
    pub run: Serial,
}

impl<P> Clone for App<'_, P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P> Copy for App<'_, P> {}

impl<'a, P: Platform> App<'a, P> {
    /// What begins without a request: an alarm, a sweep.
    pub fn new(platform: &'a P, config: &'a Config) -> Self {
        let run = Serial::newest_first(platform.now(), &platform.entropy());
        Self::of_run(platform, config, run)
    }

    pub const fn of_run(platform: &'a P, config: &'a Config, run: Serial) -> Self {
        Self {
            platform,
            config,
            run,
        }
    }

    /// Writes one event into the log.
    pub fn note(&self, event: &str, fields: Fields<'_>) {
        let run = Text(self.run);
        let mut all: Vec<(&str, &dyn ToJson)> = vec![("request", &run)];
        all.extend_from_slice(fields);
        self.platform.log(&log::line(event, &all));
    }

    /// Asks a book on nobody's behalf.
    pub async fn ask<C: Command>(&self, book: &Book, command: C) -> Result<C::Reply, Error> {
        decided(ledger::ask(self.platform, book, command).await)
    }

    /// Asks the book of a person on their behalf; a session that has ended is refused there.
    pub async fn ask_as<C: Command>(&self, who: &SignedIn, command: C) -> Result<C::Reply, Error> {
        decided(ledger::ask_as(self.platform, who, command).await)
    }

    /// Lets the operator be told. That this fails is logged, and changes nothing for the person.
    pub async fn tell(&self, alert: ledger::Alert) {
        let kind = alert.kind.clone();
        let told = ledger::ask(self.platform, &Book::Global, Tell { alert }).await;
        if !matches!(told, Ok(Ok(()))) {
            self.note("alert-lost", &[("kind", &kind)]);
        }
    }
}

impl<P: Platform> App<'_, P> {
    /// Counts how a call of a provider went, for everybody. That this fails is logged: the count is
    /// off by one.
    pub async fn report_call(&self, provider: &str, went: Went) {
        let report = ReportCall {
            provider: provider.to_owned(),
            went,
        };
        if self.ask(&Book::Global, report).await.is_err() {
            self.note("report-lost", &[]);
        }
    }

    /// Tells everybody of the services that this isolate asks no more for a while.
    pub async fn report_resting(&self) {
        let opened = self.platform.breakers().borrow_mut().take_opened();
        for service in opened {
            let provider = self.provider_of(&service);
            self.report_call(provider, Went::Resting).await;
        }
    }

    fn provider_of(&self, service: &str) -> &'static str {
        let config = self.config;
        let resend = match &config.mail {
            MailAdapter::Resend { url, .. } => url,
            MailAdapter::Cloudflare => "",
        };
        let pushover = config.pushover.as_ref().map_or("", |of| &of.url);
        let facebook = config.facebook.as_ref().map_or("", |of| &of.graph_url);
        let turnstile = config.turnstile.as_ref().map_or("", |of| &of.url);
        let known = [
            ("bytescale", config.bytescale.api_url.as_str()),
            ("bytescale", &config.bytescale.cdn_url),
            ("mail", resend),
            ("pushover", pushover),
            ("facebook", facebook),
            ("turnstile", turnstile),
        ];
        let is_it =
            |(_, url): &&(&str, &str)| !url.is_empty() && service.starts_with(service_of(url));
        // What is left is Replicate with its many hosts for outputs.
        known.iter().find(is_it).map_or(REPLICATE, |(name, _)| name)
    }
}

fn decided<R>(result: Result<Result<R, ledger::Refusal>, crate::ports::Fault>) -> Result<R, Error> {
    match result {
        Ok(reply) => reply.map_err(Error::from),
        Err(_) => Err(Error::StorageUnavailable),
    }
}

/// Why a training failed, for the person.
pub fn why_training_failed(reason: &str) -> &'static str {
    match reason {
        "timeout" => {
            "The training took too long and was stopped. Nothing was charged; please try again."
        }
        "bad-photos" => {
            "The trainer could not read the photos. Nothing was charged; please replace the ones \
             that look unusual and try again."
        }
        "data-lost" => {
            "The training service lost this training. Nothing was charged; please try again."
        }
        _ => {
            "The training service could not finish this training. Nothing was charged; please try \
             again."
        }
    }
}
