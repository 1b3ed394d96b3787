//! The bodies that clients send. The API reads them field by field, so their types are written
//! here, and held against the fields that each endpoint reads.

use std::collections::BTreeMap;

use crate::repository::read;

pub struct Request {
    pub name: &'static str,
    /// Where the endpoint stands that reads it: a file of `src/api` and a function.
    reader: (&'static str, &'static str),
    pub members: &'static [Member],
    /// Exactly one of the members is sent.
    pub one_of: bool,
}

pub struct Member {
    pub name: &'static str,
    pub ty: &'static str,
    pub optional: bool,
}

const fn required(name: &'static str, ty: &'static str) -> Member {
    Member {
        name,
        ty,
        optional: false,
    }
}

const fn optional(name: &'static str, ty: &'static str) -> Member {
    Member {
        name,
        ty,
        optional: true,
    }
}

const fn request(
    name: &'static str,
    reader: (&'static str, &'static str),
    members: &'static [Member],
) -> Request {
    Request {
        name,
        reader,
        members,
        one_of: false,
    }
}

impl Request {
    /// Whether null says the same as leaving the member out.
    pub fn takes_null(&self, member: &Member) -> bool {
        let (file, function) = self.reader;
        members_read(file, function)[member.name] == Reading::OrNull
    }
}

/// How an endpoint reads a member.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Reading {
    Required,
    Optional,
    OrNull,
}

pub const REQUESTS: &[Request] = &[
    request(
        "LinkRequest",
        ("links", "ask"),
        &[
            required("email", "string"),
            optional("next", "string"),
            optional("cf-turnstile-response", "string"),
        ],
    ),
    Request {
        one_of: true,
        ..request(
            "ConfirmRequest",
            ("links", "confirm"),
            &[optional("token", "string"), optional("code", "string")],
        )
    },
    request(
        "ConsentRequest",
        ("account", "accept_consent"),
        &[
            required("version", "string"),
            optional("language", "'en' | 'de'"),
        ],
    ),
    request(
        "DeleteRequest",
        ("deletion", "delete_account"),
        &[required("confirm", "'delete'")],
    ),
    request(
        "NewModel",
        ("models", "create"),
        &[required("name", "string"), required("subject", "Subject")],
    ),
    request(
        "RenameModel",
        ("models", "rename"),
        &[required("name", "string"), optional("subject", "Subject")],
    ),
    request(
        "DescribeRequest",
        ("photos", "describe"),
        &[required("model", "string"), required("photo", "string")],
    ),
    request(
        "CaptionRequest",
        ("photos", "caption"),
        &[optional("caption", "string | null")],
    ),
    request(
        "BundleRequest",
        ("photos", "bundle"),
        &[required("model", "string")],
    ),
    request(
        "TrainRequest",
        ("models", "train"),
        &[required("model", "string"), optional("preset", "Preset")],
    ),
    request(
        "CreateRequest",
        ("images", "create"),
        &[
            required("model", "string"),
            optional("version", "string"),
            required("prompt", "string"),
            optional("style", "string"),
            optional("aspect_ratio", "AspectRatio"),
            optional("count", "number"),
            optional("seed", "number"),
            optional("format", "Format"),
        ],
    ),
    request(
        "FavoriteRequest",
        ("images", "mark"),
        &[optional("favorite", "boolean")],
    ),
];

/// The members that a function of the API reads from a body.
fn members_read(file: &str, function: &str) -> BTreeMap<String, Reading> {
    let text = read(&format!("src/api/{file}.rs"));
    let start = text.find(&format!("pub async fn {function}<")).unwrap();
    let body = &text[start..];
    let body = &body[..body.find("\n}\n").unwrap()];
    let body: String = body.chars().filter(|c| !c.is_whitespace()).collect();
    let mut members = BTreeMap::new();
    if body.contains("model_field(&mutfields)") {
        members.insert("model".to_owned(), Reading::Required);
    }
    for call in body.split("fields.").skip(1) {
        let Some((method, rest)) = call.split_once('(') else {
            continue;
        };
        let Some(rest) = rest.strip_prefix('"') else {
            continue;
        };
        let name = rest.split('"').next().unwrap().to_owned();
        match method {
            "text" | "parsed" => members.insert(name, Reading::Required),
            "optional_flag" => members.insert(name, Reading::Optional),
            "parsed_or" | "optional_text" | "optional_number" => {
                members.insert(name, Reading::OrNull)
            }
            _ => None,
        };
    }
    members
}

#[test]
fn requests_have_the_fields_that_the_api_reads() {
    for request in REQUESTS {
        let (file, function) = request.reader;
        let declared: BTreeMap<String, bool> = request
            .members
            .iter()
            .map(|m| (m.name.to_owned(), m.optional))
            .collect();
        let read: BTreeMap<String, bool> = members_read(file, function)
            .into_iter()
            .map(|(name, reading)| (name, reading != Reading::Required))
            .collect();
        assert_eq!(
            declared, read,
            "{} in tests/tidy/requests.rs and {function} in src/api/{file}.rs differ",
            request.name
        );
    }
}

#[test]
fn every_endpoint_that_reads_fields_has_its_request() {
    let readers: usize = crate::rust_source::shipped("src")
        .iter()
        .filter(|path| path.starts_with("src/api/") && !path.ends_with("fields.rs"))
        .map(|path| read(path).matches("Fields::read(").count())
        .sum();
    assert_eq!(
        readers,
        REQUESTS.len(),
        "src/api reads a body that tests/tidy/requests.rs lacks"
    );
}
