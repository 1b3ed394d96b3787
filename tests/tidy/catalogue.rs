//! The tests that the product must have, by id, and where each is. The cases stand in `required.txt`;
//! a test says which it is at the start of its doc comment, and of a script in the comment above it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::repository::{assert_none, files, read, root, rows};

const CASES: &str = include_str!("required.txt");
const PAGE: &str = "tests/README.md";
const HEADING: &str = "## Required tests\n";
const NOWHERE: &str = "—";

struct Case {
    group: &'static str,
    id: &'static str,
    text: &'static str,
}

fn cases() -> Vec<Case> {
    let mut group = "";
    let mut cases = Vec::new();
    for line in CASES.lines().filter(|line| !line.is_empty()) {
        match line.strip_prefix("# ") {
            Some(name) => group = name,
            None => {
                let (id, text) = line.split_once(' ').unwrap();
                cases.push(Case { group, id, text });
            }
        }
    }
    cases
}

/// The id at the start of a comment: two capitals, a hyphen and two digits.
fn id_of(comment: &str) -> Option<&str> {
    let id = comment.get(..5)?;
    let (group, number) = id.split_once('-')?;
    let is_id = group.len() == 2
        && group.bytes().all(|b| b.is_ascii_uppercase())
        && number.bytes().all(|b| b.is_ascii_digit());
    let ends = comment
        .get(5..)
        .is_none_or(|rest| rest.is_empty() || rest.starts_with(':'));
    (is_id && ends).then_some(id)
}

/// A test of a case: the id, the name and the file.
type Tagged = (String, String, String);

/// What the comments that begin with `mark` say of the tests that follow them.
fn tagged_in(path: &str, mark: &str, name: impl Fn(&str) -> Option<String>) -> Vec<Tagged> {
    let text = read(path);
    let mut tagged = Vec::new();
    let mut place = 0;
    for line in text.split_inclusive('\n') {
        place += line.len();
        let comment = line.trim_start().strip_prefix(mark);
        let Some(id) = comment.and_then(|comment| id_of(comment.trim())) else {
            continue;
        };
        let name = name(&text[place..])
            .unwrap_or_else(|| panic!("{path}: {id} stands before something that is no test"));
        tagged.push((id.to_owned(), name, path.to_owned()));
    }
    tagged
}

/// The name of the function that follows, which must be a test.
fn rust_name(rest: &str) -> Option<String> {
    let (before, after) = rest.split_once("fn ")?;
    let is_test = before.contains("#[test]") && !before.contains('}');
    is_test.then(|| after.split(['(', '<']).next().unwrap().to_owned())
}

/// The title of the test that follows.
fn script_name(rest: &str) -> Option<String> {
    let code = rest
        .lines()
        .skip_while(|line| line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let title = code.trim_start().strip_prefix("test(")?.trim_start();
    let quote = title.chars().next().filter(|c| "\"'`".contains(*c))?;
    title[1..].split(quote).next().map(str::to_owned)
}

fn tagged() -> Vec<Tagged> {
    let rust = ["src", "stand-ins", "tests"].map(|folder| files(folder, &[".rs"]));
    let scripts = ["tests", "frontend/src"].map(|folder| files(folder, &[".mjs", ".ts"]));
    let in_rust = rust.concat();
    let in_scripts = scripts.concat();
    let mut tagged: Vec<Tagged> = in_rust
        .iter()
        .flat_map(|path| tagged_in(path, "///", rust_name))
        .chain(
            in_scripts
                .iter()
                .flat_map(|path| tagged_in(path, "//", script_name)),
        )
        .collect();
    tagged.sort();
    tagged
}

fn rendered() -> String {
    let mut found: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for (id, name, path) in tagged() {
        found.entry(id).or_default().push((name, path));
    }
    let mut text = String::new();
    let mut group = "";
    for case in cases() {
        if case.group != group {
            group = case.group;
            let _ = write!(
                text,
                "\n### {group}\n\n| id | case | test | file |\n|---|---|---|---|\n"
            );
        }
        let Case { id, text: what, .. } = case;
        let Some(tests) = found.get(id) else {
            let _ = writeln!(text, "| {id} | {what} | {NOWHERE} | |");
            continue;
        };
        for (name, path) in tests {
            let _ = writeln!(text, "| {id} | {what} | {name} | `{path}` |");
        }
    }
    text
}

fn written() -> String {
    let page = read(PAGE);
    page.split_once(HEADING).unwrap().1.to_owned()
}

#[test]
fn the_table_says_where_each_required_test_is() {
    let made = rendered();
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        let page = read(PAGE);
        let (head, _) = page.split_once(HEADING).unwrap();
        std::fs::write(root().join(PAGE), format!("{head}{HEADING}{made}")).unwrap();
    }
    let stale: Vec<String> = written()
        .lines()
        .filter(|line| line.starts_with("| ") && !line.contains(NOWHERE))
        .filter(|line| !made.lines().any(|other| other == *line))
        .map(str::to_owned)
        .collect();
    assert_none(
        &stale,
        "tests/README.md is not what the tests say: run `make update`.",
    );
}

#[test]
fn every_case_has_a_test() {
    let gaps: Vec<String> = rendered()
        .lines()
        .chain(written().lines())
        .filter(|line| line.starts_with("| ") && line.contains(NOWHERE))
        .map(str::to_owned)
        .collect();
    assert_none(&gaps, "tests/tidy/required.txt: a case without a test.");
}

#[test]
fn no_test_names_a_case_that_is_not_listed() {
    let cases = cases();
    let unknown: Vec<String> = tagged()
        .into_iter()
        .filter(|(id, ..)| cases.iter().all(|case| case.id != id))
        .map(|(id, name, path)| format!("{path}: {id} {name}"))
        .collect();
    assert_none(
        &unknown,
        "tests/tidy/required.txt lists every case that a test may name.",
    );
}

#[test]
fn the_cases_of_a_group_are_numbered_without_a_gap() {
    let mut last = ("", 0);
    for case in cases() {
        let (group, number) = case.id.split_once('-').unwrap();
        let expected = if group == last.0 { last.1 + 1 } else { 1 };
        assert_eq!(number.parse(), Ok(expected), "{}", case.id);
        assert!(
            case.text.ends_with('.') && !case.text.contains('|'),
            "{}",
            case.id
        );
        last = (group, expected);
    }
}

#[test]
fn the_comment_before_a_test_names_its_case() {
    for (comment, id) in [
        ("LK-05", Some("LK-05")),
        ("LK-05: more", Some("LK-05")),
        ("LK-05 and more", None),
        ("LK-5", None),
        ("As in LK-05", None),
    ] {
        assert_eq!(id_of(comment), id, "{comment}");
    }
    assert_eq!(rust_name("#[test]\nfn a_b() {"), Some("a_b".to_owned()));
    assert_eq!(rust_name("fn a_b() {"), None);
    assert_eq!(
        script_name("// more\ntest(\n  'a b', () => {"),
        Some("a b".to_owned())
    );
    assert_eq!(script_name("const a = 1;\ntest('a')"), None);
    assert!(rows(&rendered()).iter().all(|cells| cells.len() == 4));
}
