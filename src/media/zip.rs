//! A ZIP archive that is written while it is sent: nothing of it is held but its table of contents.
//!
//! ```text
//! archive = *( header *data descriptor ) *directory [ end64 locator64 ] end
//! ```
//!
//! Entries are stored as they are, because pictures do not shrink; their sums follow the data. Beyond
//! 4 GiB or 65 534 entries the directory says so in the larger fields of ZIP64.

use super::crc32::Sum;

const LOCAL: u32 = 0x0403_4b50;
const DESCRIPTOR: u32 = 0x0807_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END64: u32 = 0x0606_4b50;
const LOCATOR64: u32 = 0x0706_4b50;
const END: u32 = 0x0605_4b50;
/// Sizes and sum stand behind the data, and names are UTF-8.
const FLAGS: u16 = 0x0808;
const VERSION: u16 = 20;
const VERSION64: u16 = 45;
/// Made on Unix: a plain file that everybody may read.
const MADE_BY: u16 = 0x0300 | VERSION64;
const MODE: u32 = 0o100_644 << 16;
const FULL: u32 = u32::MAX;

/// An archive on its way out.
#[derive(Debug)]
pub struct Zip {
    /// The day, as DOS counts it.
    day: u16,
    offset: u64,
    entries: u64,
    directory: Vec<u8>,
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    name: String,
    at: u64,
    size: u32,
    sum: Sum,
}

impl Zip {
    pub const fn new(year: u16, month: u16, day: u16) -> Self {
        Self {
            day: (year.saturating_sub(1980) << 9) | (month << 5) | day,
            offset: 0,
            entries: 0,
            directory: Vec::new(),
            open: None,
        }
    }

    /// What stands before the data of an entry.
    pub fn begin(&mut self, name: &str) -> Vec<u8> {
        let mut header = Vec::new();
        put32(&mut header, LOCAL);
        put16(&mut header, VERSION);
        self.put_common(&mut header);
        for _ in 0..3 {
            put32(&mut header, 0);
        }
        put_length(&mut header, name);
        put16(&mut header, 0);
        header.extend_from_slice(name.as_bytes());
        self.open = Some(Open {
            name: name.to_owned(),
            at: self.offset,
            size: 0,
            sum: Sum::new(),
        });
        self.sent(&header);
        header
    }

    fn put_common(&self, out: &mut Vec<u8>) {
        put16(out, FLAGS);
        // Stored, at midnight.
        put32(out, 0);
        put16(out, self.day);
    }

    /// Counts and sums a piece of the data, which is sent as it is.
    pub fn data(&mut self, piece: &[u8]) {
        if let Some(open) = &mut self.open {
            open.sum.add(piece);
            let more = u32::try_from(piece.len()).unwrap_or(FULL);
            open.size = open.size.saturating_add(more);
        }
        self.sent(piece);
    }

    /// What stands behind the data of an entry.
    pub fn end(&mut self) -> Vec<u8> {
        let mut descriptor = Vec::new();
        let Some(open) = self.open.take() else {
            return descriptor;
        };
        let sums = [open.sum.value(), open.size, open.size];
        put32(&mut descriptor, DESCRIPTOR);
        for sum in sums {
            put32(&mut descriptor, sum);
        }
        self.sent(&descriptor);
        self.entries = self.entries.saturating_add(1);
        let mut out = std::mem::take(&mut self.directory);
        put32(&mut out, CENTRAL);
        put16(&mut out, MADE_BY);
        let far = open.at >= u64::from(FULL);
        put16(&mut out, if far { VERSION64 } else { VERSION });
        self.put_common(&mut out);
        for sum in sums {
            put32(&mut out, sum);
        }
        put_length(&mut out, &open.name);
        put16(&mut out, if far { 12 } else { 0 });
        // No comment, the first volume, no attributes of DOS.
        for _ in 0..3 {
            put16(&mut out, 0);
        }
        put32(&mut out, MODE);
        put32(&mut out, clamp32(open.at));
        out.extend_from_slice(open.name.as_bytes());
        if far {
            put16(&mut out, 1);
            put16(&mut out, 8);
            put64(&mut out, open.at);
        }
        self.directory = out;
        descriptor
    }

    /// What stands behind all entries.
    pub fn finish(self) -> Vec<u8> {
        let mut out = self.directory;
        let size = u64::try_from(out.len()).unwrap_or(u64::MAX);
        let entries = u16::try_from(self.entries).unwrap_or(u16::MAX);
        let large = entries == u16::MAX || self.offset.max(size) >= u64::from(FULL);
        if large {
            put32(&mut out, END64);
            put64(&mut out, 44);
            put16(&mut out, MADE_BY);
            put16(&mut out, VERSION64);
            put64(&mut out, 0);
            for value in [self.entries, self.entries, size, self.offset] {
                put64(&mut out, value);
            }
            put32(&mut out, LOCATOR64);
            put32(&mut out, 0);
            put64(&mut out, self.offset.saturating_add(size));
            put32(&mut out, 1);
        }
        put32(&mut out, END);
        put32(&mut out, 0);
        put16(&mut out, entries);
        put16(&mut out, entries);
        put32(&mut out, clamp32(size));
        put32(&mut out, clamp32(self.offset));
        put16(&mut out, 0);
        out
    }

    fn sent(&mut self, bytes: &[u8]) {
        let more = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.offset = self.offset.saturating_add(more);
    }
}

fn clamp32(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(FULL)
}

fn put16(out: &mut Vec<u8>, value: u16) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn put32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn put64(out: &mut Vec<u8>, value: u64) {
    out.extend_from_slice(&value.to_le_bytes());
}

/// Names are ours and short.
fn put_length(out: &mut Vec<u8>, name: &str) {
    put16(out, u16::try_from(name.len()).unwrap_or(u16::MAX));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Read};

    fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = Zip::new(2026, 11, 27);
        let mut all = Vec::new();
        for (name, data) in entries {
            all.extend(zip.begin(name));
            for piece in data.chunks(7) {
                zip.data(piece);
                all.extend_from_slice(piece);
            }
            all.extend(zip.end());
        }
        all.extend(zip.finish());
        all
    }

    fn read(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
        let mut archive = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
        let count = archive.len();
        let entry = |index| {
            let mut entry = archive.by_index(index).unwrap();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            (entry.name().unwrap().into_owned(), bytes)
        };
        (0..count).map(entry).collect()
    }

    #[test]
    fn another_program_reads_what_was_written() {
        let entries: [(&str, &[u8]); 3] = [
            ("a/ü.txt", b"hello, world"),
            ("empty", b""),
            ("b", &[7; 100]),
        ];
        let read = read(&archive(&entries));
        for ((name, data), (other_name, other)) in entries.iter().zip(&read) {
            assert_eq!((*name, *data), (other_name.as_str(), other.as_slice()));
        }
        assert_eq!(read.len(), 3);
    }

    #[test]
    fn more_entries_than_the_old_fields_hold_are_read() {
        let names: Vec<String> = (0..65_600).map(|n| n.to_string()).collect();
        let entries: Vec<(&str, &[u8])> =
            names.iter().map(|n| (n.as_str(), n.as_bytes())).collect();
        let archive = zip::ZipArchive::new(Cursor::new(archive(&entries))).unwrap();
        assert_eq!(archive.len(), 65_600);
    }

    #[test]
    fn what_lies_beyond_four_gigabytes_is_said_in_the_larger_fields() {
        let mut zip = Zip::new(2026, 11, 27);
        let at = 5_000_000_000_u64;
        zip.offset = at;
        let _ = (zip.begin("far"), zip.data(b"x"), zip.end());
        let end = zip.finish();
        let has = |part: &[u8]| end.windows(part.len()).any(|window| window == part);
        let extra = [&[1, 0, 8, 0][..], &at.to_le_bytes()].concat();
        assert!(has(&extra), "the place of the entry");
        assert!(has(&END64.to_le_bytes()) && has(&LOCATOR64.to_le_bytes()));
        let directory_at = at + 30 + 3 + 1 + 16;
        assert!(
            has(&directory_at.to_le_bytes()),
            "the place of the directory"
        );
    }
}
