//! What operators set, read once and refused when it is unsafe.
//!
//! Every name is in [`NAMES`]; a value that is missing, malformed or only fit for development stops
//! the whole service, and the log names the variable and never its value.

mod keys;
mod limits;
mod parse;
mod prices;
mod replicate;

pub use keys::{Keys, is_key_id};
pub use limits::Rules;
pub use prices::{Price, Prices};
pub use replicate::{Replicate, Trainers};

use parse::{Reader, Source};

/// Which refusals apply.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Environment {
    Production,
    Development,
    Test,
}

impl Environment {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Development => "development",
            Self::Test => "test",
        }
    }
}

/// A variable that is missing, malformed or unsafe.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Misconfigured {
    pub variable: &'static str,
}

#[derive(Clone, Debug)]
pub struct Config {
    pub environment: Environment,
    /// The one origin of links, redirect and webhook addresses, and cookies.
    pub app_origin: String,
    pub replicate: Replicate,
    pub bytescale: Bytescale,
    pub mail: MailAdapter,
    /// `Name <address>`.
    pub email_from: String,
    pub pushover: Option<Pushover>,
    pub facebook: Option<Facebook>,
    pub turnstile: Option<Turnstile>,
    pub keys: Keys,
    pub rules: Rules,
}

#[derive(Clone, Debug)]
pub struct Bytescale {
    pub api_url: String,
    pub cdn_url: String,
    pub secret_key: String,
    /// The seven characters of the key that name the account.
    pub account: String,
    pub signing_key_id: String,
    pub signing_key: Vec<u8>,
}

#[derive(Clone, Debug)]
pub enum MailAdapter {
    /// The binding `EMAIL`.
    Cloudflare,
    Resend {
        url: String,
        api_key: String,
    },
}

#[derive(Clone, Debug)]
pub struct Pushover {
    pub url: String,
    pub token: String,
    pub user: String,
}

#[derive(Clone, Debug)]
pub struct Facebook {
    pub app_id: String,
    pub app_secret: String,
    pub dialog_url: String,
    pub graph_url: String,
}

#[derive(Clone, Debug)]
pub struct Turnstile {
    pub url: String,
    pub site_key: String,
    pub secret: String,
}

impl Turnstile {
    /// Whether the secret is one of Cloudflare's test keys, which no production takes.
    pub fn is_test_key(&self) -> bool {
        is_test_key(&self.secret)
    }
}

/// Keys that begin like this judge nobody: they let everybody pass, or nobody.
fn is_test_key(key: &str) -> bool {
    ["1x", "2x", "3x"]
        .iter()
        .any(|start| key.starts_with(start))
}

/// Every variable and secret there is; a test holds `.dev.vars.example` against it. Those of the
/// operator are read by the build of the pages alone.
pub const NAMES: &[&str] = &[
    "ENVIRONMENT",
    "APP_ORIGIN",
    "REPLICATE_API_URL",
    "REPLICATE_API_TOKEN",
    "REPLICATE_WEBHOOK_SECRET",
    "REPLICATE_DESTINATION",
    "REPLICATE_TRAINER",
    "TRAINER_FALLBACK",
    "REPLICATE_CAPTIONER",
    "BYTESCALE_API_URL",
    "BYTESCALE_CDN_URL",
    "BYTESCALE_SECRET_KEY",
    "BYTESCALE_SIGNING_KEY_ID",
    "BYTESCALE_SIGNING_KEY",
    "FACEBOOK_APP_ID",
    "FACEBOOK_APP_SECRET",
    "FACEBOOK_DIALOG_URL",
    "FACEBOOK_GRAPH_URL",
    "PUSHOVER_URL",
    "PUSHOVER_TOKEN",
    "PUSHOVER_USER",
    "EMAIL_ADAPTER",
    "EMAIL_FROM",
    "RESEND_URL",
    "RESEND_API_KEY",
    "JWT_KEYS",
    "JWT_ACTIVE_KID",
    "EMAIL_ID_KEY",
    "TURNSTILE_URL",
    "TURNSTILE_SECRET",
    "TURNSTILE_SITE_KEY",
    "OPERATOR_NAME",
    "OPERATOR_EMAIL",
    "LINK_TTL_S",
    "SESSION_TTL_S",
    "SESSION_IDLE_S",
    "QUOTA_TRAININGS_PER_DAY",
    "QUOTA_RUNNING_TRAININGS",
    "QUOTA_PREDICTIONS_PER_DAY",
    "QUOTA_PHOTOS_PER_MODEL",
    "QUOTA_CAPTIONS_PER_DAY",
    "SPEND_CAP_USD_PER_DAY",
    "PRICES",
    "PAUSED",
    "PHOTO_RETENTION_DAYS",
    "OPERATION_GRACE_S",
    "TRAINING_TIMEOUT_S",
];

/// What stands for a value that is there and no text, such as a number: no parser here takes it.
pub const NO_TEXT: &str = " no text ";

impl Config {
    /// Reads all of it through `source`, which answers a name with its value.
    pub fn read(source: impl Fn(&str) -> Option<String>) -> Result<Self, Misconfigured> {
        let source: Source = &source;
        let environment = environment(source).ok_or(Misconfigured {
            variable: "ENVIRONMENT",
        })?;
        let reader = Reader {
            source,
            production: environment == Environment::Production,
        };
        Ok(Self {
            environment,
            app_origin: reader.origin("APP_ORIGIN")?,
            replicate: Replicate::read(&reader)?,
            bytescale: bytescale(&reader)?,
            mail: mail(&reader)?,
            email_from: reader.secret("EMAIL_FROM", |v| {
                v.contains('@') && !v.contains(['\r', '\n'])
            })?,
            pushover: pushover(&reader)?,
            facebook: facebook(&reader)?,
            turnstile: turnstile(&reader)?,
            keys: Keys::read(&reader)?,
            rules: Rules::read(&reader)?,
        })
    }
}

fn environment(source: Source<'_>) -> Option<Environment> {
    match source("ENVIRONMENT").as_deref() {
        None | Some("" | "production") => Some(Environment::Production),
        Some("development") => Some(Environment::Development),
        Some("test") => Some(Environment::Test),
        Some(_) => None,
    }
}

/// Whom to tell that the rest cannot be read, if that much can be.
pub fn find_pushover(source: impl Fn(&str) -> Option<String>) -> Option<Pushover> {
    let source: Source = &source;
    let lenient = matches!(
        environment(source),
        Some(Environment::Development | Environment::Test)
    );
    let reader = Reader {
        source,
        production: !lenient,
    };
    pushover(&reader).ok().flatten()
}

fn bytescale(reader: &Reader<'_>) -> Result<Bytescale, Misconfigured> {
    let wrong = |variable| Misconfigured { variable };
    let secret_key = reader.secret("BYTESCALE_SECRET_KEY", |v| v.len() >= 20)?;
    let account = secret_key
        .strip_prefix("secret_")
        .and_then(|rest| rest.get(..7))
        .filter(|account| account.bytes().all(|b| b.is_ascii_alphanumeric()))
        .map(str::to_owned)
        .ok_or(wrong("BYTESCALE_SECRET_KEY"))?;
    let signing_key = parse::base64(&reader.secret("BYTESCALE_SIGNING_KEY", |_| true)?)
        .filter(|key| key.len() >= 16)
        .ok_or(wrong("BYTESCALE_SIGNING_KEY"))?;
    Ok(Bytescale {
        api_url: reader.base("BYTESCALE_API_URL", "https://api.bytescale.com")?,
        cdn_url: reader.base("BYTESCALE_CDN_URL", "https://upcdn.io")?,
        secret_key,
        account,
        signing_key_id: reader.secret("BYTESCALE_SIGNING_KEY_ID", |v| {
            v.bytes().all(|b| b.is_ascii_alphanumeric())
        })?,
        signing_key,
    })
}

fn mail(reader: &Reader<'_>) -> Result<MailAdapter, Misconfigured> {
    match reader.or("EMAIL_ADAPTER", "cloudflare").as_str() {
        "cloudflare" => Ok(MailAdapter::Cloudflare),
        "resend" => Ok(MailAdapter::Resend {
            url: reader.base("RESEND_URL", "https://api.resend.com")?,
            api_key: reader.secret("RESEND_API_KEY", |v| v.starts_with("re_") && v.len() >= 16)?,
        }),
        _ => Err(Misconfigured {
            variable: "EMAIL_ADAPTER",
        }),
    }
}

fn pushover(reader: &Reader<'_>) -> Result<Option<Pushover>, Misconfigured> {
    if reader.all_empty(&["PUSHOVER_TOKEN", "PUSHOVER_USER"]) {
        return Ok(None);
    }
    let key = |v: &str| v.len() == 30 && v.bytes().all(|b| b.is_ascii_alphanumeric());
    Ok(Some(Pushover {
        url: reader.base("PUSHOVER_URL", "https://api.pushover.net/1")?,
        token: reader.secret("PUSHOVER_TOKEN", key)?,
        user: reader.secret("PUSHOVER_USER", key)?,
    }))
}

fn facebook(reader: &Reader<'_>) -> Result<Option<Facebook>, Misconfigured> {
    if reader.all_empty(&["FACEBOOK_APP_ID", "FACEBOOK_APP_SECRET"]) {
        return Ok(None);
    }
    let dialog = "https://www.facebook.com/v26.0/dialog/oauth";
    let facebook = Facebook {
        app_id: reader.secret("FACEBOOK_APP_ID", |v| {
            !v.is_empty() && v.bytes().all(|b| b.is_ascii_digit())
        })?,
        app_secret: reader.secret("FACEBOOK_APP_SECRET", |v| v.len() >= 32)?,
        dialog_url: reader.base("FACEBOOK_DIALOG_URL", dialog)?,
        graph_url: reader.base("FACEBOOK_GRAPH_URL", "https://graph.facebook.com/v26.0")?,
    };
    // Dialog and Graph must speak the same version, or tokens of one surprise the other.
    let version = facebook.graph_url.rsplit('/').next().unwrap_or_default();
    let same = facebook.dialog_url.contains(&format!("/{version}/"));
    same.then_some(Some(facebook)).ok_or(Misconfigured {
        variable: "FACEBOOK_GRAPH_URL",
    })
}

fn turnstile(reader: &Reader<'_>) -> Result<Option<Turnstile>, Misconfigured> {
    if reader.all_empty(&["TURNSTILE_SECRET", "TURNSTILE_SITE_KEY"]) {
        return Ok(None);
    }
    let refused = |v: &str| v.is_empty() || (reader.production && is_test_key(v));
    let real = |v: &str| !refused(v);
    let base = "https://challenges.cloudflare.com/turnstile/v0";
    Ok(Some(Turnstile {
        url: reader.base("TURNSTILE_URL", base)?,
        site_key: reader.secret("TURNSTILE_SITE_KEY", real)?,
        secret: reader.secret("TURNSTILE_SECRET", real)?,
    }))
}

#[cfg(test)]
mod tests;
