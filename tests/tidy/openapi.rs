//! The OpenAPI document of the HTTP interface, made from what the code says: the table of routes,
//! the bodies, the fields that endpoints read, and the kinds of problems.
//!
//! What no table of the code tells stands in [`operations`]: parameters, the answer, and which
//! refusals of its use case an endpoint hands on. The contract tests hold every answer that they
//! get against the document, so a status or a member that it lacks makes one of them fail.

mod answers;
mod grammars;
mod headers;
mod operations;
mod parameters;
mod problems;
mod sent;

use std::collections::{BTreeMap, BTreeSet};

use selfie::api::routes::{Auth, Endpoint, ROUTES, Route, Take};
use serde_json::{Map, Value, json};

use crate::repository::assert_made;
use operations::{Operation, Success, describe};

const FILE: &str = "frontend/static/api/openapi.json";

const ABOUT: &str = "\
The HTTP interface of Selfie.pr: personal picture models, made from one's own photos. \
Bodies are JSON in UTF-8; times are RFC 3339 in UTC with milliseconds; durations are seconds. \
Everything that is refused is a problem document of RFC 9457. \
HEAD works wherever GET does; another method is 405 with Allow. \
Members may be added to answers; none is renamed or dropped.";

pub fn reference(kind: &str, name: &str) -> Value {
    json!({"$ref": format!("#/components/{kind}/{name}")})
}

fn document() -> Value {
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for route in ROUTES {
        let path = paths.entry(route.pattern).or_default();
        path.insert(route.method.as_str().to_lowercase(), operation(route));
    }
    let mut schemas = Map::new();
    schemas.extend(grammars::schemas());
    schemas.extend(answers::schemas());
    schemas.extend(sent::schemas());
    schemas.extend(problems::schemas());
    let paths = serde_json::to_value(paths).unwrap();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Selfie.pr",
            "version": env!("CARGO_PKG_VERSION"),
            "description": ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/", "description": "The origin that serves this document."}],
        "tags": tags(),
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": problems::responses(&paths),
            "parameters": parameters::components(),
            "headers": headers::components(),
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "The token of a session, as the cookie holds it.",
                },
                "cookie": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "__Host-session",
                    "description": "Set by signing in. What changes something must then come from \
                        a page of this origin: Sec-Fetch-Site: same-origin, or a matching Origin.",
                },
            },
        },
    })
}

fn tags() -> Vec<Value> {
    let names: BTreeSet<&str> = ROUTES.iter().map(|route| describe(route).tag).collect();
    names.iter().map(|name| json!({"name": name})).collect()
}

fn operation(route: &Route) -> Value {
    let said = describe(route);
    let mut operation = json!({
        "operationId": operation_id(route),
        "summary": said.summary,
        "tags": [said.tag],
        "security": security(route.auth),
        "responses": responses(route, &said),
    });
    let mut parameters: Vec<Value> = path_parameters(route)
        .map(|name| reference("parameters", &format!("path-{name}")))
        .collect();
    parameters.extend(
        said.parameters
            .iter()
            .map(|name| reference("parameters", name)),
    );
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if let Some(body) = sent::body(route) {
        operation["requestBody"] = body;
    }
    operation
}

/// The name of the endpoint, which begins with a small letter here.
fn operation_id(route: &Route) -> String {
    let name = format!("{:?}", route.endpoint);
    let (first, rest) = name.split_at(1);
    format!("{}{rest}", first.to_lowercase())
}

fn path_parameters(route: &Route) -> impl Iterator<Item = &'static str> {
    let named = |segment: &'static str| segment.strip_prefix('{')?.strip_suffix('}');
    route.pattern.split('/').filter_map(named)
}

fn security(auth: Auth) -> Value {
    match auth {
        Auth::Session | Auth::Fresh => json!([{"bearer": []}, {"cookie": []}]),
        Auth::SessionIfAny => json!([{}, {"bearer": []}, {"cookie": []}]),
        Auth::Anyone | Auth::Signed => json!([]),
    }
}

fn responses(route: &Route, said: &Operation) -> Map<String, Value> {
    let mut responses = Map::new();
    let (status, success) = success(said);
    responses.insert(status.to_string(), success);
    let mut by_status: BTreeMap<u16, BTreeSet<&str>> = BTreeMap::new();
    for slug in refusals_of_route(route).iter().chain(said.refusals) {
        by_status
            .entry(problems::status(slug))
            .or_default()
            .insert(slug);
    }
    for (status, slugs) in by_status {
        responses.insert(status.to_string(), problems::response(&slugs));
    }
    responses
}

fn success(said: &Operation) -> (u16, Value) {
    let mut headers = headers::of_every_answer();
    for name in said.headers {
        headers.insert((*name).to_owned(), reference("headers", name));
    }
    let (status, description, content) = match said.success {
        Success::Json(status, body) => (
            status,
            body,
            json!({"application/json": {"schema": reference("schemas", body)}}),
        ),
        Success::Empty(status) => (status, "Done; without a body.", Value::Null),
        Success::Redirect(status) => {
            headers.insert("Location".to_owned(), reference("headers", "Location"));
            (status, "Go on there.", Value::Null)
        }
        Success::Files(description, types) => {
            let content: Map<String, Value> = types
                .iter()
                .map(|ty| ((*ty).to_owned(), json!({})))
                .collect();
            (200, description, content.into())
        }
        Success::Document => {
            let schema = json!({"type": "object", "required": ["openapi", "info", "paths"]});
            let content = json!({"application/json": {"schema": schema}});
            (200, "This document.", content)
        }
    };
    let mut response = json!({"description": description, "headers": headers});
    if !content.is_null() {
        response["content"] = content;
    }
    (status, response)
}

/// The refusals that follow from how a route is called.
fn refusals_of_route(route: &Route) -> Vec<&'static str> {
    let mut slugs = vec!["malformed-request", "internal", "misconfigured"];
    if path_parameters(route).next().is_some() {
        slugs.push("not-found");
    }
    match route.auth {
        Auth::Anyone | Auth::Signed => {}
        Auth::Session => slugs.extend(["not-signed-in", "storage-unavailable"]),
        Auth::Fresh => slugs.extend(["not-signed-in", "session-too-old", "storage-unavailable"]),
        Auth::SessionIfAny => slugs.push("storage-unavailable"),
    }
    if route.auth != Auth::Signed && !route.method.is_safe() {
        slugs.extend(["unsupported-media-type", "cross-site"]);
    }
    match route.take {
        Take::Nothing => {}
        Take::Json => slugs.extend(["invalid-request", "too-large"]),
        Take::Picture | Take::Webhook | Take::Form => slugs.push("too-large"),
    }
    // Whoever comes back from Facebook is sent on instead.
    if route.shield.is_some() && route.endpoint != Endpoint::ReturnFromFacebook {
        slugs.push("too-many-requests");
    }
    slugs
}

#[test]
fn the_document_is_what_the_code_says() {
    let text = serde_json::to_string_pretty(&document()).unwrap();
    assert_made(FILE, &format!("{text}\n"));
}

#[test]
fn every_reference_leads_somewhere_and_every_component_is_used() {
    let document = document();
    let text = document.to_string();
    let mut used: BTreeSet<&str> = text
        .split("\"$ref\":\"#/components/")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    // Named by their keys, or belonging to every path and so to no operation.
    used.extend([
        "securitySchemes/bearer",
        "securitySchemes/cookie",
        "responses/MethodNotAllowed",
    ]);
    let components = document["components"].as_object().unwrap();
    let declared: BTreeSet<String> = components
        .iter()
        .flat_map(|(kind, named)| {
            let names = named.as_object().unwrap().keys();
            names.map(move |name| format!("{kind}/{name}"))
        })
        .collect();
    let declared: BTreeSet<&str> = declared.iter().map(String::as_str).collect();
    assert_eq!(used, declared);
}
