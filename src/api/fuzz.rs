//! Requests: cookies, headers, queries, bodies, tokens, and what is answered to all of them.

use http::{HeaderMap, HeaderValue};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use super::fields::Fields;
use super::guard::Query;
use super::problem::{Field, Problem};
use super::routes::ROUTES;
use super::{Content, cookie, cursor, models, reply};
use crate::app::handle;
use crate::app::session::token;
use crate::config::Config;
use crate::domain::digest;
use crate::domain::ids::{Serial, SessionId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::fake::{self, Fake};
use crate::fuzz::{fuzz, near, near_json, within};
use crate::ports::Fault;

const NOW: Timestamp = Timestamp::from_ms(1_795_341_600_000);

fn config() -> Config {
    fake::config(&[]).unwrap()
}

fn ana() -> UserId {
    "2446087e115025a1".parse().unwrap()
}

/// A header, if its text can be one.
fn headers(name: &'static str, texts: &[&str]) -> HeaderMap {
    let value = |text: &&str| HeaderValue::from_bytes(text.as_bytes()).ok();
    let pairs = texts
        .iter()
        .filter_map(value)
        .map(|value| (name.parse().unwrap(), value));
    pairs.collect()
}

#[test]
fn cookies() {
    let seeds = [
        "__Host-session=abc.def.ghi",
        "__Host-link=AAAA; __Host-session=x",
        "a=1; x__Host-session=no; __Host-session=yes",
        "__Host-session = x",
        "__Host-session=a=b",
        "__host-session=a",
    ];
    fuzz("cookies", &(near(&seeds), near(&seeds)), |(one, two)| {
        let headers = headers("cookie", &[&one, &two]);
        let found = within(4096, || cookie::find(&headers, cookie::SESSION))?;
        let Ok(found) = found else { return Ok(()) };
        let texts: Vec<_> = headers
            .values()
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        let pairs = texts.iter().flat_map(|text| text.split(';'));
        let pairs = pairs.map(str::trim_ascii);
        let ours: Vec<&str> = pairs
            .filter_map(|pair| pair.strip_prefix("__Host-session="))
            .collect();
        prop_assert_eq!(found, ours.first().copied());
        prop_assert!(ours.len() < 2);
        Ok(())
    });
}

#[test]
fn tokens() {
    let config = config();
    let claims = token::Claims {
        user: ana(),
        session: SessionId::random(&[7; 32]),
        epoch: 3,
        signed_in_at: NOW,
        expires_at: NOW.plus_s(604_800),
    };
    let genuine = token::issue(&config.keys, &config.app_origin, NOW, &claims);
    let none = genuine.replacen("eyJ", "eyJhbGciOiJub25lIn0", 1);
    fuzz("tokens", &near(&[&genuine, &none, "a.b.c", ".."]), |text| {
        let read = within(16 * text.len() + 16_384, || {
            token::verify(&config.keys, &config.app_origin, NOW, &text)
        })?;
        let expected = (text == genuine).then(|| claims.clone());
        prop_assert_eq!(read, expected);
        Ok(())
    });
}

#[test]
fn handles_and_cursors() {
    let config = config();
    let handle = handle::write(&config, &ana(), Serial::from_bytes([5; 16]));
    let place = cursor::write(&config, &ana(), "model", "1732290000000");
    fuzz("handles and cursors", &near(&[&handle, &place]), |text| {
        let most = 4 * text.len() + 4096;
        let read = within(most, || handle::read(&config, &text))?;
        prop_assert_eq!(read.is_some(), text == handle);
        let read = within(most, || cursor::read(&config, &ana(), "model", &text))?;
        prop_assert_eq!(read.is_ok(), text == place);
        Ok(())
    });
}

#[test]
fn queries_and_keys() {
    let seeds = [
        "limit=24&cursor=AAAA",
        "model=1732290000000&favorite=true&q=a%20hat",
        "limit=1&limit=2",
        "a=%zz&%00=+",
        "5e1f1e00-0000-4000-8000-000000000001",
        "\"5E1F1E00-0000-4000-8000-000000000001\"",
    ];
    fuzz("queries and keys", &near(&seeds), |text| {
        let most = 64 * text.len() + 8192;
        if let Ok(query) = within(most, || Query::read(Some(&text)))? {
            let pairs: Vec<_> = url::form_urlencoded::parse(text.as_bytes()).collect();
            for (name, value) in pairs {
                prop_assert_eq!(query.find(&name), Some(&*value));
            }
            if let Ok(limit) = query.limit() {
                prop_assert!((1..=100).contains(&limit));
            }
        }
        let headers = headers("idempotency-key", &[&text]);
        if within(most, || models::key_claim(&headers, "route", String::new()))?.is_ok() {
            let bare = text.trim_matches('"');
            let hex = bare.bytes().filter(u8::is_ascii_hexdigit).count();
            prop_assert_eq!((bare.len(), hex), (36, 32));
        }
        Ok(())
    });
}

#[test]
fn bodies() {
    let seeds = [
        r#"{"email":"ana@example.com","next":"/create"}"#,
        r#"{"model":"1732290000000","prompt":"a hat","count":2,"seed":5,"style":null}"#,
        r#"{"a":1,"a":2}"#,
        r#"{"a":"\ud800","b":1e400}"#,
        r#"{"favorite":true}"#,
    ];
    fuzz("bodies", &near_json(&seeds), |body| {
        let read = within(64 * body.len() + 16_384, || Fields::read(&body))?;
        let Ok(mut fields) = read else { return Ok(()) };
        let value: Value = serde_json::from_slice(&body).unwrap();
        let members = value.as_object().unwrap();
        let spaced = [b" ".as_slice(), &body, b"\n"].concat();
        prop_assert_eq!(fields.sha256(), Fields::read(&spaced).unwrap().sha256());
        let text = fields.optional_text("email");
        prop_assert_eq!(
            text.as_deref(),
            members.get("email").and_then(Value::as_str)
        );
        let is_known = |name: &String| name == "email";
        let is_text = |value: &Value| value.is_string() || value.is_null();
        let good = members
            .iter()
            .all(|(name, value)| is_known(name) && is_text(value));
        prop_assert_eq!(fields.finish().is_ok(), good);
        Ok(())
    });
}

/// What an answer says, which must be readable by anybody.
fn is_whole(answer: &super::Reply) -> Result<Value, TestCaseError> {
    let Content::Bytes(bytes) = answer.body() else {
        return Ok(Value::Null);
    };
    if answer.status().as_u16() < 400 {
        return Ok(Value::Null);
    }
    let problem: Value = serde_json::from_slice(bytes).unwrap();
    prop_assert_eq!(&problem["status"], answer.status().as_u16());
    let slug = problem["type"]
        .as_str()
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap();
    prop_assert!(super::SLUGS.contains(&slug));
    prop_assert!(
        bytes.iter().all(|byte| *byte >= 0x20),
        "a control character is escaped"
    );
    Ok(problem)
}

#[test]
fn problems() {
    let seeds = [
        "/name",
        "Is not known here.",
        "a~b/c",
        "\"}],\"status\":200,\"x\":[{\"",
    ];
    fuzz(
        "problems",
        &(near(&seeds), near(&seeds)),
        |(pointer, detail)| {
            let fields = vec![Field {
                pointer: pointer.clone(),
                detail: detail.clone().into(),
            }];
            let most = 64 * (pointer.len() + detail.len()) + 16_384;
            let mut answer = within(most, || {
                Problem::Fields(fields.into()).reply(NOW, "request")
            })?;
            reply::finish(&mut answer, &pointer);
            let problem = is_whole(&answer)?;
            prop_assert_eq!(problem["errors"][0]["pointer"].as_str(), Some(&*pointer));
            prop_assert_eq!(problem["errors"][0]["detail"].as_str(), Some(&*detail));
            prop_assert_eq!(problem.as_object().unwrap().len(), 6);
            Ok(())
        },
    );
}

/// One request from nobody to an address of ours or near it: no answer is an error of ours, nobody
/// outside is called for a stranger, and nothing but an attempt to sign in is stored.
#[test]
fn requests() {
    let config = config();
    let patterns: Vec<&str> = ROUTES.iter().map(|route| route.pattern).collect();
    let path = prop_oneof![
        4 => select(patterns.clone()).prop_map(str::to_owned),
        1 => near(&patterns),
        1 => near(&["/api/model/1732290000000?limit=3", "/create?m=1&m=2", "/api//x", "*"]),
    ];
    let method = prop_oneof![
        6 => select(vec!["GET", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS"]).prop_map(str::to_owned),
        1 => "[A-Z]{1,10}",
    ];
    let names = select(vec![
        "authorization",
        "cookie",
        "content-type",
        "idempotency-key",
        "origin",
        "sec-fetch-site",
        "user-agent",
        "x-photo-name",
        "cf-connecting-ip",
        "webhook-id",
    ]);
    let values = near(&[
        "application/json",
        "http://127.0.0.1:8787",
        "same-origin",
        "Bearer a.b.c",
        "__Host-session=a.b.c",
        "__Host-link=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ]);
    let body = near_json(&[r#"{"email":"ana@example.com"}"#, r#"{"code":"ABCD1234"}"#]);
    let input = (
        method,
        path,
        prop::collection::vec((names, values), 0..4),
        body,
    );
    fuzz("requests", &input, |(method, path, pairs, body)| {
        let mut builder = http::Request::builder().method(method.as_str()).uri(&path);
        builder = builder.header("content-type", "application/json");
        for (name, value) in &pairs {
            if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
                builder = builder.header(*name, value);
            }
        }
        // What is no request to HTTP itself is refused before us.
        let Ok(request) = builder.body(body) else {
            return Ok(());
        };
        let nobody = Box::new(|_, _, _| fake::Sent {
            result: Err(Fault::Unreachable),
            took_ms: 0,
        });
        let fake = Fake::new(1, NOW, config.rules.clone(), nobody);
        let answer = within(1 << 20, || {
            fake::run(super::handle(&fake, Ok(&config), request))
        })?;
        let status = answer.status().as_u16();
        prop_assert!(status < 500, "{status}");
        is_whole(&answer)?;
        let stored = fake.rows().into_iter().map(|(name, _)| name);
        // An attempt, and that its client has made one.
        let expected = |name: &str| name.starts_with("link:") || name.starts_with("global recent ");
        prop_assert!(stored.into_iter().all(|name| expected(&name)));
        prop_assert!(answer.headers().contains_key("x-request-id"));
        Ok(())
    });
}

#[test]
fn codes_and_nonces() {
    let seeds = [
        "AB12CD34",
        "ab1o-il x9",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ];
    fuzz("codes and nonces", &near(&seeds), |text| {
        let most = 8 * text.len() + 4096;
        if let Some(code) = within(most, || crate::app::ask_for_link::read_code(&text))? {
            let plain =
                |b: u8| b.is_ascii_digit() || (b.is_ascii_uppercase() && !b"ILOU".contains(&b));
            prop_assert!(code.len() == 8 && code.bytes().all(plain));
            prop_assert_eq!(crate::app::ask_for_link::read_code(&code), Some(code));
        }
        if let Some(bytes) = within(most, || digest::from_base64url(&text))? {
            prop_assert_eq!(digest::base64url(&bytes), text);
        }
        Ok(())
    });
}
