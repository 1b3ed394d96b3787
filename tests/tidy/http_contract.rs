//! `docs/API.md` and the code say the same.

use std::collections::BTreeSet;

use selfie::api::SLUGS;
use selfie::api::routes::ROUTES;

use crate::repository::{code_spans, read, rows, section};

/// `METHOD /path` of every row of the table of endpoints.
fn endpoints() -> Vec<String> {
    let text = read("docs/API.md");
    rows(section(&text, "## Endpoints"))
        .into_iter()
        .map(|cells| {
            code_spans(cells[0])[0]
                .split(['?', ','])
                .next()
                .unwrap()
                .to_owned()
        })
        .collect()
}

#[test]
fn every_route_is_documented_and_nothing_else() {
    let documented = endpoints();
    let served: Vec<String> = ROUTES
        .iter()
        .map(|route| format!("{} {}", route.method, route.pattern))
        .collect();
    let as_set = |list: &[String]| list.iter().cloned().collect::<BTreeSet<_>>();
    assert_eq!(
        documented.len(),
        as_set(&documented).len(),
        "docs/API.md lists an endpoint twice"
    );
    assert_eq!(
        as_set(&documented),
        as_set(&served),
        "docs/API.md, \"Endpoints\", and src/api/routes.rs differ"
    );
}

#[test]
fn every_problem_is_documented_and_nothing_else() {
    let text = read("docs/API.md");
    let documented: Vec<&str> = rows(section(&text, "## Problems"))
        .into_iter()
        .map(|cells| code_spans(cells[0])[0])
        .collect();
    assert_eq!(
        documented, SLUGS,
        "docs/API.md, \"Problems\", and src/api/problem.rs differ"
    );
}
