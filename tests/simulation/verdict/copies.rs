//! What lies elsewhere is what the ledger says: mirrors in KV, files at Bytescale, lines in the log.

use std::collections::{BTreeMap, BTreeSet};

use selfie::ledger::Kind;
use selfie::ports::Book;

use super::books::of_people;
use crate::platform::Sim;

/// What must never stand in a log line.
const SECRETS: [&str; 8] = [
    "@", "eyJ", "r8_", "secret_", "whsec_", "sig=", "://", "wish ",
];

/// Every mirror says what its row says, and there is one for each.
pub fn of_records(sim: &Sim) -> Vec<String> {
    let mut rows = BTreeMap::new();
    for book in of_people(sim) {
        let Book::User(user) = &book else { continue };
        for (kind, namespace, prefix) in [
            (Kind::User, "USERS/email", "."),
            (Kind::Model, "MODELS/", user.as_str()),
            (Kind::Prediction, "PREDICTIONS/", user.as_str()),
        ] {
            for (key, text) in sim.fake.rows_of(&book, kind) {
                let name = match kind {
                    Kind::User => format!("{namespace}{prefix}{user}"),
                    _ => format!("{namespace}{prefix}.{key}"),
                };
                rows.insert(name, text);
            }
        }
    }
    let kept = sim.fake.kv_entries().into_iter();
    let kept = kept.filter(|(name, _)| !name.starts_with("SESSIONS") && !name.starts_with("MAGIC"));
    let kept: BTreeMap<String, String> = kept.collect();
    let names: BTreeSet<&String> = rows.keys().chain(kept.keys()).collect();
    let differ = names
        .into_iter()
        .filter(|name| rows.get(*name) != kept.get(*name));
    differ
        .map(|name| {
            let field = first_difference(kept.get(name), rows.get(name));
            format!("{name} in KV is not what its row says: {field}")
        })
        .collect()
}

fn first_difference(kept: Option<&String>, row: Option<&String>) -> String {
    let (Some(kept), Some(row)) = (kept, row) else {
        let (kept, row) = (kept.is_some(), row.is_some());
        return format!("in KV {kept}, in the ledger {row}");
    };
    let fields = kept.split(',').zip(row.split(','));
    let mut different = fields.filter(|(kept, row)| kept != row);
    let (kept, row) = different.next().unwrap_or_default();
    format!("{kept} for {row}")
}

/// No file is stored that no record names.
pub fn of_files(sim: &Sim) -> Vec<String> {
    let mut named = String::new();
    for book in of_people(sim) {
        for kind in [Kind::Model, Kind::Photo, Kind::Prediction] {
            named.extend(
                sim.fake
                    .rows_of(&book, kind)
                    .into_iter()
                    .map(|(_, text)| text),
            );
        }
    }
    let outside = sim.outside.borrow();
    let stray = |path: &&str| {
        // A caption lies beside its photo, under the same stem.
        let stem = path.strip_suffix("txt").unwrap_or(path);
        !named.contains(stem)
    };
    let paths = outside.files().map(|file| file.path.as_str());
    let strays = paths.filter(stray);
    strays
        .map(|path| format!("{path} is stored for nobody"))
        .collect()
}

pub fn of_log_lines(sim: &Sim) -> Vec<String> {
    let lines = sim.fake.lines().into_iter();
    lines
        .filter(|line| SECRETS.iter().any(|secret| line.contains(secret)))
        .map(|line| format!("logged: {line}"))
        .collect()
}
