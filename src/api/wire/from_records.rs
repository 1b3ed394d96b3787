//! From what is kept to what is shown.

use super::{
    Failure, Image, Model, Photo, Prediction, Progress, Recipe, Seconds, Session, TrainingFailure,
    User, Version, Zip,
};
use crate::app::why_training_failed;
use crate::config::Bytescale;
use crate::domain::ids::SessionId;
use crate::domain::timestamp::Timestamp;
use crate::ledger::commands::state_name;
use crate::providers::bytescale::{signed_image_url, signed_url};
use crate::records::{self, Captioning, PredictionState};

/// Addresses of files live less than an hour.
const URL_S: u64 = 55 * 60;

/// What showing a record takes: the key that signs addresses, and the time.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    pub bytescale: &'a Bytescale,
    pub now: Timestamp,
}

impl Shown<'_> {
    fn url(self, path: &str) -> String {
        signed_url(self.bytescale, path, self.now.plus_s(URL_S), None)
    }

    fn preview(self, path: &str) -> String {
        signed_image_url(self.bytescale, path, "f=webp&w=640", self.now.plus_s(URL_S))
    }

    pub fn photo(self, photo: &records::Photo) -> Photo {
        Photo {
            id: photo.id.to_string(),
            name: photo.name.clone(),
            width: photo.width,
            height: photo.height,
            bytes: photo.bytes,
            content_type: photo.content_type.clone(),
            url: self.url(&photo.path),
            caption: photo.caption.clone(),
            description: photo.description.clone(),
            captioning: photo.captioning.map(Captioning::name),
            uploaded_at: photo.uploaded_at.to_rfc3339(),
        }
    }

    pub fn model(self, model: &records::Model) -> Model {
        Model {
            id: model.id.to_string(),
            name: model.name.clone(),
            subject: model.subject.clone(),
            trigger_word: model.trigger_word.clone(),
            state: state_name(model.state),
            progress: model.progress.as_ref().map(|p| self.progress(p)),
            photos: model.photos,
            cover: model.cover.as_deref().map(|path| self.preview(path)),
            versions: model.versions.iter().map(version).collect(),
            failure: model.failure.as_ref().map(|failure| TrainingFailure {
                reason: failure.reason.clone(),
                detail: why_training_failed(&failure.reason),
                refunded: true,
            }),
            preset: model.preset.clone(),
            created_at: model.created_at.to_rfc3339(),
            updated_at: model.updated_at.to_rfc3339(),
        }
    }

    fn progress(self, progress: &records::Progress) -> Progress {
        let spent_s = self.now.since_ms(progress.started_at) / 1000;
        Progress {
            stage: progress.stage.clone(),
            percent: progress.percent,
            eta_s: progress.median_s.map(|m| m.saturating_sub(spent_s)),
            late: progress.slow_s.is_some_and(|slow| spent_s > slow),
            heard_at: progress.heard_at.to_rfc3339(),
        }
    }

    pub fn prediction(self, prediction: &records::Prediction) -> Prediction {
        let recipe = &prediction.recipe;
        Prediction {
            id: prediction.id.to_string(),
            model: prediction.id.model.to_string(),
            state: match prediction.state {
                PredictionState::Queued => "queued",
                PredictionState::Running => "running",
                PredictionState::Succeeded => "succeeded",
                PredictionState::Failed => "failed",
                PredictionState::Canceled => "canceled",
            },
            recipe: Recipe {
                version: recipe.version.clone(),
                prompt: recipe.prompt.clone(),
                final_prompt: recipe.final_prompt.clone(),
                style: recipe.style.clone(),
                aspect_ratio: recipe.aspect_ratio.clone(),
                count: recipe.count,
                seed: recipe.seed,
                steps: recipe.steps,
                guidance: recipe.guidance,
                lora_scale: recipe.lora_scale,
                format: recipe.format.clone(),
            },
            images: prediction
                .images
                .iter()
                .map(|image| self.image(image))
                .collect(),
            dropped: prediction.dropped,
            favorite: prediction.favorite,
            predict_time_s: prediction.predict_time_us.map(Seconds::of_us),
            failure: prediction.failure.as_ref().map(|failure| Failure {
                reason: failure.reason.clone(),
                detail: images_failed(&failure.reason),
            }),
            created_at: prediction.created_at.to_rfc3339(),
            finished_at: prediction.finished_at.map(Timestamp::to_rfc3339),
        }
    }

    fn image(self, image: &records::Image) -> Image {
        Image {
            url: self.url(&image.path),
            preview: self.preview(&image.path),
            width: image.width,
            height: image.height,
            bytes: image.bytes,
            content_type: image.content_type.clone(),
            placeholder: image.placeholder.clone(),
        }
    }
}

fn version(version: &records::Version) -> Version {
    Version {
        id: version.id.clone(),
        trained_at: version.trained_at.to_rfc3339(),
        photos: version.photos,
        photo_ids: version
            .photo_ids
            .iter()
            .flatten()
            .map(ToString::to_string)
            .collect(),
        preset: version.preset.clone(),
        train_time_s: Seconds::of_us(version.train_time_us),
        steps: version.steps,
    }
}

impl From<&records::User> for User {
    fn from(user: &records::User) -> Self {
        Self {
            id: user.id.to_string(),
            provider: user.id.provider().name(),
            name: user.name.clone(),
            email: user.email.clone(),
            created_at: user.created_at.to_rfc3339(),
            prediction_count: user.prediction_count,
            total_predict_time_s: Seconds::of_us(user.total_predict_time_us),
        }
    }
}

impl Session {
    pub fn of(session: &records::Session, current: SessionId) -> Self {
        Self {
            id: session.id.to_string(),
            created_at: session.created_at.to_rfc3339(),
            last_seen_at: session.last_seen_at.to_rfc3339(),
            expires_at: session.expires_at.to_rfc3339(),
            current: *session.id == current,
        }
    }
}

impl From<&records::Zip> for Zip {
    fn from(zip: &records::Zip) -> Self {
        Self {
            photos: zip.photos,
            bytes: zip.bytes,
            created_at: zip.created_at.to_rfc3339(),
        }
    }
}

/// Why images failed, for the person.
fn images_failed(reason: &str) -> &'static str {
    match reason {
        "no-safe-image" => {
            "The safety filter removed every image. Please try again with other words."
        }
        "timeout" => "The images took too long and were stopped. Please try again.",
        "data-lost" => "The images were lost before they could be saved. Please try again.",
        _ => "The image service could not make these images. Please try again.",
    }
}
