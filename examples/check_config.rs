//! Says whether the Worker would serve with the variables that are given as a JSON object on standard
//! input; names the first one that it would refuse, and never a value. For `make deploy`.

use std::collections::BTreeMap;
use std::io;
use std::process::ExitCode;

use selfie::config::Config;

fn main() -> ExitCode {
    let values: BTreeMap<String, String> = match serde_json::from_reader(io::stdin()) {
        Ok(values) => values,
        Err(error) => {
            eprintln!("not a JSON object of texts: {error}");
            return ExitCode::FAILURE;
        }
    };
    match Config::read(|name| values.get(name).cloned()) {
        Ok(_) => ExitCode::SUCCESS,
        Err(wrong) => {
            eprintln!(
                "{} is missing, malformed or not fit for this environment",
                wrong.variable
            );
            ExitCode::FAILURE
        }
    }
}
