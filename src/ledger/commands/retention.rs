//! Keeping terms: of photos when an effect was lost, or when the operator has shortened them since,
//! and of operations that nobody asks for any more.

use super::super::rows::Outbox;
use super::super::{Command, Effect, Page, Refusal};
use crate::domain::operation::Phase;
use crate::domain::timestamp::Timestamp;
use crate::ports::json::json_struct;
use crate::records::{Job, Model, Operation};

/// The effect of a model has had its turn by then.
const GRACE_S: u64 = 3600;
const DAY_S: u64 = 86_400;
/// Longer than answers are remembered under their keys, and far longer than a lost run is looked
/// for among those that belong to others.
const OPERATION_S: u64 = 3 * DAY_S;
/// One look removes no more operations than this; the next is tomorrow.
const MOST_OPERATIONS: usize = 5000;

json_struct! {
    /// Removes the photos of this person whose time is over and that are there all the same, and
    /// operations that have ended long ago.
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
        forget_operations(page)
    }
}

/// A training stays as long as its model: it tells the term of the photos, and what is said of it
/// late must not be taken for word of a run that nobody wants.
fn forget_operations(page: &mut Page<'_>) -> Result<(), Refusal> {
    let mut left = MOST_OPERATIONS;
    page.walk("", |page, operation: Operation| {
        let is_old = page.now() >= operation.reserved_at.plus_s(OPERATION_S);
        let is_over = is_old && Phase::from(operation.phase).is_final();
        if !is_over || left == 0 {
            return Ok(());
        }
        if let Job::Training { model, .. } = &operation.job
            && !matches!(page.find::<Model>(*model), Ok(None))
        {
            return Ok(());
        }
        left = left.saturating_sub(1);
        page.remove::<Operation>(operation.id);
        Ok(())
    })
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
