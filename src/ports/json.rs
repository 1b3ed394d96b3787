//! JSON, as it is kept and as it travels: how each type is written, and how it is read back.
//!
//! Every text is parsed once, into `serde_json`'s [`Value`], and a type is read out of that, member
//! by member. A derived reader of each type over the parser itself would be many times the code, and
//! the Worker is paid for by the byte. Nothing here knows what any member means.

mod macros;
mod plain;

pub(crate) use macros::{json_enum, json_struct};
pub use plain::{write_text, write_thousandths};

use serde_json::{Map, Value};

/// Something that is written as JSON.
pub trait ToJson {
    fn write(&self, out: &mut String);
}

/// Something that is read out of JSON. Members that it does not know are passed over.
pub trait FromJson: Sized {
    /// Nothing when the value is of another form.
    fn read(value: Value) -> Option<Self>;

    /// What a member is that is not there.
    fn absent() -> Option<Self> {
        None
    }
}

pub fn to_string(value: &dyn ToJson) -> String {
    let mut out = String::new();
    value.write(&mut out);
    out
}

pub fn from_str<T: FromJson>(text: &str) -> Option<T> {
    from_slice(text.as_bytes())
}

pub fn from_slice<T: FromJson>(bytes: &[u8]) -> Option<T> {
    T::read(parse(bytes)?)
}

fn parse(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice(bytes).ok()
}

/// An object on its way out, one member after the other.
pub struct ObjectWriter<'a> {
    out: &'a mut String,
    is_empty: bool,
}

impl<'a> ObjectWriter<'a> {
    pub fn begin(out: &'a mut String) -> Self {
        out.push('{');
        Self {
            out,
            is_empty: true,
        }
    }

    pub fn member(&mut self, name: &str, value: &dyn ToJson) {
        if !self.is_empty {
            self.out.push(',');
        }
        self.is_empty = false;
        write_text(self.out, name);
        self.out.push(':');
        value.write(self.out);
    }

    pub fn end(self) {
        self.out.push('}');
    }
}

/// An object that is being read: each member is taken out of it.
#[derive(Debug)]
pub struct Members(Map<String, Value>);

impl Members {
    pub fn of(value: Value) -> Option<Self> {
        match value {
            Value::Object(members) => Some(Self(members)),
            _ => None,
        }
    }

    pub fn parse(bytes: &[u8]) -> Option<Self> {
        Self::of(parse(bytes)?)
    }

    /// The member of that name; nothing when it cannot be read as this type.
    pub fn take<T: FromJson>(&mut self, name: &str) -> Option<T> {
        match self.0.remove(name) {
            Some(value) => T::read(value),
            None => T::absent(),
        }
    }

    /// Whether all have been taken.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A value of an enum: its tag alone, or an object whose only member is the tag with what belongs to
/// it.
pub fn read_tagged(value: Value) -> Option<(String, Value)> {
    match value {
        Value::String(tag) => Some((tag, Value::Null)),
        Value::Object(members) if members.len() == 1 => members.into_iter().next(),
        _ => None,
    }
}

/// Writes an object whose only member is the tag.
pub fn write_tagged(out: &mut String, tag: &str, write: &dyn Fn(&mut String)) {
    out.push('{');
    write_text(out, tag);
    out.push(':');
    write(out);
    out.push('}');
}
