//! The inbox page: letters with their link and code, alerts, jobs with their progress, pictures and other stored files.
//! Everything on it came from outside: it is escaped, and nothing is loaded from elsewhere.

use std::fmt::Write;

use crate::bytescale::StoredFile;
use crate::replicate::JobReport;
use crate::resend::Letter;
use crate::wire::escape;
use crate::world::World;

pub(super) const STYLE: &str = include_str!("inbox.css");
/// Copies a code at a click and reloads while nobody is selecting anything.
const SCRIPT: &str = include_str!("inbox.js");
const NEWEST: usize = 20;
const NEWEST_FILES: usize = 60;

pub(super) fn page(world: &World) -> String {
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Stand-ins</title><link rel=\"icon\" href=\"data:,\"><style>{STYLE}</style></head><body>\
         <header><h1>Stand-ins</h1><p>Everything the product sent out. Nothing left this machine. \
         <span class=\"bill\">{:.2} USD would have been charged.</span></p>\
         <p><a href=\"/facebook\">Send Facebook's messages</a></p></header><main>",
        world.dollars()
    );
    section(&mut html, "Violations", None, world.violations(), |text| {
        format!("<li class=\"bad\">{}</li>", escape(text))
    });
    section(
        &mut html,
        "Letters",
        Some("No letter yet."),
        world.letters(),
        letter,
    );
    section(
        &mut html,
        "Jobs",
        Some("No training or prediction yet."),
        &world.jobs(),
        job,
    );
    section(
        &mut html,
        "Alerts",
        Some("Nothing to worry about."),
        world.alerts(),
        |alert| {
            let title = alert.title.as_deref().unwrap_or("Alert");
            format!(
                "<li><h3>{}</h3><p>{}</p></li>",
                escape(title),
                escape(&alert.message)
            )
        },
    );
    let files: Vec<&StoredFile> = world.files().collect();
    let _ = write!(
        html,
        "<section><h2>Stored files <small>{}</small></h2><ul class=\"files\">",
        files.len()
    );
    for stored in files.iter().rev().take(NEWEST_FILES) {
        html.push_str(&file(stored));
    }
    let _ = write!(
        html,
        "</ul></section></main><script>{SCRIPT}</script></body></html>"
    );
    html
}

/// The newest items first; without items the sentence, or nothing at all.
fn section<T>(
    html: &mut String,
    title: &str,
    nothing: Option<&str>,
    items: &[T],
    show: impl Fn(&T) -> String,
) {
    if items.is_empty() && nothing.is_none() {
        return;
    }
    let _ = write!(
        html,
        "<section><h2>{title} <small>{}</small></h2>",
        items.len()
    );
    if let Some(sentence) = nothing.filter(|_| items.is_empty()) {
        let _ = write!(html, "<p class=\"nothing\">{sentence}</p>");
    } else {
        let shown: String = items.iter().rev().take(NEWEST).map(show).collect();
        let _ = write!(html, "<ul>{shown}</ul>");
    }
    html.push_str("</section>");
}

fn letter(letter: &Letter) -> String {
    let links: Vec<String> = letter
        .links
        .iter()
        .map(|link| {
            format!(
                "<p><a class=\"link\" href=\"{0}\">{0}</a></p>",
                escape(link)
            )
        })
        .collect();
    let code = letter.code.as_deref().map_or_else(String::new, |code| {
        format!("<p>Code <button type=\"button\" class=\"code\" data-code=\"{0}\" title=\"Copy\">{0}</button></p>", escape(code))
    });
    format!(
        "<li><h3>{}</h3><p class=\"quiet\">to {}</p>{}{code}<details><summary>Text</summary><pre>{}</pre></details></li>",
        escape(&letter.subject),
        escape(&letter.to.join(", ")),
        links.concat(),
        escape(&letter.text)
    )
}

fn job(job: &JobReport) -> String {
    let prompt = job.input.get("prompt").and_then(serde_json::Value::as_str);
    let what = prompt.map_or_else(|| escape(job.kind), escape);
    let error = job.error.as_deref().map_or_else(String::new, |error| {
        format!("<p class=\"bad\">{}</p>", escape(error))
    });
    let outputs: Vec<String> = job
        .output
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(serde_json::Value::as_str)
        .map(|url| {
            format!(
                "<a href=\"{0}\"><img src=\"{0}\" alt=\"\" loading=\"lazy\"></a>",
                escape(url)
            )
        })
        .collect();
    format!(
        "<li><h3>{what}</h3><p class=\"quiet\">{} · {} · {:.2} USD</p><progress max=\"1\" value=\"{:.2}\"></progress>{error}\
         <div class=\"strip\">{}</div></li>",
        job.kind,
        job.status,
        job.dollars,
        job.progress,
        outputs.concat()
    )
}

fn file(file: &StoredFile) -> String {
    let query: String = url::form_urlencoded::byte_serialize(file.path.as_bytes()).collect();
    let picture = if file.mime.starts_with("image/") {
        format!("<img src=\"/file?path={query}\" alt=\"\" loading=\"lazy\">")
    } else {
        String::new()
    };
    format!(
        "<li><a href=\"/file?path={query}\">{picture}<span>{}</span></a><small>{} bytes</small></li>",
        escape(&file.path),
        file.bytes.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Reaction;
    use crate::{Settings, handle};

    #[test]
    fn a_letter_is_shown_with_its_link_and_code_and_nothing_of_it_is_markup() {
        let mut world = World::new(Settings::default());
        let email = serde_json::json!({
            "from": "hello@selfie.test", "to": "ada@reader.test", "subject": "<b>Sign in</b>",
            "text": "http://localhost:8787/sign-in/confirm#t=abc\nABCD1234", "html": "<a href=\"http://localhost:8787/sign-in/confirm#t=abc\">x</a>"
        });
        let request = http::Request::builder()
            .method("POST")
            .uri("/resend/emails")
            .header("authorization", "Bearer re_development_only")
            .header("user-agent", "test")
            .body(email.to_string().into_bytes())
            .unwrap();
        handle(&mut world, request);
        let Reaction::Answer(page) = handle(
            &mut world,
            http::Request::get("/").body(Vec::new()).unwrap(),
        ) else {
            panic!("no page");
        };
        let html = String::from_utf8(page.into_body()).unwrap();
        assert!(html.contains("href=\"http://localhost:8787/sign-in/confirm#t=abc\""));
        assert!(html.contains("data-code=\"ABCD1234\""));
        assert!(html.contains("&lt;b&gt;Sign in&lt;/b&gt;"));
    }
}
