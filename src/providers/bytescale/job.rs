//! Work that Bytescale does after its answer, looked at until it is over or has taken too long.

use http::Method;

use super::{api_url, empty};
use crate::config;
use crate::ports::json::json_struct;
use crate::ports::{Fault, Platform};
use crate::providers::call::{self, READ};

const MAX_LOOKS: u32 = 8;
const PAUSE_MS: u32 = 1000;
/// A job that Bytescale gave up is its own trouble, and may work when it is asked for again.
const FAILED: Fault = Fault::Refused {
    status: 500,
    retry_after_s: None,
};

/// A job that has been taken on.
pub(super) struct Accepted {
    kind: String,
    id: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    Succeeded,
    Open,
}

impl Accepted {
    /// Only id and kind are read: the `jobUrl` beside them is somebody else's idea of an address.
    pub fn read(body: &[u8]) -> Result<Self, Fault> {
        json_struct! {
            struct Answer {
                job_type as "jobType": Option<String>,
                job_id as "jobId": Option<String>,
            }
        }
        let answer: Answer = call::read_json(body, "body")?;
        let plain = |text: &String| {
            (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
        };
        Ok(Self {
            kind: answer
                .job_type
                .filter(plain)
                .ok_or(Fault::malformed("jobType"))?,
            id: answer
                .job_id
                .filter(plain)
                .ok_or(Fault::malformed("jobId"))?,
        })
    }
}

/// Looks once a second for a few seconds; a job that is still open then goes on without us.
pub(super) async fn wait<P: Platform>(
    platform: &P,
    config: &config::Bytescale,
    job: &Accepted,
) -> Result<State, Fault> {
    let url = api_url(config, &format!("/jobs/{}/{}", job.kind, job.id), &[]);
    for look in 0..MAX_LOOKS {
        if look > 0 {
            platform.pause(PAUSE_MS).await;
        }
        let body = call::send(platform, empty(config, Method::GET, &url)?, READ).await?;
        if read_state(&body)? == State::Succeeded {
            return Ok(State::Succeeded);
        }
    }
    Ok(State::Open)
}

fn read_state(body: &[u8]) -> Result<State, Fault> {
    json_struct! {
        struct Job {
            status: Option<String>,
        }
    }
    let job: Job = call::read_json(body, "body")?;
    match job.status.as_deref() {
        Some("Succeeded") => Ok(State::Succeeded),
        Some("Created" | "Pending" | "Running") => Ok(State::Open),
        Some("Rollback" | "Failed" | "Cancelling" | "Cancelled") => Err(FAILED),
        _ => Err(Fault::malformed("status")),
    }
}
