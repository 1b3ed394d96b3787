//! The messages that Facebook sends by itself: somebody has removed the app, or wants their data deleted; rightly and wrongly signed.
//! It must never send one of its own accord, and it judges the answer as Facebook would.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use http::header::CONTENT_TYPE;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::clock::DAY_MS;
use crate::wire::Request;
use crate::world::World;

/// How a message is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seal {
    Right,
    /// One bit of the signature is wrong.
    Broken,
    /// By another app.
    OtherSecret,
    Unsigned,
    /// There is no message at all.
    Missing,
    /// Signed, and names another algorithm.
    OtherAlgorithm,
    /// Signed more than a day ago.
    Old,
}

impl Seal {
    pub(crate) const ALL: [(Self, &'static str); 7] = [
        (Self::Right, "right"),
        (Self::Broken, "broken"),
        (Self::OtherSecret, "other_secret"),
        (Self::Unsigned, "unsigned"),
        (Self::Missing, "missing"),
        (Self::OtherAlgorithm, "other_algorithm"),
        (Self::Old, "old"),
    ];
}

/// A message and what became of it.
#[derive(Debug, Clone, Serialize)]
pub struct Message {
    pub id: u64,
    /// `deletion` or `deauthorize`.
    pub kind: String,
    pub user_id: String,
    pub seal: Seal,
    /// None until it was answered, and when there was no answer.
    pub status: Option<u16>,
    pub body: String,
    /// What Facebook makes of the answer: empty when it is as it should be, none until it was answered.
    pub complaint: Option<String>,
    #[serde(skip)]
    taken: bool,
}

impl World {
    /// Has a message sent; whoever carries it takes it from `take_messages`.
    pub fn send_message(&mut self, kind: &str, user_id: &str, seal: Seal) -> u64 {
        let id = u64::try_from(self.facebook.messages.len()).unwrap_or(u64::MAX);
        self.facebook.messages.push(Message {
            id,
            kind: kind.to_owned(),
            user_id: user_id.to_owned(),
            seal,
            status: None,
            body: String::new(),
            complaint: None,
            taken: false,
        });
        id
    }

    /// The messages that nobody has taken yet, signed for this moment; each is to be reported back.
    pub fn take_messages(&mut self) -> Vec<(u64, Request)> {
        let mut waiting = Vec::new();
        for message in &mut self.facebook.messages {
            if !std::mem::replace(&mut message.taken, true) {
                waiting.push(message.clone());
            }
        }
        let requests = waiting
            .iter()
            .map(|message| (message.id, request(self, message)));
        requests.collect()
    }

    /// Tells how a message was answered; none is no connection or no answer in time.
    pub fn report_message(&mut self, id: u64, answer: Option<(u16, Vec<u8>)>) {
        let as_text = self.switches.is("facebook_deletion_reply", "text");
        let found = self
            .facebook
            .messages
            .iter_mut()
            .find(|message| message.id == id);
        if let Some(message) = found {
            let (status, body) = answer.unzip();
            message.status = status;
            message.body = String::from_utf8_lossy(&body.unwrap_or_default()).into_owned();
            message.complaint = Some(complaint(message, as_text));
        }
    }

    /// Every message so far, with its answer.
    #[must_use]
    pub fn messages(&self) -> &[Message] {
        self.facebook.messages()
    }
}

fn request(world: &World, message: &Message) -> Request {
    let origin = world.settings.app_origin.as_deref();
    let url = format!(
        "{}/api/facebook/{}",
        origin.unwrap_or("http://127.0.0.1:8787"),
        message.kind
    );
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    if message.seal != Seal::Missing {
        form.append_pair("signed_request", &signed(world, message));
    }
    let mut request = http::Request::new(form.finish().into_bytes());
    *request.method_mut() = http::Method::POST;
    *request.uri_mut() = url.parse().unwrap_or_default();
    let kind = http::HeaderValue::from_static("application/x-www-form-urlencoded");
    request.headers_mut().insert(CONTENT_TYPE, kind);
    request
}

fn signed(world: &World, message: &Message) -> String {
    let age_ms = if message.seal == Seal::Old {
        DAY_MS + 1000
    } else {
        0
    };
    let algorithm = match message.seal {
        Seal::OtherAlgorithm => "HMAC-SHA512",
        _ => "HMAC-SHA256",
    };
    let payload = json!({
        "algorithm": algorithm, "user_id": message.user_id, "issued_at": world.now_ms.saturating_sub(age_ms) / 1000
    });
    let payload = URL_SAFE_NO_PAD.encode(payload.to_string());
    let secret = match message.seal {
        Seal::OtherSecret => "the secret of another app altogether",
        _ => &world.settings.facebook_app_secret,
    };
    let mut mac: Vec<u8> = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .map(|mac| mac.chain_update(&payload).finalize().into_bytes().to_vec())
        .unwrap_or_default();
    if let (Seal::Broken, Some(first)) = (message.seal, mac.first_mut()) {
        *first ^= 1;
    }
    if message.seal == Seal::Unsigned {
        mac.clear();
    }
    format!("{}.{payload}", URL_SAFE_NO_PAD.encode(mac))
}

fn complaint(message: &Message, as_text: bool) -> String {
    let wanted = if message.seal == Seal::Right {
        200
    } else {
        400
    };
    match message.status {
        None => return "there was no answer".to_owned(),
        Some(status) if status != wanted => return format!("{status} instead of {wanted}"),
        Some(_) => {}
    }
    if message.seal != Seal::Right || message.kind != "deletion" {
        return String::new();
    }
    if as_text {
        let whole = ["url", "confirmation_code"]
            .iter()
            .all(|name| message.body.contains(name));
        return if whole {
            String::new()
        } else {
            "url or confirmation_code is missing".to_owned()
        };
    }
    let body: Option<Value> = serde_json::from_str(&message.body).ok();
    let text = |name: &str| {
        let value = body.as_ref().and_then(|body| body.get(name));
        value.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let code = text("confirmation_code");
    if url::Url::parse(&text("url")).is_err() {
        "url is not one".to_owned()
    } else if code.is_empty() || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        "confirmation_code is not letters and digits".to_owned()
    } else {
        String::new()
    }
}
