//! Reads one HTTP/1.1 request from a connection: head, then a body of a known length or in chunks.
//! The request target and the headers are passed on byte for byte.

use std::io::{self, BufRead, Read, Write};

use stand_ins::Request;

const MAX_HEAD_BYTES: usize = 64 * 1024;
const MAX_HEADERS: usize = 100;
const MAX_BODY_BYTES: usize = 256 * 1024 * 1024;

/// The next request; none when the other side has finished.
pub(crate) fn read(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<Option<Request>> {
    let Some(head) = read_head(from)? else {
        return Ok(None);
    };
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    parsed.parse(&head).map_err(invalid)?;
    let mut request = http::Request::builder()
        .method(parsed.method.unwrap_or_default())
        .uri(parsed.path.unwrap_or_default());
    for header in parsed.headers.iter() {
        request = request.header(header.name, header.value);
    }
    let mut request = request.body(Vec::new()).map_err(invalid)?;
    let value = |name: &str| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let chunked = value("transfer-encoding")
        .is_some_and(|coding| coding.to_ascii_lowercase().contains("chunked"));
    let length = value("content-length")
        .map_or(Ok(0), str::parse::<usize>)
        .map_err(invalid)?;
    if value("expect").is_some_and(|expected| expected.eq_ignore_ascii_case("100-continue")) {
        to.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        to.flush()?;
    }
    *request.body_mut() = if chunked {
        read_chunks(from)?
    } else {
        read_exactly(from, length)?
    };
    Ok(Some(request))
}

fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

fn read_head(from: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut head = Vec::new();
    loop {
        let line = read_line(from)?;
        if line.is_empty() {
            return if head.is_empty() {
                Ok(None)
            } else {
                Err(io::ErrorKind::UnexpectedEof.into())
            };
        }
        head.extend_from_slice(&line);
        if head.len() > MAX_HEAD_BYTES {
            return Err(invalid("the head is too long"));
        }
        if line == b"\r\n" || line == b"\n" {
            return Ok(Some(head));
        }
    }
}

fn read_line(from: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    from.by_ref()
        .take(u64::try_from(MAX_HEAD_BYTES).unwrap_or(u64::MAX))
        .read_until(b'\n', &mut line)?;
    Ok(line)
}

fn read_exactly(from: &mut impl BufRead, length: usize) -> io::Result<Vec<u8>> {
    if length > MAX_BODY_BYTES {
        return Err(invalid("the body is too long"));
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body)?;
    Ok(body)
}

fn read_chunks(from: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = read_line(from)?;
        let text = String::from_utf8_lossy(&line);
        let size = text.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(size, 16).map_err(invalid)?;
        if size.saturating_add(body.len()) > MAX_BODY_BYTES {
            return Err(invalid("the body is too long"));
        }
        if size == 0 {
            while !matches!(read_line(from)?.as_slice(), b"\r\n" | b"\n" | b"") {}
            return Ok(body);
        }
        body.extend(read_exactly(from, size)?);
        read_line(from)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(bytes: &[u8]) -> io::Result<Option<Request>> {
        read(&mut io::BufReader::new(bytes), &mut io::sink())
    }

    #[test]
    fn a_body_comes_by_length_or_in_chunks() {
        let known =
            parse(b"POST /a%20b?x=1&y HTTP/1.1\r\nHost: h:1\r\nContent-Length: 3\r\n\r\nabcd")
                .unwrap()
                .unwrap();
        assert_eq!(
            (known.uri().to_string().as_str(), known.body().as_slice()),
            ("/a%20b?x=1&y", b"abc".as_slice())
        );
        let chunked = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n";
        assert_eq!(parse(chunked).unwrap().unwrap().body(), b"abc");
    }

    #[test]
    fn the_end_is_no_request_and_half_a_request_is_an_error() {
        assert!(parse(b"").unwrap().is_none());
        assert!(parse(b"GET / HTTP/1.1\r\nHost").is_err());
        assert!(parse(b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc").is_err());
        assert!(parse(b"nonsense\r\n\r\n").is_err());
    }
}
