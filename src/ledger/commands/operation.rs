//! Paid runs, whatever they are for: reserved once and submitted once. How they end is in `observe`.

use super::super::rows::{Key, Kind, Row};
use super::super::{Alert, Command, Effect, Page, Refusal};
use super::observe::{self, advance};
use super::pace::{self, Usual};
use crate::domain::ids::OperationId;
use crate::domain::operation::{Phase, Seen};
use crate::ports::Text;
use crate::ports::json::{json_enum, json_struct};
use crate::records::{
    self, Job, Model, Operation, PhaseName, Photo, Prediction, PredictionState, SCHEMA,
};

/// Answers to paid requests are remembered this long, and until the hour is full: those of an hour
/// are forgotten together.
const KEY_S: u64 = 48 * 3600;
/// No request runs longer than this.
const REQUEST_S: u64 = 30;

json_struct! {
    /// An idempotency key, hashed with its route, and the hash of the body it came with.
    #[derive(Clone)]
    pub struct KeyClaim {
        pub key_sha256: String,
        pub body_sha256: String,
    }
}

/// What is answered to a paid request.
pub(super) trait Answer: Row {
    /// The record as it was when its run was accepted.
    fn into_accepted(self) -> Self;
}

impl Answer for Model {
    /// What else has happened to it since cannot be taken back; its answer is kept as a whole.
    fn into_accepted(self) -> Self {
        self
    }
}

impl Answer for Photo {
    fn into_accepted(self) -> Self {
        self
    }
}

impl Answer for Prediction {
    fn into_accepted(self) -> Self {
        Self {
            state: PredictionState::Queued,
            images: Vec::new(),
            dropped: 0,
            favorite: false,
            predict_time_us: None,
            failure: None,
            finished_at: None,
            ..self
        }
    }
}

/// The answer that was given under this key, if one was. When the first request was lost on its way
/// back, the answer is its record as it stands.
pub(super) fn claimed<T: Answer>(page: &Page<'_>, claim: &KeyClaim) -> Result<Option<T>, Refusal> {
    let Some(known) = page.find::<Key>(&claim.key_sha256)? else {
        return Ok(None);
    };
    if known.body_sha256 != claim.body_sha256 {
        return Err(Refusal::KeyReused);
    }
    let Some(answer) = known.answer else {
        let operation: Operation = page.require(known.operation)?;
        let running = page.now() < operation.reserved_at.plus_s(REQUEST_S);
        if running && Phase::from(operation.phase) == Phase::Reserved {
            return Err(Refusal::InProgress);
        }
        return match &operation.job {
            Job::Training { model, .. } => page.require(*model),
            Job::Prediction { prediction, .. } => page.require(*prediction),
            Job::Caption { photo } => page.require(*photo),
        }
        .map(|record: T| Some(record.into_accepted()));
    };
    records::read(&answer).map(Some).ok_or(Refusal::Corrupt {
        kind: "answer".into(),
    })
}

/// Forgets what was answered about something that goes: an answer holds names and words of it.
/// Whoever sends such a request again learns that it is gone.
pub(super) fn forget_answers<T: Answer>(
    page: &mut Page<'_>,
    goes: impl Fn(&T) -> bool,
) -> Result<(), Refusal> {
    for hash in page.keys(Kind::Key)? {
        let known = match page.find::<Key>(&hash) {
            // It keeps nothing from going, and ends by itself.
            Err(Refusal::Corrupt { .. }) => continue,
            known => known?,
        };
        let answer = known.and_then(|key| records::read::<T>(&key.answer?));
        if answer.as_ref().is_some_and(&goes) {
            page.remove::<Key>(hash);
        }
    }
    Ok(())
}

/// Writes a reserved operation, its key, and what must follow if nobody comes back to it.
pub(super) fn reserve(page: &mut Page<'_>, id: OperationId, job: Job, claim: &KeyClaim) {
    let operation = Operation {
        schema: SCHEMA,
        id: Text(id),
        job,
        phase: PhaseName::Reserved,
        provider_id: None,
        hinted_id: None,
        former_id: None,
        dropped: 0,
        predict_time_us: None,
        reserved_at: page.now(),
        unknown_since: None,
        missing_since: None,
        stuck_at: None,
        heard_at: None,
        hooks: None,
        cancel_requested: false,
        key: Some(claim.key_sha256.clone()),
    };
    page.put(id, &operation);
    let key = Key {
        schema: SCHEMA,
        body_sha256: claim.body_sha256.clone(),
        operation: Text(id),
        answer: None,
    };
    page.put_until(
        &claim.key_sha256,
        &key,
        page.now().plus_s(KEY_S).next_hour(),
    );
    let due = page.now().plus_s(page.rules().operation_grace_s);
    page.enqueue_at(
        Effect::Look {
            operation: Text(id),
        },
        due,
    );
}

json_struct! {
    pub struct ShowOperation {
        pub operation: Text<OperationId>,
    }
}

impl Command for ShowOperation {
    const NAME: &'static str = "show-operation";
    type Reply = Shown;

    fn run(self, page: &mut Page<'_>) -> Result<Shown, Refusal> {
        let operation: Operation = page.require(self.operation)?;
        let prediction = match &operation.job {
            Job::Prediction { prediction, .. } => page.find(*prediction)?,
            Job::Training { .. } | Job::Caption { .. } => None,
        };
        Ok(Shown {
            operation,
            prediction,
        })
    }
}

json_struct! {
    pub struct Shown {
        pub operation: Operation,
        /// For images: the record with the recipe.
        pub prediction: Option<Prediction>,
    }
}

json_struct! {
    /// The provider was asked: with an id it accepted, without one its answer was lost. Either way the
    /// request is accepted, and its answer is remembered under the key. A run that nobody wants any
    /// more is stopped.
    pub struct Submitted {
        pub operation: Text<OperationId>,
        pub provider_id: Option<String>,
        /// How long others like it took.
        pub usual: Option<Usual>,
    }
}

json_enum! {
    /// What is answered: the record as it was accepted.
    pub enum Accepted {
        "training" = Training(model: Model),
        "prediction" = Prediction(prediction: Prediction),
        "caption" = Caption(photo: Photo),
    }
}

impl Command for Submitted {
    const NAME: &'static str = "submitted";
    /// Nothing when the record was deleted meanwhile.
    type Reply = Option<Accepted>;

    fn run(self, page: &mut Page<'_>) -> Result<Option<Accepted>, Refusal> {
        let mut operation: Operation = page.require(self.operation)?;
        // First of all, for what runs is paid for, whatever has become of its record.
        let is_news = operation.provider_id.is_none() && self.provider_id.is_some();
        let seen = match &self.provider_id {
            Some(_) => Seen::Accepted,
            None => Seen::Nothing,
        };
        operation.provider_id = operation.provider_id.or(self.provider_id);
        let accepted = accepted(page, &operation, self.usual.as_ref())?;
        if let Some(accepted) = &accepted {
            remember(page, &operation, accepted)?;
        }
        let unwanted = operation.cancel_requested || accepted.is_none();
        if is_news && (unwanted || Phase::from(operation.phase).is_final()) {
            observe::stop_found(page, &mut operation)?;
            return Ok(accepted);
        }
        if seen == Seen::Nothing && operation.unknown_since.is_none() {
            operation.unknown_since = Some(page.now());
        }
        advance(page, &mut operation, seen)?;
        let open = !Phase::from(operation.phase).is_final();
        if open && operation.provider_id.is_some() && operation.heard_at.is_some() {
            // Somebody has called already, and was told to wait for this.
            page.enqueue(Effect::Look {
                operation: self.operation,
            });
        }
        Ok(accepted)
    }
}

/// The record that is answered, as it was accepted, if it is still there. A webhook may have come
/// first; it shows the record so all the same only if nothing has happened yet, which is what
/// clients see almost always.
fn accepted(
    page: &mut Page<'_>,
    operation: &Operation,
    usual: Option<&Usual>,
) -> Result<Option<Accepted>, Refusal> {
    Ok(match &operation.job {
        Job::Training { model, .. } => {
            let mut model: Option<Model> = page.find(*model)?;
            if let (Some(model), Some(usual)) = (&mut model, usual) {
                pace::note(page, model, usual);
            }
            model.map(Accepted::Training)
        }
        Job::Prediction { prediction, .. } => page.find(*prediction)?.map(Accepted::Prediction),
        Job::Caption { photo } => page.find(*photo)?.map(Accepted::Caption),
    })
}

/// Keeps the answer under its key; that of a prediction is what it began as, and can be made of it
/// again.
fn remember(
    page: &mut Page<'_>,
    operation: &Operation,
    accepted: &Accepted,
) -> Result<(), Refusal> {
    let answer = match accepted {
        Accepted::Training(model) => records::write(model),
        Accepted::Caption(photo) => records::write(photo),
        Accepted::Prediction(_) => return Ok(()),
    };
    if let Some(hash) = &operation.key
        && let Some(mut key) = page.find::<Key>(hash)?
        && key.answer.is_none()
    {
        key.answer = Some(answer);
        page.put_until(hash, &key, operation.reserved_at.plus_s(KEY_S).next_hour());
    }
    Ok(())
}

json_struct! {
    /// The provider refused, or was not asked: nothing runs there. The reservation is released
    /// without a trace, and the same key may be used again.
    pub struct Refused {
        pub operation: Text<OperationId>,
        /// What to tell the operator, if anything.
        pub alert: Option<String>,
    }
}

impl Command for Refused {
    const NAME: &'static str = "refused";
    type Reply = ();

    fn run(self, page: &mut Page<'_>) -> Result<(), Refusal> {
        let Some(mut operation) = page.find::<Operation>(self.operation)? else {
            return Ok(());
        };
        if Phase::from(operation.phase).is_final() {
            return Ok(());
        }
        if let Some(key) = &operation.key {
            page.remove::<Key>(key);
        }
        if let Some(kind) = self.alert {
            page.enqueue(Effect::Alert(Alert::new(&kind, self.operation)));
        }
        if let Job::Training { model, .. } = &operation.job {
            super::training::undo(page, **model)?;
        }
        advance(page, &mut operation, Seen::Canceled)?;
        if let Job::Prediction { prediction, .. } = &operation.job {
            page.remove::<Prediction>(*prediction);
            // Its end was about to be mirrored, which is of a prediction that there was never.
            page.cancel(&Effect::MirrorPrediction {
                prediction: *prediction,
            });
        }
        Ok(())
    }
}
