//! The sums of all people: whatever is held is settled, released or still held.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::commands::global::{ListOpen, MissOpen, Tell};
use super::super::commands::spend::{Hold, Settle, ShowDay};
use super::*;

fn global(changes: &[(&str, &str)]) -> Shelf {
    Shelf {
        book: Book::Global,
        ..Shelf::new(changes)
    }
}

fn operation(number: u8) -> Text<OperationId> {
    Text(Serial::random(&[number; 32]))
}

fn hold(number: u8, micro_usd: u64) -> Hold {
    Hold {
        user: Text("2446087e115025a1".parse().unwrap()),
        operation: operation(number),
        preset: number.is_multiple_of(2).then(|| "fast".to_owned()),
        micro_usd,
    }
}

fn settled(micro_usd: u64) -> Settled {
    Settled {
        micro_usd,
        succeeded: micro_usd > 0,
        failed: micro_usd == 0,
        captions: None,
        images: 1,
        predict_time_us: 1_000_000,
        waited_ms: 8000,
        unheard: false,
    }
}

fn settle(number: u8, micro_usd: u64) -> Settle {
    Settle {
        alert: None,
        operation: operation(number),
        settled: Some(settled(micro_usd)),
        trained: None,
    }
}

/// What can happen to the book of all people.
#[derive(Clone, Copy, Debug)]
enum Step {
    Hold(u8, u64),
    Settle(u8, u64),
    Missed(u8),
    Pass(u64),
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0_u8..8, 0_u64..500_000).prop_map(|(number, amount)| Step::Hold(number, amount)),
        4 => (0_u8..8, 0_u64..900_000).prop_map(|(number, amount)| Step::Settle(number, amount)),
        1 => (0_u8..8).prop_map(Step::Missed),
        1 => (1_u64..50_000).prop_map(Step::Pass),
    ]
}

/// Every day in the book balances with what is open.
fn balances(shelf: &Shelf) -> bool {
    let open = shelf.ask(ListOpen { limit: 100 }).unwrap();
    shelf.keys(Kind::Day).iter().all(|key| {
        let midnight = Timestamp::from_ms(key.parse().unwrap());
        let day = shelf.ask(ShowDay { day: midnight }).unwrap().unwrap();
        let held: u64 = open
            .iter()
            .filter(|open| open.day == Some(midnight))
            .filter_map(|open| open.held_micro_usd)
            .sum();
        day.reserved_micro_usd == day.settled_micro_usd + day.released_micro_usd + held
    })
}

proptest! {
    #[test]
    fn what_is_reserved_is_settled_released_or_held(
        steps in prop::collection::vec(any_step(), 0..60),
    ) {
        let shelf = global(&[("SPEND_CAP_USD_PER_DAY", "1")]);
        let (mut ended, mut spent) = (BTreeSet::new(), 0);
        for step in steps {
            match step {
                // An operation is reserved once, so nothing is held for it when it is over.
                Step::Hold(number, _) if ended.contains(&number) => {}
                Step::Hold(number, amount) => {
                    let answer = shelf.ask(hold(number, amount));
                    let capped = matches!(answer, Err(Refusal::SpendCapReached));
                    prop_assert!(answer.is_ok() || capped);
                }
                Step::Settle(number, amount) => {
                    let open = shelf.ask(ListOpen { limit: 100 }).unwrap();
                    let was_open = open.iter().any(|open| open.operation == operation(number));
                    spent += if was_open { amount } else { 0 };
                    shelf.ask(settle(number, amount)).unwrap();
                    ended.insert(number);
                }
                Step::Missed(number) => {
                    shelf.ask(MissOpen { operation: operation(number) }).unwrap();
                }
                Step::Pass(s) => shelf.pass(s),
            }
            prop_assert!(balances(&shelf));
        }
        for number in 0..8 {
            shelf.ask(settle(number, 0)).unwrap();
        }
        prop_assert!(balances(&shelf), "with nothing open");
        let total: u64 = shelf
            .keys(Kind::Day)
            .iter()
            .map(|key| Timestamp::from_ms(key.parse().unwrap()))
            .map(|day| shelf.ask(ShowDay { day }).unwrap().unwrap().settled_micro_usd)
            .sum();
        prop_assert_eq!(total, spent, "what was spent is what the runs cost, each once");
    }

    #[test]
    fn what_is_held_never_passes_the_cap(amounts in prop::collection::vec(0_u64..400_000, 0..20)) {
        let shelf = global(&[("SPEND_CAP_USD_PER_DAY", "1")]);
        for (number, amount) in (0..).zip(amounts) {
            let _ = shelf.ask(hold(number, amount));
            let open = shelf.ask(ListOpen { limit: 100 }).unwrap();
            let held: u64 = open.iter().filter_map(|open| open.held_micro_usd).sum();
            prop_assert!(held <= 1_000_000);
        }
    }
}

fn today(shelf: &Shelf) -> Day {
    use crate::ports::Platform as _;
    let day = shelf.fake.now().next_midnight();
    shelf.ask(ShowDay { day }).unwrap().unwrap()
}

#[test]
fn a_refusal_leaves_no_trace_and_lasts_till_midnight() {
    let shelf = global(&[("SPEND_CAP_USD_PER_DAY", "1")]);
    shelf.ask(hold(1, 700_000)).unwrap();
    let before = shelf.fake.rows();
    let refused = shelf.ask(hold(2, 300_001)).unwrap_err();
    assert_eq!(refused, Refusal::SpendCapReached);
    assert_eq!(shelf.fake.rows(), before);
    shelf.pass(DAY_S);
    shelf.ask(hold(2, 1_000_000)).unwrap();
}

#[test]
fn a_reservation_that_is_repeated_holds_nothing_more() {
    let shelf = global(&[]);
    shelf.ask(hold(1, 300)).unwrap();
    let before = shelf.fake.rows();
    shelf.ask(hold(1, 300)).unwrap();
    assert_eq!(shelf.fake.rows(), before);
}

#[test]
fn an_end_that_is_told_twice_is_settled_once() {
    let shelf = global(&[]);
    shelf.ask(hold(1, 300)).unwrap();
    shelf.ask(settle(1, 200)).unwrap();
    let day = today(&shelf);
    assert_eq!((day.settled_micro_usd, day.released_micro_usd), (200, 100));
    shelf.ask(settle(1, 200)).unwrap();
    assert_eq!(today(&shelf), day);
}

#[test]
fn the_operator_is_warned_once_when_most_of_the_cap_is_used() {
    let shelf = global(&[("SPEND_CAP_USD_PER_DAY", "1")]);
    let warned = || {
        let keys = shelf.keys(Kind::Outbox);
        keys.contains(&"notify/spend-at-80-percent".to_owned())
    };
    shelf.ask(hold(1, 799_999)).unwrap();
    assert!(!warned());
    shelf.ask(hold(2, 1)).unwrap();
    assert!(warned());
    shelf.ask(settle(2, 0)).unwrap();
    let told = shelf.fake.rows();
    shelf.ask(hold(3, 1)).unwrap();
    let outbox = |rows: &[(String, String)]| {
        let is_notice = |(name, _): &&(String, String)| name.contains("notify/");
        rows.iter().filter(is_notice).cloned().collect::<Vec<_>>()
    };
    assert_eq!(outbox(&shelf.fake.rows()), outbox(&told));
}

#[test]
fn an_operation_is_dropped_when_word_of_its_end_is_missing_for_ten_minutes() {
    let shelf = global(&[]);
    shelf.ask(hold(1, 300)).unwrap();
    let missing = || {
        shelf
            .ask(MissOpen {
                operation: operation(1),
            })
            .unwrap();
    };
    missing();
    shelf.pass(599);
    missing();
    assert_eq!(
        today(&shelf).released_micro_usd,
        0,
        "word may be on its way"
    );
    shelf.pass(1);
    missing();
    assert_eq!(today(&shelf).released_micro_usd, 300);
    assert!(shelf.keys(Kind::Open).is_empty());
}

#[test]
fn images_come_before_trainings_and_the_oldest_first() {
    let shelf = global(&[]);
    for number in [2, 5, 4, 3] {
        shelf.ask(hold(number, 1)).unwrap();
        shelf.pass(1);
    }
    let listed = shelf.ask(ListOpen { limit: 3 }).unwrap();
    let order: Vec<_> = listed.iter().map(|open| open.operation).collect();
    assert_eq!(order, [5, 3, 2].map(operation));
}

#[test]
fn a_day_is_counted_and_its_digest_follows_when_all_of_it_has_ended() {
    let shelf = global(&[("TRAINING_TIMEOUT_S", "3600")]);
    let alert = |kind| Tell {
        alert: Alert::new(kind, "x"),
    };
    shelf.ask(alert("new-user")).unwrap();
    shelf.ask(alert("new-model")).unwrap();
    for (number, cost) in [(1, 20), (2, 30), (3, 0)] {
        shelf.ask(hold(number, 50)).unwrap();
        shelf.ask(settle(number, cost)).unwrap();
    }
    let day = today(&shelf);
    assert_eq!((day.users, day.models), (1, 1));
    assert_eq!((day.trainings, day.predictions, day.failures), (1, 1, 1));
    assert_eq!(day.settled_micro_usd, 50);
    assert_eq!(day.prediction_waits[4], 1, "eight seconds");
    let midnight = Timestamp::from_ms(NOON).next_midnight();
    assert!(
        shelf
            .keys(Kind::Outbox)
            .contains(&format!("digest/{midnight}"))
    );
}

#[test]
fn what_happens_while_a_message_is_on_its_way_is_told_in_the_next() {
    use super::super::commands::outbox::TakeDue;
    let shelf = global(&[]);
    let tell = || {
        let alert = Alert::new("training-failed", "x");
        shelf.ask(Tell { alert }).unwrap();
    };
    let due = || shelf.ask(TakeDue { limit: 9 }).unwrap();
    tell();
    assert_eq!(due().len(), 1);
    tell();
    assert_eq!(due().len(), 0, "ten minutes are to pass");
    shelf.pass(600);
    let [one] = due().try_into().unwrap();
    assert!(matches!(one.effect, Effect::Notify { count: 1, .. }));
}
