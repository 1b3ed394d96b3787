//! Effects that take something away: each is done only when a look has shown that it is gone.

use super::super::App;
use super::{Performed, Trouble};
use crate::domain::ids::{
    DeletionCode, ModelId, ModelKey, PredictionKey, SessionId, UserId, UserKey,
};
use crate::domain::operation::Seen;
use crate::ledger::Alert;
use crate::ledger::commands::deletion::{DeletionShown, ShowDeletion};
use crate::ledger::commands::global::KeepReceipt;
use crate::ports::{Book, Fault, Namespace, Platform, Text};
use crate::providers::bytescale::{self, Deletion};
use crate::providers::replicate;
use crate::records::Session;
use crate::store::{self, Sessions, Users};

/// Replicate takes minutes for a version and moments for a run.
const VERSION_S: u64 = 30;
const RUN_S: u64 = 10;
const FILES_S: u64 = 60;
/// A run that Replicate does not know once may be known a moment later. After so many tries, which
/// have taken more than half an hour, it is lost.
const LOST_AFTER: u32 = 3;
/// An account that is not gone by then is told to the operator.
const OVERDUE_S: u64 = 86_400;
/// How many stray keys of one kind one look removes, and how many stray folders.
const MOST_STRAYS: usize = 200;
const MOST_FOLDERS: usize = 10;

fn wait<T>(look_again_in_s: u64) -> Result<T, Trouble> {
    Err(Trouble::Waiting { look_again_in_s })
}

pub async fn file<P: Platform>(app: App<'_, P>, path: &str) -> Performed {
    let (platform, config) = (app.platform, &app.config.bytescale);
    bytescale::delete_file(platform, config, path).await?;
    if bytescale::exists(platform, config, path).await? {
        return wait(FILES_S);
    }
    until_done(bytescale::forget_file(platform, config, path).await?)
}

pub async fn folder<P: Platform>(app: App<'_, P>, path: &str) -> Performed {
    until_done(bytescale::erase_folder(app.platform, &app.config.bytescale, path).await?)
}

fn until_done(deletion: Deletion) -> Performed {
    match deletion {
        Deletion::Done => Ok(()),
        Deletion::Pending => wait(FILES_S),
    }
}

/// Whatever lies at Bytescale of a model.
pub async fn model<P: Platform>(app: App<'_, P>, owner: &UserId, model: ModelId) -> Performed {
    folder(app, &bytescale::model_folder(owner, model)).await
}

/// What was written by an upload, a run or a mirror that was under way when the model went.
pub async fn leftovers<P: Platform>(app: App<'_, P>, owner: &UserId, id: ModelId) -> Performed {
    let kv = app.platform;
    let key = ModelKey {
        owner: owner.clone(),
        id,
    };
    kv.delete(Namespace::Models, &key.to_string()).await?;
    for name in kv.list(Namespace::Predictions, &format!("{key}_")).await? {
        kv.delete(Namespace::Predictions, &name).await?;
    }
    let path = bytescale::model_folder(owner, id);
    let left = bytescale::list_folder(kv, &app.config.bytescale, &path).await?;
    if left.is_empty() {
        // A look before this one may have removed something that there are copies of.
        return until_done(bytescale::forget_folder(kv, &app.config.bytescale, &path).await?);
    }
    folder(app, &path).await
}

pub async fn version<P: Platform>(app: App<'_, P>, version: &str) -> Performed {
    let (platform, config) = (app.platform, &app.config.replicate);
    replicate::delete_version(platform, config, version).await?;
    if replicate::version_exists(platform, config, version).await? {
        return wait(VERSION_S);
    }
    Ok(())
}

/// Stops a run, and looks that it has ended. A training that was faster has made a version, which
/// goes too.
pub async fn run<P: Platform>(
    app: App<'_, P>,
    provider_id: &str,
    training: bool,
    attempts: u32,
) -> Performed {
    let (platform, config) = (app.platform, &app.config.replicate);
    let report = if training {
        replicate::cancel_training(platform, config, provider_id).await?;
        replicate::read_training(platform, config, provider_id).await
    } else {
        replicate::cancel_prediction(platform, config, provider_id).await?;
        replicate::read_prediction(platform, config, provider_id).await
    };
    let report = match report {
        Err(Fault::Refused { status: 404, .. }) if attempts >= LOST_AFTER => return Ok(()),
        report => report?,
    };
    match (report.seen, report.version) {
        (Some(Seen::Stored), Some(made)) => version(app, &made).await,
        (Some(Seen::Finished | Seen::Stored | Seen::Failed(_) | Seen::Canceled), _) => Ok(()),
        _ => wait(RUN_S),
    }
}

/// Removes the record of a session and looks.
pub async fn session<P: Platform>(app: App<'_, P>, session: &SessionId) -> Performed {
    let none: Option<&Session> = None;
    store::mirror::<Sessions>(app.platform, session, none, None).await?;
    let key = session.to_string();
    if app.platform.get(Namespace::Sessions, &key).await?.is_some() {
        return wait(FILES_S);
    }
    Ok(())
}

/// The last look at a deleted account, once every place has been proved gone; before that, how it
/// stands. Either way the receipt follows.
pub async fn conclude<P: Platform>(
    app: App<'_, P>,
    book: &Book,
    owner: &UserId,
    code: DeletionCode,
) -> Performed {
    let show = |is_clean| ShowDeletion {
        code: Text(code),
        is_clean,
    };
    let Some(mut shown) = super::show(app, book, show(false)).await? else {
        return Ok(());
    };
    let clean = if shown.is_ready && shown.receipt.finished_at.is_none() {
        is_clean(app, owner, &shown).await
    } else {
        Ok(false)
    };
    if let Ok(true) = clean {
        shown = app.ask(book, show(true)).await?;
    }
    let receipt = shown.receipt.clone();
    app.ask(&Book::Global, KeepReceipt { receipt }).await?;
    if shown.receipt.finished_at.is_some() {
        return Ok(());
    }
    let age_s = app.platform.now().since_ms(shown.receipt.requested_at) / 1000;
    if age_s >= OVERDUE_S {
        app.tell(Alert::new("deletion-overdue", "account")).await;
    }
    clean?;
    wait((age_s / 4).clamp(5, 3600))
}

/// Whether nothing of the account is left, by prefix, in KV and at Bytescale. What is found is
/// removed, and looked for again.
async fn is_clean<P: Platform>(
    app: App<'_, P>,
    owner: &UserId,
    shown: &DeletionShown,
) -> Result<bool, Trouble> {
    let kv = app.platform;
    // A record of a later epoch is that of a later account.
    let user = store::find::<Users>(kv, &UserKey(owner.clone())).await?;
    let mut clean = user.is_none_or(|user| user.epoch >= shown.epoch);
    let old =
        |model: Option<ModelId>| model.is_none_or(|model| model.0.as_ms() <= shown.last_model_ms);
    for namespace in [Namespace::Models, Namespace::Predictions] {
        let names = kv.list(namespace, &owner.prefix()).await?;
        let strays = names.iter().filter(|name| old(model_of(name)));
        for name in strays.take(MOST_STRAYS) {
            clean = false;
            kv.delete(namespace, name).await?;
        }
    }
    clean &= no_file_is_left(app, owner, old).await?;
    Ok(clean)
}

/// The same at Bytescale alone. Copies of what was found may outlive it, so that those of the whole
/// folder are forgotten once nothing is listed any more; a later account only fetches its own anew.
async fn no_file_is_left<P: Platform>(
    app: App<'_, P>,
    owner: &UserId,
    old: impl Fn(Option<ModelId>) -> bool,
) -> Result<bool, Trouble> {
    let (platform, config) = (app.platform, &app.config.bytescale);
    let folder = bytescale::user_folder(owner);
    let files = bytescale::list_folder(platform, config, &folder).await?;
    let mut strays: Vec<_> = files
        .iter()
        .map(|path| (bytescale::model_of(owner, path), path))
        .filter(|(model, _)| old(*model))
        .collect();
    if strays.is_empty() {
        let forgotten = bytescale::forget_folder(platform, config, &folder).await?;
        return Ok(forgotten == Deletion::Done);
    }
    // One file of a model stands for its folder.
    strays.dedup_by_key(|(model, path)| model.ok_or(*path));
    for (model, path) in strays.into_iter().take(MOST_FOLDERS) {
        match model {
            Some(model) => {
                let folder = bytescale::model_folder(owner, model);
                bytescale::erase_folder(platform, config, &folder).await?;
            }
            None => bytescale::delete_file(platform, config, path).await?,
        }
    }
    Ok(false)
}

/// The model that a key of `MODELS` or `PREDICTIONS` belongs to.
fn model_of(key: &str) -> Option<ModelId> {
    let of_prediction = || key.parse().map(|key: PredictionKey| key.id.model);
    let model = key.parse().map(|key: ModelKey| key.id);
    model.or_else(|_| of_prediction()).ok()
}
