//! What must not be in the repository at all.

use crate::repository::{assert_none, files, read};

const TEXT: [&str; 12] = [
    ".rs", ".ts", ".mjs", ".js", ".svelte", ".css", ".toml", ".json", ".md", ".sh", ".yml",
    "Makefile",
];

fn texts(folders: &[&str]) -> Vec<String> {
    folders
        .iter()
        .flat_map(|folder| files(folder, &TEXT))
        .collect()
}

/// Every line of `paths` that contains one of `marks`.
fn lines_with(paths: &[String], marks: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for path in paths {
        for (number, line) in read(path).lines().enumerate() {
            if let Some(mark) = marks.iter().find(|mark| line.contains(mark.as_str())) {
                found.push(format!("{path}:{}: {mark}", number + 1));
            }
        }
    }
    found
}

/// Marks are put together here, or this file would be full of them.
fn marks(parts: &[(&str, &str)]) -> Vec<String> {
    parts.iter().map(|(a, b)| format!("{a}{b}")).collect()
}

#[test]
fn no_test_is_skipped_retried_or_singled_out() {
    let code = files("src", &[".rs"])
        .into_iter()
        .chain(texts(&["tests", "stand-ins/src", "stand-ins/tests"]))
        .collect::<Vec<_>>();
    let marks = marks(&[
        ("#[ig", "nore"),
        ("test.sk", "ip("),
        ("it.sk", "ip("),
        ("describe.sk", "ip("),
        ("test.on", "ly("),
        ("it.on", "ly("),
        ("describe.on", "ly("),
        ("test.fix", "me("),
        ("sk", "ip: true"),
        ("to", "do: true"),
        ("retries: ", "1"),
        ("retries: ", "2"),
        ("retries: ", "3"),
        ("waitFor", "Timeout("),
    ]);
    assert_none(
        &lines_with(&code, &marks),
        "docs/STYLE.md, \"Tests\": a test runs, once, always.",
    );
}

#[test]
fn no_unit_or_contract_test_waits() {
    let code = ["src", "tests/contract", "tests/tidy", "stand-ins/src"]
        .iter()
        .flat_map(|folder| files(folder, &[".rs"]))
        // The program, unlike its parts, runs on a real clock.
        .filter(|path| !path.starts_with("stand-ins/src/bin/"))
        .collect::<Vec<_>>();
    let marks = marks(&[("thread::sl", "eep"), ("tokio::ti", "me")]);
    assert_none(
        &lines_with(&code, &marks),
        "docs/STYLE.md, \"Tests\": time is a value, nobody waits for it.",
    );
}

#[test]
fn no_path_of_a_machine_is_committed() {
    let mut paths = texts(&[
        "src",
        "tests",
        "stand-ins",
        "frontend",
        "tools",
        "bench",
        "docs",
        ".ci",
    ]);
    for file in [
        "Cargo.toml",
        "Makefile",
        "package.json",
        "package-lock.json",
        "wrangler.toml",
        "README.md",
        ".dev.vars.example",
    ] {
        paths.push(file.to_owned());
    }
    let marks = marks(&[
        ("/ho", "me/"),
        ("/Use", "rs/"),
        ("/ro", "ot/"),
        ("C:\\Use", "rs"),
        ("/wo", "rk/"),
        ("/tm", "p/target"),
    ]);
    assert_none(
        &lines_with(&paths, &marks),
        "docs/STYLE.md, \"Files\": a clone works anywhere.",
    );
}

#[test]
fn lock_files_name_no_registry_of_ours() {
    for lock in ["package-lock.json", "frontend/package-lock.json"] {
        assert!(
            !read(lock).contains("\"resolved\""),
            "{lock}: install with the repository's .npmrc"
        );
    }
    let official = "registry+https://github.com/rust-lang/crates.io-index";
    for line in read("Cargo.lock")
        .lines()
        .filter(|line| line.starts_with("source = "))
    {
        assert!(line.contains(official), "Cargo.lock: {line}");
    }
}

#[test]
fn direct_javascript_dependencies_are_pinned() {
    let loose: Vec<String> = ["package.json", "frontend/package.json"]
        .into_iter()
        .flat_map(|path| {
            let package: serde_json::Value = serde_json::from_str(&read(path)).unwrap();
            ["dependencies", "devDependencies"]
                .into_iter()
                .filter_map(|kind| package[kind].as_object().cloned())
                .flatten()
                .filter(|(_, version)| {
                    !version
                        .as_str()
                        .unwrap()
                        .starts_with(|c: char| c.is_ascii_digit())
                })
                .map(|(name, version)| format!("{path}: {name} {version}"))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_none(&loose, "docs/STYLE.md, \"Dependencies\": exact versions.");
}
