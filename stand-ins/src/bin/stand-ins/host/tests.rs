use std::fs;
use std::path::PathBuf;

use super::*;

const KEY: &str = "Bearer secret_devSeLfdevelopmentonly";

/// A folder of one test, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("journal-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn journal(&self) -> PathBuf {
        self.0.join("journal")
    }

    fn host(&self) -> io::Result<Host> {
        self.host_of(7, "http://127.0.0.1:8788")
    }

    fn host_of(&self, seed: u64, origin: &str) -> io::Result<Host> {
        let settings = Settings {
            seed,
            origin: origin.to_owned(),
            ..Settings::default()
        };
        Host::new(&settings, Some(&self.journal()))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn upload(host: &Host, path: &str, bytes: &[u8]) {
    let request = http::Request::post(format!(
        "/bytescale/v2/accounts/devSeLf/uploads/binary?filePath={path}"
    ))
    .header("authorization", KEY)
    .header("content-type", "text/plain")
    .header("transfer-encoding", "chunked")
    .body(bytes.to_vec())
    .unwrap();
    let Reaction::Answer(answer) = host.handle(request) else {
        panic!("an upload is answered");
    };
    let text = String::from_utf8_lossy(answer.body());
    assert_eq!(answer.status(), 200, "{text}");
}

fn files(host: &Host) -> Vec<(String, Vec<u8>)> {
    let inner = host.lock();
    inner
        .world
        .files()
        .map(|file| (file.path.clone(), file.bytes.clone()))
        .collect()
}

#[test]
fn a_world_goes_on_where_it_ended() {
    let folder = Folder::new("goes-on");
    let first = folder.host().unwrap();
    upload(&first, "/u/a.txt", b"one\ntwo\r\n\r\n\0three");
    upload(&first, "/u/b.txt", b"");
    let (kept, began) = (files(&first), first.lock().world.now_ms());
    drop(first);

    // Another seed: what was begun goes on with its own.
    let second = folder.host_of(8, "http://127.0.0.1:8788").unwrap();
    assert_eq!(files(&second), kept);
    assert_eq!(kept.len(), 2);
    assert!(second.lock().world.now_ms() >= began);
    upload(&second, "/u/c.txt", b"later");
    drop(second);
    assert_eq!(files(&folder.host().unwrap()).len(), 3);
}

#[test]
fn looking_is_not_written_down() {
    let folder = Folder::new("looking");
    let host = folder.host().unwrap();
    let before = fs::read(folder.journal()).unwrap();
    for path in [
        "/",
        "/__control/files",
        "/bytescale-cdn/devSeLf/raw/u/a.txt",
    ] {
        host.handle(http::Request::get(path).body(Vec::new()).unwrap());
    }
    host.collect();
    assert_eq!(fs::read(folder.journal()).unwrap(), before);
}

#[test]
fn what_a_killed_run_left_half_written_is_cut_off() {
    let folder = Folder::new("killed");
    let host = folder.host().unwrap();
    upload(&host, "/u/a.txt", b"whole");
    let whole = fs::read(folder.journal()).unwrap();
    upload(&host, "/u/b.txt", b"half of this is lost");
    drop(host);
    let all = fs::read(folder.journal()).unwrap();
    for end in whole.len()..all.len() {
        fs::write(folder.journal(), &all[..end]).unwrap();
        let host = folder.host().unwrap();
        assert_eq!(files(&host).len(), 1, "cut at {end}");
        assert_eq!(fs::read(folder.journal()).unwrap(), whole);
    }
}

#[test]
fn a_journal_of_elsewhere_or_of_nothing_known_is_refused_and_left_alone() {
    let folder = Folder::new("elsewhere");
    drop(folder.host().unwrap());
    let kept = fs::read(folder.journal()).unwrap();
    let error = folder.host_of(7, "http://127.0.0.1:1").err().unwrap();
    assert!(error.to_string().contains("is of http://127.0.0.1:8788"));
    assert_eq!(fs::read(folder.journal()).unwrap(), kept);

    for damage in [
        "no journal\n",
        "stand-ins 1 7 0 http://127.0.0.1:8788\n5 forgotten\n",
    ] {
        fs::write(folder.journal(), damage).unwrap();
        let error = folder.host().err().unwrap();
        assert!(
            error.to_string().contains("remove it to begin anew"),
            "{error}"
        );
        assert_eq!(fs::read(folder.journal()).unwrap(), damage.as_bytes());
    }
}
