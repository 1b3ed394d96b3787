//! Taking in photos, showing, captioning and removing them.
//!
//! ```text
//! 1 look at the bytes      the declared type is a hint, the bytes decide
//! 2 strip what they tell   place, time, device; the unstripped bytes are stored nowhere
//! 3 take a place           the ledger decides: consent, limits, the same photo twice
//! 4 store the file         under a path of ours
//! 5 keep the photo         or the place is given up and the file removed
//! ```

use super::{App, Error, Provider};
use crate::domain::digest;
use crate::domain::ids::{ModelId, PhotoId, PhotoKey, Serial};
use crate::domain::ownership::Owned;
use crate::domain::photo;
use crate::ledger::commands::photo::{
    CaptionPhoto, DropPhoto, KeepPhoto, ListPhotos, OfferPhoto, Offered, PhotoSet,
};
use crate::media::{self, Bounds};
use crate::ports::{Platform, Text};
use crate::providers::bytescale;
use crate::records::{Photo, SCHEMA};

const BOUNDS: Bounds = Bounds {
    min_side: photo::MIN_SIDE,
    max_side: photo::MAX_SIDE,
    max_pixels: photo::MAX_PIXELS,
};

/// Takes in one photo; the same bytes again are the same photo.
pub async fn add_photo<P: Platform>(
    app: App<'_, P>,
    model: &Owned<ModelId>,
    name: &str,
    bytes: &[u8],
) -> Result<Photo, Error> {
    // (1)
    let measured = media::inspect(bytes, &BOUNDS).map_err(Error::PhotoRejected)?;
    // (2)
    let stripped = media::strip(bytes).map_err(Error::PhotoRejected)?;
    let id: PhotoId = Serial::newest_first(app.platform.now(), &app.platform.entropy());
    let extension = measured.format.extension();
    let path = bytescale::photo_path(model.owner(), model.id(), id, extension);
    let content_type = measured.format.content_type();
    let photo = Photo {
        schema: SCHEMA,
        id: Text(id),
        model: Text(model.id()),
        name: photo::display_name(name),
        width: measured.width,
        height: measured.height,
        bytes: u64::try_from(stripped.len()).unwrap_or(u64::MAX),
        content_type: content_type.to_owned(),
        sha256: digest::hex(&digest::sha256(&[&stripped])),
        path: path.clone(),
        caption: None,
        description: None,
        captioning: None,
        operation: None,
        stored: false,
        uploaded_at: app.platform.now(),
    };
    // (3)
    if let Offered::Known(photo) = app.ask_as(model.by(), OfferPhoto { photo }).await? {
        return Ok(photo);
    }
    let key = Text(PhotoKey {
        model: model.id(),
        photo: id,
    });
    // (4)
    let config = &app.config.bytescale;
    let stored =
        bytescale::store(app.platform, config, &path, content_type, "photo", stripped).await;
    if let Err(fault) = stored {
        let abandoned = DropPhoto {
            photo: key,
            if_abandoned: true,
        };
        // Should this fail too, the ledger gives the place up by itself.
        let _ = app.ask_as(model.by(), abandoned).await;
        return Err(Error::at(Provider::Bytescale, &fault));
    }
    // (5)
    app.ask_as(model.by(), KeepPhoto { photo: key }).await
}

pub async fn list_photos<P: Platform>(
    app: App<'_, P>,
    model: &Owned<ModelId>,
) -> Result<PhotoSet, Error> {
    app.ask_as(
        model.by(),
        ListPhotos {
            model: Text(model.id()),
        },
    )
    .await
}

/// Sets the words that stand beside a photo in the training, or removes them.
pub async fn caption_photo<P: Platform>(
    app: App<'_, P>,
    model: &Owned<ModelId>,
    photo: PhotoId,
    caption: Option<String>,
) -> Result<Photo, Error> {
    let photo = Text(PhotoKey {
        model: model.id(),
        photo,
    });
    app.ask_as(model.by(), CaptionPhoto { photo, caption })
        .await
}

pub async fn drop_photo<P: Platform>(
    app: App<'_, P>,
    model: &Owned<ModelId>,
    photo: PhotoId,
) -> Result<(), Error> {
    let photo = Text(PhotoKey {
        model: model.id(),
        photo,
    });
    app.ask_as(
        model.by(),
        DropPhoto {
            photo,
            if_abandoned: false,
        },
    )
    .await
}
