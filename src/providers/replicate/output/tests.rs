use super::*;
use crate::ports::Limits;
use crate::providers::replicate::tests::config;
use crate::providers::scripted::{Scripted, answer, run};
use proptest::prelude::*;

const URL: &str = "https://replicate.delivery/xezq/abc/out-0.webp";

fn fetch(platform: &Scripted, url: &str) -> Result<Vec<u8>, Fault> {
    run(fetch_output(
        platform,
        &config(),
        Environment::Production,
        url,
    ))
}

#[test]
fn an_image_is_fetched_without_our_token() {
    let platform = Scripted::new([
        Ok(answer(500, "")),
        Err(Fault::Timeout),
        Ok(answer(200, "RIFF")),
    ]);
    assert_eq!(fetch(&platform, URL), Ok(b"RIFF".to_vec()));
    for (request, limits) in platform.requests() {
        assert!(request.headers().get("authorization").is_none());
        assert_eq!(limits, Limits::new(5000, 25 * 1024 * 1024));
    }
}

#[test]
fn only_the_delivery_hosts_are_asked() {
    for url in [
        "http://replicate.delivery/a",
        "https://replicate.delivery.evil.test/a",
        "https://evilreplicate.delivery/a",
        "https://evil.test/replicate.delivery",
        "https://evil.test\\@replicate.delivery/a",
        "https://evil.test#@replicate.delivery/a",
        "https://user@replicate.delivery/a",
        "https://replicate.delivery:8443/a",
        "https://replicate.delivery:/a",
        "https://replicate.delivery:&443/a",
        "https://replicate.delivery:+443/a",
        "https://replicate.delivery@evil.test/a",
        "https://api.replicate.com/v1/files/a",
        "https://127.0.0.1/a",
        "//replicate.delivery/a",
        "ftp://replicate.delivery/a",
        "file:///etc/passwd",
        "",
    ] {
        assert_eq!(
            fetch(&Scripted::new([]), url),
            Err(Fault::malformed("output")),
            "{url}"
        );
    }
    for url in [
        "https://a.b.replicate.delivery/x",
        "https://REPLICATE.delivery:443/x",
    ] {
        assert!(
            fetch(&Scripted::new([Ok(answer(200, "x"))]), url).is_ok(),
            "{url}"
        );
    }
}

#[test]
fn the_stand_ins_origin_counts_outside_production_only() {
    let mut config = config();
    config.api_url = "http://127.0.0.1:8788/replicate/v1".to_owned();
    let url = "http://127.0.0.1:8788/replicate-delivery/xezq/out-0.webp";
    let platform = Scripted::new([Ok(answer(200, "x"))]);
    let ask = |environment, url| run(fetch_output(&platform, &config, environment, url));
    assert!(ask(Environment::Production, url).is_err());
    assert!(ask(Environment::Development, "http://127.0.0.1:8789/a").is_err());
    assert_eq!(ask(Environment::Development, url), Ok(b"x".to_vec()));
}

#[test]
fn a_redirect_is_not_followed() {
    let platform = Scripted::new([Ok(answer(302, ""))]);
    let fault = Fault::Refused {
        status: 302,
        retry_after_s: None,
    };
    assert_eq!(fetch(&platform, URL), Err(fault));
}

#[test]
fn data_addresses_are_decoded_here() {
    let platform = Scripted::new([]);
    assert_eq!(
        fetch(&platform, "data:image/webp;base64,UklGRg=="),
        Ok(b"RIFF".to_vec())
    );
    for url in [
        "data:,",
        "data:image/webp,RIFF",
        "data:image/webp;base64,U!",
        "data:;base64,",
    ] {
        assert_eq!(
            fetch(&platform, url),
            Err(Fault::malformed("output")),
            "{url}"
        );
    }
}

#[test]
fn an_empty_image_is_none() {
    assert_eq!(
        fetch(&Scripted::new([Ok(answer(200, ""))]), URL),
        Err(Fault::malformed("output"))
    );
}

proptest! {
    /// The runtime reads the address once more, by the rules of browsers.
    #[test]
    fn what_is_allowed_leads_to_a_delivery_host_for_a_browser_too(
        text in "https?:[/\\\\]{1,3}[a-z@:.\\\\#%0-9]{0,8}(replicate\\.delivery)?[a-z@:.\\\\/?#\t]{0,8}"
    ) {
        if is_allowed(&text, &config(), Environment::Production) {
            let url = url::Url::parse(&text).unwrap();
            let host = url.host_str().unwrap();
            prop_assert_eq!(url.scheme(), "https");
            prop_assert!(host == DELIVERY_HOST || host.ends_with(".replicate.delivery"), "{}", text);
        }
    }
}
