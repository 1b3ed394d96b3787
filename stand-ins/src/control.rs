//! The control plane of the stand-ins under `/__control` and their inbox page at `/`.
//! It shows and changes the world; it must never speak for a provider.

use serde_json::{Value, json};

use crate::route;
use crate::script::Script;
use crate::wire::{self, Incoming, Response};
use crate::world::World;

mod facebook;
mod inbox;
mod view;

/// Answers a request that is for no provider.
pub(crate) fn handle(world: &mut World, request: &Incoming) -> Response {
    let path = request.path.trim_end_matches('/');
    match (
        request.method.as_str(),
        path.strip_prefix("/__control").unwrap_or(path),
        path.starts_with("/__control"),
    ) {
        ("GET", "", false) => wire::answer(200, "text/html; charset=utf-8", inbox::page(world)),
        ("GET", "/facebook", false) => {
            wire::answer(200, "text/html; charset=utf-8", facebook::page(world))
        }
        (method, rest, true) => control(world, request, method, rest)
            .unwrap_or_else(|| refuse(404, "there is no such control")),
        ("GET", "/file", false) => view::file(world, request),
        _ => refuse(404, "no provider is stood in for at this path"),
    }
}

fn control(world: &mut World, request: &Incoming, method: &str, rest: &str) -> Option<Response> {
    Some(match (method, rest) {
        ("GET", "/health") => wire::json(200, &json!({"ok": true, "now_ms": world.now_ms})),
        ("POST", "/script") => add_scripts(world, request),
        ("DELETE", "/script") => {
            world.clear_scripts();
            wire::empty(204)
        }
        ("POST", "/switch") => switch(world, request),
        ("GET", "/switch") => wire::json(200, &view::switches(world)),
        ("GET", "/calls") => wire::json(200, &view::calls(world)),
        ("DELETE", "/calls") => {
            world.clear_calls();
            wire::empty(204)
        }
        ("GET", "/letters") => wire::json(200, &json!(world.letters())),
        ("GET", "/alerts") => wire::json(200, &json!(world.alerts())),
        ("GET", "/files") => wire::json(200, &view::files(world)),
        ("GET", "/violations") => wire::json(200, &json!(world.violations())),
        ("GET", "/jobs") => wire::json(
            200,
            &json!({"dollars": world.dollars(), "jobs": world.jobs()}),
        ),
        ("POST", "/facebook") => facebook::send(world, request),
        ("GET", "/facebook") => wire::json(200, &json!(world.messages())),
        ("POST", "/clock") => advance(world, request),
        ("POST", "/reset") => {
            let settings = crate::Settings {
                now_ms: world.now_ms,
                ..world.settings.clone()
            };
            *world = World::new(settings);
            wire::empty(204)
        }
        _ => return None,
    })
}

fn refuse(status: u16, message: &str) -> Response {
    wire::json(status, &json!({"error": message}))
}

/// One script or an array of them.
fn add_scripts(world: &mut World, request: &Incoming) -> Response {
    let scripts = match request.json() {
        Some(Value::Array(list)) => serde_json::from_value::<Vec<Script>>(Value::Array(list)),
        Some(one) => serde_json::from_value::<Script>(one).map(|script| vec![script]),
        None => return refuse(400, "the body is not JSON"),
    };
    match scripts {
        Ok(scripts) => {
            if let Some(script) = scripts
                .iter()
                .find(|script| !route::is_provider(&script.provider))
            {
                return refuse(422, &format!("there is no provider {}", script.provider));
            }
            for script in scripts {
                world.script(script);
            }
            wire::empty(204)
        }
        Err(error) => refuse(422, &error.to_string()),
    }
}

/// `{"name", "value"}`, or an object of names and values.
fn switch(world: &mut World, request: &Incoming) -> Response {
    let Some(Value::Object(fields)) = request.json() else {
        return refuse(400, "the body is not a JSON object");
    };
    let pairs: Vec<(&str, &str)> = match (
        fields.get("name").and_then(Value::as_str),
        fields.get("value").and_then(Value::as_str),
    ) {
        (Some(name), Some(value)) => vec![(name, value)],
        _ => fields
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
            .collect(),
    };
    for (name, value) in pairs {
        if let Err(error) = world.set_switch(name, value) {
            return refuse(422, &error.to_string());
        }
    }
    wire::empty(204)
}

fn advance(world: &mut World, request: &Incoming) -> Response {
    let ms = request
        .json()
        .and_then(|body| body.get("advance_ms").and_then(Value::as_u64));
    let Some(ms) = ms else {
        return refuse(422, "advance_ms is a number of milliseconds");
    };
    world.advance(ms);
    wire::json(200, &json!({"now_ms": world.now_ms}))
}

#[cfg(test)]
mod tests;
