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

/// Something that is read out of JSON, in place: a value is filled into its blank, which costs a
/// few bytes for each member where handing it up through options would cost hundreds. Members that
/// it does not know are passed over.
pub trait FromJson {
    /// False when the value is of another form; what was filled in is then worth nothing.
    fn read(&mut self, value: Value) -> bool;

    /// The same for a member that is not there.
    fn read_absent(&mut self) -> bool {
        false
    }
}

pub fn to_string(value: &dyn ToJson) -> String {
    let mut out = String::new();
    value.write(&mut out);
    out
}

pub fn from_str<T: FromJson + Default>(text: &str) -> Option<T> {
    from_slice(text.as_bytes())
}

pub fn from_slice<T: FromJson + Default>(bytes: &[u8]) -> Option<T> {
    from_value(parse(bytes)?)
}

/// Nothing when the value is of another form.
pub fn from_value<T: FromJson + Default>(value: Value) -> Option<T> {
    let mut blank = T::default();
    blank.read(value).then_some(blank)
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
pub struct Members {
    members: Map<String, Value>,
    complete: bool,
}

impl Members {
    pub fn of(value: Value) -> Self {
        match value {
            Value::Object(members) => Self {
                members,
                complete: true,
            },
            _ => Self {
                members: Map::new(),
                complete: false,
            },
        }
    }

    pub fn parse(bytes: &[u8]) -> Self {
        Self::of(parse(bytes).unwrap_or(Value::Null))
    }

    /// Takes the member of that name into its place.
    pub fn take(&mut self, name: &str, place: &mut dyn FromJson) {
        self.complete &= match self.members.remove(name) {
            Some(value) => place.read(value),
            None => place.read_absent(),
        };
    }

    /// Whether it was an object and every member that was taken could be read.
    pub const fn is_complete(&self) -> bool {
        self.complete
    }

    /// Whether all have been taken.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

/// A value of an enum: its tag alone, or an object whose only member is the tag with what belongs to
/// it.
pub fn read_tagged(value: Value) -> (String, Value) {
    match value {
        Value::String(tag) => Some((tag, Value::Null)),
        Value::Object(members) if members.len() == 1 => members.into_iter().next(),
        _ => None,
    }
    .unwrap_or_default()
}

/// Writes an object whose only member is the tag.
pub fn write_tagged(out: &mut String, tag: &str, write: &dyn Fn(&mut String)) {
    out.push('{');
    write_text(out, tag);
    out.push(':');
    write(out);
    out.push('}');
}
