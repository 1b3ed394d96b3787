//! Holds a JSON value against a schema of the OpenAPI document, as far as the document uses JSON
//! Schema. Objects are closed here: a member that is not documented is a fault, though clients are
//! told that members may be added.

use regex_lite::Regex;
use serde_json::Value;

/// What is wrong with a value, each with its place.
pub fn faults(document: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#'));
        let target = target.unwrap_or_else(|| panic!("no {reference}"));
        return faults(document, target, value, at);
    }
    for (keyword, exactly_one) in [("anyOf", false), ("oneOf", true)] {
        if let Some(alternatives) = schema[keyword].as_array() {
            return of_alternatives(document, alternatives, exactly_one, value, at);
        }
    }
    let mut found = Vec::new();
    let mut must = |holds: bool, rule: &str| {
        if !holds {
            found.push(format!("{at}: {value} against {rule} {}", schema[rule]));
        }
    };
    must(is_of_type(&schema["type"], value), "type");
    must(
        schema.get("const").is_none_or(|only| only == value),
        "const",
    );
    if let Some(words) = schema["enum"].as_array() {
        must(words.contains(value), "enum");
    }
    if let Some(text) = value.as_str() {
        let length = text.chars().count() as u64;
        must(
            schema["minLength"].as_u64().is_none_or(|min| length >= min),
            "minLength",
        );
        must(
            schema["maxLength"].as_u64().is_none_or(|max| length <= max),
            "maxLength",
        );
        if let Some(pattern) = schema["pattern"].as_str() {
            must(Regex::new(pattern).unwrap().is_match(text), "pattern");
        }
    }
    if let Some(number) = value.as_f64() {
        must(
            schema["minimum"].as_f64().is_none_or(|min| number >= min),
            "minimum",
        );
        must(
            schema["maximum"].as_f64().is_none_or(|max| number <= max),
            "maximum",
        );
    }
    if let Some(items) = value.as_array() {
        let count = items.len() as u64;
        must(
            schema["minItems"].as_u64().is_none_or(|min| count >= min),
            "minItems",
        );
        for (index, item) in items.iter().enumerate() {
            let at = format!("{at}/{index}");
            found.extend(faults(document, &schema["items"], item, &at));
        }
    }
    if value.is_object() {
        found.extend(of_object(document, schema, value, at));
    }
    found
}

fn of_alternatives(
    document: &Value,
    alternatives: &[Value],
    exactly_one: bool,
    value: &Value,
    at: &str,
) -> Vec<String> {
    let tried: Vec<Vec<String>> = alternatives
        .iter()
        .map(|schema| faults(document, schema, value, at))
        .collect();
    let matching = tried.iter().filter(|faults| faults.is_empty()).count();
    match matching {
        0 => tried.concat(),
        1 => Vec::new(),
        _ if exactly_one => vec![format!("{at}: {value} is of {matching} alternatives")],
        _ => Vec::new(),
    }
}

fn is_of_type(types: &Value, value: &Value) -> bool {
    let is = |name: &str| match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no type is called {other}"),
    };
    match types {
        Value::Null => true,
        Value::String(name) => is(name),
        Value::Array(names) => names.iter().any(|name| is(name.as_str().unwrap())),
        other => panic!("{other} is no type"),
    }
}

fn of_object(document: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let Some(properties) = schema["properties"].as_object() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for name in schema["required"].as_array().into_iter().flatten() {
        if value.get(name.as_str().unwrap()).is_none() {
            found.push(format!("{at}: {name} is missing"));
        }
    }
    for (name, member) in value.as_object().unwrap() {
        let at = format!("{at}/{name}");
        match properties.get(name) {
            Some(schema) => found.extend(faults(document, schema, member, &at)),
            None => found.push(format!("{at}: is not documented")),
        }
    }
    found
}
