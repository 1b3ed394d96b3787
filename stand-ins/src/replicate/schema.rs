//! The schema checks of a creation, with the texts of the validator that the service uses.
//! Unknown keys inside `input` are tolerated; everything else that is wrong is named.

use serde_json::{Map, Value, json};

use super::problem::Problem;
use crate::world::World;

/// Collects what is wrong with one body.
#[derive(Debug, Default)]
pub(super) struct Check(Vec<(&'static str, String, String)>);

const RATIOS: &[&str] = &[
    "1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "3:4", "4:3", "9:16", "9:21", "custom",
];
const EVENTS: &[&str] = &["start", "output", "logs", "completed"];

impl Check {
    fn add(&mut self, kind: &'static str, field: &str, text: String) {
        self.0.push((kind, field.to_owned(), text));
    }

    pub fn required(&mut self, at: &str, fields: &Map<String, Value>, name: &str) {
        if !fields.contains_key(name) {
            self.add("required", at, format!("{name} is required"));
        }
    }

    pub fn only(&mut self, fields: &Map<String, Value>, names: &[&str]) {
        for name in fields.keys().filter(|name| !names.contains(&name.as_str())) {
            self.add(
                "additional_property_not_allowed",
                "",
                format!("Additional property {name} is not allowed"),
            );
        }
    }

    pub fn kind(&mut self, field: &str, value: &Value, expected: &str) -> bool {
        let given = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        let right = given == expected || (expected == "number" && given == "integer");
        if !right {
            self.add(
                "invalid_type",
                field,
                format!("Invalid type. Expected: {expected}, given: {given}"),
            );
        }
        right
    }

    fn choice(&mut self, field: &str, name: &str, value: &Value, choices: &[&str]) {
        if self.kind(field, value, "string") && !choices.iter().any(|choice| value == choice) {
            let list: Vec<String> = choices
                .iter()
                .map(|choice| format!("\"{choice}\""))
                .collect();
            self.add(
                "enum",
                field,
                format!("{name} must be one of the following: {}", list.join(", ")),
            );
        }
    }

    fn range(&mut self, field: &str, value: &Value, expected: &str, least: f64, most: f64) {
        if !self.kind(field, value, expected) {
            return;
        }
        let number = value.as_f64().unwrap_or(0.0);
        if number < least {
            self.add(
                "number_gte",
                field,
                format!("Must be greater than or equal to {least}"),
            );
        } else if number > most {
            self.add(
                "number_lte",
                field,
                format!("Must be less than or equal to {most}"),
            );
        }
    }

    /// `webhook` and `webhook_events_filter`.
    pub fn webhook(&mut self, world: &World, fields: &Map<String, Value>) {
        if let Some(value) = fields.get("webhook")
            && self.kind("webhook", value, "string")
            && !is_webhook(
                value.as_str().unwrap_or_default(),
                world.switches.is("webhook_http", "loopback"),
            )
        {
            self.add(
                "format",
                "webhook",
                "Does not match format 'uri'".to_owned(),
            );
        }
        if let Some(value) = fields.get("webhook_events_filter")
            && self.kind("webhook_events_filter", value, "array")
        {
            for (index, event) in value.as_array().into_iter().flatten().enumerate() {
                let field = format!("webhook_events_filter.{index}");
                self.choice(&field, &field, event, EVENTS);
            }
        }
    }

    /// The inputs of a trained version.
    pub fn prediction_input(&mut self, input: &Map<String, Value>) {
        self.required("input", input, "prompt");
        for (name, value) in input {
            let field = format!("input.{name}");
            match name.as_str() {
                "prompt" => {
                    self.kind(&field, value, "string");
                }
                "aspect_ratio" => self.choice(&field, name, value, RATIOS),
                "output_format" => self.choice(&field, name, value, &["webp", "jpg", "png"]),
                "model" => self.choice(&field, name, value, &["dev", "schnell"]),
                "megapixels" => self.choice(&field, name, value, &["1", "0.25"]),
                "width" | "height" => self.range(&field, value, "integer", 256.0, 1440.0),
                "num_outputs" => self.range(&field, value, "integer", 1.0, 4.0),
                "num_inference_steps" => self.range(&field, value, "integer", 1.0, 50.0),
                "guidance_scale" => self.range(&field, value, "number", 0.0, 10.0),
                "output_quality" => self.range(&field, value, "integer", 0.0, 100.0),
                "lora_scale" | "extra_lora_scale" => self.range(&field, value, "number", -1.0, 3.0),
                "prompt_strength" => self.range(&field, value, "number", 0.0, 1.0),
                "seed" => {
                    self.kind(&field, value, "integer");
                }
                "go_fast" | "disable_safety_checker" => {
                    self.kind(&field, value, "boolean");
                }
                _ => {}
            }
        }
    }

    /// The inputs of a vision model.
    pub fn vision_input(&mut self, input: &Map<String, Value>) {
        self.required("input", input, "image");
        for (name, value) in input {
            let field = format!("input.{name}");
            match name.as_str() {
                "image" => {
                    let is_url = value
                        .as_str()
                        .is_some_and(|text| url::Url::parse(text).is_ok());
                    if self.kind(&field, value, "string") && !is_url {
                        self.add("format", &field, "Does not match format 'uri'".to_owned());
                    }
                }
                "prompt" => {
                    self.kind(&field, value, "string");
                }
                _ => {}
            }
        }
    }

    /// The inputs of a trainer, checked only where the reality is that they are.
    pub fn training_input(&mut self, input: &Map<String, Value>) {
        self.required("input", input, "input_images");
        for (name, value) in input {
            let field = format!("input.{name}");
            match name.as_str() {
                "input_images" | "trigger_word" | "resolution" => {
                    self.kind(&field, value, "string");
                }
                "lora_type" => self.choice(&field, name, value, &["subject", "style"]),
                "training_steps" | "steps" => self.range(&field, value, "integer", 3.0, 6000.0),
                "lora_rank" => self.range(&field, value, "integer", 1.0, 128.0),
                "autocaption" => {
                    self.kind(&field, value, "boolean");
                }
                _ => {}
            }
        }
    }

    pub fn finish(self) -> Result<(), Problem> {
        if self.0.is_empty() {
            return Ok(());
        }
        let line = |(_, field, text): &(&str, String, String)| {
            if field.is_empty() {
                format!("- {text}\n")
            } else {
                format!("- {field}: {text}\n")
            }
        };
        let detail: String = self.0.iter().map(line).collect();
        let fields: Vec<Value> = self
            .0
            .iter()
            .map(|(kind, field, text)| json!({"type": kind, "field": field, "description": text}))
            .collect();
        Err(Problem::titled(422, "Input validation failed", detail)
            .with("invalid_fields", Value::Array(fields)))
    }
}

fn is_webhook(text: &str, loopback_allowed: bool) -> bool {
    let Ok(url) = url::Url::parse(text) else {
        return false;
    };
    let loopback = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    url.scheme() == "https" || (url.scheme() == "http" && loopback && loopback_allowed)
}

/// The object of a request body, or the refusal for what is none.
pub(super) fn object(value: Option<Value>) -> Result<Map<String, Value>, Problem> {
    match value {
        Some(Value::Object(fields)) => Ok(fields),
        Some(other) => {
            let mut check = Check::default();
            check.kind("", &other, "object");
            check.finish().map(|()| Map::new())
        }
        None => Err(Problem::new(400, "Malformed JSON in request body.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(input: &Value) -> Vec<(&'static str, String, String)> {
        let mut check = Check::default();
        check.prediction_input(input.as_object().unwrap());
        check.0
    }

    #[test]
    fn the_recorded_texts_are_used() {
        let mut check = Check::default();
        let body = json!({"model": "x", "input": {}});
        check.required("", body.as_object().unwrap(), "version");
        check.only(body.as_object().unwrap(), &["version", "input"]);
        let response = check.finish().unwrap_err().response();
        let body: Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(
            body["detail"],
            "- version is required\n- Additional property model is not allowed\n"
        );
        assert_eq!(faults(&json!({}))[0].2, "prompt is required");
        let format = faults(&json!({"prompt": "x", "output_format": "gif"}));
        assert_eq!(format[0].1, "input.output_format");
        assert_eq!(
            format[0].2,
            r#"output_format must be one of the following: "webp", "jpg", "png""#
        );
    }

    #[test]
    fn every_range_and_type_is_checked() {
        let wrong = [
            ("num_outputs", json!(5)),
            ("num_outputs", json!(0)),
            ("num_outputs", json!("4")),
            ("num_outputs", json!(1.5)),
            ("num_inference_steps", json!(51)),
            ("guidance_scale", json!(11)),
            ("output_quality", json!(101)),
            ("lora_scale", json!(3.5)),
            ("width", json!(255)),
            ("height", json!(1441)),
            ("seed", json!("1")),
            ("go_fast", json!("no")),
            ("megapixels", json!(1)),
            ("model", json!("pro")),
            ("aspect_ratio", json!("2:1")),
            ("prompt_strength", json!(2)),
            ("disable_safety_checker", json!(1)),
        ];
        for (name, value) in wrong {
            assert_eq!(
                faults(&json!({"prompt": "x", name: value})).len(),
                1,
                "{name} {value}"
            );
        }
        assert!(
            faults(&json!({"prompt": "x", "lora_scale": 1, "guidance_scale": 2.5, "unknown": []}))
                .is_empty()
        );
    }

    #[test]
    fn webhooks_are_https_or_loopback() {
        assert!(is_webhook("https://selfie.test/hook", false));
        assert!(is_webhook("http://127.0.0.1:8787/hook", true));
        assert!(!is_webhook("http://127.0.0.1:8787/hook", false));
        assert!(!is_webhook("http://selfie.test/hook", true));
        assert!(!is_webhook("/hook", true));
    }
}
