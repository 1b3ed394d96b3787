use super::*;
use http::HeaderValue;
use proptest::prelude::*;

struct Vector {
    secret: &'static str,
    id: &'static str,
    timestamp: &'static str,
    body: &'static str,
    signature: &'static str,
}

const VECTORS: [Vector; 3] = [
    Vector {
        secret: "C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
        id: "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
        timestamp: "1649367553",
        body: r#"{"email":"test@example.com","username":"test_user"}"#,
        signature: "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
    },
    Vector {
        secret: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp: "1614265330",
        body: r#"{"test": 2432232314}"#,
        signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    },
    Vector {
        secret: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        id: "msg_selfie0000000000000000001",
        timestamp: "1767225600",
        body: r#"{"id":"q1","status":"succeeded","logs":"  2%|▏ | 1/50"}"#,
        signature: "v1,x/vaxqtT+no4zBWcjFJH5dUo781st8hdpby4+Qr0SNE=",
    },
];

impl Vector {
    fn key(&self) -> Vec<u8> {
        Base64::decode_vec(self.secret).unwrap()
    }

    fn at(&self) -> u64 {
        self.timestamp.parse().unwrap()
    }

    fn verify(&self, signature: &str, body: &str, now_s: u64) -> Result<WebhookId, Unsigned> {
        let headers = headers(&[
            ("webhook-id", self.id),
            ("webhook-timestamp", self.timestamp),
            ("webhook-signature", signature),
        ]);
        verify_webhook(
            &[self.key()],
            &headers,
            body.as_bytes(),
            Timestamp::from_ms(now_s.saturating_mul(1000)),
        )
    }
}

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(*name, HeaderValue::from_str(value).unwrap());
    }
    headers
}

#[test]
fn the_published_vectors_are_genuine() {
    for vector in VECTORS {
        let genuine = vector.verify(vector.signature, vector.body, vector.at());
        assert_eq!(genuine, Ok(WebhookId(vector.id.to_owned())));
    }
}

#[test]
fn one_right_entry_among_others_is_enough() {
    let [vector, other, _] = VECTORS;
    for signatures in [
        format!("{} {}", other.signature, vector.signature),
        format!("v2,abc {}", vector.signature),
        format!(
            "v1,!!! v1, v1a,{} {}",
            &vector.signature[3..],
            vector.signature
        ),
        format!("{}  {}", vector.signature, other.signature),
    ] {
        assert!(
            vector.verify(&signatures, vector.body, vector.at()).is_ok(),
            "{signatures}"
        );
    }
}

#[test]
fn other_spellings_of_the_right_code_do_not_count() {
    let [vector, ..] = VECTORS;
    let code = &vector.signature[3..];
    let url_safe = vector.signature.replace('+', "-").replace('/', "_");
    let long = format!("{} {}", vector.signature, "x".repeat(1024));
    for signature in [
        "",
        "v1",
        "v1,",
        code,
        &format!("v1a,{code}"),
        &format!("V1,{code}"),
        &format!("v2,{code}"),
        &url_safe,
        vector.signature.trim_end_matches('='),
        &format!("{}A", vector.signature),
        &vector.signature.replace(',', ", "),
        &vector.signature.replace("w=", "x="),
        &long,
    ] {
        let answer = vector.verify(signature, vector.body, vector.at());
        assert_eq!(answer, Err(Unsigned), "{signature}");
    }
}

#[test]
fn a_changed_body_id_or_time_is_not_genuine() {
    let [vector, ..] = VECTORS;
    let changed = vector.body.replace("test_user", "Test_user");
    assert_eq!(
        vector.verify(vector.signature, &changed, vector.at()),
        Err(Unsigned)
    );
    let renamed = Vector {
        id: "msg_27UH4WbU6Z5A5EzD8u03UvzRbpl",
        ..vector
    };
    assert_eq!(
        renamed.verify(renamed.signature, renamed.body, renamed.at()),
        Err(Unsigned)
    );
    let later = Vector {
        timestamp: "1649367554",
        ..renamed
    };
    assert_eq!(
        later.verify(later.signature, later.body, later.at()),
        Err(Unsigned)
    );
}

#[test]
fn a_message_is_good_for_five_minutes_either_way() {
    let [vector, ..] = VECTORS;
    for (now_s, good) in [
        (vector.at() + 300, true),
        (vector.at() - 300, true),
        (vector.at() + 301, false),
        (vector.at() - 301, false),
    ] {
        assert_eq!(
            vector.verify(vector.signature, vector.body, now_s).is_ok(),
            good
        );
    }
}

#[test]
fn both_secrets_of_a_rotation_verify_and_no_secret_does_not() {
    let [vector, other, _] = VECTORS;
    let headers = headers(&[
        ("webhook-id", vector.id),
        ("webhook-timestamp", vector.timestamp),
        ("webhook-signature", vector.signature),
    ]);
    let now = Timestamp::from_ms(vector.at() * 1000);
    let body = vector.body.as_bytes();
    assert!(verify_webhook(&[other.key(), vector.key()], &headers, body, now).is_ok());
    assert_eq!(
        verify_webhook(&[other.key()], &headers, body, now),
        Err(Unsigned)
    );
    assert_eq!(verify_webhook(&[], &headers, body, now), Err(Unsigned));
}

#[test]
fn malformed_missing_and_repeated_headers_are_refused() {
    let [vector, ..] = VECTORS;
    let now = Timestamp::from_ms(vector.at() * 1000);
    let good = [
        ("webhook-id", vector.id),
        ("webhook-timestamp", vector.timestamp),
        ("webhook-signature", vector.signature),
    ];
    let refused = |pairs: &[(&'static str, &str)]| {
        let answer = verify_webhook(
            &[vector.key()],
            &headers(pairs),
            vector.body.as_bytes(),
            now,
        );
        assert_eq!(answer, Err(Unsigned), "{pairs:?}");
    };
    for absent in 0..3 {
        let rest: Vec<_> = good
            .iter()
            .enumerate()
            .filter(|(i, _)| *i != absent)
            .collect();
        refused(&rest.iter().map(|(_, pair)| **pair).collect::<Vec<_>>());
        refused(&[good[0], good[1], good[2], good[absent]]);
    }
    let long = "a".repeat(101);
    for id in ["", "a.b", "a b", &long] {
        refused(&[("webhook-id", id), good[1], good[2]]);
    }
    for timestamp in [
        "",
        "+1649367553",
        "-1649367553",
        "1649367553.0",
        "0x62",
        "1649367553000",
        " 1",
    ] {
        refused(&[good[0], ("webhook-timestamp", timestamp), good[2]]);
    }
}

#[test]
fn a_hint_needs_an_id_and_a_status() {
    let body = br#"{"id":"wj4is6lbdqqkdepnwpr6v2kuva","status":"succeeded","output":[1]}"#;
    let hint = read_hint(body).unwrap();
    assert_eq!(
        (hint.provider_id.as_str(), hint.status.as_str()),
        ("wj4is6lbdqqkdepnwpr6v2kuva", "succeeded")
    );
    assert_eq!(hint.given, None);
    for (input, given) in [
        (
            r#"{"input_images":"https://a.test/z"}"#,
            Some(Given::Bundle("https://a.test/z".to_owned())),
        ),
        (r#"{"prompt":"the sea"}"#, Some(Given::Other)),
        ("null", None),
        ("[]", None),
    ] {
        let body =
            format!(r#"{{"id":"wj4is6lbdqqkdepnwpr6v2kuva","status":"starting","input":{input}}}"#);
        assert_eq!(read_hint(body.as_bytes()).unwrap().given, given);
    }
    let others: [&[u8]; 5] = [
        b"",
        b"[]",
        br#"{"id":"wj4is6lbdqqkdepnwpr6v2kuva"}"#,
        br#"{"status":"succeeded"}"#,
        br#"{"id":"../x","status":"succeeded"}"#,
    ];
    for body in others {
        assert_eq!(read_hint(body), None);
    }
}

proptest! {
    #[test]
    fn no_arbitrary_message_is_genuine(
        id in "\\PC{0,40}", timestamp in "\\PC{0,15}", signature in "(v1,)?\\PC{0,60}", body: Vec<u8>,
    ) {
        let mut headers = HeaderMap::new();
        for (name, text) in
            [("webhook-id", &id), ("webhook-timestamp", &timestamp), ("webhook-signature", &signature)]
        {
            if let Ok(value) = HeaderValue::from_str(text) {
                headers.insert(name, value);
            }
        }
        let answer = verify_webhook(&[vec![1; 24]], &headers, &body, Timestamp::from_ms(0));
        prop_assert_eq!(answer, Err(Unsigned));
        let _ = read_hint(&body);
    }
}
