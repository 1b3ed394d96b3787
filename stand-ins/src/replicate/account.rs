//! The account, the hardware list and the webhook secret.
//! These answers never change and cost nothing.

use serde_json::{Value, json};

use crate::wire::{self, Response};
use crate::world::World;

const HARDWARE: &[(&str, &str)] = &[
    ("cpu", "CPU"),
    ("gpu-t4", "Nvidia T4 GPU"),
    ("gpu-l40s", "Nvidia L40S GPU"),
    ("gpu-2x-l40s", "2x Nvidia L40S GPU"),
    ("gpu-a100-large", "Nvidia A100 (80GB) GPU"),
    ("gpu-a100-large-2x", "2x Nvidia A100 (80GB) GPU"),
    ("gpu-a100-large-4x", "4x Nvidia A100 (80GB) GPU"),
    ("gpu-a100-large-8x", "8x Nvidia A100 (80GB) GPU"),
    ("gpu-h100", "Nvidia H100 GPU"),
    ("gpu-h100-2x", "2x Nvidia H100 GPU"),
    ("gpu-h100-4x", "4x Nvidia H100 GPU"),
    ("gpu-h100-8x", "8x Nvidia H100 GPU"),
];

pub(super) fn account(world: &World) -> Response {
    let owner = &world.replicate.owner;
    let body = json!({
        "type": "organization", "username": owner, "name": owner, "github_url": format!("https://github.com/{owner}"),
        "avatar_url": null
    });
    wire::json(200, &body)
}

pub(super) fn hardware() -> Response {
    let list: Vec<Value> = HARDWARE
        .iter()
        .map(|(sku, name)| json!({"sku": sku, "name": name}))
        .collect();
    wire::json(200, &Value::Array(list))
}

pub(super) fn is_hardware(sku: &str) -> bool {
    HARDWARE.iter().any(|(known, _)| *known == sku)
}

pub(super) fn webhook_secret(world: &World) -> Response {
    wire::json(
        200,
        &json!({"key": world.settings.replicate_webhook_secret}),
    )
}
