//! What may be ordered, and how much of it.

use serde_json::json;

use crate::world::{MINUTE, World};

/// PD-08
#[test]
fn what_a_day_allows_is_not_exceeded() {
    let world = World::with(&[
        ("QUOTA_TRAININGS_PER_DAY", "1"),
        ("QUOTA_PREDICTIONS_PER_DAY", "1"),
    ]);
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let problem = world
        .without_traces(|| ana.asks_to_train(&model))
        .refused(429, "quota-exceeded");
    assert_eq!(
        (&problem["limit"], &problem["used"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(problem["quota"], "trainings_per_day");
    assert_eq!(
        problem["detail"],
        "You have used 1 of 1 trainings of a day. The next one is possible at midnight UTC."
    );
    assert_eq!(problem["resets_at"], "2026-03-05T00:00:00.000Z");
    ana.creates(&model, "by the sea");
    let answer = world.without_traces(|| ana.asks_for_images(&model, "by the lake"));
    let problem = answer.refused(429, "quota-exceeded");
    assert_eq!(problem["quota"], "predictions_per_day");
    assert!(answer.header("retry-after").is_some());
    world.advance(15 * 60 * MINUTE);
    ana.creates(&model, "by the lake");
}

#[test]
fn the_kill_switch_stops_what_costs_money_and_nothing_else() {
    let world = World::with(&[("PAUSED", "true")]);
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let before = world.count_calls("replicate", "");
    let answer = ana.asks_to_train(&model);
    answer.refused(503, "paused");
    assert!(answer.header("retry-after").is_some());
    assert_eq!(world.count_calls("replicate", ""), before);
}

/// PD-11
#[test]
fn a_prompt_is_plain_text_or_is_refused() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    for wrong in [
        "",
        "   ",
        "a\0b",
        "a\u{7}b",
        "a\u{202e}b",
        &"p".repeat(10_000),
    ] {
        let answer = world.without_traces(|| ana.asks_for_images(&model, wrong));
        assert_eq!(
            answer.refused(422, "invalid-request")["errors"][0]["pointer"],
            "/prompt"
        );
    }
    let prompts = [
        "<lora:other:1> hat",
        "https://evil.example/?a=b",
        "../../x?m=1&model=2",
    ];
    for prompt in prompts {
        ana.asks_for_images(&model, prompt).expect(202);
    }
    let jobs = world.jobs_of("prediction");
    for (job, prompt) in jobs.iter().zip(prompts) {
        assert!(job.input["prompt"].as_str().unwrap().contains(prompt));
    }
    let calls = world
        .outside
        .world()
        .calls()
        .iter()
        .map(|call| call.path.clone())
        .collect::<String>();
    let keys: String = world
        .fake
        .kv_entries()
        .into_iter()
        .map(|(key, _)| key)
        .collect();
    assert!(!calls.contains("evil.example") && !keys.contains("evil.example"));
}

/// PD-12
#[test]
fn the_provider_sees_the_fields_of_the_recipe_and_no_other() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    let ask = |extra: serde_json::Value| {
        let mut body = json!({"model": model, "prompt": "by the sea"});
        body.as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        ana.request("POST", "/create")
            .json(&body)
            .fresh_key()
            .send()
    };
    for extra in [
        json!({"num_outputs": 1000}),
        json!({"count": 5}),
        json!({"count": 0}),
        json!({"webhook": "https://evil.example"}),
        json!({"disable_safety_checker": true}),
        json!({"token": "r8_x"}),
        json!({"seed": -1}),
        json!({"seed": 4_294_967_296_u64}),
        json!({"aspect_ratio": "custom"}),
        json!({"format": "svg"}),
        json!({"style": "none such"}),
    ] {
        world
            .without_traces(|| ask(extra.clone()))
            .refused(422, "invalid-request");
    }
    ask(json!({"count": 2, "seed": 5, "aspect_ratio": "16:9"})).expect(202);
    let job = &world.jobs_of("prediction")[0];
    let mut fields: Vec<&str> = job
        .input
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    fields.sort_unstable();
    let allowed = [
        "aspect_ratio",
        "disable_safety_checker",
        "go_fast",
        "guidance_scale",
        "lora_scale",
        "megapixels",
        "model",
        "num_inference_steps",
        "num_outputs",
        "output_format",
        "output_quality",
        "prompt",
        "seed",
    ];
    assert!(
        fields.iter().all(|field| allowed.contains(field)),
        "{fields:?}"
    );
    assert_ne!(job.input["disable_safety_checker"], true);
    assert_eq!(
        (&job.input["num_outputs"], &job.input["seed"]),
        (&json!(2), &json!(5))
    );
}
