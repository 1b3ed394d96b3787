//! Variables and secrets: the code, the example file, the deployment and the document name the
//! same ones.

use std::collections::BTreeSet;

use selfie::config::NAMES;
use selfie::fake::settings;
use stand_ins::Settings;

use crate::repository::{code_spans, read, rows, section};

/// The variables of `.dev.vars.example`, and which of them are secrets.
fn example() -> Vec<(String, bool)> {
    let mut secret = false;
    let mut variables = Vec::new();
    for line in read(".dev.vars.example").lines() {
        if let Some(comment) = line.strip_prefix('#') {
            secret = comment.trim_start().starts_with("Secret:");
        } else if let Some((name, _)) = line.split_once('=') {
            variables.push((name.to_owned(), secret));
        }
    }
    variables
}

fn deployed() -> BTreeSet<String> {
    let text = read("wrangler.toml");
    let (_, vars) = text.split_once("\n[vars]\n").unwrap();
    vars.lines()
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name.to_owned())
        .collect()
}

fn known() -> BTreeSet<String> {
    NAMES.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn the_example_names_every_variable_once() {
    let names: Vec<String> = example().into_iter().map(|(name, _)| name).collect();
    let set: BTreeSet<String> = names.iter().cloned().collect();
    assert_eq!(
        names.len(),
        set.len(),
        ".dev.vars.example has a variable twice"
    );
    assert_eq!(set, known(), ".dev.vars.example and config::NAMES differ");
}

#[test]
fn the_deployment_sets_every_variable_and_no_secret() {
    let secrets: BTreeSet<String> = example()
        .into_iter()
        .filter_map(|(name, secret)| secret.then_some(name))
        .collect();
    assert!(secrets.len() >= 10, "found only these secrets: {secrets:?}");
    let plain: BTreeSet<String> = known().difference(&secrets).cloned().collect();
    assert_eq!(
        deployed(),
        plain,
        "[vars] of wrangler.toml differs from the variables that are no secrets"
    );
}

#[test]
fn the_document_lists_every_variable() {
    let text = read("docs/API.md");
    let documented: BTreeSet<String> = rows(section(&text, "## Configuration"))
        .into_iter()
        .flat_map(|cells| {
            code_spans(cells[0])
                .into_iter()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(
        documented,
        known(),
        "docs/API.md, \"Configuration\", and config::NAMES differ"
    );
}

#[test]
fn the_stand_ins_know_the_development_credentials() {
    let known = Settings::default();
    let pairs = [
        ("REPLICATE_API_TOKEN", known.replicate_token),
        ("REPLICATE_WEBHOOK_SECRET", known.replicate_webhook_secret),
        ("REPLICATE_DESTINATION", known.replicate_destination),
        ("BYTESCALE_SECRET_KEY", known.bytescale_secret_key),
        ("BYTESCALE_SIGNING_KEY_ID", known.bytescale_signing_key_id),
        ("BYTESCALE_SIGNING_KEY", known.bytescale_signing_key),
        ("RESEND_API_KEY", known.resend_api_key),
        ("PUSHOVER_TOKEN", known.pushover_token),
        ("PUSHOVER_USER", known.pushover_user),
        ("FACEBOOK_APP_ID", known.facebook_app_id),
        ("FACEBOOK_APP_SECRET", known.facebook_app_secret),
    ];
    for (name, value) in pairs {
        assert_eq!(
            settings(name),
            Some(value),
            "{name}: .dev.vars.example and stand-ins/src/settings.rs differ"
        );
    }
    let sender = settings("EMAIL_FROM").unwrap();
    assert!(
        sender.ends_with(&format!("@{}>", known.resend_domain)),
        "EMAIL_FROM: {sender}"
    );
    for (name, path) in [
        ("REPLICATE_API_URL", "/replicate/v1"),
        ("BYTESCALE_API_URL", "/bytescale"),
        ("BYTESCALE_CDN_URL", "/bytescale-cdn"),
        ("RESEND_URL", "/resend"),
        ("PUSHOVER_URL", "/pushover/1"),
        ("FACEBOOK_DIALOG_URL", "/facebook/v26.0/dialog/oauth"),
        ("FACEBOOK_GRAPH_URL", "/facebook/v26.0"),
        ("TURNSTILE_URL", "/turnstile/v0"),
    ] {
        assert_eq!(
            settings(name),
            Some(format!("{}{path}", known.origin)),
            "{name}"
        );
    }
}

#[test]
fn every_development_secret_is_refused_in_production() {
    let refused = selfie::fake::config(&[("ENVIRONMENT", "production")]);
    assert!(
        refused.is_err(),
        "the committed values start a production service"
    );
}
