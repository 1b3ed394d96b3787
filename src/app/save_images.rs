//! Bringing finished images into our own store: the provider deletes its files after an hour, and
//! they are not fit to be shown before they are checked and marked.

use super::{App, Error, Provider, drive_operation};
use crate::domain::ids::{PredictionId, UserId};
use crate::ledger::Alert;
use crate::ledger::commands::observe::{Observe, SeenName, Stored};
use crate::ledger::commands::operation::Shown;
use crate::media::{self, Bounds};
use crate::ports::{Book, Fault, Platform, json};
use crate::providers::{bytescale, replicate};
use crate::records::{Image, Prediction};
use base64ct::{Base64, Encoding};

/// What an output may be: a megapixel and its neighbours.
const BOUNDS: Bounds = Bounds {
    min_side: 64,
    max_side: 4096,
    max_pixels: 16_000_000,
};
/// One request makes at most this many.
const MOST_IMAGES: usize = 4;
/// A placeholder stays under a kilobyte as a `data:` URI, if need be by being smaller.
const PLACEHOLDER_PX: [u32; 3] = [32, 16, 8];
const MAX_PLACEHOLDER_BYTES: usize = 720;
/// Files that are missing an hour after the run are gone for good.
const GONE_S: u64 = 3600;

/// Fetches, checks, marks and stores what a run has made, and books it.
pub async fn save_images<P: Platform>(
    app: App<'_, P>,
    book: &Book,
    shown: &Shown,
) -> Result<(), Error> {
    let operation = &shown.operation;
    let (Some(prediction), Book::User(owner)) = (&shown.prediction, book) else {
        // Deleted meanwhile: nothing is brought in, the provider forgets by itself.
        let stored = Stored {
            operation: operation.id,
            images: Vec::new(),
            dropped: 0,
            whole: true,
        };
        return app.ask(book, stored).await;
    };
    // Asked for anew, because addresses at the provider are short-lived and may be whole files.
    let Some(id) = &operation.provider_id else {
        return Ok(());
    };
    let gone = app.platform.now() >= operation.reserved_at.plus_s(GONE_S);
    let report = match replicate::read_prediction(app.platform, &app.config.replicate, id).await {
        Ok(report) => report,
        Err(_) if gone => return fail(app, book, shown, SeenName::FailedDataLost).await,
        Err(fault) => return Err(Error::at(Provider::Replicate, &fault)),
    };
    if report.outputs.len() > MOST_IMAGES {
        // Nobody asked for so many, so none of them is what was asked for.
        return fail(app, book, shown, SeenName::FailedProviderError).await;
    }
    let mut images = Vec::new();
    for (index, url) in report.outputs.iter().enumerate() {
        // An earlier look may have been cut off after some.
        if let Some(image) = prediction.images.get(index) {
            images.push(image.clone());
            continue;
        }
        match save(app, owner, prediction, index, url).await {
            Ok(image) => images.push(image),
            Err(Unsaved::Later(error)) => {
                if !gone {
                    return Err(error);
                }
                return fail(app, book, shown, SeenName::FailedDataLost).await;
            }
            Err(Unsaved::Unfit) => {
                return fail(app, book, shown, SeenName::FailedProviderError).await;
            }
        }
        // Whoever waits sees each as it comes.
        if images.len() < report.outputs.len() {
            let stored = Stored {
                operation: operation.id,
                images: images.clone(),
                dropped: 0,
                whole: false,
            };
            app.ask(book, stored).await?;
        }
    }
    let asked = u32::from(prediction.recipe.count);
    let made = u32::try_from(images.len()).unwrap_or(u32::MAX);
    if images.is_empty() {
        return fail(app, book, shown, SeenName::FailedDataLost).await;
    }
    let dropped = asked.saturating_sub(made);
    app.ask(
        book,
        Stored {
            operation: operation.id,
            images,
            dropped,
            whole: true,
        },
    )
    .await
}

enum Unsaved {
    /// Trying again may help.
    Later(Error),
    /// What came is no image that we show, or came from somewhere else.
    Unfit,
}

async fn save<P: Platform>(
    app: App<'_, P>,
    owner: &UserId,
    prediction: &Prediction,
    index: usize,
    url: &str,
) -> Result<Image, Unsaved> {
    let (platform, config) = (app.platform, app.config);
    let bytes = replicate::fetch_output(platform, &config.replicate, config.environment, url)
        .await
        .map_err(|fault| match fault {
            Fault::Malformed { .. } | Fault::TooLarge { .. } => Unsaved::Unfit,
            fault => Unsaved::Later(Error::at(Provider::Replicate, &fault)),
        })?;
    let measured = media::inspect(&bytes, &BOUNDS).map_err(|_| Unsaved::Unfit)?;
    let recipe = json::to_string(&prediction.recipe);
    let marked = media::mark_ai_made(&bytes, &recipe).map_err(|_| Unsaved::Unfit)?;
    drop(bytes);
    let size = u64::try_from(marked.len()).unwrap_or(u64::MAX);
    let extension = measured.format.extension();
    let id: PredictionId = *prediction.id;
    let path = bytescale::image_path(owner, id, index, extension);
    let content_type = measured.format.content_type();
    let at_bytescale = |fault: Fault| Unsaved::Later(Error::at(Provider::Bytescale, &fault));
    bytescale::store(
        platform,
        &config.bytescale,
        &path,
        content_type,
        "image",
        marked,
    )
    .await
    .map_err(at_bytescale)?;
    let placeholder = draw_placeholder(app, &path).await;
    Ok(Image {
        path,
        width: measured.width,
        height: measured.height,
        bytes: size,
        content_type: content_type.to_owned(),
        placeholder,
    })
}

/// Nothing when there is none to be had: an image without a placeholder is better than none.
async fn draw_placeholder<P: Platform>(app: App<'_, P>, path: &str) -> String {
    for width in PLACEHOLDER_PX {
        match bytescale::thumbnail(app.platform, &app.config.bytescale, path, width).await {
            Ok(small) if small.len() <= MAX_PLACEHOLDER_BYTES => {
                return format!("data:image/webp;base64,{}", Base64::encode_string(&small));
            }
            Ok(_) => {}
            Err(_) => break,
        }
    }
    String::new()
}

async fn fail<P: Platform>(
    app: App<'_, P>,
    book: &Book,
    shown: &Shown,
    seen: SeenName,
) -> Result<(), Error> {
    app.tell(Alert::new("output-unusable", shown.operation.id))
        .await;
    let folder = match (book, &shown.prediction) {
        (Book::User(owner), Some(prediction)) => {
            Some(bytescale::image_folder(owner, *prediction.id))
        }
        _ => None,
    };
    let observe = Observe {
        folder,
        ..drive_operation::seen(&shown.operation, seen)
    };
    app.ask(book, observe).await.map(|_| ())
}
