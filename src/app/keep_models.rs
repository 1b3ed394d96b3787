//! Making, showing, renaming and deleting models.

use super::session::require_standing;
use super::{App, Error};
use crate::domain::ids::{ModelId, Serial};
use crate::domain::model::{Subject, trigger_word};
use crate::domain::ownership::{Owned, SignedIn};
use crate::ledger::commands::model::{AllotModel, DeleteModel, ListModels, RenameModel, ShowModel};
use crate::ledger::commands::version::DeleteVersion;
use crate::ports::{Platform, Text};
use crate::records::Model;
use crate::store::{self, Models};

/// Makes a model without photos.
pub async fn create_model<P: Platform>(
    app: App<'_, P>,
    who: &SignedIn,
    name: String,
    subject: Subject,
) -> Result<Model, Error> {
    let trigger_word = trigger_word(Serial::random(&app.platform.entropy()));
    let subject = subject.name().to_owned();
    app.ask_as(
        who,
        AllotModel {
            name,
            subject,
            trigger_word,
        },
    )
    .await
}

/// The newest models first, those before the one named.
pub async fn list_models<P: Platform>(
    app: App<'_, P>,
    who: &SignedIn,
    before: Option<ModelId>,
    limit: usize,
) -> Result<Vec<Model>, Error> {
    app.ask_as(
        who,
        ListModels {
            before: before.map(Text),
            limit,
        },
    )
    .await
}

/// A model as it stands, from the ledger: models are few and change by hand, so a mirror that lags
/// would show a training that was just begun as not begun. The ledger looks the session up itself;
/// when it cannot be had, the mirrors of both serve.
pub async fn show_model<P: Platform>(
    app: App<'_, P>,
    model: &Owned<ModelId>,
) -> Result<Model, Error> {
    let show = ShowModel {
        model: Text(model.id()),
    };
    match app.ask_as(model.by(), show).await {
        Err(Error::StorageUnavailable) => {
            require_standing(app, model.by()).await?;
            let mirrored = store::find::<Models>(app.platform, &model.key()).await;
            mirrored.ok().flatten().ok_or(Error::StorageUnavailable)
        }
        shown => shown,
    }
}

pub async fn rename_model<P: Platform>(
    app: App<'_, P>,
    model: &Owned<ModelId>,
    name: String,
    subject: Option<Subject>,
) -> Result<Model, Error> {
    app.ask_as(
        model.by(),
        RenameModel {
            model: Text(model.id()),
            name,
            subject: subject.map(|subject| subject.name().to_owned()),
        },
    )
    .await
}

/// Removes a trained version; images that were made with it stay.
pub async fn delete_version<P: Platform>(
    app: App<'_, P>,
    model: &Owned<ModelId>,
    version: String,
) -> Result<Model, Error> {
    app.ask_as(
        model.by(),
        DeleteVersion {
            model: Text(model.id()),
            version,
        },
    )
    .await
}

/// Removes a model at once from sight, and with effects from every provider.
pub async fn delete_model<P: Platform>(
    app: App<'_, P>,
    model: &Owned<ModelId>,
) -> Result<(), Error> {
    let delete = DeleteModel {
        model: Text(model.id()),
    };
    app.ask_as(model.by(), delete).await?;
    // The outbox repeats this until it is done; doing it here makes it act at once.
    let _ = store::mirror::<Models>(app.platform, &model.key(), None, None).await;
    Ok(())
}
