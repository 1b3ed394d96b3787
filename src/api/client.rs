//! Which client a request comes from, coarsely: for limits and for the words of a letter.

use std::net::{IpAddr, Ipv6Addr};

use http::HeaderMap;

/// The bucket that a client's requests are counted in: its address, of IPv6 the network only.
/// Without an address all are counted together.
pub fn bucket(headers: &HeaderMap) -> String {
    match address(headers) {
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => network(address),
        None => UNKNOWN.to_owned(),
    }
}

/// The network that a client is in, as the log has it: never the address itself.
pub fn coarse(headers: &HeaderMap) -> String {
    match address(headers) {
        Some(IpAddr::V4(address)) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        Some(IpAddr::V6(address)) => network(address),
        None => UNKNOWN.to_owned(),
    }
}

const UNKNOWN: &str = "unknown";

/// The whole address, as the edge tells it.
pub fn address(headers: &HeaderMap) -> Option<IpAddr> {
    let text = headers.get("cf-connecting-ip")?.to_str().ok()?;
    // One of IPv4 that was written as IPv6 would else share its network with all others of its kind.
    text.parse()
        .ok()
        .map(|address: IpAddr| address.to_canonical())
}

fn network(address: Ipv6Addr) -> String {
    let [a, b, c, d, ..] = address.segments();
    format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
}

/// The kind of browser, in words that a person recognises; never what it says of itself.
pub fn browser(headers: &HeaderMap) -> String {
    let agent = headers
        .get("user-agent")
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let find = |table: &[(&str, &'static str)]| {
        table
            .iter()
            .find(|(mark, _)| agent.contains(mark))
            .map(|(_, name)| *name)
    };
    let program = find(&[
        ("Firefox/", "Firefox"),
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = find(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "a Mac"),
        ("Linux", "Linux"),
    ]);
    match (program, system) {
        (Some(program), Some(system)) => format!("{program} on {system}"),
        (Some(program), None) => program.to_owned(),
        _ => "an unknown browser".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name.parse().unwrap(), HeaderValue::from_static(value))])
    }

    #[test]
    fn a_network_of_ipv6_is_one_client() {
        let bucket = |text| bucket(&headers("cf-connecting-ip", text));
        assert_eq!(bucket("2001:db8:1:2:3:4:5:6"), bucket("2001:db8:1:2::9"));
        assert_ne!(bucket("2001:db8:1:2::9"), bucket("2001:db8:1:3::9"));
        assert_eq!(bucket("192.0.2.7"), "192.0.2.7");
        assert_eq!(bucket("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(bucket("x, y"), "unknown");
    }

    #[test]
    fn the_log_knows_the_network_of_a_client_only() {
        let coarse = |text| coarse(&headers("cf-connecting-ip", text));
        assert_eq!(coarse("192.0.2.7"), "192.0.2.0/24");
        assert_eq!(coarse("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(coarse("x"), "unknown");
    }

    #[test]
    fn no_other_header_names_the_client() {
        assert_eq!(bucket(&headers("x-forwarded-for", "192.0.2.7")), "unknown");
    }

    #[test]
    fn a_browser_is_named_in_words() {
        let agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36";
        assert_eq!(browser(&headers("user-agent", agent)), "Chrome on Linux");
        assert_eq!(
            browser(&headers("user-agent", "<script>")),
            "an unknown browser"
        );
    }
}
