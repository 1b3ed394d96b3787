//! `docs/OPERATIONS.md` says what to do on every alert that there is.

use std::collections::BTreeSet;

use crate::repository::{assert_none, code_spans, read, rows, section};
use crate::rust_source::shipped;

const RULE: &str = "docs/OPERATIONS.md, \"Alerts\", says nothing of these kinds:";
/// Where kinds are chosen before an alert is made of them.
const CHOSEN_IN: [&str; 5] = [
    "src/app/book_submission.rs",
    "src/app/hold_spend.rs",
    "src/app/sign_in_with_facebook.rs",
    "src/ledger/commands/observe/settle.rs",
    "src/ledger/commands/session.rs",
];

/// The texts in quotes that are words with hyphens between them.
fn words(source: &str) -> impl Iterator<Item = &str> {
    let is_kind = |text: &&str| {
        text.contains('-')
            && text
                .split('-')
                .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric()))
    };
    source.split('"').skip(1).step_by(2).filter(is_kind)
}

fn kinds() -> BTreeSet<String> {
    let mut kinds = BTreeSet::new();
    for path in shipped("src") {
        let source = read(&path);
        for part in source.split("Alert::new(").skip(1) {
            let first = part.trim_start();
            if first.starts_with('"') {
                kinds.extend(words(first).next().map(str::to_owned));
            }
        }
    }
    for path in CHOSEN_IN {
        let chosen = read(path);
        let of_alerts = |kind: &&str| {
            [
                "facebook-",
                "training-",
                "prediction-",
                "new-",
                "replicate-",
                "spend-",
            ]
            .iter()
            .any(|prefix| kind.starts_with(prefix))
        };
        kinds.extend(words(&chosen).filter(of_alerts).map(str::to_owned));
    }
    kinds
}

#[test]
fn every_alert_is_explained() {
    let kinds = kinds();
    assert!(kinds.len() > 15, "only these were found: {kinds:?}");
    let text = read("docs/OPERATIONS.md");
    let known: BTreeSet<String> = rows(section(&text, "## Alerts"))
        .into_iter()
        .flat_map(|cells| code_spans(cells[0]))
        .map(str::to_owned)
        .collect();
    let missing: Vec<String> = kinds.difference(&known).cloned().collect();
    assert_none(&missing, RULE);
}
