//! Taking everything along: what is in the archive, what is not, and how it comes.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use serde_json::{Value, json};
use stand_ins::{Behaviour, Script};

use crate::answer::Answer;
use crate::receipts::{id_of, settled};
use crate::world::{MINUTE, World};

/// The entries of an archive, opened by a program that is not ours.
fn open(archive: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let count = archive.len();
    let read = |index| {
        let mut entry = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        (entry.name().unwrap().into_owned(), bytes)
    };
    (0..count).map(read).collect()
}

fn entries(answer: &Answer) -> BTreeMap<String, Vec<u8>> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    open(&answer.body)
}

fn journal(entries: &BTreeMap<String, Vec<u8>>) -> Value {
    serde_json::from_slice(&entries["journal.json"]).unwrap()
}

/// PH-15
#[test]
fn a_file_that_we_serve_is_a_download_of_its_type_in_a_sandbox() {
    let world = World::new();
    let (ana, _) = settled(&world, "ana@example.com");
    let answer = ana.get("/api/account/export");
    assert!(open(&answer.body).contains_key("index.html"));
    for (name, value) in [
        ("content-type", "application/zip"),
        ("x-content-type-options", "nosniff"),
        (
            "content-disposition",
            "attachment; filename=\"selfie-2026-03-04.zip\"",
        ),
        (
            "content-security-policy",
            "default-src 'none'; frame-ancestors 'none'; sandbox",
        ),
    ] {
        assert_eq!(answer.all(name), [value]);
    }
}

/// PV-05
#[test]
fn an_export_has_everything_of_its_owner_and_nothing_else() {
    let world = World::new();
    let (ana, model) = settled(&world, "ana@example.com");
    let (ben, his) = settled(&world, "ben@example.com");
    let answer = ana.get("/api/account/export");
    assert_eq!(answer.header("content-type"), Some("application/zip"));
    assert_eq!(
        answer.header("content-disposition"),
        Some("attachment; filename=\"selfie-2026-03-04.zip\"")
    );
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let entries = entries(&answer);
    for file in world.stored(&id_of(&ana)) {
        let name = file.path.splitn(4, '/').nth(3).unwrap();
        assert_eq!(entries[name], file.bytes, "{name}");
    }
    let names: Vec<&str> = entries.keys().map(String::as_str).collect();
    let count = |end: &str| names.iter().filter(|name| name.ends_with(end)).count();
    assert_eq!(names.len(), 4 + 1 + 1 + 1 + 2, "{names:?}");
    assert_eq!((count(".txt"), count("recipe.json")), (1, 1));
    let caption = names
        .iter()
        .find(|name| name.rsplit('.').next() == Some("txt"))
        .unwrap();
    let words = String::from_utf8_lossy(&entries[*caption]);
    assert!(words.ends_with(", in red"), "{words}");

    let journal = journal(&entries);
    assert_eq!(journal["email"], "ana@example.com");
    assert_eq!(
        journal["consent_version"],
        selfie::domain::consent::version(30)
    );
    let models = journal["models"].as_array().unwrap();
    assert_eq!((models.len(), &models[0]["id"]), (1, &json!(model)));
    let photos = models[0]["photos"].as_array().unwrap();
    assert_eq!(photos.len(), 4);
    assert!(photos.iter().any(|photo| photo["caption"] == "in red"));
    let prediction = &models[0]["predictions"][0];
    assert_eq!(prediction["recipe"]["prompt"], "a hat");
    assert_eq!(prediction["favorite"], true);
    let image = prediction["images"][0]["file"].as_str().unwrap();
    assert!(entries.contains_key(image));

    let config = &world.config;
    let secrets = [
        "selfie-dev/",
        "drZDPAXi2bO2",
        "secret_",
        "r8_",
        "eyJ",
        "sig=",
        "http://",
        "https://",
        "/u/",
        ben.email,
        &his,
        config.replicate.destination.as_str(),
    ];
    for (name, bytes) in &entries {
        let text = String::from_utf8_lossy(bytes);
        let ours = name.ends_with("json") || name.ends_with("html");
        for secret in secrets.iter().filter(|_| ours) {
            assert!(!text.contains(secret), "{secret} in {name}");
        }
    }
    for job in world.jobs() {
        let text = journal.to_string();
        assert!(!text.contains(&job.id), "an id of the provider");
    }
}

#[test]
fn the_page_of_an_export_shows_its_pictures_and_asks_nobody() {
    let world = World::new();
    let (ana, model) = settled(&world, "ana@example.com");
    let evil = "<script>alert(1)</script>\"&";
    ana.patch(&format!("/api/model/{model}"), &json!({"name": evil}))
        .expect(200);
    let entries = entries(&ana.get("/api/account/export"));
    let page = String::from_utf8(entries["index.html"].clone()).unwrap();
    assert!(
        !page.contains("<script") && page.contains("&lt;script&gt;"),
        "{page}"
    );
    let sources: Vec<&str> = page
        .split(" src=\"")
        .skip(1)
        .chain(page.split(" href=\"").skip(1))
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert_eq!(sources.len(), 5 + 5 + 1 + 1);
    for source in sources {
        assert!(entries.contains_key(source), "{source}");
    }
    assert!(!page.contains("url(") && !page.contains("@import") && !page.contains("<link"));
}

#[test]
fn an_export_is_for_its_owner_alone_and_changes_nothing() {
    let world = World::new();
    let (ana, _) = settled(&world, "ana@example.com");
    let nobody = world.browser("nobody@example.com");
    nobody
        .get("/api/account/export")
        .refused(401, "not-signed-in");
    world.settle();
    let before = (world.fake.rows(), world.fake.kv_entries());
    let head = ana.request("HEAD", "/api/account/export").send();
    assert_eq!((head.status, head.body.len()), (200, 0));
    entries(&ana.get("/api/account/export"));
    assert_eq!((world.fake.rows(), world.fake.kv_entries()), before);
    assert_eq!(
        ana.request("POST", "/api/sign-out-everywhere")
            .send()
            .status,
        204
    );
    ana.get("/api/account/export").refused(401, "not-signed-in");
}

#[test]
fn an_empty_account_has_an_export_too() {
    let world = World::new();
    let ana = world.browser("ana@example.com");
    ana.signs_in();
    let entries = entries(&ana.get("/api/account/export"));
    assert_eq!(entries.len(), 2);
    assert_eq!(journal(&entries)["models"], json!([]));
    assert!(journal(&entries)["consent_version"].is_null());
}

#[test]
fn many_predictions_come_page_by_page_and_each_once() {
    let world = World::with(&[("QUOTA_PREDICTIONS_PER_DAY", "1000")]);
    let (ana, model) = settled(&world, "ana@example.com");
    world.script(Script::new("replicate", Behaviour::NsfwAll).method("POST"));
    for _ in 0..120 {
        ana.asks_for_images(&model, "a hat").expect(202);
        world.sleep(10);
    }
    world.advance(2 * MINUTE);
    let entries = entries(&ana.get("/api/account/export"));
    let journal = journal(&entries);
    let predictions = journal["models"][0]["predictions"].as_array().unwrap();
    let ids: std::collections::BTreeSet<String> =
        predictions.iter().map(|p| p["id"].to_string()).collect();
    assert_eq!((predictions.len(), ids.len()), (121, 121));
}

#[test]
fn a_file_that_breaks_off_is_gone_on_with_and_a_missing_one_is_named() {
    let world = World::new();
    let (ana, _) = settled(&world, "ana@example.com");
    let whole = entries(&ana.get("/api/account/export"));
    world.fake.break_bodies(2);
    let broken = entries(&ana.get("/api/account/export"));
    assert!(broken == whole, "broken off in the middle");
    for behaviour in [
        Behaviour::DropBefore,
        Behaviour::Status {
            code: 500,
            body: None,
            headers: BTreeMap::new(),
        },
    ] {
        let script = Script::new("bytescale-cdn", behaviour.clone())
            .path("/raw/")
            .times(2);
        world.script(script);
        let again = entries(&ana.get("/api/account/export"));
        assert!(again.keys().eq(whole.keys()), "{behaviour:?}");
        let pictures = |name: &&String| !name.ends_with("journal.json");
        for name in whole.keys().filter(pictures) {
            assert_eq!(again[name], whole[name], "{behaviour:?} {name}");
        }
    }
    let gone = Behaviour::Status {
        code: 404,
        body: None,
        headers: BTreeMap::new(),
    };
    world.script(Script::new("bytescale-cdn", gone).path("/photos/").times(1));
    let less = entries(&ana.get("/api/account/export"));
    assert_eq!(less.len(), whole.len() - 1);
    let journal = journal(&less);
    let missing = journal["missing_files"][0].as_str().unwrap();
    assert!(whole.contains_key(missing) && !less.contains_key(missing));
}

#[test]
fn an_export_that_cannot_be_finished_has_no_end() {
    let world = World::new();
    let (ana, _) = settled(&world, "ana@example.com");
    let down = Script::new("bytescale-cdn", Behaviour::DropBefore).path("/images/");
    world.script(down);
    let answer = ana.get("/api/account/export");
    assert!(zip::ZipArchive::new(Cursor::new(&answer.body)).is_err());
}
