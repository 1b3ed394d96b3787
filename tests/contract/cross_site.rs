//! Requests from elsewhere, methods that are not listed, and the headers of every answer.

use http::Method;
use selfie::api::routes::{Endpoint, ROUTES, Route};
use serde_json::json;

use crate::answer::Answer;
use crate::world::World;

const FOREIGN: [&str; 4] = [
    "https://evil.example",
    "null",
    "http://127.0.0.1:8787.evil.example",
    "http://127.0.0.1:87870",
];

/// CS-01
#[test]
fn an_unsafe_request_with_a_cookie_must_show_where_it_comes_from() {
    let world = World::new();
    let ana = world.ana();
    for route in ROUTES
        .iter()
        .filter(|route| route.auth.wants_session() && route.method != Method::GET)
    {
        let path = route.pattern.replace("{model}", "1600000000000");
        let path = path.replace("{photo}", &"7".repeat(26));
        let path = path.replace("{prediction}", &format!("1600000000000_{}", "7".repeat(26)));
        let request = || {
            let request = ana.request(route.method.as_str(), &path).without("origin");
            let kind = if path.starts_with("/api/bytescale") && route.method == Method::POST {
                "image/jpeg"
            } else {
                "application/json"
            };
            request.body(kind, b"{}").fresh_key()
        };
        world.without_traces(|| {
            request().send().refused(403, "cross-site");
            for origin in FOREIGN {
                request()
                    .header("origin", origin)
                    .send()
                    .refused(403, "cross-site");
            }
            let site = |value: &str| request().header("sec-fetch-site", value).send();
            for value in ["cross-site", "same-site", "none", ""] {
                site(value).refused(403, "cross-site");
            }
            let two = request().header("origin", &world.config.app_origin);
            two.and_header("origin", FOREIGN[0])
                .send()
                .refused(403, "cross-site");
        });
    }
}

#[test]
fn a_page_of_ours_needs_only_one_of_the_two_headers() {
    let world = World::new();
    let ana = world.ana();
    let body = json!({"name": "x", "subject": "pet"});
    let request = || ana.request("POST", "/api/model").json(&body);
    request().send().expect(201);
    request()
        .without("origin")
        .header("sec-fetch-site", "same-origin")
        .send()
        .expect(201);
}

fn has_no_cors(answer: &Answer) -> bool {
    answer
        .headers
        .keys()
        .all(|name| !name.as_str().starts_with("access-control-"))
}

/// CS-02
#[test]
fn no_other_origin_is_ever_allowed_to_read() {
    let world = World::new();
    let ana = world.ana();
    for origin in FOREIGN {
        for path in ["/api/account", "/api/health", "/api/model", "/api/nothing"] {
            let answer = ana.request("GET", path).header("origin", origin).send();
            assert!(has_no_cors(&answer));
            let preflight = ana.request("OPTIONS", path).header("origin", origin);
            let preflight = preflight.header("access-control-request-method", "POST");
            let answer = world.without_traces(|| preflight.send());
            assert!(has_no_cors(&answer), "{path}");
            let expected = if path == "/api/nothing" { 404 } else { 204 };
            assert_eq!(answer.status, expected, "{path}");
        }
    }
}

/// CS-03
#[test]
fn reading_changes_nothing_however_often() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let prediction = ana.creates(&model, "a hat");
    let id = prediction["id"].as_str().unwrap();
    let code = world.ben().deletes_the_account();
    world.settle();
    world.without_traces(|| {
        // These read files at a provider, which is tested with the exports and the images.
        let of_files = [Endpoint::ExportAccount, Endpoint::FetchImage];
        let reads =
            |route: &&Route| route.method == Method::GET && !of_files.contains(&route.endpoint);
        for route in ROUTES.iter().filter(reads) {
            let path = route
                .pattern
                .replace("{model}", &model)
                .replace("{prediction}", id)
                .replace("{code}", &code);
            let path = if path == "/api/bytescale" {
                format!("{path}?model={model}")
            } else {
                path
            };
            let expected = match path.as_str() {
                "/api/facebook/auth" => 302,
                "/api/facebook/callback" => 303,
                _ => 200,
            };
            for _ in 0..100 {
                assert_eq!(ana.get(&path).status, expected, "{path}");
            }
            let head = ana.request("HEAD", &path).send();
            assert_eq!((head.status, head.body.len()), (expected, 0), "{path}");
        }
    });
}

/// CS-04
#[test]
fn methods_that_are_not_listed_are_refused_with_those_that_are() {
    let world = World::new();
    let ana = world.ana();
    for route in ROUTES {
        let path = route.pattern.replace(['{', '}'], "");
        for method in ["PUT", "TRACE", "CONNECT", "PROPFIND"] {
            let answer = world.without_traces(|| ana.request(method, &path).send());
            answer.refused(405, "method-not-allowed");
            let allowed: Vec<&str> = answer.header("allow").unwrap().split(", ").collect();
            assert!(
                allowed.contains(&route.method.as_str()),
                "{path}: {allowed:?}"
            );
            assert_eq!(allowed.contains(&"HEAD"), allowed.contains(&"GET"));
        }
    }
    let request = ana
        .request("POST", "/api/account")
        .header("x-http-method-override", "GET");
    world
        .without_traces(|| request.send())
        .refused(405, "method-not-allowed");
    let request = ana
        .request("GET", "/api/account?_method=DELETE")
        .header("x-http-method-override", "DELETE");
    request.send().expect(200);
}

/// CS-05
#[test]
fn every_answer_carries_the_headers_that_keep_it_safe() {
    let world = World::new();
    let (ana, nobody) = (world.ana(), world.browser("nobody@example.com"));
    let mut answers: Vec<Answer> = Vec::new();
    for browser in [&ana, &nobody] {
        for route in ROUTES {
            answers.push(browser.request(route.method.as_str(), route.pattern).send());
            answers.push(browser.request("PUT", route.pattern).send());
        }
        answers.push(browser.get("/api/nothing"));
    }
    for answer in answers {
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        let policy = answer.header("content-security-policy");
        if answer.page.is_none() {
            let bare = policy.map(|policy| policy.trim_end_matches("; sandbox"));
            assert_eq!(bare, Some("default-src 'none'; frame-ancestors 'none'"));
        }
        assert!(answer.header("strict-transport-security").is_some());
        assert_eq!(
            answer.header("cross-origin-resource-policy"),
            Some("same-origin")
        );
        assert!(
            answer
                .header("x-request-id")
                .is_some_and(|id| id.len() == 26)
        );
        for name in ["server", "x-powered-by", "via"] {
            assert_eq!(answer.header(name), None);
        }
        if !answer.body.is_empty() {
            assert!(
                answer
                    .header("content-type")
                    .unwrap()
                    .ends_with("; charset=utf-8")
            );
        }
        if answer.status >= 400 || answer.header("cache-control") != Some("public, max-age=3600") {
            assert_eq!(
                answer.header("cache-control"),
                Some("no-store"),
                "{answer:?}"
            );
        }
    }
}
