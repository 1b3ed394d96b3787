//! Requests for images: reserving, showing, keeping and removing them.

use super::super::{Command, Effect, Page, Quota, Refusal};
use super::account::{ONLY, require_consent, today};
use super::observe::stop;
use super::operation::{KeyClaim, claimed, reserve};
use crate::domain::ids::{ModelId, OperationId, PredictionId, Serial};
use crate::domain::operation::Phase;
use crate::domain::prediction::final_prompt;
use crate::ports::Text;
use crate::ports::json::{json_enum, json_struct};
use crate::records::{
    Failure, Job, Model, Operation, Prediction, PredictionState, Recipe, SCHEMA, Version,
};

json_struct! {
    /// Accepts a request for images.
    pub struct ReservePrediction {
        pub model: Text<ModelId>,
        pub serial: Text<Serial>,
        pub operation: Text<OperationId>,
        pub key: KeyClaim,
        /// The version of the model; the newest when none is named.
        pub version: Option<String>,
        /// `version` and `final_prompt` are filled in here.
        pub recipe: Recipe,
        /// The words of the style.
        pub style_prompt: Option<String>,
    }
}

json_enum! {
    pub enum PredictionReserved {
        "reserved" = Reserved {
            prediction: Prediction,
            provider_version: String,
        },
        "replayed" = Replayed {
            answer: Prediction,
        },
    }
}

impl Command for ReservePrediction {
    const NAME: &'static str = "reserve-prediction";
    type Reply = PredictionReserved;

    fn run(mut self, page: &mut Page<'_>) -> Result<PredictionReserved, Refusal> {
        if let Some(answer) = claimed::<Prediction>(page, &self.key)? {
            return Ok(PredictionReserved::Replayed { answer });
        }
        let user = require_consent(page)?;
        if page.rules().paused {
            return Err(Refusal::Paused);
        }
        let model: Model = page.require(self.model)?;
        let version = choose(&model, self.version.as_deref())?;
        let mut tally = today(page)?;
        let limit = page.rules().predictions_per_day;
        if tally.predictions >= limit {
            return Err(Refusal::spent(
                Quota::PredictionsPerDay,
                limit,
                tally.predictions,
                tally.until,
            ));
        }
        tally.predictions = tally.predictions.saturating_add(1);
        page.put(ONLY, &tally);
        self.recipe.version.clone_from(&version.id);
        let style = self.style_prompt.as_deref();
        self.recipe.final_prompt = final_prompt(&self.recipe.prompt, &model.trigger_word, style);
        let prediction = Prediction {
            schema: SCHEMA,
            id: Text(PredictionId {
                model: *self.model,
                serial: *self.serial,
            }),
            owner: user.id,
            operation: self.operation,
            state: PredictionState::Queued,
            recipe: self.recipe,
            images: Vec::new(),
            dropped: 0,
            favorite: false,
            predict_time_us: None,
            failure: None,
            created_at: page.now(),
            finished_at: None,
        };
        let provider_version = version.provider_version.clone();
        let job = Job::Prediction {
            prediction: prediction.id,
            provider_version: provider_version.clone(),
        };
        reserve(page, *self.operation, job, &self.key);
        save(page, &prediction);
        Ok(PredictionReserved::Reserved {
            prediction,
            provider_version,
        })
    }
}

fn choose<'m>(model: &'m Model, wanted: Option<&str>) -> Result<&'m Version, Refusal> {
    match wanted {
        Some(id) => model
            .versions
            .iter()
            .find(|v| v.id == id)
            .ok_or(Refusal::UnknownVersion),
        None => {
            let state = super::state_name(model.state);
            model
                .versions
                .last()
                .ok_or_else(|| Refusal::conflict(state))
        }
    }
}

/// Writes a prediction; its mirror follows once it has ended, and until then the ledger shows it.
fn save(page: &mut Page<'_>, prediction: &Prediction) {
    if prediction.state.is_final() {
        page.put_at_rest(prediction.id, prediction);
        page.enqueue(Effect::MirrorPrediction {
            prediction: prediction.id,
        });
    } else {
        page.put(prediction.id, prediction);
    }
}

/// Brings a prediction up to date with its run.
pub(super) fn follow(
    page: &mut Page<'_>,
    operation: &Operation,
    id: PredictionId,
) -> Result<(), Refusal> {
    let Some(mut prediction) = page.find::<Prediction>(id)? else {
        return Ok(());
    };
    let before = prediction.clone();
    prediction.predict_time_us = operation.predict_time_us;
    prediction.state = match Phase::from(operation.phase) {
        Phase::Reserved | Phase::Unknown | Phase::Submitted | Phase::Starting => {
            PredictionState::Queued
        }
        Phase::Processing | Phase::Saving => PredictionState::Running,
        Phase::Succeeded => PredictionState::Succeeded,
        Phase::Canceled => PredictionState::Canceled,
        Phase::Failed(reason) => {
            prediction.failure = Some(Failure {
                reason: reason.slug().to_owned(),
            });
            // What failed was not counted, so the part that was made is not given either.
            prediction.images.clear();
            PredictionState::Failed
        }
    };
    if prediction.state.is_final() && prediction.finished_at.is_none() {
        prediction.finished_at = Some(page.now());
        adopt_cover(page, &prediction)?;
    }
    if prediction != before {
        save(page, &prediction);
    }
    Ok(())
}

/// The first image that is made with a model becomes its cover.
fn adopt_cover(page: &mut Page<'_>, prediction: &Prediction) -> Result<(), Refusal> {
    let Some(image) = prediction.images.first() else {
        return Ok(());
    };
    let Some(mut model) = page.find::<Model>(prediction.id.model)? else {
        return Ok(());
    };
    let is_photo = model
        .cover
        .as_deref()
        .is_none_or(|cover| cover.contains("/photos/"));
    if is_photo {
        model.cover = Some(image.path.clone());
        super::model::save(page, &model);
    }
    Ok(())
}

json_struct! {
    pub struct ShowPrediction {
        pub prediction: Text<PredictionId>,
    }
}

impl Command for ShowPrediction {
    const NAME: &'static str = "show-prediction";
    type Reply = Prediction;

    fn run(self, page: &mut Page<'_>) -> Result<Prediction, Refusal> {
        page.require(self.prediction)
    }
}

json_struct! {
    /// The newest predictions first, of one model or of all.
    pub struct ListPredictions {
        pub model: Option<Text<ModelId>>,
        pub favorite: Option<bool>,
        /// Text that the prompt contains, whatever its case.
        pub containing: Option<String>,
        /// The serial of the last prediction of the page before.
        pub after: Option<Text<Serial>>,
        pub limit: usize,
    }
}

impl Command for ListPredictions {
    const NAME: &'static str = "list-predictions";
    type Reply = Vec<Prediction>;

    fn run(self, page: &mut Page<'_>) -> Result<Vec<Prediction>, Refusal> {
        let wanted = self.containing.as_deref().map(str::to_lowercase);
        let matches = |prediction: &Prediction| {
            self.favorite
                .is_none_or(|favorite| prediction.favorite == favorite)
                && self.after.is_none_or(|after| prediction.id.serial > *after)
                && wanted
                    .as_deref()
                    .is_none_or(|text| prediction.recipe.prompt.to_lowercase().contains(text))
        };
        let mut predictions = match self.model {
            Some(model) => scan(page, *model, self.after, self.limit, matches)?,
            None => {
                let mut all: Vec<Prediction> = page.list("")?;
                all.retain(matches);
                all
            }
        };
        // A serial begins with the inverted time, over all models.
        predictions.sort_unstable_by_key(|prediction| prediction.id.serial);
        predictions.truncate(self.limit);
        Ok(predictions)
    }
}

/// Goes over the predictions of one model in their order until there are enough.
fn scan(
    page: &mut Page<'_>,
    model: ModelId,
    after: Option<Text<Serial>>,
    limit: usize,
    matches: impl Fn(&Prediction) -> bool,
) -> Result<Vec<Prediction>, Refusal> {
    const CHUNK: usize = 200;
    let mut last = after
        .map(|serial| {
            PredictionId {
                model,
                serial: *serial,
            }
            .to_string()
        })
        .unwrap_or_default();
    let mut found = Vec::new();
    loop {
        let chunk = page.list_from::<Prediction>(&format!("{model}_"), &last, CHUNK)?;
        let ended = chunk.len() < CHUNK;
        for (key, prediction) in chunk {
            last = key;
            if matches(&prediction) {
                found.push(prediction);
            }
        }
        if ended || found.len() >= limit {
            return Ok(found);
        }
    }
}

json_struct! {
    pub struct MarkFavorite {
        pub prediction: Text<PredictionId>,
        pub favorite: bool,
    }
}

impl Command for MarkFavorite {
    const NAME: &'static str = "mark-favorite";
    type Reply = Prediction;

    fn run(self, page: &mut Page<'_>) -> Result<Prediction, Refusal> {
        let mut prediction: Prediction = page.require(self.prediction)?;
        if prediction.favorite != self.favorite {
            prediction.favorite = self.favorite;
            save(page, &prediction);
        }
        Ok(prediction)
    }
}

json_struct! {
    /// Removes a prediction with its images; stops it when it still runs.
    pub struct DeletePrediction {
        pub prediction: Text<PredictionId>,
        /// The folder at Bytescale that holds its images.
        pub folder: String,
    }
}

impl Command for DeletePrediction {
    const NAME: &'static str = "delete-prediction";
    type Reply = ();

    fn run(self, page: &mut Page<'_>) -> Result<(), Refusal> {
        let prediction: Prediction = page.require(self.prediction)?;
        if let Some(operation) = page.find::<Operation>(prediction.operation)? {
            stop(page, &operation)?;
        }
        super::photo::delete_folder(page, self.folder);
        page.remove::<Prediction>(self.prediction);
        page.enqueue(Effect::MirrorPrediction {
            prediction: self.prediction,
        });
        let Some(mut model) = page.find::<Model>(prediction.id.model)? else {
            return Ok(());
        };
        let shown = |path: &str| prediction.images.iter().any(|image| image.path == path);
        if model.cover.as_deref().is_some_and(shown) {
            let photos = super::photo::stored(page, *model.id)?;
            model.cover = photos.first().map(|photo| photo.path.clone());
            super::model::save(page, &model);
        }
        Ok(())
    }
}
