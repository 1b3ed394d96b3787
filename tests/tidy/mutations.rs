//! The checks that `make mutants` takes out of the code, one at a time, are still where it looks.

use serde_json::Value;

use crate::repository::{assert_none, read, root};

/// What each must be about at least one of.
const CHECKS: [&str; 8] = [
    "nonce",
    "signature",
    "owner",
    "idempotency",
    "used",
    "timestamp",
    "CSRF",
    "state",
];

/// RE-06
#[test]
fn every_check_that_is_taken_out_is_in_the_code_and_has_tests() {
    let list: Vec<Value> = serde_json::from_str(&read("tools/named-mutations.json")).unwrap();
    let mut wrong = Vec::new();
    for mutation in &list {
        let text = |name: &str| mutation[name].as_str().unwrap();
        let places = read(text("file")).matches(text("find")).count();
        if places != 1 || text("find") == text("replace") {
            wrong.push(format!(
                "{}: found {places} times in {}",
                text("name"),
                text("file")
            ));
        }
        let filter = mutation["tests"].as_array().unwrap().last().unwrap();
        let module = filter.as_str().unwrap().trim_end_matches("::");
        if !root().join(format!("tests/contract/{module}.rs")).exists() {
            wrong.push(format!("{}: no tests called {module}", text("name")));
        }
    }
    for check in CHECKS {
        let is_named = |mutation: &Value| mutation["name"].as_str().unwrap().contains(check);
        if !list.iter().any(is_named) {
            wrong.push(format!("nothing takes out the {check} check"));
        }
    }
    assert_none(
        &wrong,
        "tools/named-mutations.json is not what the code says.",
    );
}
