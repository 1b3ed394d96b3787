//! Making images with a trained model: reserve, hold the cost, submit once, book what became of it.

use super::book_submission::book_submission;
use super::train_model::Answered;
use super::{App, Error, handle, hold_spend};
use crate::domain::ids::UserId;
use crate::domain::ids::{ModelId, OperationId, Serial};
use crate::domain::ownership::Owned;
use crate::domain::prediction::{AspectRatio, GUIDANCE, LORA_SCALE, STEPS};
use crate::ledger::commands::operation::{Accepted, KeyClaim};
use crate::ledger::commands::prediction::{PredictionReserved, ReservePrediction};
use crate::ports::{Book, Platform, Text};
use crate::providers::replicate::{self, NewPrediction};
use crate::records::{Prediction, Recipe};

/// What a person asked for; every value is of its grammar.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The version of the model; the newest when none is named.
    pub version: Option<String>,
    pub prompt: String,
    /// The name of a style and its words.
    pub style: Option<(String, String)>,
    pub aspect_ratio: AspectRatio,
    pub count: u8,
    /// Drawn and recorded when none is given.
    pub seed: Option<u32>,
    pub format: &'static str,
}

pub async fn make_images<P: Platform>(
    app: App<'_, P>,
    model: &Owned<ModelId>,
    wish: Wish,
    key: KeyClaim,
) -> Result<Answered<Prediction>, Error> {
    let platform = app.platform;
    let operation = Serial::random(&platform.entropy());
    let serial = Serial::newest_first(platform.now(), &platform.entropy());
    let seed = wish.seed.unwrap_or_else(|| draw_seed(&platform.entropy()));
    let (style, style_prompt) = wish.style.unzip();
    let reserve = ReservePrediction {
        model: Text(model.id()),
        serial: Text(serial),
        operation: Text(operation),
        key,
        version: wish.version,
        recipe: Recipe {
            version: String::new(),
            prompt: wish.prompt,
            final_prompt: String::new(),
            style,
            aspect_ratio: wish.aspect_ratio.name.to_owned(),
            count: wish.count,
            seed,
            steps: STEPS,
            guidance: GUIDANCE,
            lora_scale: LORA_SCALE,
            format: wish.format.to_owned(),
        },
        style_prompt,
    };
    let (prediction, provider_version) = match app.ask_as(model.by(), reserve).await? {
        PredictionReserved::Reserved {
            prediction,
            provider_version,
        } => (prediction, provider_version),
        PredictionReserved::Replayed { answer } => {
            return Ok(Answered {
                record: answer,
                replayed: true,
            });
        }
    };
    let count = prediction.recipe.count.into();
    let most = app.config.rules.prices.image.hold(count);
    let held = hold_spend::hold_spend(app, model.owner(), operation, None, most).await?;
    let order = order(
        app,
        model.owner(),
        operation,
        &prediction.recipe,
        provider_version,
    );
    let answer = replicate::create_prediction(platform, &app.config.replicate, &order).await;
    let book = Book::User(model.owner().clone());
    match book_submission(
        app,
        &book,
        operation,
        answer.map(|created| created.provider_id),
        held,
    )
    .await?
    {
        Accepted::Prediction(record) => Ok(Answered {
            record,
            replayed: false,
        }),
        Accepted::Training(_) | Accepted::Caption(_) => Err(Error::Internal {
            cause: "images booked as something else",
        }),
    }
}

/// What Replicate is asked for; made anew in the same words when a lost answer is looked for.
pub(super) fn order<P: Platform>(
    app: App<'_, P>,
    owner: &UserId,
    operation: OperationId,
    recipe: &Recipe,
    provider_version: String,
) -> NewPrediction {
    NewPrediction {
        provider_version,
        prompt: recipe.final_prompt.clone(),
        aspect_ratio: recipe.aspect_ratio.clone(),
        count: recipe.count,
        seed: recipe.seed,
        steps: recipe.steps,
        guidance: recipe.guidance,
        lora_scale: recipe.lora_scale,
        format: recipe.format.clone(),
        webhook_url: handle::webhook_url(app.config, owner, operation),
    }
}

fn draw_seed(entropy: &[u8; 32]) -> u32 {
    entropy
        .iter()
        .take(4)
        .fold(0, |seed, byte| (seed << 8) | u32::from(*byte))
}
