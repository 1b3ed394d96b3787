//! Books that have grown: nothing in them is overlooked, and what nobody asks for goes.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::commands::deletion::DeleteAccount;
use super::super::commands::lost::Adopt;
use super::super::commands::operation::ShowOperation;
use super::super::commands::retention::KeepTerms;
use super::once::{Heard, hear};
use super::*;
use crate::records::{self, Operation};

/// More than any list is read to.
const MANY: usize = 10_050;

/// Puts many operations of old images into a book, their keys before all others.
fn crowd(shelf: &Shelf) {
    let model = shelf.trained_model();
    let (reserve, operation) = shelf.images(model);
    shelf.ask(reserve).unwrap();
    shelf.submit(operation);
    hear(shelf, operation, Heard::Failed);
    let ended = shelf.ask(ShowOperation { operation }).unwrap().operation;
    let row = |number: usize| {
        let id: OperationId = format!("{number:026}").parse().unwrap();
        let one = Operation {
            id: Text(id),
            provider_id: Some(format!("old{number}")),
            ..ended.clone()
        };
        (id.to_string(), records::write(&one))
    };
    let rows = (0..MANY).map(row).collect();
    shelf.fake.crowd(&shelf.book, Kind::Operation, rows);
}

/// A run for images that has been accepted.
fn run_images(shelf: &Shelf) -> Text<OperationId> {
    let model = shelf.trained_model();
    let (reserve, operation) = shelf.images(model);
    shelf.ask(reserve).unwrap();
    shelf.submit(operation);
    operation
}

#[test]
fn the_last_of_many_runs_is_stopped_with_its_account_or_its_model() {
    for whole in [true, false] {
        let shelf = Shelf::of_somebody(&[]);
        crowd(&shelf);
        let operation = run_images(&shelf);
        assert_eq!(
            shelf.keys(Kind::Operation).last(),
            Some(&operation.to_string())
        );
        if whole {
            let code = Text(Serial::random(&[8; 32]));
            shelf.ask(DeleteAccount { code }).unwrap();
            assert!(shelf.keys(Kind::Operation).is_empty());
        } else {
            let models = ListModels {
                before: None,
                limit: 1,
            };
            let model = shelf.ask(models).unwrap()[0].id;
            shelf.ask(DeleteModel { model }).unwrap();
        }
        let outbox = shelf.keys(Kind::Outbox);
        let cancel = format!("cancel/run{operation}");
        assert!(outbox.contains(&cancel), "{whole}");
    }
}

#[test]
fn a_run_that_belongs_to_the_last_of_many_is_not_adopted_by_another() {
    let shelf = Shelf::of_somebody(&[]);
    crowd(&shelf);
    let (reserve, lost) = shelf.images(shelf.trained_model());
    shelf.ask(reserve).unwrap();
    let owner = run_images(&shelf);
    let adopt = Adopt {
        operation: lost,
        candidates: vec![format!("run{owner}")],
    };
    assert!(!shelf.ask(adopt).unwrap());
}

#[test]
fn operations_go_three_days_after_they_have_ended_and_trainings_with_their_model() {
    let shelf = Shelf::of_somebody(&[]);
    let model = shelf.trained_model();
    let training = shelf.keys(Kind::Operation);
    let ended = run_images(&shelf);
    hear(&shelf, ended, Heard::Failed);
    let open = run_images(&shelf);
    let count = |shelf: &Shelf| {
        shelf.ask(KeepTerms {}).unwrap();
        shelf.keys(Kind::Operation)
    };
    let all = count(&shelf).len();
    shelf.pass(3 * DAY_S - 1);
    assert_eq!(count(&shelf).len(), all);
    shelf.pass(1);
    let left = count(&shelf);
    assert_eq!(left.len(), all - 1);
    assert!(!left.contains(&ended.to_string()), "{left:?}");
    assert!(left.contains(&open.to_string()) && left.contains(&training[0]));
    shelf.ask(DeleteModel { model }).unwrap();
    assert!(!shelf.keys(Kind::Operation).contains(&training[0]));
}

/// What lies in a book, in memory.
struct Lying(BTreeMap<String, String>);

impl Rows for Lying {
    fn get(&self, _: Kind, key: &str) -> Result<Option<String>, Fault> {
        Ok(self.0.get(key).cloned())
    }

    fn list(
        &self,
        kind: Kind,
        prefix: &str,
        after: &str,
        most: usize,
    ) -> Result<Vec<Found>, Fault> {
        let row = |(key, value): (&String, &String)| Found {
            kind,
            key: key.clone(),
            value: value.clone(),
        };
        let listed = self.0.iter().filter(|(key, _)| key.starts_with(prefix));
        let listed = listed.filter(|(key, _)| key.as_str() > after);
        Ok(listed.map(row).take(most).collect())
    }

    fn due(&self, _: Timestamp, _: usize) -> Result<Vec<Found>, Fault> {
        Ok(Vec::new())
    }
}

proptest! {
    #[test]
    fn a_list_is_what_lies_there_after_what_was_written(
        lying in prop::collection::btree_set("[ab][a-f]{1,2}", 0..20),
        writes in prop::collection::vec(("[ab][a-f]{1,2}", any::<bool>()), 0..20),
        prefix in "[ab]?", after in "([ab][a-f]{0,2})?", limit in 0_usize..8,
    ) {
        let row = |ms| Told { schema: SCHEMA, at: Timestamp::from_ms(ms) };
        let old = |key: String| (key, records::write(&row(1)));
        let mut expected: BTreeMap<_, _> = lying.into_iter().map(old).collect();
        let rows = Lying(expected.clone());
        let rules = fake::config(&[]).unwrap().rules;
        let mut page = Page::new(&rows, &Book::Global, &rules, Timestamp::from_ms(NOON));
        for (key, stays) in writes {
            if stays {
                page.put(&key, &row(2));
                expected.insert(key, records::write(&row(2)));
            } else {
                page.remove::<Told>(&key);
                expected.remove(&key);
            }
        }
        let is_meant = |(key, _): &(String, String)| key.starts_with(&prefix) && *key > after;
        let expected: Vec<_> = expected.into_iter().filter(is_meant).take(limit).collect();
        prop_assert_eq!(page.texts(Kind::Told, &prefix, &after, limit).unwrap(), expected);
    }
}
