//! What a book has noted to be done elsewhere.

use super::super::commands::account::AcceptConsent;
use super::super::commands::outbox::{Due, Finish, Finished, Outcome, TakeDue};
use super::*;

fn take(shelf: &Shelf) -> Vec<Due> {
    shelf.ask(TakeDue { limit: 100 }).unwrap()
}

fn ids(due: &[Due]) -> Vec<&str> {
    due.iter().map(|due| due.id.as_str()).collect()
}

fn finish(shelf: &Shelf, due: &[Due], outcome: &Outcome) {
    let finished = |due: &Due| Finished {
        id: due.id.clone(),
        leased_at: due.leased_at,
        outcome: outcome.clone(),
    };
    shelf
        .ask(Finish {
            done: due.iter().map(finished).collect(),
            limit: 0,
        })
        .unwrap();
}

#[test]
fn what_is_being_done_is_not_given_to_another() {
    let shelf = Shelf::of_somebody(&[]);
    let first = take(&shelf);
    assert!(ids(&first).contains(&"mirror/user"));
    assert!(take(&shelf).is_empty());
    shelf.pass(179);
    assert!(take(&shelf).is_empty());
    shelf.pass(1);
    assert_eq!(ids(&take(&shelf)), ids(&first), "whoever took them is gone");
}

#[test]
fn a_row_that_is_written_again_while_it_is_done_is_done_again() {
    let shelf = Shelf::new(&[]);
    shelf.open_session(0);
    let taken = take(&shelf);
    let version = crate::domain::consent::version(30);
    shelf
        .ask(AcceptConsent {
            version,
            ..AcceptConsent::default()
        })
        .unwrap();
    assert!(take(&shelf).is_empty(), "what is older could arrive last");
    finish(&shelf, &taken, &Outcome::Done);
    assert_eq!(shelf.keys(Kind::Outbox), ["mirror/user"]);
    let again = take(&shelf);
    assert_eq!(ids(&again), ["mirror/user"]);
    finish(&shelf, &again, &Outcome::Done);
    assert!(shelf.keys(Kind::Outbox).is_empty());
}

#[test]
fn a_row_that_is_written_again_is_done_although_whoever_did_it_is_gone() {
    let shelf = Shelf::new(&[]);
    shelf.open_session(0);
    take(&shelf);
    let version = crate::domain::consent::version(30);
    shelf
        .ask(AcceptConsent {
            version,
            ..AcceptConsent::default()
        })
        .unwrap();
    shelf.pass(180);
    let again = take(&shelf);
    assert!(ids(&again).contains(&"mirror/user"));
    finish(&shelf, &again, &Outcome::Done);
    assert!(shelf.keys(Kind::Outbox).is_empty());
}

#[test]
fn a_late_word_about_a_lost_lease_changes_nothing() {
    let shelf = Shelf::of_somebody(&[]);
    let first = take(&shelf);
    shelf.pass(180);
    let second = take(&shelf);
    let rows = shelf.fake.rows();
    finish(&shelf, &first, &Outcome::Done);
    finish(&shelf, &first, &Outcome::Hopeless);
    assert_eq!(shelf.fake.rows(), rows);
    finish(&shelf, &second, &Outcome::Done);
    assert!(shelf.keys(Kind::Outbox).is_empty());
}

#[test]
fn a_failed_effect_waits_longer_each_time_and_is_never_dropped() {
    let shelf = Shelf::of_somebody(&[]);
    let mut taken = take(&shelf);
    taken.retain(|due| due.id == "mirror/user");
    for wait in [60, 300, 1800, 7200, 28_800, 28_800, 28_800] {
        finish(
            &shelf,
            &taken,
            &Outcome::Failed {
                retry_after_s: None,
            },
        );
        shelf.pass(wait - 1);
        assert!(
            !ids(&take(&shelf)).contains(&"mirror/user"),
            "before {wait} s"
        );
        shelf.pass(1);
        taken = take(&shelf);
        assert!(ids(&taken).contains(&"mirror/user"), "after {wait} s");
        taken.retain(|due| due.id == "mirror/user");
    }
    let told = shelf.keys(Kind::Outbox);
    assert!(
        told.contains(&"alert/effect-failed/mirror".to_owned()),
        "{told:?}"
    );
}

#[test]
fn an_alert_gives_up_after_its_last_try_and_nobody_is_told() {
    let shelf = Shelf::new(&[]);
    shelf.open_session(0);
    let is_alert = |due: &Due| due.id.starts_with("alert/new-user");
    for wait in [60, 300, 1800, 7200, 28_800, 0] {
        let mut taken = take(&shelf);
        taken.retain(is_alert);
        assert_eq!(taken.len(), 1, "before a wait of {wait} s");
        finish(
            &shelf,
            &taken,
            &Outcome::Failed {
                retry_after_s: None,
            },
        );
        shelf.pass(wait);
    }
    let left = shelf.keys(Kind::Outbox);
    assert!(!left.iter().any(|id| id.starts_with("alert/")), "{left:?}");
}

#[test]
fn sessions_and_keys_are_forgotten_when_they_are_due() {
    let shelf = Shelf::of_somebody(&[]);
    let model = shelf.trained_model();
    let (reserve, operation) = shelf.images(model);
    shelf.ask(reserve).unwrap();
    shelf.submit(operation);
    assert_eq!(shelf.keys(Kind::Key).len(), 2);
    shelf.pass(48 * 3600);
    take(&shelf);
    assert_eq!(shelf.keys(Kind::Key).len(), 2, "those of an hour together");
    shelf.pass(3600);
    take(&shelf);
    assert!(shelf.keys(Kind::Key).is_empty());
    assert_eq!(shelf.keys(Kind::Session).len(), 1);
    shelf.pass(7 * DAY_S);
    take(&shelf);
    assert!(shelf.keys(Kind::Session).is_empty());
    let left = shelf.keys(Kind::Outbox);
    let mirrored = left.iter().any(|id| id.starts_with("mirror/session/"));
    assert!(mirrored, "its copy goes too: {left:?}");
}

#[test]
fn a_letter_of_which_nobody_knows_is_not_sent_once_its_id_may_be_forgotten() {
    let shelf = Shelf::of_somebody(&[]);
    shelf.trained_model();
    let letters = |due: &[Due]| {
        let is_letter = |id: &&&str| id.starts_with("letter/training/");
        ids(due).iter().filter(is_letter).count()
    };
    assert_eq!(letters(&take(&shelf)), 1);
    shelf.pass(23 * 3600 - 1);
    assert_eq!(letters(&take(&shelf)), 1, "whoever took it is gone");
    shelf.pass(180);
    assert_eq!(letters(&take(&shelf)), 0);
    let left = shelf.keys(Kind::Outbox);
    assert!(!left.iter().any(|id| id.starts_with("letter/")), "{left:?}");
    assert!(
        left.contains(&"alert/effect-failed/letter".to_owned()),
        "{left:?}"
    );
}

#[test]
fn an_effect_of_a_newer_version_waits_until_it_can_be_read() {
    let shelf = Shelf::of_somebody(&[]);
    let rows = shelf.fake.rows_of(&shelf.book, Kind::Outbox);
    let (_, readable) = rows.iter().find(|(id, _)| id == "mirror/user").unwrap();
    let plant = |text: &str| {
        shelf
            .fake
            .plant_row(&shelf.book, Kind::Outbox, "mirror/user", Some(text));
    };
    plant(r#"{"schema":99,"effect":{"type":"of tomorrow"}}"#);
    for _ in 0..3 {
        let taken = take(&shelf);
        assert!(!ids(&taken).contains(&"mirror/user"));
        assert!(shelf.keys(Kind::Outbox).contains(&"mirror/user".to_owned()));
        let alerts = take(&shelf);
        assert_eq!(ids(&alerts), ["alert/effect-unreadable/outbox"]);
        finish(&shelf, &alerts, &Outcome::Done);
        shelf.pass(28_799);
        // What is told is told by the look after the one that meets it.
        let looks = [take(&shelf), take(&shelf)].concat();
        let told = ids(&looks).contains(&"alert/effect-unreadable/outbox");
        assert!(!told, "it is left alone for a while");
        shelf.pass(1);
    }
    plant(readable);
    assert!(ids(&take(&shelf)).contains(&"mirror/user"));
}
