//! What documents tell people to do can be done, and what they point to is there.

use std::collections::{BTreeMap, BTreeSet};

use crate::repository::{assert_none, code_spans, files, read, root};

/// Programs that a command in a document begins with.
const PROGRAMS: [&str; 9] = [
    "make", "cargo", "npx", "npm", "node", "curl", "wrangler", "bash", "python3",
];

/// Commands that are no make target: those that need an operator's account, and those that a tool
/// of the project runs or that only name a configuration.
const NO_TARGETS: [&str; 5] = [
    "npx wrangler login",
    "npx wrangler rollback",
    "wrangler secret put",
    "npm ci --ignore-scripts",
    "wrangler check startup",
];

fn documents() -> Vec<String> {
    let mut all = files("docs", &[".md"]);
    for page in [
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "tests/README.md",
    ] {
        all.push(page.to_owned());
    }
    all
}

fn targets() -> BTreeSet<String> {
    read("Makefile")
        .lines()
        .filter_map(|line| line.strip_prefix(".PHONY: "))
        .map(str::to_owned)
        .collect()
}

/// The commands of a document: code between backticks, and the lines of `sh` blocks.
fn commands(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut fence = None;
    for line in text.lines() {
        match (line.trim().strip_prefix("```"), fence) {
            (Some(language), None) => fence = Some(language),
            (Some(_), Some(_)) => fence = None,
            (None, Some("sh")) => {
                let command = line.split(" # ").next().unwrap().trim();
                found.push(command.to_owned());
            }
            (None, Some(_)) => {}
            (None, None) => found.extend(code_spans(line).into_iter().map(str::to_owned)),
        }
    }
    let is_command = |text: &String| {
        let (program, rest) = text.split_once(' ').unwrap_or((text, ""));
        PROGRAMS.contains(&program) && !rest.is_empty()
    };
    found.retain(is_command);
    found
}

#[test]
fn every_command_in_a_document_is_a_make_target_or_run_elsewhere() {
    let targets = targets();
    let mut unknown = Vec::new();
    // A decision says what was run at its time.
    let to_be_followed = |path: &String| !path.starts_with("docs/decisions/");
    for path in documents().into_iter().filter(to_be_followed) {
        for command in commands(&read(&path)) {
            let known = match command.strip_prefix("make ") {
                Some(rest) => targets.contains(rest.split(' ').next().unwrap()),
                None => NO_TARGETS.contains(&command.as_str()),
            };
            if !known {
                unknown.push(format!("{path}: {command}"));
            }
        }
    }
    assert_none(
        &unknown,
        "A command in a document is a make target, or stands in tests/tidy/documents.rs with a reason.",
    );
}

#[test]
fn every_decision_has_a_number_of_its_own() {
    let mut by_number: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in files("docs/decisions", &[".md"]) {
        let name = path.rsplit('/').next().unwrap();
        let number = name.split('-').next().unwrap();
        let heading = format!("# {}. ", number.trim_start_matches('0'));
        assert!(read(&path).starts_with(&heading), "{path}: {heading:?}");
        by_number.entry(number.to_owned()).or_default().push(path);
    }
    by_number.retain(|_, paths| paths.len() > 1);
    assert!(by_number.is_empty(), "{by_number:?}");
}

#[test]
fn every_link_between_documents_leads_to_a_file() {
    let mut broken = Vec::new();
    for path in documents() {
        let text = read(&path);
        let folder = root().join(&path);
        let folder = folder.parent().unwrap();
        for target in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let target = target.split('#').next().unwrap();
            let elsewhere = target.is_empty() || target.contains("://") || target.contains(' ');
            if !elsewhere && !folder.join(target).exists() {
                broken.push(format!("{path}: {target}"));
            }
        }
    }
    assert_none(&broken, "A link in a document leads to a file.");
}

#[test]
fn commands_are_read_out_of_spans_and_blocks() {
    let text = "Say `make a B=c` or `x`.\n```sh\nmake b   # why\n```\n```text\nmake c\n```\n`make`";
    assert_eq!(commands(text), ["make a B=c", "make b"]);
}
