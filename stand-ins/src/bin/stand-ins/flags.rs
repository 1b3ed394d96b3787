//! The flags of the program.
//! An address that others could reach is refused here.

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::PathBuf;

use lexopt::prelude::{Long, ValueExt};
use stand_ins::Settings;

#[derive(Debug)]
pub(crate) struct Flags {
    pub host: IpAddr,
    /// 0 is any free port.
    pub port: u16,
    app_origin: Option<String>,
    training_ms: u64,
    prediction_ms: u64,
    seed: u64,
    /// Where what happens is kept for the next run.
    pub journal: Option<PathBuf>,
}

impl Flags {
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, lexopt::Error> {
        let mut flags = Self {
            host: IpAddr::from([127, 0, 0, 1]),
            port: 8788,
            app_origin: None,
            training_ms: 20_000,
            prediction_ms: 4000,
            seed: u64::from(std::process::id()),
            journal: None,
        };
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next()? {
            match argument {
                Long("host") => flags.host = parser.value()?.parse()?,
                Long("port") => flags.port = parser.value()?.parse()?,
                Long("app-origin") => flags.app_origin = Some(parser.value()?.string()?),
                Long("training-ms") => flags.training_ms = parser.value()?.parse()?,
                Long("prediction-ms") => flags.prediction_ms = parser.value()?.parse()?,
                Long("journal") => flags.journal = Some(parser.value()?.into()),
                Long("seed") => flags.seed = parser.value()?.parse()?,
                other => return Err(other.unexpected()),
            }
        }
        if !flags.host.is_loopback() {
            return Err(format!("{} is not a loopback address", flags.host).into());
        }
        Ok(flags)
    }

    pub fn settings(&self, origin: &str) -> Settings {
        Settings {
            origin: origin.to_owned(),
            app_origin: self.app_origin.clone(),
            seed: self.seed,
            training_ms: self.training_ms,
            prediction_ms: self.prediction_ms,
            ..Settings::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Flags, lexopt::Error> {
        Flags::parse(arguments.iter().map(OsString::from))
    }

    #[test]
    fn flags_are_read() {
        let flags = parse(&[
            "--port",
            "0",
            "--training-ms=5",
            "--app-origin",
            "http://localhost:8787",
        ])
        .unwrap();
        assert_eq!((flags.port, flags.training_ms), (0, 5));
        assert_eq!(
            flags.settings("x").app_origin.as_deref(),
            Some("http://localhost:8787")
        );
    }

    #[test]
    fn only_loopback_is_bound() {
        assert!(parse(&["--host", "0.0.0.0"]).is_err());
        assert!(parse(&["--host", "::"]).is_err());
        assert!(parse(&["--host", "::1"]).is_ok());
    }

    #[test]
    fn unknown_flags_are_refused() {
        assert!(parse(&["--prot", "1"]).is_err());
    }
}
