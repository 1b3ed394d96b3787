//! No file is longer than can be read in one go.

use std::collections::BTreeSet;

use crate::repository::{assert_none, files, read};
use crate::rust_source::{blanked, code, lines_of_code, shipped};

const MOST: usize = 300;
const RULE: &str =
    "docs/STYLE.md, \"Files\": more than 300 lines of code. Find the seam and split:";

/// Lines of code of a script, a page or a style sheet: comments are told by how a line begins.
fn lines_of_script(text: &str) -> usize {
    let is_comment = |line: &str| {
        line.is_empty()
            || ["//", "/*", "* ", "*/", "<!--"]
                .iter()
                .any(|mark| line.starts_with(mark))
    };
    text.lines().filter(|line| !is_comment(line.trim())).count()
}

#[test]
fn no_file_is_longer_than_three_hundred_lines_of_code() {
    let rust = ["src", "stand-ins/src", "tests", "stand-ins/tests", "tools"];
    let scripts = ["frontend/src", "tests", "tools", "bench"];
    let mut lengths: Vec<(String, usize)> = Vec::new();
    let ships: BTreeSet<String> = rust.iter().flat_map(|folder| shipped(folder)).collect();
    for path in rust.iter().flat_map(|folder| files(folder, &[".rs"])) {
        // Unit tests at the end of a file are not counted to it; a file of tests is.
        let text = if ships.contains(&path) {
            code(&path)
        } else {
            blanked(&read(&path))
        };
        lengths.push((path, lines_of_code(&text)));
    }
    for path in scripts
        .iter()
        .flat_map(|folder| files(folder, &[".ts", ".mjs", ".js", ".svelte", ".css"]))
    {
        // Nobody reads what nobody wrote.
        if !path.ends_with(".gen.ts") {
            let length = lines_of_script(&read(&path));
            lengths.push((path, length));
        }
    }
    assert!(
        lengths.len() > 100,
        "only {} files were found",
        lengths.len()
    );
    let violations: Vec<String> = lengths
        .into_iter()
        .filter(|(_, length)| *length > MOST)
        .map(|(path, length)| format!("{path}: {length}"))
        .collect();
    assert_none(&violations, RULE);
}
