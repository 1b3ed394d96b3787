//! What can go wrong at a provider: every behaviour that its stand-in can be told to show and that
//! has an end.

use stand_ins::{Behaviour, Script};

use crate::chance::Chance;

/// Switches of the stand-ins whose values are all possible realities of a history.
pub const REALITIES: [(&str, &[&str]); 14] = [
    ("webhook_echo", &["absent", "present"]),
    ("validation", &["late", "creation"]),
    ("throttle_body", &["retry_after", "bare"]),
    ("throttle_header", &["absent", "present"]),
    ("cancel_finished", &["200", "409"]),
    ("aborted_webhook", &["sent", "absent"]),
    ("output_version", &["qualified", "bare"]),
    ("training_retention", &["kept", "purged"]),
    ("fast_logs", &["tqdm", "none"]),
    ("new_fields", &["2026", "2024"]),
    ("webhook_signatures", &["one", "two"]),
    ("zip_names", &["base", "whole"]),
    ("archive_reply", &["sync", "async"]),
    ("missing_delete", &["204", "404"]),
];

fn status(code: u16) -> Behaviour {
    Behaviour::Status {
        code,
        body: None,
        headers: [].into(),
    }
}

/// On the wire, at whoever it is.
fn on_the_wire(chance: &mut Chance) -> Behaviour {
    chance.one_of(&[
        status(500),
        status(502),
        status(503),
        status(429),
        Behaviour::DropBefore,
        Behaviour::DropAfter,
        Behaviour::DropAfter,
        Behaviour::Hang,
        Behaviour::Malformed,
        Behaviour::Truncate { bytes: 20 },
        Behaviour::Delay { ms: 2000 },
        Behaviour::Delay { ms: 30_000 },
        Behaviour::Redirect {
            to: "https://elsewhere.example/".to_owned(),
        },
    ])
}

/// With a run at Replicate, from its creation.
fn with_a_run(chance: &mut Chance) -> Behaviour {
    let fail = |error: &str| Behaviour::Fail {
        error: error.to_owned(),
    };
    chance.one_of(&[
        Behaviour::NsfwSome { n: 1 },
        Behaviour::NsfwAll,
        fail("CUDA out of memory (E1001)"),
        fail("Prediction interrupted; please retry (E6716)"),
        Behaviour::StuckStarting { ms: Some(90_000) },
        Behaviour::StuckStarting { ms: None },
        Behaviour::Aborted,
        Behaviour::UnknownStatus,
        Behaviour::NullLogs,
        Behaviour::ExtraFields,
        Behaviour::NoVersion,
        Behaviour::OutputString,
        Behaviour::OutputData,
        Behaviour::OutputNull,
        Behaviour::Output404,
        Behaviour::OutputSlow { ms: 7000 },
        Behaviour::OutputTruncated { bytes: 50 },
        Behaviour::OutputWrongType,
        Behaviour::OutputForeignHost,
        Behaviour::WebhookDrop,
        Behaviour::WebhookDrop,
        Behaviour::WebhookDuplicate,
        Behaviour::WebhookReorder,
        Behaviour::WebhookDelay { ms: 90_000 },
        Behaviour::WebhookForge,
        Behaviour::WebhookStale,
        Behaviour::WebhookWrongOperation,
        Behaviour::WebhookBeforeAnswer,
    ])
}

/// With files and archives at Bytescale.
fn with_files(chance: &mut Chance) -> Behaviour {
    chance.one_of(&[
        Behaviour::StoredShort { bytes: 10 },
        Behaviour::JobFailed,
        Behaviour::JobStuck,
        Behaviour::ZipTruncated,
        Behaviour::ZipForeignEntry,
        Behaviour::ZipEntryMissing,
        Behaviour::ListingWrong,
    ])
}

pub fn trouble(chance: &mut Chance) -> Script {
    let times = u32::try_from(1 + chance.below(3)).unwrap();
    let skip = u32::try_from(chance.below(2)).unwrap();
    let script = match chance.below(100) {
        0..=24 => Script::new("replicate", with_a_run(chance)).method("POST"),
        25..=44 => creation(chance),
        45..=59 => Script::new("replicate", on_the_wire(chance)).method("GET"),
        60..=63 => Script::new("replicate", status(404)).method("GET"),
        64..=67 => Script::new("replicate", on_the_wire(chance)).path("/cancel"),
        68..=70 => Script::new("replicate", on_the_wire(chance)).method("DELETE"),
        71..=75 => Script::new("replicate-delivery", on_the_wire(chance)),
        76..=83 => Script::new("bytescale", on_the_wire(chance)),
        84..=86 => Script::new("bytescale-cdn", on_the_wire(chance)),
        87..=90 => {
            let provider = chance.one_of(&["bytescale", "bytescale-cdn"]);
            Script::new(provider, with_files(chance))
        }
        91..=96 => Script::new("resend", on_the_wire(chance)),
        _ => Script::new("pushover", on_the_wire(chance)),
    };
    script.times(times).skip(skip)
}

/// With a paid request, before or after it was accepted.
fn creation(chance: &mut Chance) -> Script {
    let path = chance.one_of(&["/trainings", "/predictions"]);
    let refusal = chance.one_of(&[400, 401, 402, 404, 422]);
    let behaviour = if chance.percent(25) {
        status(refusal)
    } else {
        on_the_wire(chance)
    };
    Script::new("replicate", behaviour)
        .method("POST")
        .path(path)
}
