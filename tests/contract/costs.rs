//! What a job costs at Cloudflare, counted, and held against the table of docs/OPERATIONS.md.

use std::fs;

use crate::browser::Browser;
use crate::world::{MINUTE, SECOND, World};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/OPERATIONS.md");
/// How often a browser looks at what it waits for.
const LOOKS: u64 = 5;

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

/// The row of the table for what happens between two counts.
fn row(job: &str, before: Counts, after: Counts) -> String {
    let requests = after.requests - before.requests;
    let (reads, writes) = (
        after.kv_reads - before.kv_reads,
        after.kv_writes - before.kv_writes,
    );
    let (ledger, rows) = (after.ledger - before.ledger, after.rows - before.rows);
    // In hundredths of a millionth of a dollar.
    let cost = 30 * requests
        + 50 * reads
        + 500 * writes
        + 15 * ledger
        + 100 * rows
        + 3 * (requests + ledger);
    let micro_usd = cost.div_ceil(100);
    format!("| {job} | {requests} | {reads} | {writes} | {ledger} | {rows} | {micro_usd} |")
}

/// Looks at an address evenly while that time passes.
fn waits(ana: &Browser<'_>, path: &str, ms: u64) {
    for _ in 0..LOOKS {
        ana.world.advance(ms / LOOKS);
        ana.get(path).expect(200);
    }
}

#[test]
fn a_caption_a_training_and_an_image_cost_what_is_documented() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    world.advance(MINUTE);
    let photo = ana.photos_of(&model)[0].clone();
    let before = count(&world, 0);
    ana.asks_for_a_caption(&model, &photo).expect(202);
    waits(&ana, &format!("/api/bytescale?model={model}"), 15 * SECOND);
    assert!(ana.photos_of(&model)[0]["caption"].is_string());
    world.advance(10 * MINUTE);
    let caption = row("one caption", before, count(&world, 2 + LOOKS));

    let before = count(&world, 0);
    ana.asks_to_train(&model).expect(202);
    waits(&ana, &format!("/api/model/{model}"), 2 * MINUTE);
    assert_eq!(ana.sees_model(&model)["state"], "ready");
    world.advance(10 * MINUTE);
    let training = row("one training", before, count(&world, 2 + LOOKS));

    let before = count(&world, 0);
    let image = ana.asks_for_images(&model, "by the sea").expect(202);
    let path = format!("/api/prediction/{}", image["id"].as_str().unwrap());
    waits(&ana, &path, 15 * SECOND);
    assert_eq!(ana.sees_prediction(&image)["state"], "succeeded");
    world.advance(10 * MINUTE);
    let image = row("one image", before, count(&world, 2 + LOOKS));

    println!("{caption}\n{training}\n{image}");
    let text = fs::read_to_string(PAGE).unwrap();
    let mut updated = String::new();
    for line in text.lines() {
        let new = [&caption, &training, &image]
            .into_iter()
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
