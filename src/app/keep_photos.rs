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
    bytes: Vec<u8>,
) -> Result<Photo, Error> {
    // (1)
    let measured = media::inspect(&bytes, &BOUNDS).map_err(Error::PhotoRejected)?;
    // (2)
    let stripped = media::strip(&bytes).map_err(Error::PhotoRejected)?;
    // While it is stored there must not be a second one of it in memory.
    drop(bytes);
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

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "an overflow fails the test")]
mod tests {
    use super::*;
    use crate::domain::consent;
    use crate::domain::ids::{SessionId, UserId};
    use crate::domain::ownership::SignedIn;
    use crate::domain::timestamp::Timestamp;
    use crate::fake::{self, Fake, Internet, Sent};
    use crate::fuzz::within;
    use crate::ledger::commands::account::AcceptConsent;
    use crate::ledger::commands::model::AllotModel;
    use crate::ledger::commands::session::OpenSession;
    use crate::ports::Book;

    /// Takes whatever is stored, wherever.
    fn store() -> Internet {
        Box::new(|request, _, _| {
            let query = request.uri().query().unwrap_or_default().as_bytes();
            let mut pairs = form_urlencoded::parse(query);
            let (_, path) = pairs.find(|(name, _)| name == "filePath").unwrap();
            let body = serde_json::json!({"filePath": path}).to_string();
            Sent {
                result: Ok(http::Response::new(body.into_bytes())),
                took_ms: 1,
            }
        })
    }

    async fn somebodys_model(app: App<'_, Fake>) -> Result<Owned<ModelId>, Error> {
        let session = SessionId::random(&[1; 32]);
        let user: UserId = "2446087e115025a1".parse().unwrap();
        let book = Book::User(user.clone());
        let open = OpenSession {
            session: Text(session),
            name: None,
            email: Some("ana@example.com".to_owned()),
            email_mac: Some("mac".to_owned()),
            email_id_key_version: 1,
        };
        app.ask(&book, open).await?;
        let agree = AcceptConsent {
            version: consent::version(app.config.rules.photo_retention_days),
            ..AcceptConsent::default()
        };
        app.ask(&book, agree).await?;
        let allot = AllotModel {
            name: "Ana".to_owned(),
            subject: "woman".to_owned(),
            trigger_word: "anax".to_owned(),
        };
        let model = app.ask(&book, allot).await?;
        let who = SignedIn::vouch(user, session, 0, app.platform.now());
        Ok(who.own(*model.id))
    }

    #[test]
    fn of_a_photo_there_are_never_three_copies() {
        let config = fake::config(&[]).unwrap();
        let now = Timestamp::from_ms(1_772_618_400_000);
        let platform = Fake::new(1, now, config.rules.clone(), store());
        let app = App::new(&platform, &config);
        let model = fake::run(somebodys_model(app)).unwrap();
        let small = include_bytes!("../../tests/fixtures/photos/good-01.jpg");
        let (most, end) = small.split_at(small.len() - 2);
        let size = 4 << 20;
        let added = within(2 * size + size / 4, || {
            let photo = [most, &vec![0x55; size - small.len()], end].concat();
            fake::run(add_photo(app, &model, "ana.jpg", photo))
        });
        assert!(added.unwrap().unwrap().stored);
    }
}
