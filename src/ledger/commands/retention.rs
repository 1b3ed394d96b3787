//! Keeping terms when an effect was lost, or when the operator has shortened them since.

use super::super::rows::Outbox;
use super::super::{Command, Effect, Page, Refusal};
use crate::domain::timestamp::Timestamp;
use crate::ports::json::json_struct;
use crate::records::{Model, Operation};

/// The effect of a model has had its turn by then.
const GRACE_S: u64 = 3600;
const DAY_S: u64 = 86_400;

json_struct! {
    /// Removes the photos of this person whose time is over and that are there all the same.
    pub struct KeepTerms {}
}

impl Command for KeepTerms {
    const NAME: &'static str = "keep-terms";
    type Reply = ();

    fn run(self, page: &mut Page<'_>) -> Result<(), Refusal> {
        let days = page.rules().photo_retention_days;
        let kept_s = days.saturating_mul(DAY_S).saturating_add(GRACE_S);
        let models: Vec<Model> = page.list("")?;
        for model in models {
            if model.photos == 0 || model.state.is_running() {
                continue;
            }
            let Some(trained) = last_trained(page, &model)? else {
                continue;
            };
            // Photos for the next training are not those of the last.
            let photos = super::photo::stored(page, *model.id)?;
            let added = photos.iter().map(|photo| photo.uploaded_at).max();
            let since = added.map_or(trained, |added| added.max(trained));
            if page.now() >= since.plus_s(kept_s) {
                super::photo::expire(page, model)?;
            }
        }
        Ok(())
    }
}

/// When the last training of a model had ended at the latest; of one that was never trained there
/// is no term.
fn last_trained(page: &Page<'_>, model: &Model) -> Result<Option<Timestamp>, Refusal> {
    let made = model.versions.last().map(|version| version.trained_at);
    let run = match model.operation {
        Some(operation) => page.find::<Operation>(operation)?,
        None => None,
    };
    let most_s = page.rules().training_timeout_s;
    let ended = run.map(|run| run.reserved_at.plus_s(most_s));
    Ok(made.max(ended))
}

json_struct! {
    /// Plans the next slice of the daily look: after a person, or from the beginning, which is
    /// planned only when nothing is.
    pub struct PlanTerms {
        pub after: Option<String>,
        pub in_s: u64,
    }
}

impl PlanTerms {
    /// After this person at once.
    pub const fn go_on(after: String) -> Self {
        Self {
            after: Some(after),
            in_s: 0,
        }
    }

    /// From the beginning, a day later.
    pub const fn tomorrow() -> Self {
        Self {
            after: Some(String::new()),
            in_s: DAY_S,
        }
    }

    /// From the beginning, unless a look is planned already.
    pub const fn some_day() -> Self {
        Self {
            after: None,
            in_s: DAY_S,
        }
    }
}

impl Command for PlanTerms {
    const NAME: &'static str = "plan-terms";
    type Reply = ();

    fn run(self, page: &mut Page<'_>) -> Result<(), Refusal> {
        let is_asked = self.after.is_some();
        let look = Effect::KeepTerms {
            after: self.after.unwrap_or_default(),
        };
        if is_asked || page.find::<Outbox>(look.id())?.is_none() {
            let due = page.now().plus_s(self.in_s);
            page.enqueue_at(look, due);
        }
        Ok(())
    }
}
