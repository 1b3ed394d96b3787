//! `/api/bytescale` and `/api/zipper`.

use percent_encoding::percent_decode_str;

use super::fields::Fields;
use super::guard::refuse;
use super::models::{key_claim, model_field};
use super::problem::Problem;
use super::reply::{Reply, add as add_header, empty, json};
use super::{Call, wire};
use crate::app::{Error, bundle_photos, describe_photo, keep_photos};
use crate::domain::ids::{ModelId, PhotoId};
use crate::domain::ownership::Owned;
use crate::domain::photo;
use crate::ports::Platform;

const PHOTO: &str = "Must be the id of a photo of this model: 26 characters.";

impl<P: Platform> Call<'_, P> {
    /// The model that the query names.
    fn queried_model(&self) -> Result<Owned<ModelId>, Problem> {
        let text = self
            .query
            .find("model")
            .ok_or_else(|| refuse("/model", "Name the model in the query: ?model=…"))?;
        let id = text.parse().map_err(|_| Problem::App(Error::NotFound))?;
        Ok(self.who()?.own(id))
    }
}

pub async fn add<P: Platform>(call: &Call<'_, P>, photo: Vec<u8>) -> Result<Reply, Problem> {
    let model = call.queried_model()?;
    let name = call
        .headers
        .get("x-photo-name")
        .map(http::HeaderValue::as_bytes)
        .unwrap_or_default();
    let name = String::from_utf8_lossy(name);
    let name = percent_decode_str(&name).decode_utf8_lossy();
    let photo = keep_photos::add_photo(call.app, &model, &name, photo).await?;
    Ok(json(201, &call.shown().photo(&photo)))
}

pub async fn list<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let set = keep_photos::list_photos(call.app, &call.queried_model()?).await?;
    let list = wire::PhotoList {
        photos: set
            .photos
            .iter()
            .map(|photo| call.shown().photo(photo))
            .collect(),
        limits: wire::PhotoLimits {
            max_photos: call.app.config.rules.photos_per_model,
            min_photos: photo::MIN_PER_MODEL,
            max_bytes: photo::MAX_BYTES,
            min_side: photo::MIN_SIDE,
            max_side: photo::MAX_SIDE,
            max_pixels: photo::MAX_PIXELS,
        },
    };
    Ok(json(200, &list))
}

pub async fn caption<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let (photo, model) = (call.id::<PhotoId>()?, call.queried_model()?);
    let mut fields = Fields::read(&call.body)?;
    let caption = fields
        .optional_text("caption")
        .map(|text| text.trim().to_owned());
    if caption
        .as_deref()
        .is_some_and(|text| !photo::is_caption(text))
    {
        fields.refuse("caption", "Must be one line of at most 500 characters.");
    }
    fields.finish()?;
    let caption = caption.filter(|text| !text.is_empty());
    let photo = keep_photos::caption_photo(call.app, &model, photo, caption).await?;
    Ok(json(200, &call.shown().photo(&photo)))
}

pub async fn describe<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let mut fields = Fields::read(&call.body)?;
    let body_sha256 = fields.sha256();
    let model = model_field(&mut fields);
    let photo = fields.parsed("photo", PHOTO, |text| text.parse::<PhotoId>().ok());
    fields.finish()?;
    let key = key_claim(call.headers, "POST /api/caption", body_sha256)?;
    let (Some(model), Some(photo)) = (model, photo) else {
        return Err(refuse("/photo", PHOTO));
    };
    let model = call.who()?.own(model);
    let answered = describe_photo::describe_photo(call.app, &model, photo, key).await?;
    let mut reply = json(202, &call.shown().photo(&answered.record));
    if answered.replayed {
        add_header(&mut reply, "idempotency-replayed", "true");
    }
    Ok(reply)
}

pub async fn remove<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    keep_photos::drop_photo(call.app, &call.queried_model()?, call.id()?).await?;
    Ok(empty(204))
}

pub async fn bundle<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let mut fields = Fields::read(&call.body)?;
    let model = model_field(&mut fields);
    fields.finish()?;
    let Some(model) = model else {
        return Err(refuse("/model", "Is missing."));
    };
    let model = call.who()?.own(model);
    let (_, zip) = bundle_photos::bundle_photos(call.app, &model).await?;
    Ok(json(
        200,
        &wire::Bundle {
            model: model.id().to_string(),
            zip: (&zip).into(),
        },
    ))
}
