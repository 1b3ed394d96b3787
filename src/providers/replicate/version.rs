//! Versions of models: their one spelling here, `owner/name:hash`, and their deletion.

use http::Method;

use crate::config;
use crate::ports::{Fault, Platform};
use crate::providers::call::{self, READ, UNSENDABLE};

/// `owner/name:hash` of a full or a bare version, if it is one.
pub(super) fn normalise(text: &str, destination: &str) -> Option<String> {
    let full = if text.contains(':') {
        text.to_owned()
    } else {
        format!("{destination}:{text}")
    };
    split(&full).is_some().then_some(full)
}

/// Model and hash; only in forms that have one meaning in a URL.
pub(super) fn split(version: &str) -> Option<(&str, &str)> {
    let (model, hash) = version.split_once(':')?;
    let (owner, name) = model.split_once('/')?;
    let part = |part: &str| {
        part.bytes().any(|b| b.is_ascii_alphanumeric())
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    let hex = hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    (part(owner) && part(name) && hash.len() == 64 && hex).then_some((model, hash))
}

/// Asks for the deletion of a version with all its predictions. It takes minutes, so what proves
/// it is [`version_exists`]; one that is gone already is no error.
pub async fn delete_version<P: Platform>(
    platform: &P,
    config: &config::Replicate,
    version: &str,
) -> Result<(), Fault> {
    let answer = ask(platform, config, Method::DELETE, version).await;
    call::unless_gone(answer).map(|_| ())
}

/// Whether Replicate still has the version.
pub async fn version_exists<P: Platform>(
    platform: &P,
    config: &config::Replicate,
    version: &str,
) -> Result<bool, Fault> {
    let answer = ask(platform, config, Method::GET, version).await;
    call::unless_gone(answer).map(|found| found.is_some())
}

async fn ask<P: Platform>(
    platform: &P,
    config: &config::Replicate,
    method: Method,
    version: &str,
) -> Result<Vec<u8>, Fault> {
    let (model, hash) = split(version).ok_or(UNSENDABLE)?;
    let url = format!("{}/models/{model}/versions/{hash}", config.api_url);
    call::send(
        platform,
        call::request(method, &url, &config.token, &[], Vec::new())?,
        READ,
    )
    .await
}
