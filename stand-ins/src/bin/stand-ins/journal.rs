//! Everything that happened to a world, in one file, so that the next run can let it happen again.
//! A world is made of its settings, its clock and what it is asked, and of nothing else; so this is
//! the whole of it, and what stands in memory needs no shape on disk. It must never hold anything
//! but what the stand-ins were told: their values are those of development.
//!
//! ```text
//! stand-ins 1 <seed> <clock> <origin>
//! <clock> request <bytes>      and then the request, as HTTP/1.1 has it
//! <clock> collected
//! <clock> delivered <id> [<status>]
//! <clock> answered <id> [<status> <bytes>]      and then the answer's body
//! ```

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, Write};
use std::path::Path;

use stand_ins::Request;

use crate::request;

const MARK: &str = "stand-ins 1";

/// How a world began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Beginning {
    pub seed: u64,
    pub now_ms: u64,
    pub origin: String,
}

/// Something that happened to a world.
#[derive(Debug)]
pub(crate) enum Event {
    Request(Box<Request>),
    /// What was due for the product was fetched.
    Collected,
    Delivered {
        id: u64,
        status: Option<u16>,
    },
    Answered {
        id: u64,
        answer: Option<(u16, Vec<u8>)>,
    },
}

#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
}

impl Journal {
    /// Opens the journal and hands what is in it, in turn, to `replay`; an empty one is begun.
    /// What a run that was killed left half written is cut off.
    pub fn open(path: &Path, fresh: Beginning, mut replay: impl FnMut(Step)) -> io::Result<Self> {
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path)?;
        let mut reader = BufReader::new(&file);
        let mut whole = 0;
        if let Some(beginning) = read_beginning(&mut reader)? {
            if beginning.origin != fresh.origin {
                let Beginning { origin, .. } = beginning;
                let path = path.display();
                let message = format!("{path} is of {origin}; remove it to begin anew");
                return Err(io::Error::other(message));
            }
            replay(Step::Begin(beginning));
            whole = reader.stream_position()?;
            while let Some((at_ms, event)) = read_event(&mut reader)? {
                replay(Step::Happen(at_ms, event));
                whole = reader.stream_position()?;
            }
        }
        file.set_len(whole)?;
        if whole == 0 {
            let Beginning {
                seed,
                now_ms,
                origin,
            } = &fresh;
            writeln!(file, "{MARK} {seed} {now_ms} {origin}")?;
            replay(Step::Begin(fresh));
        }
        Ok(Self { file })
    }

    /// Writes down what is about to happen, or has just happened, at this time of the world.
    pub fn write(&mut self, at_ms: u64, event: &Event) -> io::Result<()> {
        let mut entry = Vec::new();
        match event {
            Event::Request(request) => {
                let bytes = request_bytes(request)?;
                writeln!(entry, "{at_ms} request {}", bytes.len())?;
                entry.extend_from_slice(&bytes);
            }
            Event::Collected => writeln!(entry, "{at_ms} collected")?,
            Event::Delivered { id, status: None } => writeln!(entry, "{at_ms} delivered {id}")?,
            Event::Delivered {
                id,
                status: Some(status),
            } => writeln!(entry, "{at_ms} delivered {id} {status}")?,
            Event::Answered { id, answer: None } => writeln!(entry, "{at_ms} answered {id}")?,
            Event::Answered {
                id,
                answer: Some((status, body)),
            } => {
                writeln!(entry, "{at_ms} answered {id} {status} {}", body.len())?;
                entry.extend_from_slice(body);
            }
        }
        self.file.write_all(&entry)
    }
}

/// What a journal hands over.
#[derive(Debug)]
pub(crate) enum Step {
    Begin(Beginning),
    /// At this time of the world.
    Happen(u64, Event),
}

fn request_bytes(request: &Request) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    write!(bytes, "{} {} HTTP/1.1\r\n", request.method(), request.uri())?;
    for (name, value) in request.headers() {
        // How the body came is over; here it has its length.
        if !matches!(
            name.as_str(),
            "content-length" | "transfer-encoding" | "expect"
        ) {
            write!(bytes, "{name}: ")?;
            bytes.extend_from_slice(value.as_bytes());
            bytes.extend_from_slice(b"\r\n");
        }
    }
    write!(bytes, "content-length: {}\r\n\r\n", request.body().len())?;
    bytes.extend_from_slice(request.body());
    Ok(bytes)
}

fn damaged(line: &str) -> io::Error {
    io::Error::other(format!(
        "the journal is damaged at {line:?}; remove it to begin anew"
    ))
}

/// The next line that was written to its end.
fn read_line(from: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = String::new();
    from.read_line(&mut line)?;
    Ok(line.strip_suffix('\n').map(str::to_owned))
}

fn read_beginning(from: &mut impl BufRead) -> io::Result<Option<Beginning>> {
    let Some(line) = read_line(from)? else {
        return Ok(None);
    };
    let read = || {
        let mut words = line.strip_prefix(MARK)?.split_ascii_whitespace();
        Some(Beginning {
            seed: words.next()?.parse().ok()?,
            now_ms: words.next()?.parse().ok()?,
            origin: words.next()?.to_owned(),
        })
    };
    read().map(Some).ok_or_else(|| damaged(&line))
}

/// The next event that was written to its end.
fn read_event(from: &mut impl BufRead) -> io::Result<Option<(u64, Event)>> {
    let Some(line) = read_line(from)? else {
        return Ok(None);
    };
    let words: Vec<&str> = line.split(' ').collect();
    let number = |word: &str| word.parse::<u64>().map_err(|_| damaged(&line));
    let status = |word: &str| word.parse::<u16>().map_err(|_| damaged(&line));
    let (at_ms, event) = match words.as_slice() {
        [at, "request", length] => {
            let Some(bytes) = read_bytes(from, number(length)?)? else {
                return Ok(None);
            };
            let request = request::read(&mut bytes.as_slice(), &mut io::sink())?;
            let request = Box::new(request.ok_or_else(|| damaged(&line))?);
            (at, Event::Request(request))
        }
        [at, "collected"] => (at, Event::Collected),
        [at, "delivered", id, rest @ ..] => {
            let status = rest.first().map(|word| status(word)).transpose()?;
            let id = number(id)?;
            (at, Event::Delivered { id, status })
        }
        [at, "answered", id] => {
            let (id, answer) = (number(id)?, None);
            (at, Event::Answered { id, answer })
        }
        [at, "answered", id, code, length] => {
            let Some(body) = read_bytes(from, number(length)?)? else {
                return Ok(None);
            };
            let (id, answer) = (number(id)?, Some((status(code)?, body)));
            (at, Event::Answered { id, answer })
        }
        _ => return Err(damaged(&line)),
    };
    Ok(Some((number(at_ms)?, event)))
}

/// So many bytes; none when fewer were written.
fn read_bytes(from: &mut impl BufRead, length: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let read = from.take(length).read_to_end(&mut bytes)?;
    Ok((u64::try_from(read) == Ok(length)).then_some(bytes))
}
