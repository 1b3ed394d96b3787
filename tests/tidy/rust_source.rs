//! What of a Rust file is code that ships: comments and literals blanked, tests cut out.

use std::collections::BTreeSet;

use crate::repository;

/// The Rust files under a folder that are not tests of their own.
pub fn shipped(folder: &str) -> Vec<String> {
    let all = repository::files(folder, &[".rs"]);
    let tests: BTreeSet<String> = all.iter().flat_map(|path| test_modules(path)).collect();
    let is_test = |path: &String| {
        tests.contains(path)
            || tests.iter().any(|test| {
                path.starts_with(test.trim_end_matches("rs"))
                    || path.starts_with(&format!("{}/", test.trim_end_matches(".rs")))
            })
    };
    all.into_iter().filter(|path| !is_test(path)).collect()
}

/// The files of the modules that a file declares for tests only.
fn test_modules(path: &str) -> Vec<String> {
    let text = blanked(&repository::read(path));
    let stem = path.trim_end_matches(".rs");
    let folder = match stem.rsplit_once('/') {
        Some((folder, "lib" | "main")) => folder.to_owned(),
        _ => stem.to_owned(),
    };
    text.split("#[cfg(test)]")
        .skip(1)
        .filter_map(|rest| {
            let name = rest
                .trim_start()
                .trim_start_matches("pub ")
                .strip_prefix("mod ")?;
            let name = name.split(';').next()?;
            name.chars()
                .all(|c| c.is_alphanumeric() || c == '_')
                .then(|| format!("{folder}/{name}.rs"))
        })
        .collect()
}

/// The code of a file without its tests.
pub fn code(path: &str) -> String {
    without_tests(&blanked(&repository::read(path)))
}

/// Comments are gone and literals are underscores; lines stay where they are.
pub fn blanked(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        let (kind, length) = token(rest, out.chars().last());
        for c in &rest[..length] {
            out.push(match kind {
                Token::Code => *c,
                _ if *c == '\n' => '\n',
                Token::Comment => ' ',
                Token::Literal => '_',
            });
        }
        at += length;
    }
    out
}

#[derive(Clone, Copy, PartialEq)]
enum Token {
    Code,
    Comment,
    Literal,
}

/// What begins here, and how long it is.
fn token(rest: &[char], before: Option<char>) -> (Token, usize) {
    let starts = |text: &str| {
        text.chars()
            .enumerate()
            .all(|(i, c)| rest.get(i) == Some(&c))
    };
    let in_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if starts("//") {
        return (
            Token::Comment,
            rest.iter().position(|c| *c == '\n').unwrap_or(rest.len()),
        );
    }
    if starts("/*") {
        return (Token::Comment, block_comment(rest));
    }
    if !in_word && (starts("r\"") || starts("r#\"") || starts("br\"") || starts("br#\"")) {
        return (Token::Literal, raw_string(rest));
    }
    if starts("\"") {
        return (Token::Literal, quoted(rest, '"'));
    }
    // A character, and not a lifetime.
    if starts("'") && (rest.get(1) == Some(&'\\') || rest.get(2) == Some(&'\'')) {
        return (Token::Literal, quoted(rest, '\''));
    }
    (Token::Code, 1)
}

fn block_comment(rest: &[char]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        match (rest[at], rest.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn raw_string(rest: &[char]) -> usize {
    let open = rest.iter().position(|c| *c == '"').unwrap();
    let hashes = rest[..open].iter().filter(|c| **c == '#').count();
    let is_end =
        |at: usize| rest[at] == '"' && (1..=hashes).all(|hash| rest.get(at + hash) == Some(&'#'));
    (open + 1..rest.len())
        .find(|at| is_end(*at))
        .map_or(rest.len(), |at| at + 1 + hashes)
}

fn quoted(rest: &[char], quote: char) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != quote {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

/// Cuts every item that is compiled for tests only; its lines stay, empty.
fn without_tests(code: &str) -> String {
    let Some(start) = code.find("#[cfg(test)]") else {
        return code.to_owned();
    };
    let (before, rest) = code.split_at(start);
    let mut depth = 0_usize;
    let end = rest
        .char_indices()
        .find(|(_, c)| {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            depth == 0 && matches!(c, '}' | ';')
        })
        .map_or(rest.len(), |(at, _)| at + 1);
    let (cut, after) = rest.split_at(end);
    let lines = "\n".repeat(cut.matches('\n').count());
    format!("{before}{lines}{}", without_tests(after))
}

/// How many lines have something on them.
pub fn lines_of_code(code: &str) -> usize {
    code.lines().filter(|line| !line.trim().is_empty()).count()
}

#[test]
fn comments_literals_and_tests_are_not_code() {
    let text = "use a; // use b\n/* c /* d */ e */ let x = \"// \\\" y\"; let l: &'a str = r#\"z\"#;\n\
                #[cfg(test)]\nmod tests { fn q() { '{' } }\nfn last() {}\n";
    let code = without_tests(&blanked(text));
    for gone in ["use b", "c", "d", " y", "z", "tests"] {
        assert!(!code.contains(gone), "{gone:?} in {code}");
    }
    assert!(
        code.contains("&'a str") && code.contains("fn last() {}"),
        "{code}"
    );
    assert_eq!(code.lines().count(), text.lines().count());
    assert_eq!(lines_of_code(&code), 3);
}
