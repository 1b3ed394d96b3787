//! The frontend's types, made from the wire types of the API.
//!
//! What is answered comes from `wire_types`, and what is sent from `requests`.

use std::fmt::Write as _;

use crate::repository::assert_made;
use crate::requests::{self, REQUESTS, Request};
use crate::wire_types::{Body, bodies, comment_lines, words};

const FILE: &str = "frontend/src/lib/api/wire.gen.ts";
const HEADER: &str = "\
// The bodies of the HTTP interface. Made from src/api/wire.rs by `make update`; not to be edited.
// Times are RFC 3339; durations and sizes carry their unit in the name.
";
const WIDTH: usize = 100;

fn union((name, words): (&str, Vec<&str>)) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    alternatives(name, &quoted)
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

/// A body as an interface, formatted as the frontend formats its own.
fn interface(body: &Body) -> String {
    let mut text = String::new();
    write_comment(&mut text, "", &body.comment);
    let _ = writeln!(text, "export interface {} {{", body.name);
    for member in &body.members {
        write_comment(&mut text, "  ", &member.comment);
        let _ = writeln!(text, "  {}: {};", member.name, member.ty);
    }
    text.push_str("}\n");
    text
}

fn write_comment(text: &mut String, indent: &str, comment: &str) {
    match comment_lines(comment).as_slice() {
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

fn request(request: &Request) -> String {
    if request.one_of {
        let one = |member: &requests::Member| format!("{{ {}: {} }}", member.name, member.ty);
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

#[test]
fn the_types_of_the_frontend_are_those_of_the_api() {
    let unions: Vec<String> = words().into_iter().map(union).collect();
    let mut parts = vec![HEADER.to_owned(), unions.concat()];
    parts.extend(bodies().iter().map(interface));
    parts.extend(REQUESTS.iter().map(request));
    assert_made(FILE, &parts.join("\n"));
}
