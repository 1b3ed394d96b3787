//! Finds the provider of a request by its path prefix, records the call and lets a script act on the answer.
//! It must never decide what a provider says.

use std::collections::BTreeMap;

use http::header::{HOST, HeaderName, LOCATION};

use crate::script::Behaviour;
use crate::wire::{self, Incoming, Reaction, Request, Response};
use crate::world::{Call, World};
use crate::{bytescale, control, facebook, pushover, replicate, resend, turnstile};

struct Provider {
    name: &'static str,
    prefix: &'static str,
    handle: fn(&mut World, &Incoming) -> Response,
    /// Sees each request with the status of its answer, also when a script answered.
    observe: fn(&mut World, &Incoming, Option<u16>),
    /// The provider's own words for a status that a script asks for.
    fault: fn(&World, u16) -> Response,
}

/// Longer prefixes first: one prefix may begin another.
const PROVIDERS: &[Provider] = &[
    Provider {
        name: "replicate-delivery",
        prefix: "/replicate-delivery",
        handle: replicate::delivery::handle,
        observe: unobserved,
        fault: replicate::delivery::fault,
    },
    Provider {
        name: "replicate",
        prefix: "/replicate/v1",
        handle: replicate::handle,
        observe: unobserved,
        fault: replicate::fault,
    },
    Provider {
        name: "bytescale-cdn",
        prefix: "/bytescale-cdn",
        handle: bytescale::cdn::handle,
        observe: unobserved,
        fault: bytescale::fault,
    },
    Provider {
        name: "bytescale",
        prefix: "/bytescale",
        handle: bytescale::handle,
        observe: unobserved,
        fault: bytescale::fault,
    },
    Provider {
        name: "resend",
        prefix: "/resend",
        handle: resend::handle,
        observe: unobserved,
        fault: resend::fault,
    },
    Provider {
        name: "pushover",
        prefix: "/pushover/1",
        handle: pushover::handle,
        observe: pushover::observe,
        fault: pushover::fault,
    },
    Provider {
        name: "facebook",
        prefix: "/facebook",
        handle: facebook::handle,
        observe: unobserved,
        fault: facebook::fault,
    },
    Provider {
        name: "turnstile",
        prefix: "/turnstile/v0",
        handle: turnstile::handle,
        observe: unobserved,
        fault: turnstile::fault,
    },
];

/// Whether scripts can be for this name.
pub(crate) fn is_provider(name: &str) -> bool {
    PROVIDERS.iter().any(|provider| provider.name == name)
}

fn unobserved(_: &mut World, _: &Incoming, _: Option<u16>) {}

/// Whether a request changes nothing, so that a world can go without it when it is made anew:
/// somebody looks at a file or at what was recorded, and no script waits to be used up by that.
#[must_use]
pub fn is_mere_look(world: &World, request: &Request) -> bool {
    const LOOKS: [&str; 4] = [
        "/bytescale-cdn/",
        "/replicate-delivery/",
        "/__control/",
        "/file",
    ];
    let path = request.uri().path();
    request.method() == http::Method::GET
        && (path == "/" || LOOKS.iter().any(|prefix| path.starts_with(prefix)))
        && world.scripts.is_empty()
}

/// Answers one request, whichever provider it is for.
pub fn handle(world: &mut World, request: Request) -> Reaction {
    world.settle_now();
    let incoming = incoming(world, request);
    let found = PROVIDERS.iter().find_map(|provider| {
        let rest = incoming.path.strip_prefix(provider.prefix)?;
        (rest.is_empty() || rest.starts_with('/')).then(|| (provider, rest.to_owned()))
    });
    match found {
        Some((provider, path)) => react(world, provider, &Incoming { path, ..incoming }),
        None => Reaction::Answer(control::handle(world, &incoming)),
    }
}

fn incoming(world: &World, request: Request) -> Incoming {
    let (parts, body) = request.into_parts();
    let host = parts
        .uri
        .authority()
        .map(|authority| authority.as_str().to_owned());
    let host = host.or_else(|| {
        parts
            .headers
            .get(HOST)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    });
    let host = host.unwrap_or_else(|| {
        world
            .settings
            .origin
            .split("//")
            .nth(1)
            .unwrap_or_default()
            .to_owned()
    });
    Incoming {
        method: parts.method,
        host,
        target: parts
            .uri
            .path_and_query()
            .map_or_else(String::new, ToString::to_string),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
        body,
    }
}

fn react(world: &mut World, provider: &Provider, request: &Incoming) -> Reaction {
    let at_ms = world.now_ms;
    let scripted = world.scripts.on_the_wire(provider.name, request);
    world.answer_delay_ms = 0;
    let reaction = match scripted {
        None | Some(Behaviour::Ok) => Reaction::Answer((provider.handle)(world, request)),
        Some(Behaviour::Hang) => Reaction::Never,
        Some(Behaviour::DropBefore) => Reaction::Dropped,
        Some(Behaviour::Status {
            code,
            body,
            headers,
        }) => Reaction::Answer(scripted_answer(
            (provider.fault)(world, code),
            body,
            &headers,
        )),
        Some(Behaviour::Redirect { to }) => {
            let mut response = wire::empty(302);
            wire::set_header(&mut response, LOCATION, &to);
            Reaction::Answer(response)
        }
        Some(handled) => after(&handled, (provider.handle)(world, request)),
    };
    let held_ms = std::mem::take(&mut world.answer_delay_ms);
    let reaction = if held_ms > 0 {
        Reaction::Delayed {
            ms: held_ms,
            then: Box::new(reaction),
        }
    } else {
        reaction
    };
    let reaction = if std::mem::take(&mut world.cuts_answer) {
        Reaction::Dropped
    } else {
        reaction
    };
    let status = status_of(&reaction);
    (provider.observe)(world, request, status);
    world.calls.push(Call {
        provider: provider.name,
        method: request.method.to_string(),
        path: if request.query.is_empty() {
            request.path.clone()
        } else {
            format!("{}?{}", request.path, request.query)
        },
        body: request.body.clone(),
        status,
        at_ms,
    });
    reaction
}

fn after(behaviour: &Behaviour, mut response: Response) -> Reaction {
    match *behaviour {
        Behaviour::DropAfter => Reaction::Dropped,
        Behaviour::Delay { ms } => Reaction::Delayed {
            ms,
            then: Box::new(Reaction::Answer(response)),
        },
        Behaviour::Truncate { bytes } => Reaction::Truncated { response, bytes },
        Behaviour::Malformed => {
            let keep = response.body().len() / 2;
            response.body_mut().truncate(keep);
            response.body_mut().extend_from_slice(b"\"{<\xff");
            Reaction::Answer(response)
        }
        Behaviour::Huge { bytes } => {
            let size = bytes.max(response.body().len());
            response.body_mut().resize(size, b' ');
            Reaction::Answer(response)
        }
        _ => Reaction::Answer(response),
    }
}

fn scripted_answer(
    mut response: Response,
    body: Option<String>,
    headers: &BTreeMap<String, String>,
) -> Response {
    if let Some(body) = body {
        *response.body_mut() = body.into_bytes();
    }
    for (name, value) in headers {
        if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
            wire::set_header(&mut response, name, value);
        }
    }
    response
}

fn status_of(reaction: &Reaction) -> Option<u16> {
    match reaction {
        Reaction::Answer(response) => Some(response.status().as_u16()),
        Reaction::Delayed { then, .. } => status_of(then),
        Reaction::Dropped | Reaction::Truncated { .. } | Reaction::Never => None,
    }
}
