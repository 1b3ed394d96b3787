//! Bringing in what a prediction has made, from Replicate's delivery hosts and nowhere else. Our
//! token never goes there.

use base64ct::{Base64, Encoding};
use http::{Method, Uri};

use crate::config::{self, Environment};
use crate::ports::{Fault, Platform};
use crate::providers::call::{self, READ_IMAGE};

const DELIVERY_HOST: &str = "replicate.delivery";

/// The bytes of an output; what they are is for the caller to judge.
pub async fn fetch_output<P: Platform>(
    platform: &P,
    config: &config::Replicate,
    environment: Environment,
    url: &str,
) -> Result<Vec<u8>, Fault> {
    let wrong = Fault::malformed("output");
    let bytes = if let Some(data) = url.strip_prefix("data:") {
        decode_data(data).ok_or(wrong.clone())?
    } else {
        if !is_allowed(url, config, environment) {
            return Err(wrong);
        }
        let request = call::request(Method::GET, url, "", &[], Vec::new())?;
        call::send(platform, request, READ_IMAGE).await?
    };
    if bytes.is_empty() {
        Err(wrong)
    } else {
        Ok(bytes)
    }
}

/// What follows `data:`, in base64.
fn decode_data(data: &str) -> Option<Vec<u8>> {
    let (media_type, text) = data.split_once(',')?;
    media_type.strip_suffix(";base64")?;
    Base64::decode_vec(text).ok()
}

/// https on a delivery host; outside production also the origin that the API has.
fn is_allowed(url: &str, config: &config::Replicate, environment: Environment) -> bool {
    // Characters that a second parser may read differently, in the host above all, are refused.
    let plain = url
        .bytes()
        .all(|b| b.is_ascii_graphic() && !b"\\@#".contains(&b));
    let Some((scheme, host, port)) = url.parse().ok().as_ref().and_then(origin) else {
        return false;
    };
    let delivery = host == DELIVERY_HOST
        || host
            .strip_suffix(DELIVERY_HOST)
            .is_some_and(|rest| rest.ends_with('.'));
    let ours = environment != Environment::Production
        && config.api_url.parse().ok().as_ref().and_then(origin)
            == Some((scheme.clone(), host.clone(), port));
    plain && (ours || (delivery && scheme == "https" && matches!(port, None | Some(443))))
}

/// Scheme, host and port. What stands behind the host must be a port to every parser.
fn origin(url: &Uri) -> Option<(String, String, Option<u16>)> {
    let scheme = url.scheme_str()?.to_ascii_lowercase();
    let host = url.host()?;
    let port = match url.authority()?.as_str().strip_prefix(host)? {
        "" => None,
        rest => Some(
            rest.strip_prefix(':')
                .filter(|port| is_number(port))?
                .parse()
                .ok()?,
        ),
    };
    Some((scheme, host.to_ascii_lowercase(), port))
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests;
