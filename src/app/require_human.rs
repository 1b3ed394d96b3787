//! Keeping robots from having letters sent, where an operator wants that: the form costs money and
//! the good name of the sender, so whoever cannot be judged is refused.

use super::{App, Error, Provider};
use crate::ledger::Alert;
use crate::ports::Platform;
use crate::providers::turnstile::{self, Doubt};

/// The member of the request that holds the token; the name is Turnstile's own.
const POINTER: &str = "/cf-turnstile-response";

/// Passes when no box is configured, or when this token of it is good.
pub async fn require_human<P: Platform>(
    app: App<'_, P>,
    token: Option<&str>,
    address: Option<&str>,
) -> Result<(), Error> {
    let Some(config) = &app.config.turnstile else {
        return Ok(());
    };
    let Some(token) = token.filter(|token| !token.is_empty()) else {
        return Err(Error::invalid(
            POINTER,
            "Please wait for the check that you are human, and send the form then.",
        ));
    };
    let hostname = hostname(&app.config.app_origin);
    let verified = turnstile::verify(app.platform, config, hostname, token, address).await;
    let Err(doubt) = verified else {
        return Ok(());
    };
    if doubt == Doubt::Account {
        app.tell(Alert::new("turnstile-account", "sign-in")).await;
    }
    Err(match doubt {
        Doubt::NotPassed => Error::invalid(
            POINTER,
            "The check that you are human has run out. It starts anew; please send the form again.",
        ),
        Doubt::Later | Doubt::Account => Error::ProviderUnavailable {
            provider: Provider::Turnstile,
            retry_after_s: 30,
        },
    })
}

/// The host of an origin, without its port.
fn hostname(origin: &str) -> &str {
    let authority = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_no_part_of_the_host() {
        for (origin, host) in [
            ("https://selfie.pr", "selfie.pr"),
            ("http://127.0.0.1:8787", "127.0.0.1"),
            ("http://[::1]:8787", "[::1]"),
            ("http://[::1]", "[::1]"),
        ] {
            assert_eq!(hostname(origin), host);
        }
    }
}
