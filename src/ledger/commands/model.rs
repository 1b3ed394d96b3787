//! Models of a person: allotting their ids, showing, renaming and removing them.

use super::super::rows::{Kind, Outbox};
use super::super::{Alert, Command, Effect, Page, Refusal};
use super::account::{ONLY, require_consent};
use super::operation::forget_answers;
use super::photo::PhotoSet;
use crate::domain::ids::ModelId;
use crate::domain::timestamp::Timestamp;
use crate::ports::Text;
use crate::ports::json::json_struct;
use crate::records::{self, Model, ModelState, Operation, Photo, Prediction, SCHEMA, User, Zip};

json_struct! {
    /// Makes a model. Its id is the time, or one more than the last: two in a millisecond differ.
    pub struct AllotModel {
        pub name: String,
        pub subject: String,
        pub trigger_word: String,
    }
}

impl Command for AllotModel {
    const NAME: &'static str = "allot-model";
    type Reply = Model;

    fn run(self, page: &mut Page<'_>) -> Result<Model, Refusal> {
        let mut user: User = page.require(ONLY)?;
        let ms = page.now().as_ms().max(user.last_model_ms.saturating_add(1));
        user.last_model_ms = ms;
        let model = Model {
            schema: SCHEMA,
            id: Text(ModelId(Timestamp::from_ms(ms))),
            owner: user.id.clone(),
            name: self.name,
            subject: self.subject,
            trigger_word: self.trigger_word,
            state: ModelState::Draft,
            progress: None,
            photos: 0,
            cover: None,
            versions: Vec::new(),
            versions_made: None,
            zip: None,
            failure: None,
            operation: None,
            preset: None,
            created_at: page.now(),
            updated_at: page.now(),
        };
        page.put(ONLY, &user);
        page.enqueue(Effect::MirrorUser);
        save(page, &model);
        page.enqueue(Effect::Alert(Alert::new("new-model", model.id)));
        Ok(model)
    }
}

/// Whether no training was ever begun: the trainer is told the subject.
fn is_untrained(model: &Model) -> bool {
    matches!(model.state, ModelState::Draft | ModelState::Bundled)
}

/// Writes a model and lets its mirror follow; while it trains, which changes it every few seconds,
/// the ledger shows it.
pub(super) fn save(page: &mut Page<'_>, model: &Model) {
    page.put(model.id, model);
    if !matches!(model.state, ModelState::Queued | ModelState::Training) {
        page.enqueue(Effect::MirrorModel { model: model.id });
    }
}

json_struct! {
    pub struct ShowModel {
        pub model: Text<ModelId>,
    }
}

impl Command for ShowModel {
    const NAME: &'static str = "show-model";
    type Reply = Model;

    fn run(self, page: &mut Page<'_>) -> Result<Model, Refusal> {
        page.require(self.model)
    }
}

json_struct! {
    /// The newest models first, those before the one named in `before`.
    pub struct ListModels {
        pub before: Option<Text<ModelId>>,
        pub limit: usize,
    }
}

impl Command for ListModels {
    const NAME: &'static str = "list-models";
    type Reply = Vec<Model>;

    fn run(self, page: &mut Page<'_>) -> Result<Vec<Model>, Refusal> {
        let mut models: Vec<Model> = page.list("")?;
        models.retain(|model| self.before.is_none_or(|before| model.id < before));
        models.reverse();
        models.truncate(self.limit);
        Ok(models)
    }
}

json_struct! {
    /// Says anew what a model is called and, as long as nothing was trained, what it is of.
    pub struct RenameModel {
        pub model: Text<ModelId>,
        pub name: String,
        pub subject: Option<String>,
    }
}

impl Command for RenameModel {
    const NAME: &'static str = "rename-model";
    type Reply = Model;

    fn run(self, page: &mut Page<'_>) -> Result<Model, Refusal> {
        let mut model: Model = page.require(self.model)?;
        let subject = self.subject.unwrap_or_else(|| model.subject.clone());
        if model.subject != subject && !is_untrained(&model) {
            return Err(Refusal::conflict(super::state_name(model.state)));
        }
        if model.name != self.name || model.subject != subject {
            model.name = self.name;
            model.subject = subject;
            model.updated_at = page.now();
            save(page, &model);
        }
        Ok(model)
    }
}

json_struct! {
    /// The photos that a bundle would hold, for somebody who agreed to the present text: a bundle is
    /// a use of photos, even one that is there already.
    pub struct ListForZip {
        pub model: Text<ModelId>,
    }
}

impl Command for ListForZip {
    const NAME: &'static str = "list-for-zip";
    type Reply = PhotoSet;

    fn run(self, page: &mut Page<'_>) -> Result<PhotoSet, Refusal> {
        require_consent(page)?;
        let model: Model = page.require(self.model)?;
        if model.state.is_running() {
            return Err(Refusal::conflict(super::state_name(model.state)));
        }
        let photos = super::photo::stored(page, *self.model)?;
        Ok(PhotoSet { model, photos })
    }
}

json_struct! {
    /// A bundle is about to be made at that path: should nobody keep it, it is removed again.
    /// Answers whether one that lies there already stays, because nobody removes it right now.
    pub struct PlanZip {
        pub model: Text<ModelId>,
        pub path: String,
    }
}

impl Command for PlanZip {
    const NAME: &'static str = "plan-zip";
    type Reply = bool;

    fn run(self, page: &mut Page<'_>) -> Result<bool, Refusal> {
        require_consent(page)?;
        let model: Model = page.require(self.model)?;
        super::caption::stop_all(page, *self.model)?;
        let is_kept = model.zip.is_some_and(|zip| zip.path == self.path);
        let removal = Effect::DeleteFile { path: self.path };
        let row = page.find::<Outbox>(removal.id())?;
        if !is_kept {
            let due = page.now().plus_s(super::photo::UPLOAD_S);
            page.enqueue_at(removal, due);
        }
        Ok(row.is_none_or(|row| row.leased_at.is_none()))
    }
}

json_struct! {
    /// Notes the bundle that was made of the present photos. If the photos changed meanwhile it is
    /// not kept.
    pub struct KeepZip {
        pub model: Text<ModelId>,
        pub zip: Zip,
    }
}

impl Command for KeepZip {
    const NAME: &'static str = "keep-zip";
    type Reply = Model;

    fn run(self, page: &mut Page<'_>) -> Result<Model, Refusal> {
        let mut model: Model = page.require(self.model)?;
        let photos = super::photo::stored(page, *self.model)?;
        if super::photo::set_sha256(&photos) != self.zip.set_sha256 {
            return Err(Refusal::conflict(super::state_name(model.state)));
        }
        if let Some(old) = model.zip.take().filter(|old| old.path != self.zip.path) {
            page.enqueue(Effect::DeleteFile { path: old.path });
        }
        // The same photos have the same bundle, so an earlier one of this path may be on its way out.
        page.cancel(&Effect::DeleteFile {
            path: self.zip.path.clone(),
        });
        model.zip = Some(self.zip);
        if matches!(
            model.state,
            ModelState::Draft | ModelState::Failed | ModelState::Canceled
        ) {
            model.state = ModelState::Bundled;
            model.failure = None;
        }
        model.updated_at = page.now();
        save(page, &model);
        Ok(model)
    }
}

json_struct! {
    /// Removes a model with everything that belongs to it; what lies elsewhere is removed by effects.
    pub struct DeleteModel {
        pub model: Text<ModelId>,
    }
}

/// An upload or a run that was under way while its model was deleted has ended by then.
const RECHECK_S: u64 = 600;
/// How many rows are read at a time.
const MOST: usize = 1000;

impl Command for DeleteModel {
    const NAME: &'static str = "delete-model";
    type Reply = ();

    fn run(self, page: &mut Page<'_>) -> Result<(), Refusal> {
        let model: Model = page.require(self.model)?;
        remove(page, model).map(|_| ())
    }
}

/// How much went with a model.
pub(super) struct Removed {
    pub predictions: usize,
    pub images: usize,
}

/// Removes a model with everything that belongs to it.
pub(super) fn remove(page: &mut Page<'_>, model: Model) -> Result<Removed, Refusal> {
    page.walk("", |page, operation: Operation| {
        if operation.job.model() == *model.id {
            super::observe::abandon(page, &operation)?;
        }
        Ok(())
    })?;
    let removed = remove_predictions(page, *model.id)?;
    for (key, _) in page.texts(Kind::Photo, &super::photo::prefix(*model.id), "", MOST)? {
        page.remove_found(Kind::Photo, key);
    }
    forget_answers::<Photo>(page, |answer| answer.model == model.id)?;
    forget_answers::<Model>(page, |answer| answer.id == model.id)?;
    for version in model.versions {
        page.enqueue(Effect::DeleteVersion {
            version: version.provider_version,
        });
    }
    page.cancel(&Effect::ExpirePhotos { model: model.id });
    page.remove::<Model>(model.id);
    page.enqueue(Effect::MirrorModel { model: model.id });
    page.enqueue(Effect::EraseModel { model: model.id });
    let later = page.now().plus_s(RECHECK_S);
    page.enqueue_at(Effect::RecheckModel { model: model.id }, later);
    Ok(removed)
}

/// In slices, and also those that cannot be read.
fn remove_predictions(page: &mut Page<'_>, model: ModelId) -> Result<Removed, Refusal> {
    let prefix = format!("{model}_");
    let mut removed = Removed {
        predictions: 0,
        images: 0,
    };
    let mut after = String::new();
    loop {
        let slice = page.texts(Kind::Prediction, &prefix, &after, MOST)?;
        let Some((last, _)) = slice.last() else {
            return Ok(removed);
        };
        after.clone_from(last);
        for (key, text) in slice {
            removed.predictions = removed.predictions.saturating_add(1);
            if let Some(prediction) = records::read::<Prediction>(&text) {
                removed.images = removed.images.saturating_add(prediction.images.len());
            }
            if let Ok(prediction) = key.parse() {
                page.enqueue(Effect::MirrorPrediction {
                    prediction: Text(prediction),
                });
            }
            page.remove_found(Kind::Prediction, key);
        }
    }
}
