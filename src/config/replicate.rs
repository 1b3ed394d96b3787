//! Replicate: the account that pays, the private model, the trainers and the vision model.

use super::Misconfigured;
use super::parse::{self, Reader};
use crate::domain::training::Preset;

#[derive(Clone, Debug)]
pub struct Replicate {
    pub api_url: String,
    pub token: String,
    /// Base64-decoded; during a rotation two, the new one first.
    pub webhook_secrets: Vec<Vec<u8>>,
    /// `owner/name` of the private model that receives all versions.
    pub destination: String,
    /// `owner/name:version` of the trainer of each preset.
    pub trainers: Trainers,
    /// Whose trainer runs a training once more that Replicate failed by its own trouble; without one
    /// the same does.
    pub fallback: Option<Preset>,
    /// `owner/name:version` of the vision model that describes photos; nothing when it is off.
    pub captioner: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Trainers {
    pub fast: String,
    pub quality: String,
}

const FAST: &str = "replicate/fast-flux-trainer:\
    8b10794665aed907bb98a1a5324cd1d3a8bea0e9b31e65210967fb9c9e2e08ed";
const QUALITY: &str = "ostris/flux-dev-lora-trainer:\
    26dce37af90b9d997eeb970d92e47de3064d46c300504ae376c75bef6a9022d2";
const CAPTIONER: &str = "lucataco/moondream2:\
    72ccb656353c348c1385df54b237eeb7bfa874bf11486cf0b9473e691b662d31";

impl Replicate {
    pub(super) fn read(reader: &Reader<'_>) -> Result<Self, Misconfigured> {
        let wrong = |variable| Misconfigured { variable };
        let webhook_secrets = reader
            .secret("REPLICATE_WEBHOOK_SECRET", |_| true)?
            .split(',')
            .map(|secret| parse::base64(secret.trim().strip_prefix("whsec_")?))
            .collect::<Option<Vec<_>>>()
            .filter(|secrets| secrets.len() <= 2 && secrets.iter().all(|s| s.len() >= 24))
            .ok_or(wrong("REPLICATE_WEBHOOK_SECRET"))?;
        let trainer = reader.or("REPLICATE_TRAINER", "");
        Ok(Self {
            api_url: reader.base("REPLICATE_API_URL", "https://api.replicate.com/v1")?,
            token: reader.secret("REPLICATE_API_TOKEN", |v| {
                v.starts_with("r8_") && v.len() >= 20
            })?,
            webhook_secrets,
            destination: reader.secret("REPLICATE_DESTINATION", is_model_name)?,
            fallback: match reader.or("TRAINER_FALLBACK", "").as_str() {
                "" => None,
                name => Some(Preset::from_name(name).ok_or(wrong("TRAINER_FALLBACK"))?),
            },
            trainers: parse_trainers(&trainer).ok_or(wrong("REPLICATE_TRAINER"))?,
            captioner: match reader.or("REPLICATE_CAPTIONER", CAPTIONER) {
                off if off == "off" => None,
                version if is_version(&version) => Some(version),
                _ => return Err(wrong("REPLICATE_CAPTIONER")),
            },
        })
    }
}

fn is_model_name(text: &str) -> bool {
    let part = |p: &str| {
        !p.is_empty()
            && p.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    text.split_once('/')
        .is_some_and(|(owner, name)| part(owner) && part(name))
}

/// `owner/name:version`.
fn is_version(text: &str) -> bool {
    text.split_once(':').is_some_and(|(name, version)| {
        let hex = version.bytes().all(|b| b.is_ascii_hexdigit());
        is_model_name(name) && version.len() == 64 && hex
    })
}

/// `fast=owner/name:version,quality=…`, or one bare trainer for every preset.
fn parse_trainers(text: &str) -> Option<Trainers> {
    let mut trainers = Trainers {
        fast: FAST.to_owned(),
        quality: QUALITY.to_owned(),
    };
    for part in text
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        match part.split_once('=') {
            Some(("fast", trainer)) if is_version(trainer) => {
                trainer.clone_into(&mut trainers.fast);
            }
            Some(("quality", trainer)) if is_version(trainer) => {
                trainer.clone_into(&mut trainers.quality);
            }
            None if is_version(part) => {
                trainers = Trainers {
                    fast: part.to_owned(),
                    quality: part.to_owned(),
                };
            }
            _ => return None,
        }
    }
    Some(trainers)
}
