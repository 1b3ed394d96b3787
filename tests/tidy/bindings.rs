//! What the code asks of the runtime is bound in `wrangler.toml`, and nothing else is.

use std::collections::BTreeSet;

use selfie::ports::{Namespace, Shield};

use crate::repository::read;

/// The values of `key` in the sections of that name.
fn values(section: &str, key: &str) -> BTreeSet<String> {
    let text = read("wrangler.toml");
    let mut inside = false;
    let mut found = BTreeSet::new();
    for line in text.lines() {
        if line.starts_with('[') {
            inside = line.trim_matches(['[', ']']) == section;
        } else if inside
            && let Some((name, value)) = line.split_once(" = ")
            && name == key
        {
            found.insert(value.trim_matches('"').to_owned());
        }
    }
    found
}

fn set<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    names.into_iter().map(str::to_owned).collect()
}

#[test]
fn every_namespace_is_bound() {
    assert_eq!(
        values("kv_namespaces", "binding"),
        set(Namespace::ALL.map(Namespace::binding))
    );
}

#[test]
fn every_shield_is_bound() {
    assert_eq!(
        values("ratelimits", "name"),
        set(Shield::ALL.map(Shield::binding))
    );
    let ids = values("ratelimits", "namespace_id");
    assert_eq!(
        ids.len(),
        Shield::ALL.len(),
        "limiters that share an id share their counters"
    );
}

#[test]
fn ledger_assets_and_mail_are_bound() {
    let text = read("wrangler.toml");
    assert!(text.contains("bindings = [{ name = \"LEDGER\", class_name = \"Ledger\" }]"));
    assert_eq!(
        values("migrations", "new_sqlite_classes"),
        set(["[\"Ledger\"]"])
    );
    assert_eq!(values("assets", "binding"), set(["ASSETS"]));
    assert_eq!(values("send_email", "name"), set(["EMAIL"]));
}

/// SECURITY.md, "What is promised": no address and no code is in a log.
#[test]
fn the_runtime_adds_nothing_to_the_log() {
    let observed = |part: &str, key| values(&format!("observability{part}"), key);
    assert_eq!(observed("", "enabled"), set(["true"]));
    assert_eq!(observed(".logs", "enabled"), set(["true"]));
    assert_eq!(observed(".logs", "head_sampling_rate"), set(["1"]));
    assert_eq!(
        observed(".logs", "invocation_logs"),
        set(["false"]),
        "a line for each call holds its address, its headers and where it comes from"
    );
    assert_eq!(
        observed(".traces", "enabled"),
        set(["false"]),
        "a span for each outgoing request holds its address"
    );
}
