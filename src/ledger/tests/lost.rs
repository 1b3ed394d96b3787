//! Runs whose record went while they were ordered, and runs that turn up when nobody wants them.

use super::super::commands::lost::{Adopt, NoteWebhook};
use super::super::commands::operation::{Accepted, ShowOperation};
use super::super::commands::prediction::{DeletePrediction, PredictionReserved};
use super::super::commands::training::CancelTraining;
use super::*;
use crate::records::PhaseName;

fn phase(shelf: &Shelf, operation: Text<OperationId>) -> PhaseName {
    let shown = shelf.ask(ShowOperation { operation }).unwrap();
    shown.operation.phase
}

fn answered(shelf: &Shelf, operation: Text<OperationId>, id: Option<&str>) -> Option<Accepted> {
    let provider_id = id.map(str::to_owned);
    let submitted = Submitted {
        operation,
        provider_id,
        usual: None,
    };
    shelf.ask(submitted).unwrap()
}

fn stops(shelf: &Shelf, run: &str) -> bool {
    let effect = format!("cancel/{run}");
    shelf.keys(Kind::Outbox).contains(&effect)
}

/// Images that are ordered, and the model that they are of.
fn ordered(shelf: &Shelf) -> (Text<OperationId>, PredictionReserved) {
    let model = shelf.trained_model();
    let (reserve, operation) = shelf.images(model);
    (operation, shelf.ask(reserve).unwrap())
}

#[test]
fn a_run_is_stopped_whose_record_was_deleted_while_it_was_ordered() {
    let shelf = Shelf::of_somebody(&[]);
    let (operation, reserved) = ordered(&shelf);
    let PredictionReserved::Reserved { prediction, .. } = reserved else {
        panic!("it is new");
    };
    let delete = DeletePrediction {
        prediction: prediction.id,
        folder: "/u/2446087e115025a1/1/images/0".to_owned(),
    };
    shelf.ask(delete).unwrap();
    assert!(answered(&shelf, operation, Some("late")).is_none());
    assert!(stops(&shelf, "late"));
    let shown = shelf.ask(ShowOperation { operation });
    assert_eq!(shown.err(), Some(Refusal::NotFound), "it has ended");
}

#[test]
fn a_run_is_stopped_that_was_to_be_stopped_before_its_id_was_known() {
    let shelf = Shelf::of_somebody(&[]);
    let model = shelf.bundled_model();
    let (reserve, operation) = shelf.training(model);
    shelf.ask(reserve).unwrap();
    shelf.ask(CancelTraining { model }).unwrap();
    assert!(answered(&shelf, operation, None).is_some());
    let open = phase(&shelf, operation);
    assert_ne!(open, PhaseName::Canceled, "it may run all the same");
    assert!(answered(&shelf, operation, Some("late")).is_some());
    assert!(stops(&shelf, "late"));
    assert_eq!(phase(&shelf, operation), PhaseName::Canceled);
}

#[test]
fn a_hint_at_another_kind_of_run_is_not_remembered() {
    let shelf = Shelf::of_somebody(&[]);
    let (operation, _) = ordered(&shelf);
    let hint = |id: &str, training| {
        let note = NoteWebhook {
            operation,
            provider_id: id.to_owned(),
            training,
        };
        shelf.ask(note).unwrap();
        let shown = shelf.ask(ShowOperation { operation }).unwrap();
        shown.operation.hinted_id
    };
    assert_eq!(hint("other", Some(true)), None);
    assert_eq!(hint("unsaid", None), None);
    assert_eq!(hint("ours", Some(false)).as_deref(), Some("ours"));
}

#[test]
fn a_run_that_is_known_is_not_exchanged_for_a_find() {
    let shelf = Shelf::of_somebody(&[]);
    let (operation, _) = ordered(&shelf);
    shelf.submit(operation);
    let candidates = vec!["another".to_owned()];
    let adopt = Adopt {
        operation,
        candidates,
    };
    assert!(shelf.ask(adopt).unwrap());
    let shown = shelf.ask(ShowOperation { operation }).unwrap();
    assert_eq!(shown.operation.provider_id, Some(format!("run{operation}")));
}

#[test]
fn the_bundle_that_is_kept_is_not_removed_by_the_plan_of_another() {
    let shelf = Shelf::of_somebody(&[]);
    let model = shelf.bundled_model();
    let kept = format!("/u/2446087e115025a1/{model}/zips/0.zip");
    let other = format!("/u/2446087e115025a1/{model}/zips/1.zip");
    for path in [&kept, &other] {
        let path = path.clone();
        assert!(shelf.ask(PlanZip { model, path }).unwrap());
    }
    let outbox = shelf.keys(Kind::Outbox);
    let removes = |path: &str| outbox.contains(&format!("delete-file{path}"));
    assert!(!removes(&kept) && removes(&other));
}
