//! What a job costs at Cloudflare, counted, and held against the table of docs/OPERATIONS.md.

use std::fs;

use serde_json::Value;

use crate::browser::Browser;
use crate::world::{HOUR, MINUTE, SECOND, World};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/OPERATIONS.md");
/// How often a browser looks at what it waits for.
const LOOKS: u64 = 5;

/// CPU time of a request, and how long a message keeps a ledger object with its memory awake; both
/// are more than `make bench` measures.
const REQUEST_CPU_MS: f64 = 1.5;
const LEDGER_MS: f64 = 2.0;
const LEDGER_GB: f64 = 0.128;
/// Pictures are made in sittings: so many, on so many days.
const SITTINGS: u64 = 5;
const PICTURES: u64 = 10;

/// Operations since the world began.
#[derive(Clone, Copy)]
struct Counts {
    requests: u64,
    kv_reads: u64,
    kv_writes: u64,
    ledger: u64,
    rows: u64,
}

fn count(world: &World, requests: u64) -> Counts {
    let (kv_reads, kv_writes) = world.fake.kv_operations();
    let messages: u64 = world.fake.ledger_messages().values().sum();
    let heard = u64::try_from(world.heard.borrow().len()).unwrap();
    Counts {
        requests: requests + heard,
        kv_reads,
        kv_writes,
        // What a book asks itself from its alarm is no request; the alarm is one.
        ledger: messages - world.own_messages.get() + world.alarms.get(),
        rows: world.fake.rows_written(),
    }
}

/// What happens between two counts, for each of so many jobs, as a row of the table; and in a line
/// that `make cost` reads.
fn row(job: &str, jobs: u64, before: Counts, after: Counts) -> String {
    let each = |count: fn(Counts) -> u64| {
        let all = u32::try_from(count(after) - count(before)).unwrap();
        f64::from(all) / f64::from(u32::try_from(jobs).unwrap())
    };
    let counted = [
        each(|counts| counts.requests),
        each(|counts| counts.kv_reads),
        each(|counts| counts.kv_writes),
        each(|counts| counts.ledger),
        each(|counts| counts.rows),
    ];
    let [requests, reads, writes, ledger, rows] = counted;
    let micro_usd = 0.30 * requests
        + 0.50 * reads
        + 5.0 * writes
        + 0.15 * ledger
        + 1.0 * rows
        + 0.02 * REQUEST_CPU_MS * requests
        + 12.5 * LEDGER_GB * LEDGER_MS / 1000.0 * ledger;
    let short = |count: f64| format!("{count:.1}").replace(".0", "");
    println!(
        "counted job={} requests={requests} kv_reads={reads} kv_writes={writes} ledger={ledger} \
         rows={rows} micro_usd={micro_usd}",
        job.replace(' ', "-")
    );
    let cells: Vec<String> = counted.into_iter().chain([micro_usd]).map(short).collect();
    format!("| {job} | {} |", cells.join(" | "))
}

/// Looks at an address evenly while that time passes; answers what it shows last.
fn waits(ana: &Browser<'_>, path: &str, ms: u64) -> Value {
    let mut last = Value::Null;
    for _ in 0..LOOKS {
        ana.world.advance(ms / LOOKS);
        last = ana.get(path).expect(200);
    }
    last
}

fn caption() -> String {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    world.advance(MINUTE);
    let photo = ana.photos_of(&model)[0].clone();
    let before = count(&world, 0);
    ana.asks_for_a_caption(&model, &photo).expect(202);
    let seen = waits(&ana, &format!("/api/bytescale?model={model}"), 15 * SECOND);
    assert!(seen["photos"][0]["caption"].is_string());
    world.advance(10 * MINUTE);
    row("one caption", 1, before, count(&world, 1 + LOOKS))
}

fn training() -> String {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    world.advance(MINUTE);
    let before = count(&world, 0);
    ana.asks_to_train(&model).expect(202);
    let seen = waits(&ana, &format!("/api/model/{model}"), 2 * MINUTE);
    assert_eq!(seen["state"], "ready");
    world.advance(10 * MINUTE);
    row("one training", 1, before, count(&world, 1 + LOOKS))
}

/// Asks for an image and looks until it is there; answers how many requests that took.
fn makes_an_image(ana: &Browser<'_>, model: &str) -> u64 {
    let image = ana.asks_for_images(model, "by the sea").expect(202);
    let path = format!("/api/prediction/{}", image["id"].as_str().unwrap());
    assert_eq!(waits(ana, &path, 15 * SECOND)["state"], "succeeded");
    1 + LOOKS
}

fn first_image() -> String {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_trained_model();
    world.advance(10 * MINUTE);
    let before = count(&world, 0);
    let requests = makes_an_image(&ana, &model);
    world.advance(10 * MINUTE);
    let after = count(&world, requests);
    row("the first image of a model", 1, before, after)
}

/// Whatever is written later because of an image is counted too: after the last day all that is
/// forgotten in time is forgotten.
fn image() -> String {
    let world = World::new();
    let people = [world.ana(), world.ben(), world.person("cleo@example.com")];
    let people = people.map(|person| {
        let model = person.has_a_trained_model();
        makes_an_image(&person, &model);
        (person, model)
    });
    world.advance(10 * MINUTE);
    let before = count(&world, 0);
    let mut requests = 0;
    for _ in 0..SITTINGS {
        let evening = world.now_ms();
        for _ in 0..PICTURES {
            for (person, model) in &people {
                requests += makes_an_image(person, model);
                world.advance(30 * SECOND);
            }
        }
        world.advance(24 * HOUR - (world.now_ms() - evening));
    }
    world.advance(48 * HOUR);
    let images = SITTINGS * PICTURES * people.len() as u64;
    row("one image", images, before, count(&world, requests))
}

#[test]
fn a_caption_a_training_and_an_image_cost_what_is_documented() {
    let rows = [caption(), training(), first_image(), image()];
    let text = fs::read_to_string(PAGE).unwrap();
    let mut updated = String::new();
    for line in text.lines() {
        let new = rows
            .iter()
            .find(|row| line.split('|').nth(1) == row.split('|').nth(1));
        updated.push_str(new.map_or(line, |row| row));
        updated.push('\n');
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(PAGE, &updated).unwrap();
    } else {
        assert_eq!(text, updated, "run with UPDATE=1 to count anew");
    }
}
