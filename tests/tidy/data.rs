//! `docs/DATA.md` is the complete schema: every namespace, kind of row, field and effect.

use std::collections::BTreeSet;

use selfie::ledger::Kind;
use selfie::ports::Namespace;

use crate::repository::{code_spans, files, read, rows, section};
use crate::rust_source::blanked;

const RECORDS: [&str; 6] = [
    "User",
    "Session",
    "Model",
    "Photo",
    "Prediction",
    "Operation",
];
/// Fields that hold records of their own: where, and of which type.
const NESTED: [(&str, &str, &str); 8] = [
    ("User", "consent", "Consent"),
    ("Model", "progress", "Progress"),
    ("Model", "versions", "Version"),
    ("Model", "zip", "Zip"),
    ("Model", "failure", "Failure"),
    ("Prediction", "recipe", "Recipe"),
    ("Prediction", "images", "Image"),
    ("Prediction", "failure", "Failure"),
];

/// The names of the fields of a struct, in their order.
fn fields(source: &str, name: &str) -> Vec<String> {
    let code = blanked(source);
    let (_, body) = code
        .split_once(&format!("pub struct {name} {{"))
        .unwrap_or_else(|| panic!("there is no struct {name}"));
    body.split('}')
        .next()
        .unwrap()
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub ")?.split_once(':'))
        .map(|(field, _)| field.to_owned())
        .collect()
}

fn records() -> String {
    files("src/records", &[".rs"])
        .iter()
        .map(|path| read(path))
        .collect()
}

fn documented(part: &str) -> Vec<String> {
    rows(part)
        .into_iter()
        .map(|cells| code_spans(cells[0])[0].to_owned())
        .collect()
}

fn data() -> String {
    read("docs/DATA.md")
}

#[test]
fn every_field_of_every_record_is_documented() {
    let (text, records) = (data(), records());
    for name in RECORDS {
        let part = section(&text, &format!("### {name}"));
        assert_eq!(
            documented(part),
            fields(&records, name),
            "docs/DATA.md, \"{name}\""
        );
    }
    let attempt = documented(section(&text, "### Attempt"));
    let both = [
        fields(&records, "Attempt"),
        fields(&read("src/ledger/rows.rs"), "Attempt"),
    ];
    assert_eq!(attempt, both.concat(), "docs/DATA.md, \"Attempt\"");
}

#[test]
fn every_field_within_a_field_is_documented() {
    let (text, records) = (data(), records());
    for (record, field, ty) in NESTED {
        let row = rows(section(&text, &format!("### {record}")))
            .into_iter()
            .find(|cells| cells[0] == format!("`{field}`"))
            .unwrap();
        assert_eq!(
            code_spans(row[1]),
            fields(&records, ty),
            "docs/DATA.md: {record}.{field}"
        );
    }
}

#[test]
fn every_row_of_the_ledger_alone_is_documented() {
    let text = data();
    let source = read("src/ledger/rows.rs") + &read("src/ledger/rows/global.rs");
    let table = rows(section(&text, "### Rows of the ledger alone"));
    assert_eq!(table.len(), 13);
    for cells in table {
        let name = code_spans(cells[0])[0];
        let known: Vec<String> = fields(&source, name);
        // Words in parentheses tell of the fields within.
        let plain: String = cells[1]
            .split('(')
            .map(|part| part.rsplit(')').next().unwrap())
            .collect();
        assert_eq!(code_spans(&plain), known, "docs/DATA.md: {name}");
    }
}

#[test]
fn every_kind_of_row_is_documented() {
    let text = data();
    let (_, part) = section(&text, "## The ledger")
        .split_once("| kind |")
        .unwrap();
    let (part, _) = part.split_once("\n\n").unwrap();
    let kinds: Vec<String> = documented(part.split_once('\n').unwrap().1);
    assert_eq!(
        kinds,
        Kind::ALL.map(Kind::name),
        "docs/DATA.md, \"The ledger\""
    );
    for (kind, cells) in Kind::ALL.iter().zip(rows(part.split_once('\n').unwrap().1)) {
        assert_eq!(
            cells[4].starts_with("timed"),
            kind.is_timed(),
            "docs/DATA.md: {}",
            kind.name()
        );
    }
}

#[test]
fn every_namespace_is_documented() {
    let documented = documented(section(&data(), "## Workers KV"));
    assert_eq!(documented, Namespace::ALL.map(Namespace::binding));
}

#[test]
fn every_effect_is_documented() {
    let source = read("src/ledger/effect.rs");
    let (_, body) = source.split_once("pub enum Effect {").unwrap();
    // Before each variant stands its tag.
    let tags: BTreeSet<String> = body
        .split("\n}")
        .next()
        .unwrap()
        .lines()
        .filter_map(|line| line.trim().strip_prefix('"')?.split_once('"'))
        .map(|(tag, _)| tag.to_owned())
        .collect();
    let documented: BTreeSet<String> = documented(section(&data(), "### Effects"))
        .into_iter()
        .collect();
    assert_eq!(documented, tags, "docs/DATA.md, \"Effects\"");
}

#[test]
fn every_command_is_dispatched_under_a_name_of_its_own() {
    let list = read("src/ledger/commands.rs");
    let mut names = BTreeSet::new();
    let mut commands = 0;
    for path in files("src/ledger/commands", &[".rs"]) {
        let source = read(&path);
        for part in source.split("impl Command for ").skip(1) {
            let command = part.split(' ').next().unwrap();
            let name = part.split("NAME: &'static str = \"").nth(1).unwrap();
            names.insert(name.split('"').next().unwrap().to_owned());
            commands += 1;
            assert!(
                list.contains(&format!("::{command},")),
                "{path}: {command} is not in the list of src/ledger/commands.rs"
            );
        }
    }
    assert!(commands > 30, "only {commands} commands were found");
    assert_eq!(names.len(), commands, "two commands share a name");
}
