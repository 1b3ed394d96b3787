//! The program as a neighbour sees it: over a real socket, from the outside.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    reason = "whatever goes wrong in a test is a failed test"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

struct Program {
    child: Child,
    address: String,
}

impl Program {
    fn start(flags: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_stand-ins"))
            .args(["--port", "0"])
            .args(flags)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line
            .trim()
            .strip_prefix("listening http://")
            .unwrap()
            .to_owned();
        Self { child, address }
    }

    /// Everything that comes back on a connection of its own.
    fn exchange(&self, method: &str, path: &str, headers: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n",
            self.address
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn control(&self, method: &str, path: &str, body: &Value) -> String {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let answer = self.exchange(method, &format!("/__control{path}"), "", &body);
        assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    }

    fn read(&self, path: &str) -> Value {
        serde_json::from_str(&self.control("GET", path, &Value::Null)).unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

const TOKEN: &str = "Authorization: Bearer r8_development00000000000000000000000000\r\n";
const TRAINER: &str = "/replicate/v1/models/replicate/fast-flux-trainer/versions/8b10794665aed907bb98a1a5324cd1d3a8bea0e9b31e65210967fb9c9e2e08ed/trainings";

#[test]
fn cuts_and_truncations_are_real() {
    let program = Program::start(&[]);
    for behaviour in [
        json!({"behaviour": "drop_after"}),
        json!({"behaviour": "truncate", "bytes": 4}),
    ] {
        let mut script = behaviour;
        script["provider"] = json!("replicate");
        script["times"] = json!(1);
        program.control("POST", "/script", &script);
    }
    assert_eq!(
        program.exchange("GET", "/replicate/v1/account", TOKEN, ""),
        ""
    );
    let cut = program.exchange("GET", "/replicate/v1/account", TOKEN, "");
    let (head, body) = cut.split_once("\r\n\r\n").unwrap();
    assert_eq!(body.len(), 4);
    assert!(!head.contains("content-length: 4\r\n"), "{head}");
    let whole = program.exchange("GET", "/replicate/v1/account", TOKEN, "");
    assert!(whole.contains("\"username\":\"selfie-dev\""), "{whole}");
    assert_eq!(program.read("/calls").as_array().map(Vec::len), Some(3));
}

#[test]
fn webhooks_are_carried_to_the_product() {
    let program = Program::start(&["--training-ms", "0"]);
    let product = TcpListener::bind("127.0.0.1:0").unwrap();
    let webhook = format!("http://{}/hook", product.local_addr().unwrap());
    let training = json!({"destination": "selfie-dev/faces", "input": {}, "webhook": webhook, "webhook_events_filter": ["completed"]});
    let created = program.exchange("POST", TRAINER, TOKEN, &training.to_string());
    assert!(created.starts_with("HTTP/1.1 201"), "{created}");
    let (stream, _) = product.accept().unwrap();
    let mut reader = BufReader::new(stream);
    let (mut head, mut line) = (String::new(), String::new());
    while line != "\r\n" {
        line.clear();
        reader.read_line(&mut line).unwrap();
        head.push_str(&line);
    }
    assert!(head.starts_with("POST /hook HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("webhook-signature: v1,"), "{head}");
    reader
        .get_mut()
        .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        .unwrap();
}

#[test]
fn another_name_for_this_machine_is_not_served() {
    let program = Program::start(&[]);
    let mut stream = TcpStream::connect(&program.address).unwrap();
    stream
        .write_all(
            b"GET /__control/health HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n",
        )
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 421"), "{answer}");
}

#[test]
fn the_clock_moves_and_a_reset_forgets() {
    let program = Program::start(&[]);
    let before = program.read("/health")["now_ms"].as_u64().unwrap();
    program.control("POST", "/clock", &json!({"advance_ms": 3_600_000}));
    assert!(program.read("/health")["now_ms"].as_u64().unwrap() >= before + 3_600_000);
    program.exchange(
        "POST",
        TRAINER,
        TOKEN,
        &json!({"destination": "selfie-dev/faces", "input": {}}).to_string(),
    );
    assert_eq!(
        program.read("/jobs")["jobs"].as_array().map(Vec::len),
        Some(1)
    );
    program.control("POST", "/reset", &Value::Null);
    assert_eq!(program.read("/jobs")["jobs"], json!([]));
    assert_eq!(program.read("/calls"), json!([]));
}

#[test]
fn a_termination_signal_ends_it_with_success() {
    let mut program = Program::start(&[]);
    let id = program.child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    assert!(program.child.wait().unwrap().success());
    // What is dropped later has ended already.
    program.child = Command::new("true").spawn().unwrap();
}

#[test]
fn a_foreign_address_is_refused() {
    let refused = Command::new(env!("CARGO_BIN_EXE_stand-ins"))
        .args(["--host", "0.0.0.0"])
        .output()
        .unwrap();
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("not a loopback address"));
}
