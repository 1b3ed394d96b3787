//! Webhooks as a test makes them: signed like the provider's, or not quite.

use base64ct::{Base64, Encoding};
use selfie::domain::digest;

use crate::answer::Answer;
use crate::world::World;

/// The address that a job reports to, path only.
pub fn path_of(world: &World, job: usize) -> String {
    let calls = world.outside.world().calls().to_vec();
    let posts = calls
        .iter()
        .filter(|call| call.provider == "replicate" && call.method == "POST");
    let urls: Vec<String> = posts
        .filter_map(|call| {
            let body: serde_json::Value = serde_json::from_slice(&call.body).ok()?;
            body["webhook"].as_str().map(str::to_owned)
        })
        .collect();
    urls[job]
        .strip_prefix(&world.config.app_origin)
        .unwrap()
        .to_owned()
}

/// The signature of a message under a secret.
pub fn sign(secret: &[u8], id: &str, seconds: u64, body: &[u8]) -> String {
    let seconds = seconds.to_string();
    let parts = [id.as_bytes(), b".", seconds.as_bytes(), b".", body];
    format!(
        "v1,{}",
        Base64::encode_string(&digest::hmac_sha256(secret, &parts))
    )
}

/// A message that is genuine unless a test changes it.
#[derive(Clone)]
pub struct Message<'w> {
    pub world: &'w World,
    pub path: String,
    pub id: String,
    pub seconds: u64,
    pub body: Vec<u8>,
    pub signature: Option<String>,
}

impl<'w> Message<'w> {
    pub fn to(world: &'w World, path: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            world,
            path: path.to_owned(),
            id: format!("msg_test{}", world.number()),
            seconds: world.now_ms() / 1000,
            body: body.into(),
            signature: None,
        }
    }

    pub fn genuine_signature(&self) -> String {
        let secret = self.world.config.replicate.webhook_secrets.last().unwrap();
        sign(secret, &self.id, self.seconds, &self.body)
    }

    pub fn request(&self) -> http::Request<Vec<u8>> {
        let signature = self
            .signature
            .clone()
            .unwrap_or_else(|| self.genuine_signature());
        http::Request::post(&self.path)
            .header("content-type", "application/json")
            .header("webhook-id", &self.id)
            .header("webhook-timestamp", self.seconds.to_string())
            .header("webhook-signature", signature)
            .body(self.body.clone())
            .unwrap()
    }

    pub fn send(&self) -> Answer {
        self.world.handle(self.request())
    }
}
