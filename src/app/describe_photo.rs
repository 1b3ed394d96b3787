//! Having a photo described by a vision model, in words for its caption.
//!
//! ```text
//! 1 reserve    the ledger decides everything that can be refused; what it may cost is held last
//! 2 submit     once; whatever the answer, it is never asked again
//! 3 book       accepted, lost (found by a later look), or refused and released
//! ```

use super::book_submission::book_submission;
use super::train_model::Answered;
use super::{App, Error, handle, hold_spend, train_model};
use crate::domain::caption;
use crate::domain::ids::{ModelId, PhotoId, PhotoKey, Serial};
use crate::domain::ownership::Owned;
use crate::ledger::commands::caption::{CaptionReserved, ReserveCaption};
use crate::ledger::commands::operation::{Accepted, KeyClaim};
use crate::ports::{Book, Platform, Text};
use crate::providers::bytescale;
use crate::providers::replicate::{self, NewCaption};
use crate::records::Photo;

/// The run is stopped after ten minutes, so nobody needs the photo much longer.
const PHOTO_URL_S: u64 = 1800;

pub async fn describe_photo<P: Platform>(
    app: App<'_, P>,
    model: &Owned<ModelId>,
    photo: PhotoId,
    key: KeyClaim,
) -> Result<Answered<Photo>, Error> {
    // An operator who has no vision model has nothing at this address.
    let captioner = app.config.replicate.captioner.clone();
    let provider_version = captioner.ok_or(Error::NotFound)?;
    let operation = Serial::random(&app.platform.entropy());
    let photo = PhotoKey {
        model: model.id(),
        photo,
    };
    let reserve = ReserveCaption {
        photo: Text(photo),
        operation: Text(operation),
        key,
    };
    // (1)
    let photo = match app.ask_as(model.by(), reserve).await? {
        CaptionReserved::Reserved(photo) => photo,
        CaptionReserved::Replayed(record) => {
            return Ok(Answered {
                record,
                replayed: true,
            });
        }
    };
    let most = app.config.rules.prices.caption.hold(1);
    let held = hold_spend::hold_spend(app, model.owner(), operation, None, most).await?;
    // (2)
    let expires = app.platform.now().plus_s(PHOTO_URL_S);
    let mark = train_model::mark(operation, false);
    let caption = NewCaption {
        provider_version,
        image_url: bytescale::signed_url(&app.config.bytescale, &photo.path, expires, Some(&mark)),
        question: caption::QUESTION,
        webhook_url: handle::webhook_url(app.config, model.owner(), operation),
    };
    let answer = replicate::create_caption(app.platform, &app.config.replicate, &caption).await;
    // (3)
    let book = Book::User(model.owner().clone());
    let answer = answer.map(|created| created.provider_id);
    match book_submission(app, &book, operation, answer, held).await? {
        Accepted::Caption(record) => Ok(Answered {
            record,
            replayed: false,
        }),
        Accepted::Training(_) | Accepted::Prediction(_) => Err(Error::Internal {
            cause: "caption booked as something else",
        }),
    }
}
