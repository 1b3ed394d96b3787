//! The trained versions of a model: what each was made of, and removing one.

use super::super::{Command, Effect, Page, Refusal};
use super::model::save;
use crate::domain::ids::ModelId;
use crate::ports::Text;
use crate::ports::json::json_struct;
use crate::records::{Model, ModelState};

/// The name of the next version. Names are not given twice: images say which one they are of.
pub(super) fn name_next(model: &mut Model) -> String {
    let number = count_made(model).saturating_add(1);
    model.versions_made = Some(number);
    format!("v{number}")
}

/// Models that were trained before versions could be removed do not say how many they made.
fn count_made(model: &Model) -> u32 {
    let known = u32::try_from(model.versions.len()).unwrap_or(u32::MAX);
    model.versions_made.unwrap_or(known)
}

json_struct! {
    /// Removes a version here and at Replicate. Images that were made with it stay. A model that has
    /// none left is a draft again, with the photos that are still there.
    pub struct DeleteVersion {
        pub model: Text<ModelId>,
        pub version: String,
    }
}

impl Command for DeleteVersion {
    const NAME: &'static str = "delete-version";
    type Reply = Model;

    fn run(self, page: &mut Page<'_>) -> Result<Model, Refusal> {
        let mut model: Model = page.require(self.model)?;
        let place = model
            .versions
            .iter()
            .position(|version| version.id == self.version)
            .ok_or(Refusal::NotFound)?;
        if model.state.is_running() {
            return Err(Refusal::conflict(super::state_name(model.state)));
        }
        model.versions_made = Some(count_made(&model));
        let version = model.versions.remove(place);
        page.enqueue(Effect::DeleteVersion {
            version: version.provider_version,
        });
        if model.versions.is_empty() && model.state == ModelState::Ready {
            model.state = ModelState::Draft;
        }
        model.updated_at = page.now();
        save(page, &model);
        Ok(model)
    }
}
