//! Performing one effect of a book, whatever it is; each may be performed more than once.

mod digest;
mod letters;
mod removals;
mod trail;

use super::{App, Error, drive_operation, keep_terms};
use crate::domain::backoff::full_jitter;
use crate::domain::ids::{Keyed, UserId, UserKey};
use crate::domain::timestamp::Timestamp;
use crate::ledger::commands::account::ShowAccount;
use crate::ledger::commands::attempt::ShowAttempt;
use crate::ledger::commands::global::Tell;
use crate::ledger::commands::model::ShowModel;
use crate::ledger::commands::outbox::{Due, Outcome};
use crate::ledger::commands::photo::{DropPhoto, ExpirePhotos};
use crate::ledger::commands::prediction::ShowPrediction;
use crate::ledger::commands::spend::Settle;
use crate::ledger::{Alert, Command, Effect};
use crate::ports::{Book, Fault, Platform, Text};
use crate::providers::pushover::{self, Notice};
use crate::records::{self, SCHEMA};
use crate::store::{self, MagicLinks, Models, Predictions, Sessions, Users};

/// How performing went, before it is said how to go on.
type Performed = Result<(), Trouble>;

enum Trouble {
    Again {
        retry_after_s: Option<u64>,
    },
    /// What was begun elsewhere takes its time.
    Waiting {
        look_again_in_s: u64,
    },
    Hopeless,
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        let retry_after_s = match fault {
            Fault::Refused { retry_after_s, .. } => retry_after_s.map(u64::from),
            Fault::Resting { retry_after_s } => Some(retry_after_s.into()),
            _ => None,
        };
        Self::Again { retry_after_s }
    }
}

impl From<Error> for Trouble {
    fn from(_: Error) -> Self {
        Self::Again {
            retry_after_s: None,
        }
    }
}

pub async fn perform<P: Platform>(app: App<'_, P>, book: &Book, due: &Due) -> Outcome {
    let effect = &due.effect;
    let performed = attempt(app, book, effect, due.attempts).await;
    trail::note(app, book, effect, &performed);
    match performed {
        Ok(()) => Outcome::Done,
        Err(Trouble::Hopeless) => Outcome::Hopeless,
        Err(Trouble::Waiting { look_again_in_s }) => Outcome::Waiting { look_again_in_s },
        Err(Trouble::Again { retry_after_s }) => Outcome::Failed {
            retry_after_s: pause_s(app, due, retry_after_s),
        },
    }
}

/// How long until the next try, where that is not for the usual pauses to say.
fn pause_s<P: Platform>(app: App<'_, P>, due: &Due, told: Option<u64>) -> Option<u64> {
    match due.effect {
        // Whoever waits for images or a training should not wait for the pauses of a letter, and
        // what they cost must arrive before it is taken for lost.
        Effect::Look { .. } | Effect::Retire { .. } => {
            Some(app.config.rules.operation_grace_s.min(60))
        }
        // How often a run was not known stands for how long.
        Effect::CancelRun { .. } => None,
        // Letters that were too many together must not come back together.
        Effect::SendSignIn(_) | Effect::SendTrainingEnd { .. } => {
            let spread_s = full_jitter(4, due.attempts, 300, &app.platform.entropy());
            told.map(|told| told.saturating_add(spread_s.into()))
        }
        _ => told,
    }
}

/// `attempts` is how often it has failed before.
async fn attempt<P: Platform>(
    app: App<'_, P>,
    book: &Book,
    effect: &Effect,
    attempts: u32,
) -> Performed {
    match effect {
        Effect::SendSignIn(letter) => letters::send_sign_in(app, letter).await,
        Effect::SendTrainingEnd { model, operation } => {
            let account = show(app, book, ShowAccount {}).await?;
            let model = show(app, book, ShowModel { model: *model }).await?;
            let (Some(account), Some(model)) = (account, model) else {
                return Ok(());
            };
            letters::send_training_end(app, &account.user, &model, **operation).await
        }
        Effect::Alert(alert) => {
            app.ask(
                &Book::Global,
                Tell {
                    alert: alert.clone(),
                },
            )
            .await?;
            Ok(())
        }
        Effect::Notify { alert, count, at } => notify(app, alert, *count, *at).await,
        Effect::Digest { day } => digest::send(app, *day).await,
        Effect::Look { operation } => {
            drive_operation::drive_operation(app, book, **operation).await?;
            Ok(())
        }
        Effect::KeepTerms { after } => Ok(keep_terms::keep_terms(app, after).await?),
        Effect::DeleteFile { path } => removals::file(app, path).await,
        Effect::DeleteFolder { path } | Effect::DeleteStragglers { path } => {
            removals::folder(app, path).await
        }
        Effect::DeleteVersion { version } => removals::version(app, version).await,
        Effect::CancelRun {
            provider_id,
            training,
        } => removals::run(app, provider_id, *training, attempts).await,
        Effect::Announce { .. } => Ok(()),
        Effect::MirrorAttempt => mirror_attempt(app, book).await,
        Effect::MirrorUser
        | Effect::MirrorSession { .. }
        | Effect::MirrorModel { .. }
        | Effect::MirrorPrediction { .. }
        | Effect::Retire { .. }
        | Effect::ExpirePhotos { .. }
        | Effect::AbandonPhoto { .. }
        | Effect::EraseModel { .. }
        | Effect::RecheckModel { .. }
        | Effect::ConcludeDeletion { .. } => match book {
            Book::User(owner) => of_a_person(app, book, owner, effect).await,
            Book::Link(_) | Book::Global => Err(Trouble::Hopeless),
        },
    }
}

async fn of_a_person<P: Platform>(
    app: App<'_, P>,
    book: &Book,
    owner: &UserId,
    effect: &Effect,
) -> Performed {
    let kv = app.platform;
    match effect {
        Effect::MirrorUser => {
            let shown = present(app.ask(book, ShowAccount {}).await)?;
            let user = shown.map(|shown| shown.user);
            store::mirror::<Users>(kv, &UserKey(owner.clone()), user.as_ref(), None).await?;
        }
        Effect::MirrorSession { session } => {
            use crate::ledger::commands::session::MirrorOf;
            let found = app.ask(book, MirrorOf { session: *session }).await?;
            let Some(found) = found else {
                return removals::session(app, session).await;
            };
            let ttl_s = Some(found.expires_at.since_ms(kv.now()) / 1000);
            store::mirror::<Sessions>(kv, session, Some(&found), ttl_s).await?;
        }
        Effect::MirrorModel { model } => {
            let found = show(app, book, ShowModel { model: *model }).await?;
            let key = Keyed {
                owner: owner.clone(),
                id: **model,
            };
            store::mirror::<Models>(kv, &key, found.as_ref(), None).await?;
        }
        Effect::MirrorPrediction { prediction } => {
            let found = show(
                app,
                book,
                ShowPrediction {
                    prediction: *prediction,
                },
            )
            .await?;
            let key = Keyed {
                owner: owner.clone(),
                id: **prediction,
            };
            store::mirror::<Predictions>(kv, &key, found.as_ref(), None).await?;
        }
        Effect::Retire {
            operation,
            settled,
            trained,
            alert,
        } => {
            let settle = Settle {
                operation: *operation,
                settled: settled.clone(),
                trained: trained.clone(),
                alert: alert.clone(),
            };
            app.ask(&Book::Global, settle).await?;
            // The sums have changed, and their mirror takes its time.
            store::forget::<Users>(kv, &UserKey(owner.clone()));
        }
        Effect::ExpirePhotos { model } => {
            show(app, book, ExpirePhotos { model: *model }).await?;
        }
        Effect::AbandonPhoto { photo } => {
            present(
                app.ask(
                    book,
                    DropPhoto {
                        photo: *photo,
                        if_abandoned: true,
                    },
                )
                .await,
            )?;
        }
        Effect::EraseModel { model } => return removals::model(app, owner, **model).await,
        Effect::RecheckModel { model } => return removals::leftovers(app, owner, **model).await,
        Effect::ConcludeDeletion { code } => {
            return removals::conclude(app, book, owner, **code).await;
        }
        _ => return Err(Trouble::Hopeless),
    }
    Ok(())
}

/// What a book shows, or nothing when it is gone.
async fn show<P: Platform, C: Command>(
    app: App<'_, P>,
    book: &Book,
    command: C,
) -> Result<Option<C::Reply>, Trouble> {
    present(app.ask(book, command).await)
}

fn present<T>(found: Result<T, Error>) -> Result<Option<T>, Trouble> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn mirror_attempt<P: Platform>(app: App<'_, P>, book: &Book) -> Performed {
    let Book::Link(id) = book else {
        return Err(Trouble::Hopeless);
    };
    let now = app.platform.now();
    let record = app
        .ask(book, ShowAttempt {})
        .await?
        .map(|attempt| records::Attempt {
            schema: SCHEMA,
            id: Text(id.clone()),
            state: attempt.state.name().to_owned(),
            created_at: attempt.created_at,
            expires_at: attempt.expires_at,
        });
    let ttl_s = record
        .as_ref()
        .map(|record| record.expires_at.since_ms(now) / 1000);
    Ok(store::mirror::<MagicLinks>(app.platform, id, record.as_ref(), ttl_s).await?)
}

async fn notify<P: Platform>(
    app: App<'_, P>,
    alert: &Alert,
    count: u32,
    at: Option<Timestamp>,
) -> Performed {
    let kind = &alert.kind;
    app.note(
        "alert",
        &[("kind", kind), ("count", &count), ("about", &alert.about)],
    );
    let title = format!("Selfie.pr: {}", kind.replace('-', " "));
    let notice = Notice {
        title,
        message: format!("{count} × {kind}, last about {}", alert.about),
        priority: alert.priority,
        at: at.unwrap_or_else(|| app.platform.now()),
    };
    push(app, notice).await
}

/// Sends the operator a message, if there is a way to.
async fn push<P: Platform>(app: App<'_, P>, notice: Notice) -> Performed {
    let Some(config) = &app.config.pushover else {
        return Ok(());
    };
    match pushover::notify(app.platform, config, &notice).await {
        Ok(()) => Ok(()),
        Err(Fault::Refused {
            status: 400..=499, ..
        }) => Err(Trouble::Hopeless),
        Err(fault) => Err(fault.into()),
    }
}
