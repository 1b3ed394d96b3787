//! Records and the ledger's own rows are a promise: what was written once is read for ever. Every form
//! of each lies dated among the fixtures.
//!
//! When a form changes, `UPDATE=1` adds the new one beside the old ones under the date below; it
//! never rewrites a fixture.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use selfie::fake::LedgerFault;
use selfie::ledger::{
    Attempt, Breaker, Day, Hook, Key, Kind, Open, Outbox, Pace, Receipt, Recent, Sent, Tally, Told,
    Tombstone,
};
use selfie::ports::json::{FromJson, ToJson};
use selfie::records;
use serde_json::{Value, json};
use stand_ins::{Behaviour, Script};

use crate::pictures;
use crate::world::{MINUTE, SECOND, World};

/// The day on which the forms that are written now were written first.
const TODAY: &str = "2026-11-28";

/// An attempt to sign in as KV has it, which is less than the ledger has.
const MIRRORED: &str = "link";

fn folder() -> PathBuf {
    PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/records"
    ))
}

/// The fixtures by file name without its ending: date, kind and variant.
fn fixtures() -> BTreeMap<String, Value> {
    fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (
                name,
                serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap(),
            )
        })
        .collect()
}

/// What is written again after a record was read.
fn again<T: FromJson + ToJson + Default>(text: &str) -> Option<Value> {
    let record: T = records::read(text)?;
    Some(serde_json::from_str(&records::write(&record)).unwrap())
}

fn read(kind: &str, text: &str) -> Option<Value> {
    match kind {
        "user" => again::<records::User>(text),
        "session" => again::<records::Session>(text),
        "model" => again::<records::Model>(text),
        "photo" => again::<records::Photo>(text),
        "prediction" => again::<records::Prediction>(text),
        "operation" => again::<records::Operation>(text),
        MIRRORED => again::<records::Attempt>(text),
        "attempt" => again::<Attempt>(text),
        "tally" => again::<Tally>(text),
        "sent" => again::<Sent>(text),
        "key" => again::<Key>(text),
        "hook" => again::<Hook>(text),
        "outbox" => again::<Outbox>(text),
        "told" => again::<Told>(text),
        "open" => again::<Open>(text),
        "pace" => again::<Pace>(text),
        "tombstone" => again::<Tombstone>(text),
        "receipt" => again::<Receipt>(text),
        "breaker" => again::<Breaker>(text),
        "day" => again::<Day>(text),
        "recent" => again::<Recent>(text),
        other => panic!("a kind of row without a reader: {other}"),
    }
}

/// Whether everything of `old` is in `new`, which may say more.
fn is_kept(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => old
            .iter()
            .all(|(name, value)| new.get(name).is_some_and(|other| is_kept(value, other))),
        (Value::Array(old), Value::Array(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(a, b)| is_kept(a, b))
        }
        (old, new) => old == new,
    }
}

/// The names of all members, whatever their values; of a list, those of its first entry.
fn form(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), form(value)))
            .collect(),
        Value::Array(entries) => json!(entries.first().map(form)),
        _ => Value::Null,
    }
}

/// What tells two rows of one kind apart, beside their values.
fn variant(kind: &str, key: &str, value: &Value) -> String {
    match kind {
        "attempt" | "model" | "prediction" | MIRRORED => {
            value["state"].as_str().unwrap().to_owned()
        }
        "operation" => value["job"]
            .as_object()
            .unwrap()
            .keys()
            .next()
            .unwrap()
            .clone(),
        "key" if value["answer"].is_null() => "unanswered".to_owned(),
        "key" => "answered".to_owned(),
        "outbox" => {
            let parts: Vec<&str> = key.split('/').collect();
            let named = if parts[0] == "mirror" { 2 } else { 1 };
            parts.into_iter().take(named).collect::<Vec<_>>().join("-")
        }
        _ => "only".to_owned(),
    }
}

/// One of each form that rows have now, gathered on a way through the product.
#[derive(Default)]
struct Gathered(BTreeMap<String, Vec<Value>>);

impl Gathered {
    fn look(&mut self, world: &World) {
        let rows = world.fake.rows().into_iter().map(|(name, text)| {
            let (_, row) = name.split_once(' ').unwrap();
            let (kind, key) = row.split_once(' ').unwrap();
            (kind.to_owned(), key.to_owned(), text)
        });
        let mirrored = world
            .fake
            .kv_entries()
            .into_iter()
            .filter_map(|(name, text)| {
                let key = name.strip_prefix("MAGIC_LINKS/")?;
                Some((MIRRORED.to_owned(), key.to_owned(), text))
            });
        for (kind, key, text) in rows.chain(mirrored) {
            let value: Value = serde_json::from_str(&text).unwrap();
            let name = format!("{kind}-{}", variant(&kind, &key, &value));
            let known = self.0.entry(name).or_default();
            if known.iter().all(|other| form(other) != form(&value)) {
                known.push(value);
            }
        }
    }
}

/// A way through the product on which every kind of row is written.
fn gather() -> Gathered {
    let mut gathered = Gathered::default();
    let world = World::new();
    let ana = world.browser("ana@example.com");
    ana.asks_for_a_link();
    gathered.look(&world);
    let token = ana.letter_token();
    gathered.look(&world);
    ana.confirms(&token).expect(200);
    gathered.look(&world);
    ana.consents();
    let model = ana.has_a_model_with_photos(5);
    gathered.look(&world);
    world
        .fake
        .fail_ledger([LedgerFault::Pass, LedgerFault::Before]);
    ana.uploads(&model, &pictures::photo(1000))
        .refused(503, "storage-unavailable");
    gathered.look(&world);
    world.advance(15 * MINUTE);

    let photos = ana
        .get(&format!("/api/bytescale?model={model}"))
        .expect(200);
    let path = |index: usize| {
        let photo = photos["photos"][index]["id"].as_str().unwrap();
        format!("/api/bytescale/{photo}?model={model}")
    };
    ana.patch(&path(0), &json!({"caption": "in a hat"}))
        .expect(200);
    ana.delete(&path(1));
    let described = json!({"id": photos["photos"][2]["id"]});
    ana.asks_for_a_caption(&model, &described).expect(202);
    gathered.look(&world);
    world.advance(MINUTE);
    gathered.look(&world);
    ana.post("/api/zipper", &json!({"model": model}))
        .expect(200);
    ana.asks_to_train(&model).expect(202);
    for _ in 0..12 {
        gathered.look(&world);
        world.advance(10 * SECOND);
    }
    ana.asks_for_images(&model, "a hat").expect(202);
    world.sleep(10 * SECOND);
    for _ in 0..3 {
        world.deliver_due_webhooks();
        gathered.look(&world);
        world.run_due_alarms();
    }
    world.advance(MINUTE);
    gathered.look(&world);
    let drop = Script::new("replicate", Behaviour::DropAfter)
        .method("POST")
        .times(1);
    world.script(drop);
    ana.asks_for_images(&model, "by the sea").expect(202);
    gathered.look(&world);
    world.script(
        Script::new("replicate", Behaviour::NsfwAll)
            .method("POST")
            .times(1),
    );
    ana.asks_for_images(&model, "by the lake").expect(202);
    gathered.look(&world);
    world.advance(5 * MINUTE);
    gathered.look(&world);

    let pass = LedgerFault::Pass;
    world.fake.fail_ledger([pass, pass, LedgerFault::Before]);
    ana.asks_for_images(&model, "in a boat")
        .refused(503, "storage-unavailable");
    gathered.look(&world);
    world.advance(12 * MINUTE);
    gathered.look(&world);
    ana.asks_to_train(&model).expect(202);
    ana.delete(&format!("/api/genmodel/{model}")).expect(202);
    gathered.look(&world);
    ana.delete(&format!("/api/model/{model}"));
    gathered.look(&world);
    world.sweep();
    ana.signs_in();
    ana.deletes_the_account();
    gathered.look(&world);
    world.advance(15 * MINUTE);
    gathered.look(&world);
    // The operator is told of what has settled; each row waits for a moment in the global book.
    let book = selfie::ports::Book::Global;
    let tell = selfie::ledger::commands::global::Tell {
        alert: selfie::ledger::Alert::new("new-user", "email"),
    };
    selfie::fake::run(selfie::ledger::ask(&*world.fake, &book, tell))
        .unwrap()
        .unwrap();
    gathered.look(&world);
    gathered
}

/// ST-07
#[test]
fn every_row_that_was_ever_written_is_read() {
    let fixtures = fixtures();
    assert!(!fixtures.is_empty());
    for (name, value) in fixtures {
        let kind = name
            .get(11..)
            .and_then(|rest| rest.split('-').next())
            .unwrap();
        let text = value.to_string();
        let read_again = read(kind, &text).unwrap_or_else(|| panic!("{name} is not read"));
        assert!(
            is_kept(&value, &read_again),
            "{name} lost something: {read_again}"
        );
        let mut newer = value;
        newer["schema"] = json!(records::SCHEMA + 1);
        assert_eq!(
            read(kind, &newer.to_string()),
            None,
            "{name} of a later schema"
        );
    }
}

#[test]
fn every_form_that_is_written_now_has_a_fixture() {
    let fixtures = fixtures();
    let mut missing = Vec::new();
    for (name, values) in gather().0 {
        for value in values {
            let same = |(file, known): (&String, &Value)| {
                file.get(11..).is_some_and(|rest| rest.starts_with(&name))
                    && form(known) == form(&value)
            };
            if fixtures.iter().any(same) {
                continue;
            }
            let mut path = folder().join(format!("{TODAY}-{name}.json"));
            for number in 2.. {
                if !path.exists() {
                    break;
                }
                path = folder().join(format!("{TODAY}-{name}-{number}.json"));
            }
            if std::env::var_os("UPDATE").is_some() {
                fs::write(&path, format!("{value:#}\n")).unwrap();
            } else {
                missing.push(path);
            }
        }
    }
    assert!(missing.is_empty(), "run with UPDATE=1 to add: {missing:?}");
}

#[test]
fn every_kind_of_row_is_among_the_fixtures() {
    let fixtures = fixtures();
    for kind in Kind::ALL {
        let has = |name: &String| {
            name.get(11..)
                .is_some_and(|rest| rest.starts_with(kind.name()))
        };
        assert!(fixtures.keys().any(has), "{}", kind.name());
    }
}
