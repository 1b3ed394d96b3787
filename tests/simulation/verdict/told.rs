//! Everybody is told what became of what they wanted, and nobody else is.

use selfie::domain::digest;
use selfie::domain::operation::Phase;
use selfie::ledger::Kind;
use selfie::records::{self, Job, Model, ModelState};
use serde_json::Value;

use super::{at_once, books};
use crate::history::History;
use crate::people::{Person, Wish};
use crate::platform::Sim;
use crate::witness::Watched;

pub fn of_wishes(history: &History<'_>) -> Vec<String> {
    let sim = &*history.sim;
    let mut found = Vec::new();
    for person in &history.people {
        let wishes = person.known.borrow().wishes.clone();
        for wish in wishes {
            let Some(id) = wish.accepted.first() else {
                continue;
            };
            if wish.accepted.iter().any(|other| other != id) {
                found.push(format!("one key was answered {:?}", wish.accepted));
            }
            if let Some(model) = wish.body["photo"].as_str().and(wish.body["model"].as_str()) {
                found.extend(of_caption(sim, person, model, id));
                found.extend(of_operations(sim, &wish, id));
                continue;
            }
            let (sort, model) = match id.split_once('_') {
                Some((model, _)) => ("prediction", model),
                None => ("model", id.as_str()),
            };
            let shown = at_once(sim, person.get(sim, &format!("/api/{sort}/{id}")));
            let given_up = &person.known.borrow().given_up;
            let is_given_up = given_up.contains(id) || given_up.contains(model);
            let state = shown.body["state"].as_str().unwrap_or_default();
            match shown.status {
                200 => found.extend(of_state(sim, id, state)),
                404 if is_given_up => {}
                status => found.push(format!("{sort} {id} was accepted, and is {status}")),
            }
            found.extend(of_operations(sim, &wish, id));
        }
    }
    found
}

/// Nobody waits for a description for ever, and one that came is there.
fn of_caption(sim: &Sim, person: &Person, model: &str, id: &str) -> Option<String> {
    let listed = at_once(
        sim,
        person.get(sim, &format!("/api/bytescale?model={model}")),
    );
    let photos = listed.body["photos"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let Some(photo) = photos.into_iter().find(|photo| photo["id"] == id) else {
        let given_up = &person.known.borrow().given_up;
        let is_given_up = given_up.contains(id) || given_up.contains(model);
        return (!is_given_up).then(|| format!("{id} was to be described, and is not there"));
    };
    let witness = sim.witness.borrow();
    let own = witness.operations.values();
    let own = own.filter(|watched| subject(&watched.row.job) == id);
    let came = own
        .map(Watched::phase)
        .any(|phase| phase == Phase::Succeeded);
    let is_so = photo["captioning"] != "running" && photo["description"].is_string() == came;
    (!is_so).then(|| format!("{id} is {photo}, and its description came: {came}"))
}

/// An accepted wish is an operation under its key. There may be others under it, which the provider
/// refused before; none of them goes on.
fn of_operations(sim: &Sim, wish: &Wish, id: &str) -> Option<String> {
    let route = format!("POST {}", wish.path);
    let hash = digest::sha256(&[route.as_bytes(), b"\0", wish.key.as_bytes()]);
    let key = Some(digest::hex(&hash));
    let witness = sim.witness.borrow();
    let own = witness.operations.values();
    let own: Vec<&Watched> = own.filter(|watched| watched.row.key == key).collect();
    if !own.iter().any(|watched| subject(&watched.row.job) == id) {
        return Some(format!("{id} was accepted as no operation"));
    }
    let open = own.into_iter().find(|watched| !watched.phase().is_final());
    open.map(|watched| format!("{id} was accepted, and is {:?}", watched.phase()))
}

/// What is shown is how its operations ended. A model may have been bundled anew since its last
/// training, and its photos changed after that: then that training brought it nothing.
fn of_state(sim: &Sim, id: &str, state: &str) -> Option<String> {
    let witness = sim.witness.borrow();
    let ended = witness.operations.values();
    let mut ended: Vec<&Watched> = ended
        .filter(|watched| subject(&watched.row.job) == id)
        .collect();
    ended.sort_by_key(|watched| watched.row.reserved_at);
    let phases: Vec<Phase> = ended.iter().map(|watched| watched.phase()).collect();
    let last = phases.last()?;
    let ever = phases.contains(&Phase::Succeeded);
    let is_so = match state {
        "ready" => ever,
        "succeeded" => *last == Phase::Succeeded,
        "failed" => matches!(last, Phase::Failed(_)),
        "canceled" => *last == Phase::Canceled,
        "bundled" => *last != Phase::Succeeded,
        "draft" => !ever,
        _ => false,
    };
    (!is_so).then(|| format!("{id} is {state}, and its operations ended {phases:?}"))
}

/// The id of what a job makes.
fn subject(job: &Job) -> String {
    match job {
        Job::Training { model, .. } => model.to_string(),
        Job::Prediction { prediction, .. } => prediction.to_string(),
        Job::Caption { photo } => photo.photo.to_string(),
    }
}

/// One letter for each training that has ended, unless the operator knows that it could not be sent.
pub fn of_letters(history: &History<'_>) -> Vec<String> {
    let sim = &*history.sim;
    let mut found = Vec::new();
    let lines = sim.fake.lines();
    let was_lost = lines.iter().any(|line| line.contains("\"effect-failed\""));
    let outside = sim.outside.borrow();
    let letters_about = |model: &str| {
        let about = |letter: &&stand_ins::Letter| letter.text.contains(&format!("/studio/{model}"));
        outside.letters().iter().filter(about).count()
    };
    let witness = sim.witness.borrow();
    for book in books::of_people(sim) {
        for (id, text) in sim.fake.rows_of(&book, Kind::Model) {
            let Some(model) = records::read::<Model>(&text) else {
                continue;
            };
            let of_model = |watched: &&Watched| {
                watched.is_training() && subject(&watched.row.job) == id && watched.book == book
            };
            let trainings = witness.operations.values().filter(of_model).count();
            let letters = letters_about(&id);
            let is_due = matches!(model.state, ModelState::Ready | ModelState::Failed)
                && model.operation.is_some();
            if is_due && letters == 0 && !was_lost {
                found.push(format!("nobody was told about the training of {id}"));
            }
            if letters > trainings {
                found.push(format!(
                    "{letters} letters about {trainings} trainings of {id}"
                ));
            }
        }
    }
    found
}

/// What one person has, nobody else can see, change or be shown.
pub fn of_strangers(history: &History<'_>) -> Vec<String> {
    let sim = &*history.sim;
    let nobody = Person::new("nobody@example.com");
    let mut found = Vec::new();
    for book in books::of_people(sim) {
        let ids = books::ids(sim, &book);
        let Some(user) = books::user(sim, &book) else {
            continue;
        };
        for person in &history.people {
            let account = at_once(sim, person.get(sim, "/api/account")).body;
            let is_owner = account["id"] == user.id.to_string();
            let mut listed = listed(history, person, "/api/model", "models");
            listed.extend(listed_predictions(history, person));
            for id in &ids {
                if listed.contains(id) != is_owner {
                    found.push(format!(
                        "{id} and the lists of {}: {is_owner}",
                        person.email
                    ));
                }
                if is_owner {
                    continue;
                }
                let sort = if id.contains('_') {
                    "prediction"
                } else {
                    "model"
                };
                let path = format!("/api/{sort}/{id}");
                let theirs = at_once(sim, person.get(sim, &path)).status;
                let nobodys = at_once(sim, nobody.get(sim, &path)).status;
                if (theirs, nobodys) != (404, 401) {
                    found.push(format!("{path} was answered {theirs} and {nobodys}"));
                }
            }
        }
    }
    found
}

fn listed_predictions(history: &History<'_>, person: &Person) -> Vec<String> {
    listed(history, person, "/api/prediction", "predictions")
}

fn listed(history: &History<'_>, person: &Person, path: &str, name: &str) -> Vec<String> {
    let sim = &*history.sim;
    let list = at_once(sim, person.get(sim, &format!("{path}?limit=100"))).body;
    let ids = list[name].as_array().into_iter().flatten();
    ids.filter_map(|item: &Value| item["id"].as_str().map(str::to_owned))
        .collect()
}
