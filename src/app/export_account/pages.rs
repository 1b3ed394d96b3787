//! The words of an export: `journal.json` for programs, `index.html` for people. Both are made in
//! pieces that follow each other, and the page asks nobody for anything.

use super::name_of;
use crate::app::markup::escape;
use crate::domain::timestamp::Timestamp;
use crate::ledger::commands::account::Shown;
use crate::ports::json::{ObjectWriter, ToJson};
use crate::records::{Image, Model, Photo, Prediction, Session, Version};

/// Writes an object whose members are given one after the other.
fn object(out: &mut String, members: &[(&str, &dyn ToJson)]) {
    let mut object = ObjectWriter::begin(out);
    for (name, value) in members {
        object.member(name, *value);
    }
    object.end();
}

/// A list whose entries are written by a function of their own.
fn list<T>(out: &mut String, entries: &[T], write: impl Fn(&mut String, &T)) {
    out.push('[');
    for (index, entry) in entries.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(out, entry);
    }
    out.push(']');
}

/// The members of an object that is gone on with: without its last brace.
fn open_object(members: &[(&str, &dyn ToJson)]) -> String {
    let mut out = String::new();
    object(&mut out, members);
    out.pop();
    out
}

fn moment(at: Timestamp) -> String {
    at.to_rfc3339()
}

pub fn journal_begin(account: &Shown, today: &str) -> String {
    let user = &account.user;
    let consent = user.consent.as_ref();
    let mut out = open_object(&[
        ("exported_at", &today.to_owned()),
        ("id", &user.id.to_string()),
        ("provider", &user.id.provider().name()),
        ("name", &user.name),
        ("email", &user.email),
        ("created_at", &moment(user.created_at)),
        ("prediction_count", &user.prediction_count),
        ("total_predict_time_us", &user.total_predict_time_us),
        (
            "consent_version",
            &consent.map(|consent| consent.version.clone()),
        ),
        (
            "consent_text_sha256",
            &consent.map(|consent| consent.text_sha256.clone()),
        ),
        (
            "consent_accepted_at",
            &consent.map(|consent| moment(consent.accepted_at)),
        ),
    ]);
    out.push_str(",\"sessions\":");
    list(&mut out, &account.sessions, |out, session: &Session| {
        object(
            out,
            &[
                ("created_at", &moment(session.created_at)),
                ("last_seen_at", &moment(session.last_seen_at)),
                ("expires_at", &moment(session.expires_at)),
            ],
        );
    });
    out.push_str(",\"models\":[");
    out
}

pub fn journal_end(missing: &[String]) -> String {
    let mut out = "],\"missing_files\":".to_owned();
    list(&mut out, missing, |out, name| name.write(out));
    out.push_str("}\n");
    out
}

pub fn journal_model(model: &Model, photos: &[Photo], is_first: bool) -> String {
    let mut out = if is_first { "\n" } else { ",\n" }.to_owned();
    let failure = model.failure.as_ref().map(|failure| failure.reason.clone());
    out.push_str(&open_object(&[
        ("id", &model.id.to_string()),
        ("name", &model.name),
        ("subject", &model.subject),
        ("trigger_word", &model.trigger_word),
        ("state", &model.state),
        ("failure", &failure),
        ("created_at", &moment(model.created_at)),
        ("updated_at", &moment(model.updated_at)),
    ]));
    out.push_str(",\"versions\":");
    list(&mut out, &model.versions, |out, version: &Version| {
        object(
            out,
            &[
                ("id", &version.id),
                ("trained_at", &moment(version.trained_at)),
                ("photos", &version.photos),
                ("preset", &version.preset),
                ("train_time_us", &version.train_time_us),
                ("steps", &version.steps),
            ],
        );
    });
    out.push_str(",\"photos\":");
    list(&mut out, photos, |out, photo| {
        object(
            out,
            &[
                ("id", &photo.id.to_string()),
                ("file", &name_of(&photo.path).to_owned()),
                ("name", &photo.name),
                ("width", &photo.width),
                ("height", &photo.height),
                ("bytes", &photo.bytes),
                ("sha256", &photo.sha256),
                ("caption", &photo.caption),
                ("description", &photo.description),
                ("uploaded_at", &moment(photo.uploaded_at)),
            ],
        );
    });
    out.push_str(",\"predictions\":[");
    out
}

pub const JOURNAL_MODEL_END: &str = "]}";

pub fn journal_prediction(prediction: &Prediction, is_first: bool) -> String {
    let mut out = if is_first { "\n" } else { ",\n" }.to_owned();
    let failure = prediction.failure.as_ref();
    out.push_str(&open_object(&[
        ("id", &prediction.id.to_string()),
        ("state", &prediction.state),
        ("recipe", &prediction.recipe),
        ("favorite", &prediction.favorite),
        ("dropped", &prediction.dropped),
        ("failure", &failure.map(|failure| failure.reason.clone())),
        ("predict_time_us", &prediction.predict_time_us),
        ("created_at", &moment(prediction.created_at)),
        ("finished_at", &prediction.finished_at.map(moment)),
    ]));
    out.push_str(",\"images\":");
    list(&mut out, &prediction.images, |out, image: &Image| {
        object(
            out,
            &[
                ("file", &name_of(&image.path).to_owned()),
                ("width", &image.width),
                ("height", &image.height),
                ("bytes", &image.bytes),
            ],
        );
    });
    out.push('}');
    out
}

/// Where the recipe of a prediction lies, also of one without images.
pub fn recipe_name(prediction: &Prediction) -> String {
    let id = *prediction.id;
    format!("{}/images/{}/recipe.json", id.model, id.serial)
}

pub fn index_begin(account: &Shown, today: &str) -> String {
    let who = [&account.user.name, &account.user.email];
    let who = who.into_iter().flatten().next();
    let who = escape(who.map_or("", String::as_str));
    let day = today.get(..10).unwrap_or_default();
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Selfie.pr</title><style>\
         body{{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}}\
         section>div,figure>div{{display:grid;grid-template-columns:repeat(auto-fill,minmax(9rem,1fr));\
         gap:.5rem}}img{{width:100%;border-radius:.5rem}}figure{{margin:1.5rem 0}}</style>\
         <h1>Selfie.pr</h1><p>{who}, {day}. Everything in it stands in \
         <a href=\"journal.json\">journal.json</a> too.</p>\n"
    )
}

pub const INDEX_END: &str = "</html>\n";

pub fn index_model(model: &Model, photos: &[Photo]) -> String {
    let mut out = format!("<section><h2>{}</h2><div>", escape(&model.name));
    for photo in photos {
        let caption = photo.caption.as_deref().unwrap_or(&photo.name);
        put_picture(&mut out, &photo.path, caption);
    }
    out.push_str("</div>\n");
    out
}

pub const INDEX_MODEL_END: &str = "</section>\n";

pub fn index_prediction(prediction: &Prediction) -> String {
    let recipe = &prediction.recipe;
    let mut out = "<figure><div>".to_owned();
    for image in &prediction.images {
        put_picture(&mut out, &image.path, &recipe.prompt);
    }
    for part in [
        "</div><figcaption>",
        &escape(&recipe.prompt),
        " · <a href=\"",
        &recipe_name(prediction),
        "\">seed ",
        &recipe.seed.to_string(),
        "</a></figcaption></figure>\n",
    ] {
        out.push_str(part);
    }
    out
}

fn put_picture(out: &mut String, path: &str, alt: &str) {
    let (name, alt) = (name_of(path), escape(alt));
    for part in [
        "<a href=\"",
        name,
        "\"><img loading=\"lazy\" src=\"",
        name,
        "\" alt=\"",
        &alt,
        "\"></a>",
    ] {
        out.push_str(part);
    }
}
