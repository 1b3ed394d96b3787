//! The repository as the tests read it: its files and the tables of its documents.

use std::fs;
use std::path::Path;

/// What nobody wrote, or what is somebody else's.
const FOREIGN: [&str; 8] = [
    "node_modules",
    "target",
    "build",
    "package",
    "test-results",
    "playwright-report",
    ".svelte-kit",
    ".git",
];

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The files under a folder whose names end in one of `endings`, as paths from the root, in order.
pub fn files(folder: &str, endings: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    collect(&root().join(folder), endings, &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, endings: &[&str], found: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for path in entries.map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !FOREIGN.contains(&name.as_str()) {
                collect(&path, endings, found);
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(
                path.strip_prefix(root())
                    .unwrap()
                    .to_string_lossy()
                    .into_owned(),
            );
        }
    }
}

/// The text between a heading of a document and the next one of the same level or above.
pub fn section<'t>(text: &'t str, heading: &str) -> &'t str {
    let level = heading.find(' ').unwrap();
    let start = text
        .find(&format!("\n{heading}\n"))
        .unwrap_or_else(|| panic!("no {heading}"));
    let body = &text[start + heading.len() + 2..];
    let ends = (1..=level).filter_map(|marks| body.find(&format!("\n{} ", "#".repeat(marks))));
    ends.min().map_or(body, |end| &body[..end])
}

/// The rows of the tables in a text, each as its cells; headings and rules are left out.
pub fn rows(text: &str) -> Vec<Vec<&str>> {
    let lines: Vec<&str> = text.lines().collect();
    lines
        .iter()
        .enumerate()
        .filter(|(index, line)| {
            let before_rule = lines
                .get(index + 1)
                .is_some_and(|next| next.starts_with("|---"));
            line.starts_with('|') && !line.starts_with("|---") && !before_rule
        })
        .map(|(_, line)| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect()
}

/// What stands between backticks in a text.
pub fn code_spans(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// Fails with all of `violations`, and the rule that they break.
#[track_caller]
pub fn assert_none(violations: &[String], rule: &str) {
    assert!(
        violations.is_empty(),
        "{rule}\n  {}",
        violations.join("\n  ")
    );
}

/// Holds a file that nobody wrote against what it is made of; `make update` writes it anew.
#[track_caller]
pub fn assert_made(path: &str, made: &str) {
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        fs::write(root().join(path), made).unwrap();
    }
    assert!(
        read(path) == made,
        "{path} is not what it is made of: run `make update`"
    );
}
