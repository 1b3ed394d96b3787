//! What providers send and answer: webhooks, held against another verifier, and bodies of any form.

use std::time::SystemTime;

use base64ct::{Base64, Encoding};
use http::{HeaderMap, HeaderValue};
use proptest::prelude::*;
use proptest::sample::select;

use super::bytescale;
use super::facebook::{self, read_signed_request};
use super::replicate::{self, read_hint, verify_webhook};
use super::scripted::{Scripted, answer, run};
use crate::config::Config;
use crate::domain::digest;
use crate::domain::timestamp::Timestamp;
use crate::fuzz::{fuzz, near, near_json, within};
use crate::ports::Fault;

const SECRET: &[u8] = b"selfie-development-hooks";
const ID: &str = "wj4is6lbdqqkdepnwpr6v2kuva";

fn config() -> Config {
    crate::fake::config(&[]).unwrap()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the other verifier asks no platform for the time"
)]
fn now_s() -> u64 {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

/// A message near a genuine one, and the secret that it was signed with.
#[derive(Clone, Debug)]
struct Message {
    id: String,
    time: String,
    body: String,
    signature: String,
}

fn messages() -> impl Strategy<Value = Message> {
    let body = near(&["{\"id\":\"wj4is6lbdqqkdepnwpr6v2kuva\",\"status\":\"succeeded\"}"]);
    let id =
        prop_oneof![3 => Just("msg_1".to_owned()), 1 => near(&["msg_p5jXN8AQM9LWM0D4loKWxJek"])];
    // Not near the limit itself, where the one who looks a moment later decides otherwise.
    let shift = prop_oneof![
        4 => -250_i64..250,
        1 => 350_i64..10_000,
        1 => -10_000_i64..-350,
        1 => any::<i64>(),
    ];
    let how = select(vec![
        "right", "right", "another", "v2", "list", "padded", "text",
    ]);
    (
        id,
        shift,
        body,
        how,
        near(&["v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw="]),
    )
        .prop_map(|(id, shift, body, how, text)| {
            let time = (now_s().cast_signed()).wrapping_add(shift).to_string();
            let other = standardwebhooks::Webhook::from_bytes(SECRET.to_vec()).unwrap();
            let right = other
                .sign(&id, time.parse().unwrap(), body.as_bytes())
                .unwrap();
            let signature = match how {
                "another" => format!("v1,{}", Base64::encode_string(&[7; 32])),
                "v2" => right.replacen("v1", "v2", 1),
                "list" => format!("v1,AAAA v2,{} {right} x", Base64::encode_string(&[7; 32])),
                "padded" => format!("{right}="),
                "text" => text,
                _ => right,
            };
            Message {
                id,
                time,
                body,
                signature,
            }
        })
}

#[test]
fn webhooks() {
    let other = standardwebhooks::Webhook::from_bytes(SECRET.to_vec()).unwrap();
    fuzz("webhooks", &messages(), |message| {
        let mut headers = HeaderMap::new();
        for (name, text) in [
            ("webhook-id", &message.id),
            ("webhook-timestamp", &message.time),
            ("webhook-signature", &message.signature),
        ] {
            if let Ok(value) = HeaderValue::from_str(text) {
                headers.insert(name, value);
            }
        }
        let body = message.body.as_bytes();
        let now = Timestamp::from_ms(now_s() * 1000);
        let secrets = [b"a former secret of ours!".to_vec(), SECRET.to_vec()];
        let ours = within(16_384, || verify_webhook(&secrets, &headers, body, now))?;
        let theirs = other.verify(body, &headers);
        // The other takes any id and any length.
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"_-".contains(&b);
        let of_grammar = (1..=100).contains(&message.id.len())
            && message.id.bytes().all(is_plain)
            && (1..=12).contains(&message.time.len())
            && message.time.bytes().all(|b| b.is_ascii_digit())
            && message.signature.len() <= 1024;
        prop_assert_eq!(ours.is_ok(), theirs.is_ok() && of_grammar, "{:?}", theirs);
        Ok(())
    });
}

#[test]
fn hints() {
    let seed = format!("{{\"id\":\"{ID}\",\"status\":\"succeeded\",\"logs\":\"  2%|▏ | 1/50\"}}");
    fuzz("hints", &near_json(&[&seed]), |body| {
        if let Some(hint) = within(64 * body.len() + 16_384, || read_hint(&body))? {
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
            let id = &hint.provider_id;
            prop_assert!((20..=40).contains(&id.len()) && id.bytes().all(plain));
        }
        Ok(())
    });
}

/// As many equal answers as any policy asks for.
fn platform(status: u16, body: &[u8]) -> Scripted {
    Scripted::new((0..12).map(|_| Ok(answer(status, body))))
}

#[test]
fn answers_of_replicate() {
    let training = format!(
        "{{\"id\":\"{ID}\",\"status\":\"succeeded\",\"output\":{{\"version\":\"selfie-dev/faces:{}\"}},\
         \"metrics\":{{\"predict_time\":3e-06}},\"logs\":null}}",
        "0".repeat(64)
    );
    let prediction = format!(
        "{{\"id\":\"{ID}\",\"status\":\"failed\",\"error\":\"NSFW\",\"output\":[\"https://replicate.delivery/a\"],\
         \"data_removed\":false}}"
    );
    let list = format!("{{\"next\":null,\"results\":[{prediction},{training}]}}");
    let config = config();
    let seeds = [training.as_str(), &prediction, &list];
    let status = select(vec![200, 201, 404, 429, 500]);
    fuzz(
        "answers of replicate",
        &(status, near_json(&seeds)),
        |(status, body)| {
            let most = 512 * body.len() + 262_144;
            let config = &config.replicate;
            let read = within(most, || {
                run(replicate::read_training(
                    &platform(status, &body),
                    config,
                    ID,
                ))
            })?;
            if let Ok(report) = read {
                prop_assert!(status < 300 && report.outputs.is_empty());
                let version = report.version.unwrap_or_default();
                prop_assert!(version.is_empty() || version.len() > 64);
            }
            let read = within(most, || {
                run(replicate::read_prediction(
                    &platform(status, &body),
                    config,
                    ID,
                ))
            })?;
            prop_assert!(read.is_err() || status < 300);
            let since = Timestamp::from_ms(1_700_000_000_000);
            let found = within(most, || {
                run(replicate::find_training(
                    &platform(status, &body),
                    config,
                    "mark",
                    since,
                ))
            })?;
            if let Ok(Some(id)) = found {
                prop_assert!((20..=40).contains(&id.len()));
            }
            Ok(())
        },
    );
}

#[test]
fn addresses_of_outputs() {
    let seeds = [
        "https://replicate.delivery/xezq/abc/out-0.webp",
        "https://a.b.replicate.delivery:443/x",
        "https://evil.test\\@replicate.delivery/a",
        "https://replicate.delivery.evil.test/a",
        "http://127.0.0.1/a",
        "data:image/webp;base64,AAAA",
    ];
    let config = config();
    fuzz("addresses of outputs", &near(&seeds), |url| {
        let platform = platform(200, b"an image");
        let production = crate::config::Environment::Production;
        let fetch = replicate::fetch_output(&platform, &config.replicate, production, &url);
        let fetched = within(65_536, || run(fetch))?;
        for (request, _) in platform.requests() {
            let asked = url::Url::parse(&request.uri().to_string()).unwrap();
            let host = asked.host_str().unwrap();
            let ours = host == "replicate.delivery" || host.ends_with(".replicate.delivery");
            prop_assert!(ours && asked.scheme() == "https", "{asked}");
            prop_assert!(asked.username().is_empty() && matches!(asked.port(), None | Some(443)));
        }
        let wrong = matches!(fetched, Err(Fault::Malformed { .. }));
        prop_assert!(fetched.is_ok() || wrong || platform.requests().is_empty());
        Ok(())
    });
}

#[test]
fn listings_of_bundles() {
    let seeds = [
        r#"{"files":[{"artifact":"a.jpg","size":12},{"artifact":"/u/","size":0}]}"#,
        r#"{"files":[{"artifact":"b.txt","size":1.2e1}]}"#,
        r#"{"async":true,"accountId":"devSeLf","jobId":"x","jobType":"y"}"#,
    ];
    let config = config();
    fuzz("listings of bundles", &near_json(&seeds), |body| {
        let most = 512 * body.len() + 262_144;
        let listed = within(most, || {
            run(bytescale::list_zip(
                &platform(200, &body),
                &config.bytescale,
                "/u/1/x.zip",
            ))
        })?;
        for entry in listed.unwrap_or_default() {
            prop_assert!(!entry.name.contains('/'));
        }
        Ok(())
    });
}

#[test]
fn signed_requests() {
    let payload = digest::base64url(
        br#"{"algorithm":"HMAC-SHA256","issued_at":1795341600,"user_id":"1234567890123456"}"#,
    );
    let other = digest::base64url(br#"{"algorithm":"none","issued_at":1795341600,"user_id":"1"}"#);
    let mac = digest::base64url(&digest::hmac_sha256(b"secret", &[payload.as_bytes()]));
    let genuine = format!("{mac}.{payload}");
    let seeds = [
        genuine.clone(),
        format!("{mac}=.{payload}"),
        format!("{mac}.{other}"),
        format!(".{payload}"),
    ];
    let now = Timestamp::from_ms(1_795_341_600_000);
    fuzz(
        "signed requests",
        &near(&seeds.each_ref().map(String::as_str)),
        |text| {
            let read = within(16 * text.len() + 16_384, || {
                read_signed_request("secret", &text, now)
            })?;
            let bare = text
                .split_once('.')
                .map(|(mac, payload)| format!("{}.{payload}", mac.trim_end_matches('=')));
            prop_assert_eq!(read.is_some(), bare.as_deref() == Some(&*genuine));
            Ok(())
        },
    );
}

#[test]
fn answers_of_facebook() {
    let seeds = [
        r#"{"access_token":"user-token","token_type":"bearer","expires_in":5183944}"#,
        r#"{"id":"1234567890123456","name":"Ana","email":null}"#,
        r#"{"error":{"message":"x","type":"OAuthException","code":2,"is_transient":true}}"#,
    ];
    let facebook = config().facebook.unwrap();
    let status = select(vec![200, 400, 401, 500]);
    fuzz(
        "answers of facebook",
        &(status, near_json(&seeds)),
        |(status, body)| {
            let platform = platform(status, &body);
            let most = 512 * body.len() + 262_144;
            let uri = "https://selfie.test/api/facebook/callback";
            let known = within(most, || {
                run(facebook::recognise(&platform, &facebook, uri, "code"))
            })?;
            if let Ok(profile) = known {
                let plain = profile.id.as_str().bytes().all(|b| b.is_ascii_digit());
                prop_assert!(plain && status == 200);
            }
            Ok(())
        },
    );
}
