//! `/api/model` and `/api/genmodel`.

use http::HeaderMap;

use super::fields::Fields;
use super::guard::refuse;
use super::problem::Problem;
use super::reply::{Reply, add, empty, json};
use super::wire::Shown;
use super::{Call, cursor, wire};
use crate::app::{Error, keep_models, train_model};
use crate::domain::digest;
use crate::domain::ids::ModelId;
use crate::domain::model::{Subject, is_name, is_version};
use crate::domain::ownership::Owned;
use crate::domain::training::Preset;
use crate::ledger::commands::operation::KeyClaim;
use crate::ports::Platform;
use crate::records::Model;

const NAME: &str = "Must be one line of 1 to 60 characters.";
const SUBJECT: &str = "Must be person, man, woman, pet or object.";
const MODEL: &str = "Must be the id of a model: 13 digits.";
const SCOPE: &str = "model";

impl<P: Platform> Call<'_, P> {
    /// What showing a record takes.
    pub fn shown(&self) -> Shown<'_> {
        Shown {
            bytescale: &self.app.config.bytescale,
            now: self.app.platform.now(),
        }
    }

    fn owned_model(&self) -> Result<Owned<ModelId>, Problem> {
        Ok(self.who()?.own(self.id()?))
    }
}

fn model_reply<P: Platform>(call: &Call<'_, P>, status: u16, model: &Model) -> Reply {
    json(status, &call.shown().model(model))
}

/// The field `model` of a body.
pub fn model_field(fields: &mut Fields) -> Option<ModelId> {
    fields.parsed("model", MODEL, |text| text.parse().ok())
}

pub async fn create<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let mut fields = Fields::read(&call.body)?;
    let name = fields.parsed("name", NAME, |text| {
        is_name(text).then(|| text.trim().to_owned())
    });
    let subject = fields.parsed("subject", SUBJECT, Subject::from_name);
    fields.finish()?;
    let (Some(name), Some(subject)) = (name, subject) else {
        return Err(refuse("/name", NAME));
    };
    let model = keep_models::create_model(call.app, call.who()?, name, subject).await?;
    Ok(model_reply(call, 201, &model))
}

pub async fn list<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let who = call.who()?;
    let limit = call.query.limit()?;
    let config = call.app.config;
    let before = match call.query.find("cursor") {
        Some(text) => cursor::read(config, who.user(), SCOPE, text)?.parse().ok(),
        None => None,
    };
    // One more than asked for tells whether there is a next page.
    let mut models =
        keep_models::list_models(call.app, who, before, limit.saturating_add(1)).await?;
    let more = models.len() > limit;
    models.truncate(limit);
    let last = models
        .last()
        .filter(|_| more)
        .map(|model| model.id.to_string());
    Ok(json(
        200,
        &wire::ModelList {
            models: models
                .iter()
                .map(|model| call.shown().model(model))
                .collect(),
            next_cursor: last.map(|last| cursor::write(config, who.user(), SCOPE, &last)),
        },
    ))
}

pub async fn show<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let model = call.owned_model()?;
    let model = keep_models::show_model(call.app, &model).await?;
    Ok(model_reply(call, 200, &model))
}

pub async fn rename<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let model = call.owned_model()?;
    let mut fields = Fields::read(&call.body)?;
    let name = fields.parsed("name", NAME, |text| {
        is_name(text).then(|| text.trim().to_owned())
    });
    let subject = fields.parsed_or("subject", None, SUBJECT, |text| {
        Subject::from_name(text).map(Some)
    });
    fields.finish()?;
    let Some(name) = name else {
        return Err(refuse("/name", NAME));
    };
    let model = keep_models::rename_model(call.app, &model, name, subject).await?;
    Ok(model_reply(call, 200, &model))
}

pub async fn delete<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    keep_models::delete_model(call.app, &call.owned_model()?).await?;
    Ok(empty(202))
}

pub async fn delete_version<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let model = call.owned_model()?;
    let version = call.params.get(1).filter(|text| is_version(text));
    let version = version.ok_or(Problem::App(Error::NotFound))?;
    let model = keep_models::delete_version(call.app, &model, version.clone()).await?;
    Ok(model_reply(call, 200, &model))
}

pub async fn train<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let mut fields = Fields::read(&call.body)?;
    let body_sha256 = fields.sha256();
    let model = model_field(&mut fields);
    let preset = fields.parsed_or(
        "preset",
        Preset::Fast,
        "Must be fast or quality.",
        Preset::from_name,
    );
    fields.finish()?;
    let key = key_claim(call.headers, "POST /api/genmodel", body_sha256)?;
    let Some(model) = model else {
        return Err(refuse("/model", MODEL));
    };
    let model = call.who()?.own(model);
    let answered = train_model::train_model(call.app, &model, preset, key).await?;
    let mut reply = model_reply(call, 202, &answered.record);
    if answered.replayed {
        add(&mut reply, "idempotency-replayed", "true");
    }
    Ok(reply)
}

pub async fn cancel<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let model = train_model::cancel_training(call.app, &call.owned_model()?).await?;
    Ok(model_reply(call, 202, &model))
}

/// The one idempotency key of a request that costs money.
pub fn key_claim(
    headers: &HeaderMap,
    route: &str,
    body_sha256: String,
) -> Result<KeyClaim, Problem> {
    let mut values = headers.get_all("idempotency-key").iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(Problem::KeyRequired);
    };
    let text = value.to_str().map_err(|_| Problem::KeyRequired)?;
    let uuid = text
        .strip_prefix('"')
        .and_then(|t| t.strip_suffix('"'))
        .unwrap_or(text);
    if !is_uuid(uuid) {
        return Err(Problem::KeyRequired);
    }
    let key = uuid.to_ascii_lowercase();
    let hash = digest::sha256(&[route.as_bytes(), b"\0", key.as_bytes()]);
    Ok(KeyClaim {
        key_sha256: digest::hex(&hash),
        body_sha256,
    })
}

fn is_uuid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    text.split('-').count() == lengths.len()
        && text.split('-').zip(lengths).all(|(part, length)| {
            part.len() == length && part.bytes().all(|b| b.is_ascii_hexdigit())
        })
}
