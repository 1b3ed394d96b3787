//! One connection: requests in turn, and each reaction carried out on the socket itself.
//! Cuts and truncations are real: the promised length is sent, the bytes are not.

use std::io::{self, BufReader, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use stand_ins::{Reaction, Request, Response};

use crate::host::Host;
use crate::request;

pub(crate) fn serve(host: &Host, stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = request::read(&mut reader, &mut writer)? {
        let closes = request
            .headers()
            .get("connection")
            .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"close"));
        let reaction = if is_for_loopback(&request) {
            host.handle(request)
        } else {
            misdirected()
        };
        if !carry_out(reaction, &mut reader, &mut writer)? || closes {
            return writer.shutdown(std::net::Shutdown::Both);
        }
    }
    Ok(())
}

/// A page elsewhere must not reach the control plane by pointing its own name at this machine.
fn is_for_loopback(request: &Request) -> bool {
    let host = request
        .headers()
        .get("host")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "127.0.0.1" | "localhost" | "[::1]" | "::1")
}

fn misdirected() -> Reaction {
    let mut response = Response::new(b"these stand-ins answer on loopback only\n".to_vec());
    *response.status_mut() = http::StatusCode::MISDIRECTED_REQUEST;
    Reaction::Answer(response)
}

/// Carries out a reaction; false when the connection is over.
fn carry_out(
    reaction: Reaction,
    reader: &mut impl Read,
    writer: &mut impl Write,
) -> io::Result<bool> {
    match reaction {
        Reaction::Answer(response) => {
            write_head(&response, writer)?;
            writer.write_all(response.body())?;
            writer.flush()?;
            Ok(true)
        }
        Reaction::Truncated { response, bytes } => {
            write_head(&response, writer)?;
            writer.write_all(response.body().get(..bytes).unwrap_or(response.body()))?;
            writer.flush()?;
            Ok(false)
        }
        Reaction::Dropped => Ok(false),
        Reaction::Delayed { ms, then } => {
            thread::sleep(Duration::from_millis(ms));
            carry_out(*then, reader, writer)
        }
        Reaction::Never => {
            // Until the other side gives up.
            io::copy(reader, &mut io::sink())?;
            Ok(false)
        }
    }
}

fn write_head(response: &Response, writer: &mut impl Write) -> io::Result<()> {
    let status = response.status();
    let mut head = format!(
        "HTTP/1.1 {} {}\r\n",
        status.as_u16(),
        status.canonical_reason().unwrap_or_default()
    )
    .into_bytes();
    for (name, value) in response.headers() {
        head.extend_from_slice(name.as_str().as_bytes());
        head.extend_from_slice(b": ");
        head.extend_from_slice(value.as_bytes());
        head.extend_from_slice(b"\r\n");
    }
    if status != http::StatusCode::NO_CONTENT {
        head.extend_from_slice(format!("content-length: {}\r\n", response.body().len()).as_bytes());
    }
    head.extend_from_slice(b"\r\n");
    writer.write_all(&head)
}
