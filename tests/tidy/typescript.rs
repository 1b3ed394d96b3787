//! The frontend's types, made from the wire types of the API.
//!
//! What is answered comes from `api::wire`, the words that a field may hold from the lists of the
//! domain, and what is sent from `requests`.

use std::fmt::Write as _;

use selfie::api::wire;
use selfie::domain::ids::Provider;
use selfie::domain::model::Subject;
use selfie::domain::operation::Reason;
use selfie::domain::prediction::{ASPECT_RATIOS, FORMATS};
use selfie::domain::training::{Preset, Stage};
use selfie::ledger::commands::state_name;
use selfie::records::{ModelState, PredictionState};
use ts_rs::{Config, TS};

use crate::repository::{read, root};
use crate::requests::{REQUESTS, Request};

const FILE: &str = "frontend/src/lib/api/wire.gen.ts";
const HEADER: &str = "\
// The bodies of the HTTP interface. Made from src/api/wire.rs by `make update`; not to be edited.
// Times are RFC 3339; durations and sizes carry their unit in the name.
";
const WIDTH: usize = 100;

/// Every answer, in the order of the source.
fn answers() -> Vec<String> {
    macro_rules! interfaces {
        ($($name:ident)+) => { vec![$(interface::<wire::$name>()),+] };
    }
    interfaces! {
        User Session VerifiedToken Account Quotas Quota Consent Retention TrainingOffer Photo PhotoList
        PhotoLimits Model Progress Version TrainingFailure ModelList Bundle Zip Prediction Recipe
        Image Failure PredictionList DeletionStarted DeletedKind Receipt LinkSent Confirmed Style StyleList Health Providers Turnstile
    }
}

fn unions() -> Vec<String> {
    let of_prediction = |state: PredictionState| match state {
        PredictionState::Queued => "queued",
        PredictionState::Running => "running",
        PredictionState::Succeeded => "succeeded",
        PredictionState::Failed => "failed",
        PredictionState::Canceled => "canceled",
    };
    vec![
        union("Provider", Provider::ALL.map(Provider::name)),
        union("Subject", Subject::ALL.map(Subject::name)),
        union("Preset", Preset::ALL.map(Preset::name)),
        union("AspectRatio", ASPECT_RATIOS.map(|ratio| ratio.name)),
        union("Format", FORMATS),
        union("ModelState", ModelState::ALL.map(state_name)),
        union("Stage", Stage::ALL.map(Stage::name)),
        union("PredictionState", PredictionState::ALL.map(of_prediction)),
        union("FailureReason", Reason::ALL.map(Reason::slug)),
    ]
}

fn union<const N: usize>(name: &str, words: [&str; N]) -> String {
    alternatives(name, &words.map(|word| format!("'{word}'")))
}

fn alternatives(name: &str, alternatives: &[String]) -> String {
    let all = alternatives.join(" | ");
    let line = format!("export type {name} = {all};");
    if line.len() <= WIDTH {
        format!("{line}\n")
    } else {
        format!("export type {name} =\n  {all};\n")
    }
}

/// A wire type as an interface, formatted as the frontend formats its own.
fn interface<T: TS>() -> String {
    let config = Config::new().with_large_int("number");
    let mut text = String::new();
    write_comment(&mut text, "", T::docs().as_deref().unwrap_or_default());
    let _ = writeln!(text, "export interface {} {{", T::ident(&config));
    for (comment, name, ty) in members(&T::inline(&config)) {
        write_comment(&mut text, "  ", &comment);
        let _ = writeln!(text, "  {name}: {ty};");
    }
    text.push_str("}\n");
    text
}

fn write_comment(text: &mut String, indent: &str, comment: &str) {
    let marks = |c: char| c == '*' || c == '/' || c.is_whitespace();
    let lines: Vec<&str> = comment
        .lines()
        .map(|line| line.trim_matches(marks))
        .filter(|line| !line.is_empty())
        .collect();
    match lines.as_slice() {
        [] => {}
        [line] => {
            let _ = writeln!(text, "{indent}/** {line} */");
        }
        lines => {
            let _ = writeln!(text, "{indent}/**");
            for line in lines {
                let _ = writeln!(text, "{indent} * {line}");
            }
            let _ = writeln!(text, "{indent} */");
        }
    }
}

/// The comment, name and type of each member of `{ … } & { … }`, as ts-rs writes it.
fn members(inline: &str) -> Vec<(String, String, String)> {
    let mut members = Vec::new();
    let mut rest = inline;
    loop {
        rest = rest
            .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | '&' | ','));
        if rest.is_empty() {
            return members;
        }
        let mut comment = "";
        if rest.starts_with("/**") {
            let end = rest.find("*/").unwrap() + 2;
            (comment, rest) = rest.split_at(end);
            rest = rest.trim_start();
        }
        let (name, after) = rest.split_once(':').unwrap();
        let (ty, after) = after.split_once(',').unwrap();
        members.push((
            comment.to_owned(),
            name.trim().to_owned(),
            in_our_style(ty.trim()),
        ));
        rest = after;
    }
}

/// `Array<T>` is written `T[]`.
fn in_our_style(ty: &str) -> String {
    match ty
        .strip_prefix("Array<")
        .and_then(|inner| inner.strip_suffix('>'))
    {
        Some(inner) => format!("{inner}[]"),
        None => ty.to_owned(),
    }
}

fn request(request: &Request) -> String {
    if request.one_of {
        let one =
            |member: &crate::requests::Member| format!("{{ {}: {} }}", member.name, member.ty);
        return alternatives(
            request.name,
            &request.members.iter().map(one).collect::<Vec<_>>(),
        );
    }
    let mut text = format!("export interface {} {{\n", request.name);
    for member in request.members {
        let mark = if member.optional { "?" } else { "" };
        // A name that is no word of the language stands in quotes.
        let quote = if member.name.contains('-') { "'" } else { "" };
        let (name, ty) = (member.name, member.ty);
        let _ = writeln!(text, "  {quote}{name}{quote}{mark}: {ty};");
    }
    text.push_str("}\n");
    text
}

fn rendered() -> String {
    let mut parts = vec![HEADER.to_owned(), unions().concat()];
    parts.extend(answers());
    parts.extend(REQUESTS.iter().map(request));
    parts.join("\n")
}

#[test]
fn the_types_of_the_frontend_are_those_of_the_api() {
    let made = rendered();
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(root().join(FILE), &made).unwrap();
    }
    assert!(
        read(FILE) == made,
        "{FILE} is not what src/api/wire.rs says: run `make update`"
    );
}

#[test]
fn every_wire_type_has_a_type_in_the_frontend() {
    let made = rendered();
    let source = read("src/api/wire.rs");
    let (_, types) = source.split_once("\nwire! {").unwrap();
    for name in types
        .split("pub struct ")
        .skip(1)
        .map(|rest| rest.split(' ').next().unwrap())
    {
        let declarations = made.matches(&format!("export interface {name} {{")).count();
        assert_eq!(
            declarations, 1,
            "{name}: list it in tests/tidy/typescript.rs"
        );
    }
}

#[test]
fn members_are_read_out_of_what_ts_rs_writes() {
    let read =
        members("{ a: string,\n/**\n * One, or two.\n */\nb: Array<C>, } & { d: string | null, }");
    let plain = |name: &str, ty: &str| (String::new(), name.to_owned(), ty.to_owned());
    assert_eq!(read[0], plain("a", "string"));
    assert_eq!(read[1].2, "C[]");
    assert!(read[1].0.contains("One, or two."));
    assert_eq!(read[2], plain("d", "string | null"));
}
