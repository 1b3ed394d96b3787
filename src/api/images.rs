//! `/create` and `/api/prediction`.

use super::fields::Fields;
use super::guard::refuse;
use super::models::{key_claim, model_field};
use super::problem::Problem;
use super::reply::{Content, Reply, add, download, empty, json};
use super::{Call, cursor, styles, wire};
use crate::app::Error;
use crate::app::keep_predictions::{self, Filter};
use crate::app::make_images::{self, Wish};
use crate::domain::ids::PredictionId;
use crate::domain::model::is_version;
use crate::domain::ownership::Owned;
use crate::domain::prediction::{ASPECT_RATIOS, AspectRatio, FORMATS, MAX_COUNT, is_prompt};
use crate::ports::Platform;

const PROMPT: &str = "Must be 1 to 1000 characters of plain text.";
const RATIO: &str = "Must be one of 1:1 16:9 21:9 3:2 2:3 4:5 5:4 3:4 4:3 9:16 9:21.";
const COUNT: &str = "Must be a number from 1 to 4.";
const SEED: &str = "Must be a whole number from 0 to 4294967295.";
const FORMAT: &str = "Must be webp, jpg or png.";
const STYLE: &str = "Must be the id of a style from /api/styles.";
const VERSION: &str = "Must be the id of a version of this model, like v1.";

impl<P: Platform> Call<'_, P> {
    fn owned_prediction(&self) -> Result<Owned<PredictionId>, Problem> {
        Ok(self.who()?.own(self.id()?))
    }
}

pub async fn create<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let mut fields = Fields::read(&call.body)?;
    let body_sha256 = fields.sha256();
    let model = model_field(&mut fields);
    let prompt = fields.parsed("prompt", PROMPT, |t| {
        is_prompt(t).then(|| t.trim().to_owned())
    });
    let version = fields.optional_text("version");
    if version.as_deref().is_some_and(|id| !is_version(id)) {
        fields.refuse("version", VERSION);
    }
    let style = fields.parsed_or("style", None, STYLE, |id| styles::find(id).map(Some));
    let [square, ..] = ASPECT_RATIOS;
    let aspect_ratio = fields.parsed_or("aspect_ratio", square, RATIO, AspectRatio::from_name);
    let count = fields.optional_number("count", 1..=u64::from(MAX_COUNT), COUNT);
    let seed = fields.optional_number("seed", 0..=u64::from(u32::MAX), SEED);
    let format = fields.parsed_or("format", "webp", FORMAT, |text| {
        FORMATS.into_iter().find(|format| *format == text)
    });
    fields.finish()?;
    let key = key_claim(call.headers, "POST /create", body_sha256)?;
    let (Some(model), Some(prompt)) = (model, prompt) else {
        return Err(refuse("/prompt", PROMPT));
    };
    let wish = Wish {
        version,
        prompt,
        style: style.map(|style| (style.id.to_owned(), style.prompt.to_owned())),
        aspect_ratio,
        count: count
            .and_then(|count| u8::try_from(count).ok())
            .unwrap_or(1),
        seed: seed.and_then(|seed| u32::try_from(seed).ok()),
        format,
    };
    let model = call.who()?.own(model);
    let answered = make_images::make_images(call.app, &model, wish, key).await?;
    let mut reply = json(202, &call.shown().prediction(&answered.record));
    if answered.replayed {
        add(&mut reply, "idempotency-replayed", "true");
    }
    Ok(reply)
}

pub async fn list<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let (who, config, limit) = (call.who()?, call.app.config, call.query.limit()?);
    let model = match call.query.find("model") {
        Some(text) => match text.parse() {
            Ok(model) => Some(model),
            Err(_) => return Err(refuse("/model", "Must be the id of a model: 13 digits.")),
        },
        None => None,
    };
    let favorite = match call.query.find("favorite") {
        None => None,
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(_) => return Err(refuse("/favorite", "Must be true or false.")),
    };
    let containing = call
        .query
        .find("q")
        .map(str::to_owned)
        .filter(|text| !text.is_empty());
    if containing
        .as_deref()
        .is_some_and(|text| text.chars().count() > 100)
    {
        return Err(refuse("/q", "Must be at most 100 characters."));
    }
    let scope = format!("prediction {model:?} {favorite:?} {containing:?}");
    let after = match call.query.find("cursor") {
        Some(text) => cursor::read(config, who.user(), &scope, text)?.parse().ok(),
        None => None,
    };
    let filter = Filter {
        model,
        favorite,
        containing,
    };
    let wanted = limit.saturating_add(1);
    let mut predictions =
        keep_predictions::list_predictions(call.app, who, filter, after, wanted).await?;
    let more = predictions.len() > limit;
    predictions.truncate(limit);
    let last = predictions
        .last()
        .filter(|_| more)
        .map(|p| p.id.serial.to_string());
    Ok(json(
        200,
        &wire::PredictionList {
            predictions: predictions
                .iter()
                .map(|p| call.shown().prediction(p))
                .collect(),
            next_cursor: last.map(|last| cursor::write(config, who.user(), &scope, &last)),
        },
    ))
}

pub async fn show<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let prediction = call.owned_prediction()?;
    let prediction = keep_predictions::show_prediction(call.app, &prediction).await?;
    Ok(json(200, &call.shown().prediction(&prediction)))
}

/// From our own origin, so that a page may read it; the store answers pages of others as it likes.
pub async fn fetch<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let prediction = call.owned_prediction()?;
    let number = call.params.get(1).and_then(|text| text.parse().ok());
    let index = number
        .and_then(|number: usize| number.checked_sub(1))
        .ok_or(Problem::App(Error::NotFound))?;
    let (content_type, bytes) = keep_predictions::fetch_image(call.app, &prediction, index).await?;
    let format = content_type.strip_prefix("image/").unwrap_or_default();
    let name = format!(
        "selfie-{}-{}.{}",
        prediction.id().serial,
        index.saturating_add(1),
        if format == "jpeg" { "jpg" } else { format },
    );
    let mut reply = Reply::new(Content::Bytes(bytes));
    download(&mut reply, &content_type, &name);
    Ok(reply)
}

pub async fn mark<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let prediction = call.owned_prediction()?;
    let mut fields = Fields::read(&call.body)?;
    let favorite = fields.optional_flag("favorite");
    fields.finish()?;
    let record = match favorite {
        Some(favorite) => keep_predictions::mark_favorite(call.app, &prediction, favorite).await?,
        None => keep_predictions::show_prediction(call.app, &prediction).await?,
    };
    Ok(json(200, &call.shown().prediction(&record)))
}

pub async fn delete<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    keep_predictions::delete_prediction(call.app, &call.owned_prediction()?).await?;
    Ok(empty(202))
}
