//! Stamps the git revision into the build and nothing else.

use std::process::Command;

/// What git answers, if there is one and this is its tree.
fn git(args: &[&str]) -> Option<String> {
    let output = Command::new("git").args(args).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

fn main() {
    println!("cargo:rerun-if-env-changed=SELFIE_REVISION");
    let given = std::env::var("SELFIE_REVISION").ok();
    let revision = given.or_else(|| {
        // Only what is there: a file that is missing counts as changed at every build.
        for file in ["HEAD", "logs/HEAD"] {
            let path = git(&["rev-parse", "--git-path", file])?;
            if std::path::Path::new(&path).exists() {
                println!("cargo:rerun-if-changed={path}");
            }
        }
        git(&["rev-parse", "--short=12", "HEAD"])
    });
    println!(
        "cargo:rustc-env=SELFIE_REVISION={}",
        revision.as_deref().unwrap_or("unversioned")
    );
}
