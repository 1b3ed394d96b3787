//! Who may import whom, as the table in `docs/ARCHITECTURE.md` says: that table is what is read.

use std::collections::BTreeMap;

use crate::repository::{assert_none, code_spans, read, rows, section};
use crate::rust_source::{code, shipped};

const HEADING: &str = "## Who may import whom";
const RULE: &str = "docs/ARCHITECTURE.md, \"Who may import whom\", does not allow these imports:";

/// What each module may use of the crate, as prefixes of paths.
fn table() -> BTreeMap<String, Vec<String>> {
    let text = read("docs/ARCHITECTURE.md");
    rows(section(&text, HEADING))
        .into_iter()
        .map(|cells| {
            let module = code_spans(cells[0])[0].to_owned();
            (
                module,
                code_spans(cells[1])
                    .into_iter()
                    .map(str::to_owned)
                    .collect(),
            )
        })
        .collect()
}

/// The paths behind every `crate::` of a text; groups in braces are taken apart.
fn crate_paths(code: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let before = code[..at].chars().last();
        if before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '_' | '$')) {
            expand("", &code[at + "crate::".len()..], &mut paths);
        }
    }
    paths
}

/// Reads one path, or one group of paths, and answers what is left of the text.
fn expand<'t>(prefix: &str, text: &'t str, paths: &mut Vec<String>) -> &'t str {
    let text = text.trim_start();
    if let Some(mut rest) = text.strip_prefix('{') {
        loop {
            rest = rest.trim_start();
            if let Some(after) = rest.strip_prefix('}') {
                return after;
            }
            rest = expand(prefix, rest, paths).trim_start();
            rest = rest.strip_prefix(',').unwrap_or(rest);
        }
    }
    let end = text
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let path = if prefix.is_empty() {
        name.to_owned()
    } else {
        format!("{prefix}::{name}")
    };
    if let Some(rest) = rest.strip_prefix("::") {
        return expand(&path, rest, paths);
    }
    paths.push(path.strip_suffix("::self").unwrap_or(&path).to_owned());
    // The name that it is given here, and a star, say nothing about where it comes from.
    let rest = rest.strip_prefix('*').unwrap_or(rest);
    match rest.trim_start().strip_prefix("as ") {
        Some(renamed) => renamed
            .trim_start()
            .trim_start_matches(|c: char| c.is_alphanumeric() || c == '_'),
        None => rest,
    }
}

/// Climbing with `super` to the root of the crate would get around the table.
fn climbs_to_the_root(path: &str, code: &str) -> bool {
    let depth = path.trim_start_matches("src/").split('/').count();
    code.contains(&vec!["super"; depth].join("::"))
}

#[test]
fn modules_import_only_what_the_architecture_allows() {
    let table = table();
    let mut violations = Vec::new();
    for path in shipped("src") {
        let module = path
            .trim_start_matches("src/")
            .split(['/', '.'])
            .next()
            .unwrap()
            .to_owned();
        if module == "lib" {
            continue;
        }
        let Some(allowed) = table.get(&module) else {
            violations.push(format!("{path}: the module {module} is not in the table"));
            continue;
        };
        let code = code(&path);
        if climbs_to_the_root(&path, &code) {
            violations.push(format!("{path}: climbs to the root with super"));
        }
        let is_allowed = |used: &String| {
            let within = |prefix: &str| {
                used == prefix
                    || used
                        .strip_prefix(prefix)
                        .is_some_and(|rest| rest.starts_with("::"))
            };
            within(&module)
                || allowed
                    .iter()
                    .any(|prefix| prefix == "everything" || within(prefix))
        };
        for used in crate_paths(&code)
            .into_iter()
            .filter(|used| !is_allowed(used))
        {
            violations.push(format!("{path}: crate::{used}"));
        }
    }
    assert_none(&violations, RULE);
}

#[test]
fn every_module_of_the_table_exists() {
    let lib = read("src/lib.rs");
    let missing: Vec<String> = table()
        .into_keys()
        .filter(|module| !lib.contains(&format!("mod {module};")))
        .collect();
    assert_none(
        &missing,
        "docs/ARCHITECTURE.md, \"Who may import whom\", names what is not there:",
    );
}

#[test]
fn the_runtime_is_named_by_the_edge_alone() {
    let violations: Vec<String> = shipped("src")
        .into_iter()
        .filter(|path| !path.starts_with("src/edge"))
        .filter(|path| {
            let code = code(path);
            ["worker::", "wasm_bindgen", "js_sys", "web_sys"]
                .iter()
                .any(|name| code.contains(name))
        })
        .collect();
    assert_none(
        &violations,
        "docs/ARCHITECTURE.md, \"The line that carries the rest\": only src/edge knows the runtime.",
    );
}

#[test]
fn a_native_build_has_no_runtime_in_its_graph() {
    let host = std::process::Command::new(env!("CARGO"))
        .args([
            "tree",
            "--package",
            "selfie",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--offline",
            "--locked",
        ])
        .current_dir(crate::repository::root())
        .output()
        .unwrap();
    let tree = String::from_utf8(host.stdout).unwrap();
    assert!(
        host.status.success(),
        "{}",
        String::from_utf8_lossy(&host.stderr)
    );
    let names: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert!(names.contains(&"serde_json"), "cargo tree showed: {tree}");
    let runtime: Vec<String> = names
        .into_iter()
        .filter(|name| name.starts_with("worker") || name.starts_with("wasm-bindgen"))
        .map(str::to_owned)
        .collect();
    assert_none(
        &runtime,
        "docs/ARCHITECTURE.md, \"The line that carries the rest\": the host's graph has these.",
    );
}

#[test]
fn paths_are_read_out_of_groups() {
    let paths =
        crate_paths("use crate::a::{b, c::{self, D as E}, f::*}; $crate::no; crate::g::h()");
    assert_eq!(paths, ["a::b", "a::c", "a::c::D", "a::f::", "g::h"]);
}
