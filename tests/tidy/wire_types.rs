//! What the API answers, field by field, and the words that a field may hold: the bodies of
//! `api::wire` as ts-rs tells of them, and the lists of the domain.

use selfie::api::wire;
use selfie::domain::ids::Provider;
use selfie::domain::model::Subject;
use selfie::domain::operation::Reason;
use selfie::domain::prediction::{ASPECT_RATIOS, FORMATS};
use selfie::domain::training::{Preset, Stage};
use selfie::ledger::commands::state_name;
use selfie::records::{ModelState, PredictionState};
use ts_rs::{Config, TS};

use crate::repository::read;

/// A body that is answered.
pub struct Body {
    pub name: String,
    pub comment: String,
    pub members: Vec<Member>,
}

/// One of its members; the type is in the words of TypeScript.
#[derive(PartialEq, Debug)]
pub struct Member {
    pub comment: String,
    pub name: String,
    pub ty: String,
}

/// Every body, in the order of the source.
pub fn bodies() -> Vec<Body> {
    macro_rules! bodies {
        ($($name:ident)+) => { vec![$(body::<wire::$name>()),+] };
    }
    bodies! {
        User Session VerifiedToken Account Quotas Quota Consent Retention TrainingOffer CaptionOffer Photo PhotoList
        PhotoLimits Model Progress Version TrainingFailure ModelList Bundle Zip Prediction Recipe
        Image Failure PredictionList DeletionStarted DeletedKind Receipt LinkSent Confirmed Style StyleList Health Providers Turnstile
    }
}

/// The names of closed lists of words, with the words.
pub fn words() -> Vec<(&'static str, Vec<&'static str>)> {
    let of_prediction = |state: PredictionState| match state {
        PredictionState::Queued => "queued",
        PredictionState::Running => "running",
        PredictionState::Succeeded => "succeeded",
        PredictionState::Failed => "failed",
        PredictionState::Canceled => "canceled",
    };
    vec![
        ("Provider", Provider::ALL.map(Provider::name).into()),
        ("Subject", Subject::ALL.map(Subject::name).into()),
        ("Preset", Preset::ALL.map(Preset::name).into()),
        ("AspectRatio", ASPECT_RATIOS.map(|ratio| ratio.name).into()),
        ("Format", FORMATS.into()),
        ("ModelState", ModelState::ALL.map(state_name).into()),
        ("Stage", Stage::ALL.map(Stage::name).into()),
        (
            "PredictionState",
            PredictionState::ALL.map(of_prediction).into(),
        ),
        ("FailureReason", Reason::ALL.map(Reason::slug).into()),
    ]
}

fn body<T: TS>() -> Body {
    let config = Config::new().with_large_int("number");
    Body {
        name: T::ident(&config),
        comment: T::docs().unwrap_or_default(),
        members: members(&T::inline(&config)),
    }
}

/// The comment, name and type of each member of `{ … } & { … }`, as ts-rs writes it.
fn members(inline: &str) -> Vec<Member> {
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
        members.push(Member {
            comment: comment.to_owned(),
            name: name.trim().to_owned(),
            ty: in_our_style(ty.trim()),
        });
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

/// The lines of a comment, without its marks.
pub fn comment_lines(comment: &str) -> Vec<&str> {
    let marks = |c: char| c == '*' || c == '/' || c.is_whitespace();
    comment
        .lines()
        .map(|line| line.trim_matches(marks))
        .filter(|line| !line.is_empty())
        .collect()
}

#[test]
fn every_wire_type_is_told_of() {
    let bodies = bodies();
    let source = read("src/api/wire.rs");
    let (_, types) = source.split_once("\nwire! {").unwrap();
    for name in types
        .split("pub struct ")
        .skip(1)
        .map(|rest| rest.split(' ').next().unwrap())
    {
        let told = bodies.iter().filter(|body| body.name == name).count();
        assert_eq!(told, 1, "{name}: list it in tests/tidy/wire_types.rs");
    }
}

#[test]
fn members_are_read_out_of_what_ts_rs_writes() {
    let read =
        members("{ a: string,\n/**\n * One, or two.\n */\nb: Array<C>, } & { d: string | null, }");
    let plain = |name: &str, ty: &str| Member {
        comment: String::new(),
        name: name.to_owned(),
        ty: ty.to_owned(),
    };
    assert_eq!(read[0], plain("a", "string"));
    assert_eq!(read[1].ty, "C[]");
    assert_eq!(comment_lines(&read[1].comment), ["One, or two."]);
    assert_eq!(read[2], plain("d", "string | null"));
}
