//! Showing, marking and deleting what was made.

use super::session::require_standing;
use super::{App, Error, Provider};
use crate::domain::ids::{ModelId, PredictionId, Serial};
use crate::domain::ownership::{Owned, SignedIn};
use crate::ledger::commands::prediction::{
    DeletePrediction, ListPredictions, MarkFavorite, ShowPrediction,
};
use crate::ports::{Platform, Text};
use crate::providers::bytescale;
use crate::records::Prediction;
use crate::store::{self, Predictions};

/// What a list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub model: Option<ModelId>,
    pub favorite: Option<bool>,
    pub containing: Option<String>,
}

/// The newest predictions first, those after the one named.
pub async fn list_predictions<P: Platform>(
    app: App<'_, P>,
    who: &SignedIn,
    filter: Filter,
    after: Option<Serial>,
    limit: usize,
) -> Result<Vec<Prediction>, Error> {
    let list = ListPredictions {
        model: filter.model.map(Text),
        favorite: filter.favorite,
        containing: filter.containing,
        after: after.map(Text),
        limit,
    };
    app.ask_as(who, list).await
}

/// A prediction as it stands, from the ledger: a mirror on its way may be older than what was just
/// chosen. The ledger looks the session up itself; when it cannot be had, the mirrors of both serve.
pub async fn show_prediction<P: Platform>(
    app: App<'_, P>,
    prediction: &Owned<PredictionId>,
) -> Result<Prediction, Error> {
    let show = ShowPrediction {
        prediction: Text(prediction.id()),
    };
    match app.ask_as(prediction.by(), show).await {
        Err(Error::StorageUnavailable) => {
            require_standing(app, prediction.by()).await?;
            let mirrored = store::find::<Predictions>(app.platform, &prediction.key()).await;
            mirrored.ok().flatten().ok_or(Error::StorageUnavailable)
        }
        shown => shown,
    }
}

/// One of its images as a file, and the type of it.
pub async fn fetch_image<P: Platform>(
    app: App<'_, P>,
    prediction: &Owned<PredictionId>,
    index: usize,
) -> Result<(String, Vec<u8>), Error> {
    let record = show_prediction(app, prediction).await?;
    let image = record.images.get(index).ok_or(Error::NotFound)?;
    let bytes = bytescale::read_image(app.platform, &app.config.bytescale, &image.path)
        .await
        .map_err(|fault| Error::at(Provider::Bytescale, &fault))?;
    Ok((image.content_type.clone(), bytes))
}

pub async fn mark_favorite<P: Platform>(
    app: App<'_, P>,
    prediction: &Owned<PredictionId>,
    favorite: bool,
) -> Result<Prediction, Error> {
    let mark = MarkFavorite {
        prediction: Text(prediction.id()),
        favorite,
    };
    app.ask_as(prediction.by(), mark).await
}

/// Removes it from sight at once and its images from the store; stops it when it still runs.
pub async fn delete_prediction<P: Platform>(
    app: App<'_, P>,
    prediction: &Owned<PredictionId>,
) -> Result<(), Error> {
    let folder = bytescale::image_folder(prediction.owner(), prediction.id());
    let delete = DeletePrediction {
        prediction: Text(prediction.id()),
        folder,
    };
    app.ask_as(prediction.by(), delete).await?;
    // The outbox repeats this until it is done; doing it here makes it act at once.
    let _ = store::mirror::<Predictions>(app.platform, &prediction.key(), None, None).await;
    Ok(())
}
