//! The product's limits, each with its default.

use super::Misconfigured;
use super::parse::Reader;
use super::prices::Prices;

/// Limits that the ledger decides by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rules {
    pub link_ttl_s: u64,
    pub session_ttl_s: u64,
    pub session_idle_s: u64,
    pub trainings_per_day: u64,
    pub running_trainings: u64,
    pub predictions_per_day: u64,
    pub photos_per_model: u64,
    pub captions_per_day: u64,
    /// What all people together may spend, in micro-dollars; nothing when there is no cap.
    pub spend_cap_micro_usd: Option<u64>,
    pub prices: Prices,
    /// The operator's kill switch.
    pub paused: bool,
    pub photo_retention_days: u64,
    /// How long an operation is left alone before the sweep looks at it.
    pub operation_grace_s: u64,
    pub training_timeout_s: u64,
}

impl Rules {
    pub(super) fn read(reader: &Reader<'_>) -> Result<Self, Misconfigured> {
        Ok(Self {
            link_ttl_s: reader.number("LINK_TTL_S", 600, 1..=600)?,
            session_ttl_s: reader.number("SESSION_TTL_S", 604_800, 1..=604_800)?,
            session_idle_s: reader.number("SESSION_IDLE_S", 86_400, 1..=604_800)?,
            trainings_per_day: reader.number("QUOTA_TRAININGS_PER_DAY", 3, 0..=100_000)?,
            running_trainings: reader.number("QUOTA_RUNNING_TRAININGS", 1, 0..=1000)?,
            predictions_per_day: reader.number("QUOTA_PREDICTIONS_PER_DAY", 100, 0..=1_000_000)?,
            photos_per_model: reader.number("QUOTA_PHOTOS_PER_MODEL", 30, 4..=30)?,
            captions_per_day: reader.number("QUOTA_CAPTIONS_PER_DAY", 100, 0..=1_000_000)?,
            spend_cap_micro_usd: spend_cap(reader)?,
            prices: Prices::read(reader)?,
            paused: match reader.or("PAUSED", "false").as_str() {
                "false" | "0" => false,
                "true" | "1" => true,
                _ => return Err(Misconfigured { variable: "PAUSED" }),
            },
            photo_retention_days: reader.number("PHOTO_RETENTION_DAYS", 30, 1..=3650)?,
            operation_grace_s: reader.number("OPERATION_GRACE_S", 90, 1..=3600)?,
            training_timeout_s: reader.number("TRAINING_TIMEOUT_S", 7200, 60..=86_400)?,
        })
    }
}

/// Dollars with at most two decimals.
fn spend_cap(reader: &Reader<'_>) -> Result<Option<u64>, Misconfigured> {
    let wrong = Misconfigured {
        variable: "SPEND_CAP_USD_PER_DAY",
    };
    let text = reader.or("SPEND_CAP_USD_PER_DAY", "");
    if text.is_empty() {
        return Ok(None);
    }
    let (dollars, cents) = text.split_once('.').unwrap_or((&text, "0"));
    let cents = if cents.len() == 1 {
        format!("{cents}0")
    } else {
        cents.to_owned()
    };
    let parsed = (|| {
        let cents: u64 = cents.parse().ok().filter(|_| cents.len() == 2)?;
        dollars
            .parse::<u64>()
            .ok()?
            .checked_mul(100)?
            .checked_add(cents)?
            .checked_mul(10_000)
    })();
    parsed.map(Some).ok_or(wrong)
}
