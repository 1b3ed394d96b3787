//! Everything that a book can be asked to do, one file for each subject.

pub mod account;
pub mod attempt;
pub mod breaker;
pub mod caption;
pub mod deletion;
pub mod global;
pub mod limit;
pub mod lost;
pub mod model;
pub mod observe;
pub mod operation;
pub mod outbox;
pub mod pace;
pub mod photo;
pub mod prediction;
pub mod retention;
pub mod retry;
pub mod session;
pub mod spend;
pub mod training;
pub mod version;

use super::{Command, Page, Refusal, run};
use crate::ports::Fault;

macro_rules! dispatch {
    ($name:expr, $body:expr, $page:expr; $($command:ty),+ $(,)?) => {
        match $name {
            $(<$command>::NAME => run::<$command>($body, $page),)+
            _ => Err(Fault::malformed("ledger command name")),
        }
    };
}

/// Finds the command of that name and runs it.
pub(super) fn dispatch(
    name: &str,
    body: &str,
    page: &mut Page<'_>,
) -> Result<Result<String, Refusal>, Fault> {
    dispatch!(name, body, page;
        account::ShowAccount,
        account::AcceptConsent,
        account::CountLetter,
        deletion::DeleteAccount,
        deletion::ShowDeletion,
        attempt::OpenAttempt,
        attempt::Redeem,
        attempt::ReleaseClaim,
        attempt::Consume,
        attempt::EndAttempt,
        attempt::ShowAttempt,
        attempt::UseReturn,
        session::OpenSession,
        session::ShowSession,
        session::MirrorOf,
        session::TouchSession,
        session::CloseSession,
        session::CloseAllSessions,
        session::Deauthorize,
        model::AllotModel,
        model::ShowModel,
        model::ListModels,
        model::RenameModel,
        model::DeleteModel,
        model::ListForZip,
        model::PlanZip,
        model::KeepZip,
        version::DeleteVersion,
        photo::OfferPhoto,
        photo::KeepPhoto,
        photo::DropPhoto,
        photo::ExpirePhotos,
        retention::KeepTerms,
        retention::PlanTerms,
        photo::ListPhotos,
        photo::CaptionPhoto,
        caption::ReserveCaption,
        training::ReserveTraining,
        training::CancelTraining,
        retry::RetryTraining,
        prediction::ReservePrediction,
        prediction::ShowPrediction,
        prediction::ListPredictions,
        prediction::MarkFavorite,
        prediction::DeletePrediction,
        operation::ShowOperation,
        lost::NoteWebhook,
        operation::Submitted,
        operation::Refused,
        lost::Adopt,
        observe::Observe,
        observe::Stored,
        outbox::TakeDue,
        outbox::Finish,
        global::MissOpen,
        global::ListOpen,
        global::Tell,
        global::KeepReceipt,
        global::ShowReceipt,
        breaker::ReportCall,
        breaker::ListBreakers,
        spend::Hold,
        spend::Settle,
        spend::ShowDay,
        limit::Admit,
    )
}

/// A model's state in the words of the API.
pub fn state_name(state: crate::records::ModelState) -> &'static str {
    use crate::records::ModelState::{Bundled, Canceled, Draft, Failed, Queued, Ready, Training};
    match state {
        Draft => "draft",
        Bundled => "bundled",
        Queued => "queued",
        Training => "training",
        Ready => "ready",
        Failed => "failed",
        Canceled => "canceled",
    }
}
