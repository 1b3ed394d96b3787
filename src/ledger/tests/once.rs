//! Paid runs: counted once and settled once, whoever reports what, how often and in which order.

use proptest::prelude::*;

use super::super::commands::observe::{Observe, Observed, SeenName, Stored};
use super::super::commands::operation::{Refused, ShowOperation};
use super::super::commands::prediction::PredictionReserved;
use super::super::commands::training::TrainingReserved;
use super::*;
use crate::domain::operation::Phase;
use crate::records::{Image, PhaseName};

/// What can be heard of a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Heard {
    Nothing,
    Missing,
    Accepted,
    Starting,
    Processing,
    Finished,
    Stored,
    Failed,
    Unsafe,
    Canceled,
    /// Time passes.
    Quiet,
}

pub(super) const RUN_US: u64 = 6_000_000;

pub(super) fn report(operation: Text<OperationId>, heard: Heard) -> Observe {
    let seen = match heard {
        Heard::Nothing | Heard::Quiet | Heard::Stored => SeenName::Nothing,
        Heard::Missing => SeenName::Missing,
        Heard::Accepted => SeenName::Accepted,
        Heard::Starting => SeenName::Starting,
        Heard::Processing => SeenName::Processing,
        Heard::Finished => SeenName::Finished,
        Heard::Failed => SeenName::FailedProviderError,
        Heard::Unsafe => SeenName::FailedNoSafeImage,
        Heard::Canceled => SeenName::Canceled,
    };
    Observe {
        operation,
        seen,
        provider_id: None,
        stage: None,
        percent: None,
        predict_time_us: Some(RUN_US),
        version: (heard == Heard::Finished).then(|| "selfie-dev/faces:0".to_owned()),
        description: None,
        hook: None,
        folder: None,
    }
}

fn stored(operation: Text<OperationId>) -> Stored {
    let image = Image {
        path: "/u/2446087e115025a1/1/images/0/0.webp".to_owned(),
        width: 1024,
        height: 1024,
        bytes: 1,
        content_type: "image/webp".to_owned(),
        placeholder: String::new(),
    };
    Stored {
        operation,
        images: vec![image],
        dropped: 0,
        whole: true,
    }
}

pub(super) fn hear(shelf: &Shelf, operation: Text<OperationId>, heard: Heard) {
    match heard {
        Heard::Quiet => shelf.pass(400),
        Heard::Stored => shelf.ask(stored(operation)).unwrap(),
        _ => drop(shelf.ask(report(operation, heard)).unwrap()),
    }
}

fn phase(shelf: &Shelf, operation: Text<OperationId>) -> PhaseName {
    shelf
        .ask(ShowOperation { operation })
        .unwrap()
        .operation
        .phase
}

fn any_heard() -> impl Strategy<Value = Heard> {
    use Heard::{
        Accepted, Canceled, Failed, Finished, Missing, Nothing, Processing, Quiet, Starting,
        Stored, Unsafe,
    };
    prop::sample::select(vec![
        Nothing, Missing, Accepted, Starting, Processing, Finished, Stored, Failed, Unsafe,
        Canceled, Quiet,
    ])
}

proptest! {
    #[test]
    fn images_are_settled_once(reports in prop::collection::vec(any_heard(), 0..24)) {
        let shelf = Shelf::of_somebody(&[]);
        let model = shelf.trained_model();
        let before = shelf.account();
        let (reserve, operation) = shelf.images(model);
        shelf.ask(reserve).unwrap();
        shelf.submit(operation);
        let (mut end, mut finished) = (None, false);
        for heard in reports {
            finished |= heard == Heard::Finished;
            // Nobody brings in what was not finished.
            if heard != Heard::Stored || finished {
                hear(&shelf, operation, heard);
            }
            let now = phase(&shelf, operation);
            if let Some(end) = end {
                prop_assert_eq!(now, end, "an end is the end");
            }
            end = Phase::from(now).is_final().then_some(now);
        }
        let after = shelf.account();
        let made = u64::from(end == Some(PhaseName::Succeeded));
        let counted = u64::from(end.is_none_or(|end| end == PhaseName::Succeeded));
        prop_assert_eq!(after.user.prediction_count, made);
        let spent = after.user.total_predict_time_us - before.user.total_predict_time_us;
        prop_assert_eq!(spent, made * RUN_US);
        prop_assert_eq!(after.tally.predictions, counted);
        let outbox = shelf.keys(Kind::Outbox);
        let waits = outbox.contains(&format!("look/{operation}"));
        let retired = outbox.contains(&format!("retire/{operation}"));
        prop_assert_eq!(waits, end.is_none(), "an open run is looked at");
        prop_assert_eq!(retired, end.is_some(), "an ended run is taken off the list");
    }

    #[test]
    fn a_training_is_settled_once(reports in prop::collection::vec(any_heard(), 0..24)) {
        let shelf = Shelf::of_somebody(&[]);
        let model = shelf.bundled_model();
        let (reserve, operation) = shelf.training(model);
        shelf.ask(reserve).unwrap();
        shelf.submit(operation);
        for heard in reports.into_iter().filter(|heard| *heard != Heard::Stored) {
            hear(&shelf, operation, heard);
        }
        let end = phase(&shelf, operation);
        let shown = shelf.account();
        let made = u64::from(end == PhaseName::Succeeded);
        let listed = shelf.ask(ListModels { before: None, limit: 1 }).unwrap();
        prop_assert_eq!(listed[0].versions.len() as u64, made);
        prop_assert_eq!(shown.user.total_predict_time_us, made * RUN_US);
        prop_assert_eq!(shown.user.prediction_count, 0);
        let is_final = Phase::from(end).is_final();
        prop_assert_eq!(shown.tally.trainings, u64::from(!is_final) + made);
        prop_assert_eq!(shown.running_trainings, u64::from(!is_final));
        prop_assert_eq!(listed[0].state.is_running(), !is_final);
    }
}

#[test]
fn a_run_that_fails_tomorrow_gives_nothing_back_tomorrow() {
    let shelf = Shelf::of_somebody(&[]);
    let model = shelf.trained_model();
    let (reserve, yesterdays) = shelf.images(model);
    shelf.ask(reserve).unwrap();
    shelf.submit(yesterdays);
    assert_eq!(shelf.account().tally.predictions, 1);
    shelf.pass(13 * 3600);
    assert_eq!(shelf.account().tally.predictions, 0, "a new day");
    let (reserve, todays) = shelf.images(model);
    shelf.ask(reserve).unwrap();
    shelf.submit(todays);
    hear(&shelf, yesterdays, Heard::Failed);
    assert_eq!(shelf.account().tally.predictions, 1, "today's stays");
    hear(&shelf, todays, Heard::Failed);
    assert_eq!(shelf.account().tally.predictions, 0);
}

#[test]
fn one_missing_answer_is_no_loss_and_ten_minutes_of_them_are() {
    let shelf = Shelf::of_somebody(&[]);
    let model = shelf.trained_model();
    let (reserve, operation) = shelf.images(model);
    shelf.ask(reserve).unwrap();
    shelf.submit(operation);
    hear(&shelf, operation, Heard::Missing);
    shelf.pass(599);
    hear(&shelf, operation, Heard::Missing);
    assert_eq!(phase(&shelf, operation), PhaseName::Submitted);
    hear(&shelf, operation, Heard::Processing);
    shelf.pass(1);
    hear(&shelf, operation, Heard::Missing);
    assert_eq!(
        phase(&shelf, operation),
        PhaseName::Processing,
        "it was seen meanwhile"
    );
    shelf.pass(600);
    hear(&shelf, operation, Heard::Missing);
    assert_eq!(phase(&shelf, operation), PhaseName::FailedDataLost);
}

#[test]
fn a_webhook_has_its_effect_once() {
    let shelf = Shelf::of_somebody(&[]);
    let model = shelf.trained_model();
    let (reserve, operation) = shelf.images(model);
    shelf.ask(reserve).unwrap();
    shelf.submit(operation);
    let hook = || Observe {
        hook: Some("msg_1".to_owned()),
        ..report(operation, Heard::Starting)
    };
    assert!(matches!(shelf.ask(hook()).unwrap(), Observed::At { .. }));
    let rows = shelf.fake.rows();
    assert!(matches!(shelf.ask(hook()).unwrap(), Observed::Repeated));
    assert_eq!(shelf.fake.rows(), rows);
}

#[test]
fn the_same_key_is_answered_again_and_another_body_is_refused() {
    let shelf = Shelf::of_somebody(&[]);
    let model = shelf.trained_model();
    let (first, operation) = shelf.images(model);
    let key = first.key.clone();
    let again = || ReservePrediction {
        key: key.clone(),
        ..shelf.images(model).0
    };
    let PredictionReserved::Reserved { prediction, .. } = shelf.ask(first).unwrap() else {
        panic!("a new key is a new request");
    };
    assert_eq!(shelf.ask(again()).map(drop), Err(Refusal::InProgress));
    shelf.submit(operation);
    hear(&shelf, operation, Heard::Failed);
    let rows = shelf.fake.rows();
    match shelf.ask(again()).unwrap() {
        PredictionReserved::Replayed { answer } => assert_eq!(answer, prediction),
        PredictionReserved::Reserved { .. } => panic!("it was paid twice"),
    }
    let mut other = again();
    other.key.body_sha256 = "another".to_owned();
    assert_eq!(shelf.ask(other).map(drop), Err(Refusal::KeyReused));
    assert_eq!(shelf.fake.rows(), rows);
}

#[test]
fn what_the_provider_refused_was_never_there() {
    let shelf = Shelf::of_somebody(&[]);
    let model = shelf.bundled_model();
    let (reserve, operation) = shelf.training(model);
    let key = reserve.key.clone();
    shelf.ask(reserve).unwrap();
    shelf
        .ask(Refused {
            operation,
            alert: None,
        })
        .unwrap();
    let shown = shelf.account();
    assert_eq!((shown.tally.trainings, shown.running_trainings), (0, 0));
    assert!(shelf.keys(Kind::Key).is_empty());
    let listed = shelf
        .ask(ListModels {
            before: None,
            limit: 1,
        })
        .unwrap();
    assert_eq!(listed[0].state, crate::records::ModelState::Bundled);
    assert!(listed[0].zip.is_some(), "the bundle is still good");
    let (next, _) = shelf.training(model);
    let reserved = shelf.ask(ReserveTraining { key, ..next }).unwrap();
    assert!(matches!(reserved, TrainingReserved::Reserved { .. }));
}

#[test]
fn of_all_who_see_a_training_fail_one_runs_it_again() {
    use super::super::commands::retry::{Retry, RetryTraining};
    let shelf = Shelf::of_somebody(&[]);
    let model = shelf.bundled_model();
    let (reserve, operation) = shelf.training(model);
    shelf.ask(reserve).unwrap();
    shelf.submit(operation);
    let claim = |failed_id: &str| {
        let retry = RetryTraining {
            operation,
            failed_id: failed_id.to_owned(),
            preset: None,
        };
        matches!(shelf.ask(retry).unwrap(), Retry::Again { .. })
    };
    let first = format!("run{operation}");
    assert!(!claim("another"), "it is this one that failed");
    assert!(claim(&first));
    assert!(!claim(&first), "one second run");
    assert_eq!(phase(&shelf, operation), PhaseName::Reserved);
    shelf.submit(operation);
    assert!(!claim(&first), "and no third");
    assert_eq!(shelf.account().tally.trainings, 1);
    hear(&shelf, operation, Heard::Finished);
    assert_eq!(phase(&shelf, operation), PhaseName::Succeeded);
}
