//! What the page shows for agreement is what is hashed: the frontend's copy is made from the domain.

use std::fmt::Write as _;

use selfie::domain::consent::{Language, WORDED};

use crate::repository::{read, root};

const FILE: &str = "frontend/src/lib/text/consent.gen.ts";
const HEADER: &str = "\
// The text that is agreed to before the first photo, word by word as it is hashed. Made from
// src/domain/consent.rs by `make update`; not to be edited.
";

fn rendered() -> String {
    let mut text =
        format!("{HEADER}\nexport const WORDED = '{WORDED}';\n\nexport const POINTS = {{\n");
    for language in Language::ALL {
        let _ = writeln!(text, "  {language}: [");
        for point in language.points() {
            assert!(!point.contains(['\'', '\\']), "{point}");
            let _ = writeln!(text, "    '{point}',");
        }
        text.push_str("  ],\n");
    }
    text + "};\n"
}

#[test]
fn what_is_agreed_to_is_what_is_hashed() {
    let made = rendered();
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(root().join(FILE), &made).unwrap();
    }
    assert!(
        read(FILE) == made,
        "{FILE} is not what src/domain/consent.rs says: run `make update`"
    );
}
