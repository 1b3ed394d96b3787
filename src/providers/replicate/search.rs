//! Looking for a run whose creation was never answered. It is never posted again, so it is found
//! in Replicate's lists by what only it has, or it is given up.

use http::Method;
use serde_json::Value;

use super::{Kind, NewPrediction, is_id, order, version};
use crate::config;
use crate::domain::timestamp::Timestamp;
use crate::ports::json::json_struct;
use crate::ports::{Fault, Platform};
use crate::providers::call::{self, READ};

/// A hundred runs each, the newest first.
const MAX_PAGES: u32 = 20;
/// No further page is asked for after this time, so that whoever looks ends before its lease does.
const MAX_SEEKING_S: u64 = 60;
/// How far Replicate's clock may be away from ours.
const CLOCK_SKEW_S: u64 = 60;
/// An order is posted, or given up, this long after it was reserved.
const ORDERED_WITHIN_S: u64 = 600;

/// What a lost prediction is recognised by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WantedPrediction {
    /// It has our operation in it; Replicate does not always repeat it.
    pub webhook_url: String,
    pub input: NewPrediction,
}

json_struct! {
    struct Page {
        next: Option<String>,
        results: Option<Vec<Run>>,
    }
}

json_struct! {
    struct Run {
        id: Option<String>,
        created_at: Option<String>,
        version: Option<String>,
        input: Option<Value>,
        webhook: Option<Value>,
    }
}

/// The training that was given the bundle whose address contains `zip_url_mark`: the path and the
/// query `version={operation}`, which no other training has.
pub async fn find_training<P: Platform>(
    platform: &P,
    config: &config::Replicate,
    zip_url_mark: &str,
    since: Timestamp,
) -> Result<Option<String>, Fault> {
    find_by_address(
        platform,
        config,
        Kind::Training,
        ("input_images", zip_url_mark),
        since,
    )
    .await
}

/// The description of the photo whose address contains `mark`, which no other run has.
pub async fn find_caption<P: Platform>(
    platform: &P,
    config: &config::Replicate,
    mark: &str,
    since: Timestamp,
) -> Result<Option<String>, Fault> {
    find_by_address(platform, config, Kind::Prediction, ("image", mark), since).await
}

/// The run that was given an address which contains a mark, in this field of its input.
async fn find_by_address<P: Platform>(
    platform: &P,
    config: &config::Replicate,
    kind: Kind,
    (field, mark): (&str, &str),
    since: Timestamp,
) -> Result<Option<String>, Fault> {
    let mut found = None;
    seek(platform, config, kind, since, &mut |run| {
        if has_address(&run, field, mark) {
            found = known_id(run);
        }
        found.is_some()
    })
    .await?;
    Ok(found)
}

/// The predictions that may be the wanted one, the oldest first; the one that names our webhook alone,
/// where one does. Without it another operation may have asked for the same.
pub async fn find_prediction<P: Platform>(
    platform: &P,
    config: &config::Replicate,
    wanted: &WantedPrediction,
    since: Timestamp,
) -> Result<Vec<String>, Fault> {
    let input = order::prediction_input(&wanted.input);
    let mut certain = None;
    let mut likely = Vec::new();
    seek(platform, config, Kind::Prediction, since, &mut |run| {
        match (compare(&run, wanted, &input), known_id(run)) {
            (Some(true), Some(id)) => certain = Some(id),
            (Some(false), Some(id)) => likely.push(id),
            _ => {}
        }
        certain.is_some()
    })
    .await?;
    if let Some(id) = certain {
        return Ok(vec![id]);
    }
    likely.reverse();
    Ok(likely)
}

fn known_id(run: Run) -> Option<String> {
    run.id.filter(|id| is_id(id))
}

/// Whether what it was given under that name is the address with the mark.
fn has_address(run: &Run, name: &str, mark: &str) -> bool {
    let given = run.input.as_ref().and_then(|input| input.get(name));
    !mark.is_empty()
        && given
            .and_then(Value::as_str)
            .is_some_and(|url| url.contains(mark))
}

/// Whether it may be the one, and if so, whether its webhook proves it.
fn compare(run: &Run, wanted: &WantedPrediction, input: &Value) -> Option<bool> {
    if let Some(Value::String(webhook)) = &run.webhook {
        return (*webhook == wanted.webhook_url).then_some(true);
    }
    // Lists name a version by its bare hash.
    let hash = |version: &str| version.rsplit(':').next().map(str::to_owned);
    let wanted_hash = version::split(&wanted.input.provider_version)?.1;
    let same_version = run.version.as_deref().and_then(hash).as_deref() == Some(wanted_hash);
    let theirs = run.input.as_ref()?;
    let same = |(name, value): (&String, &Value)| theirs.get(name).is_some_and(|v| equal(v, value));
    (same_version && input.as_object()?.iter().all(same)).then_some(false)
}

/// Numbers are compared by value: 3, 3.0 and 3e0 are one.
fn equal(a: &Value, b: &Value) -> bool {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a.total_cmp(&b).is_eq(),
        _ => a == b,
    }
}

/// Goes through the runs since a moment, page by page, until `is_it` has taken one or none is left.
/// A list that is not read to its end proves no absence, and is a fault.
async fn seek<P: Platform>(
    platform: &P,
    config: &config::Replicate,
    kind: Kind,
    reserved_at: Timestamp,
    is_it: &mut dyn FnMut(Run) -> bool,
) -> Result<(), Fault> {
    let since = reserved_at.minus_s(CLOCK_SKEW_S);
    let end = platform.now().plus_s(MAX_SEEKING_S);
    let base = format!("{}/{}", config.api_url, kind.collection());
    let mut url = match kind {
        Kind::Training => base.clone(),
        // A busy account has made many more since; those are left out where that can be asked for.
        Kind::Prediction => {
            let until = reserved_at.plus_s(ORDERED_WITHIN_S.saturating_add(CLOCK_SKEW_S));
            let (since, until) = (since.to_rfc3339(), until.to_rfc3339());
            format!("{base}?created_after={since}&created_before={until}")
        }
    };
    for _ in 0..MAX_PAGES {
        let request = call::request(Method::GET, &url, &config.token, &[], Vec::new())?;
        let body = call::send(platform, request, READ).await?;
        let page: Page = call::read_json(&body, "body")?;
        let mut reached = false;
        for run in page.results.ok_or(Fault::malformed("results"))? {
            if is_older(&run, since) {
                reached = true;
            } else if is_it(run) {
                return Ok(());
            }
        }
        let Some(next) = page.next.filter(|_| !reached) else {
            return Ok(());
        };
        // Our token goes wherever this leads.
        let tail = next.strip_prefix(&base);
        tail.filter(|tail| tail.starts_with('?'))
            .ok_or(Fault::malformed("next"))?;
        url = next;
        if platform.now() >= end {
            break;
        }
    }
    Err(Fault::Timeout)
}

fn is_older(run: &Run, since: Timestamp) -> bool {
    let created = run.created_at.as_deref().and_then(Timestamp::from_rfc3339);
    created.is_some_and(|created| created < since)
}

#[cfg(test)]
mod tests;
