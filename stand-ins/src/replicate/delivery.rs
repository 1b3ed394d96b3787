//! The host of the output files: no authentication, an hour to live, pictures drawn when they are first fetched.
//! It must never be shown the API token; a request that carries one is a violation.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use serde_json::{Value, json};

use super::job::Job;
use super::model::Subject;
use crate::clock::HOUR_MS;
use crate::picture::{self, Format, Scene};
use crate::random::Random;
use crate::script::Behaviour;
use crate::wire::{self, Incoming, Response};
use crate::world::World;

const FOREIGN_ORIGIN: &str = "https://pictures.example.net";

/// A picture that can be fetched; drawn at the first look.
#[derive(Debug, Clone)]
pub(super) struct Output {
    pub version: String,
    subject: Arc<Subject>,
    prompt: String,
    seed: u64,
    width: u32,
    height: u32,
    format: Format,
    quality: u32,
    fault: Option<Behaviour>,
    expires_ms: u64,
    drawn: Option<Vec<u8>>,
}

impl Output {
    fn draw(&self) -> Result<Vec<u8>, String> {
        let scene = Scene {
            photos: &self.subject.photos,
            prompt: &self.prompt,
            seed: self.seed,
            width: self.width,
            height: self.height,
        };
        let asked = format!(
            "{} {} {} {:?} {} {}",
            self.seed, self.width, self.height, self.format, self.quality, self.prompt
        );
        let photos = scene.photos.iter().map(|photo| photo.as_raw().as_slice());
        let parts: Vec<&[u8]> = [asked.as_bytes()].into_iter().chain(photos).collect();
        picture::once(&parts, || {
            picture::encode(&picture::draw(&scene), self.format, self.quality)
        })
    }
}

/// Publishes the pictures with these numbers and answers the job's `output`.
pub(super) fn publish(
    world: &mut World,
    index: usize,
    subject: &Arc<Subject>,
    seed: u64,
    kept: &[usize],
) -> Result<Value, String> {
    let folder = format!(
        "xezq/{}",
        world.random.text(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
            40
        )
    );
    let noise = world.random.next();
    let job = world.replicate.jobs.get(index).ok_or("not a prediction")?;
    let template = template(world, job, subject, seed, noise);
    let has = |effect: &Behaviour| job.effects.contains(effect);
    let (null, data, text, foreign) = (
        has(&Behaviour::OutputNull),
        has(&Behaviour::OutputData),
        has(&Behaviour::OutputString),
        has(&Behaviour::OutputForeignHost),
    );
    let base = if foreign {
        FOREIGN_ORIGIN.to_owned()
    } else {
        format!("{}/replicate-delivery", world.settings.origin)
    };
    let mut urls = Vec::new();
    for number in kept {
        let mut mixer = Random::new(
            template
                .seed
                .wrapping_add(u64::try_from(*number).unwrap_or(0)),
        );
        let output = Output {
            seed: mixer.next(),
            ..template.clone()
        };
        if data {
            urls.push(format!(
                "data:{};base64,{}",
                output.format.mime(),
                STANDARD.encode(output.draw()?)
            ));
            continue;
        }
        let path = format!("{folder}/out-{number}.{}", output.format.extension());
        urls.push(format!("{base}/{path}"));
        world.replicate.outputs.insert(path, output);
    }
    Ok(match urls.first() {
        _ if null => Value::Null,
        Some(first) if text => json!(first),
        _ => json!(urls),
    })
}

fn template(world: &World, job: &Job, subject: &Arc<Subject>, seed: u64, noise: u64) -> Output {
    let input = |name: &str| job.input.get(name);
    let text = |name: &str, default: &'static str| {
        input(name)
            .and_then(Value::as_str)
            .unwrap_or(default)
            .to_owned()
    };
    let (width, height) = size(job);
    let drawn = |side: u32| side.checked_div(world.settings.picture_divisor);
    let (width, height) = (
        drawn(width).unwrap_or(width),
        drawn(height).unwrap_or(height),
    );
    let fault = job.effects.iter().find(|effect| {
        matches!(
            effect,
            Behaviour::Output404
                | Behaviour::OutputSlow { .. }
                | Behaviour::OutputTruncated { .. }
                | Behaviour::OutputWrongType
        )
    });
    // A fast run is not deterministic even with a seed.
    let fast = input("go_fast").and_then(Value::as_bool).unwrap_or(false);
    let scale = input("lora_scale")
        .map(Value::to_string)
        .unwrap_or_default();
    Output {
        version: job.version.clone(),
        subject: Arc::clone(subject),
        prompt: caption(&text("prompt", ""), &subject.trigger_word),
        seed: scale
            .bytes()
            .fold(if fast { seed ^ noise } else { seed }, |seed, byte| {
                seed.rotate_left(5) ^ u64::from(byte)
            }),
        width,
        height,
        format: match text("output_format", "webp").as_str() {
            "jpg" => Format::Jpeg,
            "png" => Format::Png,
            _ => Format::WebP,
        },
        quality: input("output_quality")
            .and_then(Value::as_u64)
            .and_then(|quality| u32::try_from(quality).ok())
            .unwrap_or(80),
        fault: fault.cloned(),
        expires_ms: world.now_ms.saturating_add(HOUR_MS),
        drawn: None,
    }
}

/// The prompt as a person wrote it: without the trigger word at its start, with a pronoun elsewhere.
fn caption(prompt: &str, trigger_word: &str) -> String {
    let rest = prompt.trim().strip_prefix(trigger_word).unwrap_or(prompt);
    let plain = if trigger_word.is_empty() {
        rest.to_owned()
    } else {
        rest.replace(trigger_word, "me")
    };
    plain
        .trim_matches(|c: char| c.is_whitespace() || c == ',')
        .to_owned()
}

/// The exact size that the service answers for an aspect ratio.
fn size(job: &Job) -> (u32, u32) {
    let text = |name: &str, default: &'static str| {
        job.input
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or(default)
    };
    let number = |name: &str| {
        job.input
            .get(name)
            .and_then(Value::as_u64)
            .and_then(|side| u32::try_from(side).ok())
    };
    let (width, height) = match text("aspect_ratio", "1:1") {
        "16:9" => (1344, 768),
        "21:9" => (1536, 640),
        "3:2" => (1216, 832),
        "2:3" => (832, 1216),
        "4:5" => (896, 1088),
        "5:4" => (1088, 896),
        "3:4" => (896, 1152),
        "4:3" => (1152, 896),
        "9:16" => (768, 1344),
        "9:21" => (640, 1536),
        "custom" => {
            let rounded = |side: Option<u32>| {
                side.map_or(1024, |side| {
                    (side.saturating_add(8) / 16).saturating_mul(16)
                })
            };
            return (rounded(number("width")), rounded(number("height")));
        }
        _ => (1024, 1024),
    };
    if text("megapixels", "1") == "0.25" {
        (width / 2, height / 2)
    } else {
        (width, height)
    }
}

pub(crate) fn fault(_: &World, status: u16) -> Response {
    wire::answer(status, "text/plain", format!("error {status}"))
}

pub(crate) fn handle(world: &mut World, request: &Incoming) -> Response {
    let token = world.settings.replicate_token.clone();
    if request.header("authorization").is_some() || request.target.contains(&token) {
        world.violate(format!(
            "replicate-delivery: {} carried an authorization",
            request.path
        ));
    }
    let path = request.path.trim_start_matches('/');
    let now_ms = world.now_ms;
    let found = world
        .replicate
        .outputs
        .get_mut(path)
        .filter(|output| now_ms < output.expires_ms);
    let Some(output) = found.filter(|output| {
        request.method == Method::GET && output.fault != Some(Behaviour::Output404)
    }) else {
        return wire::answer(
            404,
            "application/xml",
            "<?xml version='1.0' encoding='UTF-8'?><Error><Code>NoSuchKey</Code></Error>",
        );
    };
    if output.drawn.is_none() {
        match output.draw() {
            Ok(bytes) => output.drawn = Some(bytes),
            Err(error) => return wire::answer(500, "text/plain", error),
        }
    }
    let mut bytes = output.drawn.clone().unwrap_or_default();
    match output.fault {
        Some(Behaviour::OutputSlow { ms }) => world.answer_delay_ms = ms,
        Some(Behaviour::OutputTruncated { bytes: keep }) => bytes.truncate(keep),
        Some(Behaviour::OutputWrongType) => {
            return wire::answer(200, "text/html", "<!doctype html><script>alert(1)</script>");
        }
        _ => {}
    }
    wire::answer(200, output.format.mime(), bytes)
}
