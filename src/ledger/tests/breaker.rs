//! The breaker of what costs money, over all isolates.

use super::super::commands::breaker::{ListBreakers, ReportCall, Went};
use super::super::commands::spend::Hold;
use super::*;

fn hold(shelf: &Shelf, number: u8) -> Result<bool, Refusal> {
    let hold = Hold {
        user: Text("2446087e115025a1".parse().unwrap()),
        operation: Text(Serial::random(&[number; 32])),
        preset: None,
        micro_usd: 1,
    };
    shelf.ask(hold).map(|held| held.troubled)
}

fn report(shelf: &Shelf, went: Went) {
    report_of(shelf, "replicate", went);
}

fn report_of(shelf: &Shelf, provider: &str, went: Went) {
    let provider = provider.to_owned();
    shelf.ask(ReportCall { provider, went }).unwrap();
}

fn global() -> Shelf {
    Shelf {
        book: Book::Global,
        ..Shelf::new(&[])
    }
}

#[test]
fn one_probe_passes_and_its_outcome_is_everybodys() {
    let shelf = global();
    assert_eq!(hold(&shelf, 1), Ok(false));
    for _ in 0..5 {
        report(&shelf, Went::Badly);
    }
    let before = shelf.fake.rows();
    assert_eq!(hold(&shelf, 2), Err(Refusal::Resting { retry_after_s: 30 }));
    assert_eq!(shelf.fake.rows(), before, "a refusal leaves no trace");
    assert_eq!(shelf.ask(ListBreakers {}).unwrap(), ["replicate"]);
    shelf.pass(30);
    assert_eq!(hold(&shelf, 2), Ok(true));
    assert_eq!(hold(&shelf, 3), Err(Refusal::Resting { retry_after_s: 30 }));
    report(&shelf, Went::Well);
    assert_eq!(hold(&shelf, 3), Ok(false));
    assert!(shelf.keys(Kind::Breaker).is_empty());
    assert!(shelf.ask(ListBreakers {}).unwrap().is_empty());
}

#[test]
fn an_account_in_trouble_rests_for_five_minutes() {
    let shelf = global();
    report(&shelf, Went::Account);
    shelf.pass(299);
    assert_eq!(hold(&shelf, 1), Err(Refusal::Resting { retry_after_s: 1 }));
    shelf.pass(1);
    assert_eq!(hold(&shelf, 1), Ok(true));
}

#[test]
fn that_the_operator_cannot_be_told_is_not_told() {
    let shelf = global();
    report_of(&shelf, "pushover", Went::Resting);
    assert_eq!(shelf.ask(ListBreakers {}).unwrap(), ["pushover"]);
    assert!(shelf.keys(Kind::Outbox).is_empty());
    report_of(&shelf, "mail", Went::Resting);
    assert_eq!(shelf.keys(Kind::Outbox), ["notify/breaker-opened"]);
}
