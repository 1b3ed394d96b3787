//! Reading the fields of a JSON body, strictly and one by one.
//!
//! All bodies are flat objects. Members that nobody asked for are refused by name, members given
//! twice make the body malformed, and every field that is wrong is named at once.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::problem::{Field, Problem};
use crate::domain::digest;
use crate::ports::json::ObjectWriter;

const NOT_JSON: Problem = Problem::Malformed("The body is not a JSON object.");

pub struct Fields {
    members: Vec<(String, Value)>,
    faults: Vec<Field>,
}

/// Members in the order of the text; serde's own maps would hide a doubled one.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

impl Fields {
    pub fn read(body: &[u8]) -> Result<Self, Problem> {
        let Members(mut members) = serde_json::from_slice(body).map_err(|_| NOT_JSON)?;
        members.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        let doubled = members.windows(2).any(|pair| match pair {
            [(a, _), (b, _)] => a == b,
            _ => false,
        });
        if doubled {
            return Err(Problem::Malformed("A member was given twice."));
        }
        Ok(Self {
            members,
            faults: Vec::new(),
        })
    }

    /// What two bodies have in common exactly when they say the same.
    pub fn sha256(&self) -> String {
        let mut text = String::new();
        let mut object = ObjectWriter::begin(&mut text);
        for (name, value) in &self.members {
            object.member(name, value);
        }
        object.end();
        digest::hex(&digest::sha256(&[text.as_bytes()]))
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        let place = self.members.iter().position(|(member, _)| member == name)?;
        Some(self.members.swap_remove(place).1)
    }

    pub fn refuse(&mut self, name: &str, detail: &'static str) {
        self.faults.push(Field {
            pointer: format!("/{name}"),
            detail: detail.into(),
        });
    }

    /// A text that must be there.
    pub fn text(&mut self, name: &str) -> String {
        match self.take(name) {
            Some(Value::String(text)) => return text,
            Some(_) => self.refuse(name, "Must be a text."),
            None => self.refuse(name, "Is missing."),
        }
        String::new()
    }

    /// A text that may be absent or null.
    pub fn optional_text(&mut self, name: &str) -> Option<String> {
        match self.take(name) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text),
            Some(_) => {
                self.refuse(name, "Must be a text.");
                None
            }
        }
    }

    /// A whole number that may be absent or null.
    pub fn optional_number(
        &mut self,
        name: &str,
        allowed: std::ops::RangeInclusive<u64>,
        detail: &'static str,
    ) -> Option<u64> {
        match self.take(name) {
            None | Some(Value::Null) => None,
            Some(value) => {
                let number = whole(&value).filter(|number| allowed.contains(number));
                if number.is_none() {
                    self.refuse(name, detail);
                }
                number
            }
        }
    }

    /// A truth value that may be absent.
    pub fn optional_flag(&mut self, name: &str) -> Option<bool> {
        match self.take(name) {
            None => None,
            Some(Value::Bool(flag)) => Some(flag),
            Some(_) => {
                self.refuse(name, "Must be true or false.");
                None
            }
        }
    }

    /// A value of a grammar: `read` gives nothing for what is outside it.
    pub fn parsed<T>(
        &mut self,
        name: &str,
        detail: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let before = self.faults.len();
        let text = self.text(name);
        if self.faults.len() > before {
            return None;
        }
        let value = read(&text);
        if value.is_none() {
            self.refuse(name, detail);
        }
        value
    }

    /// The same for a value that may be absent: then the default.
    pub fn parsed_or<T>(
        &mut self,
        name: &str,
        default: T,
        detail: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> T {
        let Some(text) = self.optional_text(name) else {
            return default;
        };
        match read(&text) {
            Some(value) => value,
            None => {
                self.refuse(name, detail);
                default
            }
        }
    }

    /// Ends the reading: what was not asked for, and what was wrong, is refused now.
    pub fn finish(mut self) -> Result<(), Problem> {
        for (name, _) in std::mem::take(&mut self.members) {
            let name: String = name.chars().filter(|c| !c.is_control()).take(64).collect();
            let escaped = name.replace('~', "~0").replace('/', "~1");
            self.refuse(&escaped, "Is not known here.");
        }
        if self.faults.is_empty() {
            Ok(())
        } else {
            Err(Problem::Fields(self.faults.into()))
        }
    }
}

/// Of a number that is whole, however it is written: `3.0` is an integer too.
fn whole(value: &Value) -> Option<u64> {
    const LAST_EXACT: f64 = 9_007_199_254_740_991.0;
    value.as_u64().or_else(|| {
        let number = value.as_f64()?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is whole and within what both types hold exactly"
        )]
        (number.fract() == 0.0 && (0.0..=LAST_EXACT).contains(&number)).then_some(number as u64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pointers(problem: Problem) -> Vec<String> {
        match problem {
            Problem::Fields(fields) => fields.into_iter().map(|field| field.pointer).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_wrong_field_is_named() {
        let mut fields = Fields::read(br#"{"name":1,"owner":"x","a/b":2}"#).unwrap();
        fields.text("name");
        fields.text("subject");
        let named = pointers(fields.finish().unwrap_err());
        assert_eq!(named, ["/name", "/subject", "/a~1b", "/owner"]);
    }

    #[test]
    fn other_bodies_are_malformed() {
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(200), "]".repeat(200));
        for body in [
            b"".as_slice(),
            b"[]",
            b"null",
            b"{",
            b"{}x",
            b"\xef\xbb\xbf{}",
            b"{\"a\":1,\"a\":1}",
            b"{\"a\":1e400}",
            b"{\"a\":\"\\ud800\"}",
            b"\xff\xfe{\0}\0",
            deep.as_bytes(),
        ] {
            let refused = matches!(Fields::read(body), Err(Problem::Malformed(_)));
            assert!(refused, "{}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn a_whole_number_may_be_written_as_a_fraction() {
        let read = |text: &str| {
            let body = format!("{{\"count\":{text}}}");
            let mut fields = Fields::read(body.as_bytes()).unwrap();
            let number = fields.optional_number("count", 0..=u64::from(u32::MAX), "");
            fields.finish().ok().map(|()| number)
        };
        for (text, number) in [
            ("3", 3),
            ("3.0", 3),
            ("0.0", 0),
            ("4294967295e0", 4_294_967_295),
        ] {
            assert_eq!(read(text), Some(Some(number)), "{text}");
        }
        for text in [
            "3.5",
            "-1",
            "-1.0",
            "4294967296.0",
            "1e300",
            "true",
            "\"3\"",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn the_order_of_members_does_not_tell_bodies_apart() {
        let sha256 = |text: &str| Fields::read(text.as_bytes()).unwrap().sha256();
        assert_eq!(
            sha256(r#"{"a":1,"b":"x"}"#),
            sha256(r#"{ "b": "x", "a": 1 }"#)
        );
        assert_ne!(sha256(r#"{"a":1}"#), sha256(r#"{"a":2}"#));
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(mut fields) = Fields::read(&body) {
                fields.text("a");
                let _ = fields.finish();
            }
        }
    }
}
