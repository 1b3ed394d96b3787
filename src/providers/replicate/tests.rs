//! Orders and runs, over a provider whose answers are written down; nothing is sent.

mod throttled;

use super::*;
use crate::ports::Limits;
use crate::providers::scripted::{Scripted, answer, run};
use serde_json::json;

pub(super) const ID: &str = "wj4is6lbdqqkdepnwpr6v2kuva";
pub(super) const HASH: &str = "8a43525956ef4039702e509c789964a7ea873697be9033abf9fd2badfe68c9e3";
const CREATED: &str = r#"{"id":"wj4is6lbdqqkdepnwpr6v2kuva","model":"stability-ai/sdxl","version":"39ed52f2a78e934b3ba6e2a89f5b1c712de7dfea535525255b1aa35c5565e08b","input":{"input_images":"https://a.test/data.zip"},"logs":"","error":null,"status":"starting","created_at":"2023-08-16T19:33:26.678378653Z","urls":{"cancel":"https://api.replicate.com/v1/predictions/wj4is6lbdqqkdepnwpr6v2kuva/cancel"}}"#;

pub(super) fn config() -> config::Replicate {
    let trainer = |name: &str| format!("{name}:{}", "ab".repeat(32));
    config::Replicate {
        api_url: "https://api.replicate.com/v1".to_owned(),
        token: "r8_token".to_owned(),
        webhook_secrets: Vec::new(),
        destination: "selfie-pr/faces".to_owned(),
        fallback: None,
        captioner: None,
        trainers: config::Trainers {
            fast: trainer("replicate/fast-flux-trainer"),
            quality: trainer("ostris/flux-dev-lora-trainer"),
        },
    }
}

fn new_training(preset: Preset) -> NewTraining {
    NewTraining {
        preset,
        zip_url: "https://upcdn.io/A623uY2/raw/u/1/zip?version=op&exp=1&sig=s".to_owned(),
        trigger_word: "SLFa1b2c3".to_owned(),
        webhook_url: "https://selfie.pr/api/webhooks/replicate/h".to_owned(),
        captions: true,
    }
}

pub(super) fn new_prediction() -> NewPrediction {
    NewPrediction {
        provider_version: format!("selfie-pr/faces:{HASH}"),
        prompt: "SLFa1b2c3 as an astronaut".to_owned(),
        aspect_ratio: "3:4".to_owned(),
        count: 4,
        seed: 1_234_567_890,
        steps: 28,
        guidance: 3,
        lora_scale: 1,
        format: "webp".to_owned(),
        webhook_url: "https://selfie.pr/api/webhooks/replicate/h".to_owned(),
    }
}

#[test]
fn a_fast_training_is_ordered_at_its_trainer() {
    let platform = Scripted::new([Ok(answer(201, CREATED))]);
    let created = run(create_training(
        &platform,
        &config(),
        &new_training(Preset::Fast),
    ));
    assert_eq!(
        created,
        Ok(Created {
            provider_id: ID.to_owned()
        })
    );
    let version = "ab".repeat(32);
    assert_eq!(
        platform.calls(),
        [format!(
            "POST https://api.replicate.com/v1/models/replicate/fast-flux-trainer/versions/{version}/trainings"
        )]
    );
    assert_eq!(
        platform.sent(0),
        json!({
            "destination": "selfie-pr/faces",
            "input": {
                "input_images": "https://upcdn.io/A623uY2/raw/u/1/zip?version=op&exp=1&sig=s",
                "trigger_word": "SLFa1b2c3", "lora_type": "subject", "training_steps": 1000,
            },
            "webhook": "https://selfie.pr/api/webhooks/replicate/h",
            "webhook_events_filter": ["start", "completed"],
        })
    );
    let (request, limits) = platform.requests().remove(0);
    assert_eq!(request.headers()["authorization"], "Bearer r8_token");
    assert_eq!(request.headers()["content-type"], "application/json");
    assert_eq!(limits, Limits::new(10_000, 1024 * 1024));
}

#[test]
fn the_other_trainer_gets_the_inputs_that_it_knows() {
    let platform = Scripted::new([Ok(answer(201, CREATED))]);
    run(create_training(
        &platform,
        &config(),
        &new_training(Preset::Quality),
    ))
    .unwrap();
    let input = platform.sent(0)["input"].clone();
    assert_eq!(
        (&input["steps"], &input["autocaption"]),
        (&json!(1000), &json!(false))
    );
    assert!(input.get("lora_type").is_none());
}

#[test]
fn one_trainer_for_every_preset_gets_its_own_inputs_for_each() {
    let mut config = config();
    config.trainers.fast = config.trainers.quality.clone();
    let platform = Scripted::new([Ok(answer(201, CREATED))]);
    run(create_training(
        &platform,
        &config,
        &new_training(Preset::Fast),
    ))
    .unwrap();
    assert!(platform.sent(0)["input"].get("lora_type").is_none());
}

#[test]
fn a_prediction_is_ordered_with_everything_that_makes_it_repeatable() {
    let platform = Scripted::new([Ok(answer(201, CREATED))]);
    run(create_prediction(&platform, &config(), &new_prediction())).unwrap();
    assert_eq!(
        platform.calls(),
        ["POST https://api.replicate.com/v1/predictions"]
    );
    assert_eq!(platform.requests()[0].0.headers()["cancel-after"], "10m");
    assert_eq!(
        platform.sent(0),
        json!({
            "version": format!("selfie-pr/faces:{HASH}"),
            "input": {
                "prompt": "SLFa1b2c3 as an astronaut", "aspect_ratio": "3:4", "num_outputs": 4,
                "seed": 1_234_567_890, "output_format": "webp", "output_quality": 90,
                "num_inference_steps": 28, "guidance_scale": 3, "lora_scale": 1,
                "go_fast": false, "disable_safety_checker": false,
            },
            "webhook": "https://selfie.pr/api/webhooks/replicate/h",
            "webhook_events_filter": ["completed"],
        })
    );
}

#[test]
fn a_lost_answer_is_never_followed_by_a_second_post() {
    for outcome in [
        Err(Fault::Timeout),
        Err(Fault::Unreachable),
        Err(Fault::TooLarge { max_bytes: 1 }),
        Ok(answer(500, r#"{"detail":"An unexpected error ocurred"}"#)),
        Ok(answer(502, "<html>")),
        Ok(answer(201, "{\"id\":\"wj4is6lb")),
        Ok(answer(201, "{}")),
        Ok(answer(301, "")),
    ] {
        let platform = Scripted::new([outcome]);
        let fault = run(create_prediction(&platform, &config(), &new_prediction())).unwrap_err();
        assert!(fault.is_ambiguous(), "{fault:?}");
        assert_eq!(platform.requests().len(), 1);
    }
}

#[test]
fn a_refused_creation_is_final_and_not_ambiguous() {
    for status in [400, 401, 402, 403, 404, 409, 413, 422] {
        let platform = Scripted::new([Ok(answer(status, r#"{"detail":"billing"}"#))]);
        let fault = run(create_training(
            &platform,
            &config(),
            &new_training(Preset::Fast),
        ));
        assert_eq!(
            fault,
            Err(Fault::Refused {
                status,
                retry_after_s: None
            })
        );
        assert_eq!(platform.requests().len(), 1);
    }
}

#[test]
fn a_run_is_read_at_its_own_collection() {
    let job = json!({"id": ID, "status": "starting"}).to_string();
    let platform = Scripted::new([
        Err(Fault::Timeout),
        Ok(answer(200, &job)),
        Ok(answer(200, &job)),
    ]);
    run(read_training(&platform, &config(), ID)).unwrap();
    run(read_prediction(&platform, &config(), ID)).unwrap();
    let caps: Vec<_> = platform
        .requests()
        .iter()
        .map(|(_, limits)| limits.max_bytes)
        .collect();
    assert_eq!(caps, [1 << 20, 1 << 20, 25 << 20]);
    assert_eq!(
        platform.calls(),
        [
            format!("GET https://api.replicate.com/v1/trainings/{ID}"),
            format!("GET https://api.replicate.com/v1/trainings/{ID}"),
            format!("GET https://api.replicate.com/v1/predictions/{ID}"),
        ]
    );
}

#[test]
fn cancelling_what_has_ended_is_no_error() {
    let platform = Scripted::new([
        Ok(answer(409, "{}")),
        Ok(answer(503, "")),
        Ok(answer(200, "{}")),
    ]);
    assert_eq!(run(cancel_training(&platform, &config(), ID)), Ok(()));
    assert_eq!(run(cancel_prediction(&platform, &config(), ID)), Ok(()));
    assert_eq!(
        platform.calls(),
        [
            format!("POST https://api.replicate.com/v1/trainings/{ID}/cancel"),
            format!("POST https://api.replicate.com/v1/predictions/{ID}/cancel"),
            format!("POST https://api.replicate.com/v1/predictions/{ID}/cancel"),
        ]
    );
}

#[test]
fn an_id_that_is_none_never_enters_a_url() {
    let long = "a".repeat(41);
    for id in [
        "",
        "../account",
        "short",
        "WJ4IS6LBDQQKDEPNWPR6V2KUVA",
        &long,
        "wj4is6lbdqqk/depnwpr6v2kuva",
    ] {
        let platform = Scripted::new([]);
        assert_eq!(
            run(read_training(&platform, &config(), id)),
            Err(UNSENDABLE)
        );
        assert_eq!(
            run(cancel_prediction(&platform, &config(), id)),
            Err(UNSENDABLE)
        );
    }
    let platform = Scripted::new([Ok(answer(201, r#"{"id":"../../x"}"#))]);
    let created = run(create_prediction(&platform, &config(), &new_prediction()));
    assert_eq!(created, Err(Fault::malformed("id")));
}

#[test]
fn a_version_is_deleted_once_and_gone_is_gone() {
    let version = format!("selfie-pr/faces:{HASH}");
    let platform = Scripted::new([
        Ok(answer(202, "")),
        Ok(answer(404, "{}")),
        Ok(answer(200, "{}")),
        Ok(answer(404, "{}")),
        Ok(answer(403, "{}")),
    ]);
    assert_eq!(run(delete_version(&platform, &config(), &version)), Ok(()));
    assert_eq!(run(delete_version(&platform, &config(), &version)), Ok(()));
    assert_eq!(
        run(version_exists(&platform, &config(), &version)),
        Ok(true)
    );
    assert_eq!(
        run(version_exists(&platform, &config(), &version)),
        Ok(false)
    );
    let refused = Fault::Refused {
        status: 403,
        retry_after_s: None,
    };
    assert_eq!(
        run(delete_version(&platform, &config(), &version)),
        Err(refused)
    );
    let url = format!("https://api.replicate.com/v1/models/selfie-pr/faces/versions/{HASH}");
    assert_eq!(platform.calls()[0], format!("DELETE {url}"));
    assert_eq!(platform.calls()[2], format!("GET {url}"));
}

#[test]
fn a_version_that_is_none_is_not_asked_for() {
    for version in [
        "",
        HASH,
        "a/b:c",
        &format!("../..:{HASH}"),
        &format!("a/b/c:{HASH}"),
    ] {
        let platform = Scripted::new([]);
        assert_eq!(
            run(delete_version(&platform, &config(), version)),
            Err(UNSENDABLE)
        );
    }
}
