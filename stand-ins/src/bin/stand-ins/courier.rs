//! Carries the webhooks that are due, and Facebook's messages, to the product and reports how it went.
//! Redirects are not followed, and whoever does not answer within five seconds was not there.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use stand_ins::{Delivery, Request};
use ureq::Agent;

use crate::host::{Due, Host};
use crate::journal::Event;

const TIMEOUT: Duration = Duration::from_secs(5);
const LONGEST_WAIT_MS: u64 = 1000;

pub(crate) fn run(host: &Arc<Host>) {
    let config = Agent::config_builder()
        .max_redirects(0)
        .http_status_as_error(false)
        .timeout_global(Some(TIMEOUT))
        .proxy(None)
        .build();
    let agent = Agent::new_with_config(config);
    loop {
        let Due {
            deliveries,
            messages,
            next_in_ms,
            acts,
        } = host.collect();
        for delivery in deliveries {
            let (agent, host) = (agent.clone(), Arc::clone(host));
            thread::spawn(move || deliver(&agent, &host, delivery));
        }
        for (id, request) in messages {
            let (agent, host) = (agent.clone(), Arc::clone(host));
            thread::spawn(move || send(&agent, &host, id, request));
        }
        let wait_ms = next_in_ms
            .unwrap_or(LONGEST_WAIT_MS)
            .clamp(1, LONGEST_WAIT_MS);
        host.wait(acts, Duration::from_millis(wait_ms));
    }
}

fn deliver(agent: &Agent, host: &Host, delivery: Delivery) {
    let url = delivery.request.uri().to_string();
    let status = match agent.run(delivery.request) {
        Ok(response) => Some(response.status().as_u16()),
        Err(error) => {
            eprintln!("stand-ins: no answer to a webhook at {url}: {error}");
            None
        }
    };
    let id = delivery.id;
    host.report(Event::Delivered { id, status });
}

fn send(agent: &Agent, host: &Host, id: u64, request: Request) {
    let answer = agent.run(request).and_then(|mut response| {
        let body = response.body_mut().read_to_vec()?;
        Ok((response.status().as_u16(), body))
    });
    if let Err(error) = &answer {
        eprintln!("stand-ins: no answer to a message of Facebook: {error}");
    }
    let answer = answer.ok();
    host.report(Event::Answered { id, answer });
}
