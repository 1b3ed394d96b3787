//! Scripts: what a test wants to go wrong, for which request and how often.
//! A script acts on the wire (the answer is changed) or as an effect (the provider itself misbehaves); this module never carries either out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::wire::Incoming;

/// One scripted behaviour and the requests it is for; scripts are tried in the order they were given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Script {
    /// `replicate`, `replicate-delivery`, `bytescale`, `bytescale-cdn`, `resend`, `pushover`, `facebook` or `turnstile`.
    pub provider: String,
    #[serde(default)]
    pub method: Option<String>,
    /// A part of the path and query.
    #[serde(default)]
    pub path: Option<String>,
    #[serde(flatten)]
    pub behaviour: Behaviour,
    /// How many requests it acts on; none means until cleared.
    #[serde(default)]
    pub times: Option<u32>,
    /// How many matching requests pass first.
    #[serde(default)]
    pub skip: u32,
}

/// What a script does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "behaviour", rename_all = "snake_case")]
pub enum Behaviour {
    // On the wire, for any provider.
    Ok,
    /// Handled at once, answered later.
    Delay {
        ms: u64,
    },
    /// Answered without being handled; without a body the provider's own words for that status.
    Status {
        #[serde(rename = "status")]
        code: u16,
        #[serde(default)]
        body: Option<String>,
        #[serde(default)]
        headers: BTreeMap<String, String>,
    },
    /// Handled, and the answer is not the JSON it claims to be.
    Malformed,
    Truncate {
        bytes: usize,
    },
    /// Cut before anything was handled.
    DropBefore,
    /// Cut after everything was handled.
    DropAfter,
    Redirect {
        to: String,
    },
    /// Handled, and the answer is padded to this many bytes.
    Huge {
        bytes: usize,
    },
    Hang,
    // Replicate: fixed when the job is created.
    NsfwSome {
        n: usize,
    },
    NsfwAll,
    Fail {
        error: String,
    },
    /// Without `ms` for ever.
    StuckStarting {
        #[serde(default)]
        ms: Option<u64>,
    },
    Aborted,
    UnknownStatus,
    NullLogs,
    ExtraFields,
    /// A training that succeeds without a version.
    NoVersion,
    /// A vision model says this.
    Say {
        text: String,
    },
    OutputString,
    OutputData,
    OutputNull,
    #[serde(rename = "output_404")]
    Output404,
    OutputSlow {
        ms: u64,
    },
    OutputTruncated {
        bytes: usize,
    },
    OutputWrongType,
    OutputForeignHost,
    WebhookDrop,
    WebhookDuplicate,
    /// `start` comes after `completed`.
    WebhookReorder,
    WebhookDelay {
        ms: u64,
    },
    WebhookForge,
    WebhookStale,
    WebhookWrongOperation,
    WebhookBeforeAnswer,
    // Bytescale.
    /// Only the first bytes of the upload are stored.
    StoredShort {
        bytes: usize,
    },
    JobFailed,
    JobStuck,
    ZipTruncated,
    ZipForeignEntry,
    ZipEntryMissing,
    ListingWrong,
    // Resend.
    /// Accepted and never delivered.
    Suppressed,
    DeliverLate {
        ms: u64,
    },
    DeliverTwice,
    // Facebook.
    /// Refused with this code of the Graph's.
    Graph {
        code: u32,
    },
    /// The profile says something else, or less.
    Profile {
        #[serde(default)]
        set: Map<String, Value>,
        #[serde(default)]
        without: Vec<String>,
    },
    // Turnstile.
    InternalError,
    /// The verification says something else.
    Answer {
        set: Map<String, Value>,
    },
}

impl Behaviour {
    fn is_on_the_wire(&self) -> bool {
        matches!(
            self,
            Self::Ok
                | Self::Delay { .. }
                | Self::Status { .. }
                | Self::Malformed
                | Self::Truncate { .. }
                | Self::DropBefore
                | Self::DropAfter
                | Self::Redirect { .. }
                | Self::Huge { .. }
                | Self::Hang
        )
    }
}

impl Script {
    /// A script for every request to the provider, until cleared.
    #[must_use]
    pub fn new(provider: &str, behaviour: Behaviour) -> Self {
        Self {
            provider: provider.to_owned(),
            method: None,
            path: None,
            behaviour,
            times: None,
            skip: 0,
        }
    }

    /// Only for this method.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        self.method = Some(method.to_owned());
        self
    }

    /// Only where the path and query contain this.
    #[must_use]
    pub fn path(mut self, part: &str) -> Self {
        self.path = Some(part.to_owned());
        self
    }

    /// Only so many times.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Only after so many matching requests.
    #[must_use]
    pub fn skip(mut self, requests: u32) -> Self {
        self.skip = requests;
        self
    }

    fn matches(&self, provider: &str, request: &Incoming) -> bool {
        self.provider == provider
            && self.times != Some(0)
            && self
                .method
                .as_deref()
                .is_none_or(|method| request.method.as_str().eq_ignore_ascii_case(method))
            && self
                .path
                .as_deref()
                .is_none_or(|part| request.target.contains(part))
    }

    /// Uses the script up by one request; nothing when it still lets requests pass.
    fn consume(&mut self) -> Option<Behaviour> {
        if let Some(left) = self.skip.checked_sub(1) {
            self.skip = left;
            return None;
        }
        self.times = self.times.map(|left| left.saturating_sub(1));
        Some(self.behaviour.clone())
    }
}

#[derive(Debug, Default)]
pub(crate) struct Scripts(Vec<Script>);

impl Scripts {
    pub fn add(&mut self, script: Script) {
        self.0.push(script);
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|script| script.times == Some(0))
    }

    /// The first behaviour on the wire for this request.
    pub fn on_the_wire(&mut self, provider: &str, request: &Incoming) -> Option<Behaviour> {
        self.0
            .iter_mut()
            .filter(|script| script.behaviour.is_on_the_wire() && script.matches(provider, request))
            .find_map(Script::consume)
    }

    /// All effects for this request.
    pub fn effects(&mut self, provider: &str, request: &Incoming) -> Vec<Behaviour> {
        self.0
            .iter_mut()
            .filter(|script| {
                !script.behaviour.is_on_the_wire() && script.matches(provider, request)
            })
            .filter_map(Script::consume)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(target: &str) -> Incoming {
        Incoming {
            method: http::Method::GET,
            host: String::new(),
            target: target.to_owned(),
            path: target.to_owned(),
            query: String::new(),
            headers: http::HeaderMap::new(),
            body: Vec::new(),
        }
    }

    #[test]
    fn a_script_skips_acts_and_is_used_up() {
        let mut scripts = Scripts::default();
        scripts.add(
            Script::new("resend", Behaviour::Hang)
                .path("/emails")
                .skip(1)
                .times(1),
        );
        let request = request("/resend/emails");
        let seen: Vec<_> = (0..3)
            .map(|_| scripts.on_the_wire("resend", &request))
            .collect();
        assert_eq!(seen, [None, Some(Behaviour::Hang), None]);
        assert_eq!(scripts.on_the_wire("pushover", &request), None);
    }

    #[test]
    fn a_script_is_read_from_flat_json() {
        let script: Script =
            serde_json::from_str(r#"{"provider":"replicate","method":"POST","behaviour":"status","status":500,"times":2}"#).unwrap();
        let status = Behaviour::Status {
            code: 500,
            body: None,
            headers: BTreeMap::new(),
        };
        assert_eq!(
            script,
            Script::new("replicate", status).method("POST").times(2)
        );
        let output: Script =
            serde_json::from_str(r#"{"provider":"replicate","behaviour":"output_404"}"#).unwrap();
        assert_eq!(output.behaviour, Behaviour::Output404);
    }
}
