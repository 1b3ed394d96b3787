//! What every other type is made of: texts, numbers, truth values, lists, and what may be absent.

use std::fmt::{Display, Write as _};
use std::str::FromStr;

use serde_json::{Number, Value};

use super::{FromJson, ObjectWriter, ToJson};
use crate::domain::timestamp::Timestamp;
use crate::ports::Text;

/// Writes a text in quotes.
pub fn write_text(out: &mut String, text: &str) {
    out.push('"');
    // Most texts have nothing to be escaped, and by far most of them are ASCII, of which no character
    // has to be put together to see that.
    let plain = text
        .bytes()
        .take_while(|byte| is_plain_ascii(*byte))
        .count();
    let (plain, mut rest) = text.split_at_checked(plain).unwrap_or_default();
    out.push_str(plain);
    while let Some(at) = rest.find(wants_escape) {
        let (plain, found) = rest.split_at_checked(at).unwrap_or_default();
        out.push_str(plain);
        let mut chars = found.chars();
        match chars.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(c) => push(out, format_args!("\\u{:04x}", u32::from(c))),
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

const fn is_plain_ascii(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\')
}

/// Beyond what JSON asks for: no line of a log is broken by one of these either.
const fn wants_escape(c: char) -> bool {
    matches!(
        c,
        '"' | '\\' | '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}'
    )
}

fn write_display(out: &mut String, value: &dyn Display) {
    write_text(out, &value.to_string());
}

fn write_number(out: &mut String, number: u64) {
    push(out, format_args!("{number}"));
}

/// Writes a number of thousandths as a decimal.
pub fn write_thousandths(out: &mut String, thousandths: u64) {
    push(
        out,
        format_args!("{}.{:03}", thousandths / 1000, thousandths % 1000),
    );
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    // A `String` takes whatever is written to it.
    let _ = out.write_fmt(text);
}

macro_rules! whole_numbers {
    ($($number:ty),+) => {$(
        impl ToJson for $number {
            fn write(&self, out: &mut String) {
                // No number here is wider than 64 bits.
                write_number(out, u64::try_from(*self).unwrap_or(u64::MAX));
            }
        }

        impl FromJson for $number {
            fn read(&mut self, value: Value) -> bool {
                fill(self, value.as_u64().and_then(|number| number.try_into().ok()))
            }
        }
    )+};
}

whole_numbers!(u8, u16, u32, u64, usize);

impl ToJson for i8 {
    fn write(&self, out: &mut String) {
        push(out, format_args!("{self}"));
    }
}

impl FromJson for i8 {
    fn read(&mut self, value: Value) -> bool {
        fill(
            self,
            value.as_i64().and_then(|number| number.try_into().ok()),
        )
    }
}

impl ToJson for Number {
    fn write(&self, out: &mut String) {
        match (self.as_u64(), self.as_i64()) {
            (Some(number), _) => write_number(out, number),
            (_, Some(number)) => push(out, format_args!("{number}")),
            _ => self.as_f64().unwrap_or_default().write(out),
        }
    }
}

/// No number of ours is a fraction; one of a client's, which is never more than compared or hashed,
/// is written by its bits, because writing decimals takes a table of 10 KB.
impl ToJson for f64 {
    fn write(&self, out: &mut String) {
        write_number(out, self.to_bits());
    }
}

/// A number that may be written as a float or with an exponent.
impl FromJson for f64 {
    fn read(&mut self, value: Value) -> bool {
        fill(self, value.as_f64())
    }
}

impl ToJson for bool {
    fn write(&self, out: &mut String) {
        out.push_str(if *self { "true" } else { "false" });
    }
}

impl FromJson for bool {
    fn read(&mut self, value: Value) -> bool {
        fill(self, value.as_bool())
    }
}

impl ToJson for () {
    fn write(&self, out: &mut String) {
        out.push_str("null");
    }
}

impl FromJson for () {
    fn read(&mut self, value: Value) -> bool {
        value.is_null()
    }
}

impl ToJson for String {
    fn write(&self, out: &mut String) {
        write_text(out, self);
    }
}

impl FromJson for String {
    fn read(&mut self, value: Value) -> bool {
        let text = match value {
            Value::String(text) => Some(text),
            _ => None,
        };
        fill(self, text)
    }
}

impl ToJson for Box<str> {
    fn write(&self, out: &mut String) {
        write_text(out, self);
    }
}

impl FromJson for Box<str> {
    fn read(&mut self, value: Value) -> bool {
        fill(self, value.as_str().map(Self::from))
    }
}

impl ToJson for &str {
    fn write(&self, out: &mut String) {
        write_text(out, self);
    }
}

impl ToJson for Value {
    fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => value.write(out),
            Self::Number(number) => number.write(out),
            Self::String(text) => write_text(out, text),
            Self::Array(items) => items.write(out),
            Self::Object(members) => {
                let mut object = ObjectWriter::begin(out);
                for (name, value) in members {
                    object.member(name, value);
                }
                object.end();
            }
        }
    }
}

impl FromJson for Value {
    fn read(&mut self, value: Value) -> bool {
        *self = value;
        true
    }
}

impl<T: Display> ToJson for Text<T> {
    fn write(&self, out: &mut String) {
        write_display(out, &self.0);
    }
}

impl<T: FromStr> FromJson for Text<T> {
    fn read(&mut self, value: Value) -> bool {
        let parsed = value.as_str().and_then(|text| text.parse().ok());
        fill(self, parsed.map(Self))
    }
}

/// Moments are plain numbers of milliseconds, which sort and compare in any tool.
impl ToJson for Timestamp {
    fn write(&self, out: &mut String) {
        write_number(out, self.as_ms());
    }
}

impl FromJson for Timestamp {
    fn read(&mut self, value: Value) -> bool {
        fill(self, value.as_u64().map(Self::from_ms))
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn write(&self, out: &mut String) {
        match self {
            Some(value) => value.write(out),
            None => out.push_str("null"),
        }
    }
}

impl<T: FromJson + Default> FromJson for Option<T> {
    fn read(&mut self, value: Value) -> bool {
        *self = match value {
            Value::Null => return true,
            value => super::from_value(value),
        };
        self.is_some()
    }

    fn read_absent(&mut self) -> bool {
        true
    }
}

impl<T: ToJson> ToJson for [T] {
    fn write(&self, out: &mut String) {
        out.push('[');
        for (index, item) in self.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            item.write(out);
        }
        out.push(']');
    }
}

impl<T: ToJson> ToJson for &[T] {
    fn write(&self, out: &mut String) {
        (**self).write(out);
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn write(&self, out: &mut String) {
        self.as_slice().write(out);
    }
}

impl<T: FromJson + Default> FromJson for Vec<T> {
    fn read(&mut self, value: Value) -> bool {
        let Value::Array(values) = value else {
            return false;
        };
        values.into_iter().all(|value| {
            let mut item = T::default();
            let complete = item.read(value);
            self.push(item);
            complete
        })
    }
}

impl<T: ToJson> ToJson for Box<T> {
    fn write(&self, out: &mut String) {
        (**self).write(out);
    }
}

impl<T: FromJson> FromJson for Box<T> {
    fn read(&mut self, value: Value) -> bool {
        (**self).read(value)
    }
}

/// Fills a blank, if there is something to fill it with.
fn fill<T>(blank: &mut T, value: Option<T>) -> bool {
    match value {
        Some(value) => {
            *blank = value;
            true
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{from_str, to_string};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn texts_are_written_as_any_reader_expects_them(text in "\\PC*|[\\x00-\\x7f]*") {
            let written = to_string(&text);
            prop_assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text.clone());
            prop_assert_eq!(from_str::<String>(&written), Some(text));
        }
    }

    #[test]
    fn a_number_that_does_not_fit_is_not_cut() {
        assert_eq!(from_str::<u8>("255"), Some(255));
        assert_eq!(from_str::<u8>("256"), None);
        assert_eq!(from_str::<u32>("-1"), None);
        assert_eq!(from_str::<i8>("-1"), Some(-1));
        assert_eq!(from_str::<u32>("1.5"), None);
    }
}
