//! Descriptions of photos: settled once, and never over the words of a person.

use super::super::commands::caption::{CaptionReserved, ReserveCaption};
use super::super::commands::model::PlanZip;
use super::super::commands::observe::{Observe, Observed, SeenName};
use super::super::commands::operation::ShowOperation;
use super::super::commands::photo::{CaptionPhoto, DropPhoto, KeepPhoto, ListPhotos, photo_key};
use super::once::{Heard, RUN_US, hear, report};
use super::{Kind, Refusal, Shelf};
use crate::domain::ids::{ModelId, OperationId, PhotoKey};
use crate::domain::operation::Phase;
use crate::ports::Text;
use crate::records::{Captioning, PhaseName, Photo};
use proptest::prelude::*;

impl Shelf {
    fn photo(&self, model: Text<ModelId>) -> Text<PhotoKey> {
        let offer = self.offer(model);
        let photo = photo_key(*model, *offer.photo.id);
        self.ask(offer).unwrap();
        self.ask(KeepPhoto { photo }).unwrap();
        photo
    }

    fn caption(&self, photo: Text<PhotoKey>) -> (ReserveCaption, Text<OperationId>) {
        let operation = Text(self.serial());
        let reserve = ReserveCaption {
            photo,
            operation,
            key: self.key(),
        };
        (reserve, operation)
    }

    /// A run that the provider has accepted.
    fn describing(&self, photo: Text<PhotoKey>) -> Text<OperationId> {
        let (reserve, operation) = self.caption(photo);
        self.ask(reserve).unwrap();
        self.submit(operation);
        operation
    }

    fn shown(&self, photo: Text<PhotoKey>) -> Photo {
        let model = Text(photo.model);
        let set = self.ask(ListPhotos { model }).unwrap().photos;
        set.into_iter()
            .find(|known| *known.id == photo.photo)
            .unwrap()
    }
}

fn says(operation: Text<OperationId>, words: &str) -> Observe {
    Observe {
        description: Some(words.to_owned()),
        ..report(operation, Heard::Finished)
    }
}

fn words(photo: &Photo) -> (Option<&str>, Option<&str>) {
    (photo.caption.as_deref(), photo.description.as_deref())
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Step {
    Hear(Heard),
    Say(&'static str),
    Write(Option<&'static str>),
    Bundle,
}

fn any_step() -> impl Strategy<Value = Step> {
    use Heard::{Accepted, Canceled, Failed, Missing, Nothing, Processing, Quiet, Starting};
    let heard = [
        Nothing, Missing, Accepted, Starting, Processing, Failed, Canceled, Quiet,
    ];
    prop_oneof![
        4 => prop::sample::select(heard.to_vec()).prop_map(Step::Hear),
        2 => prop::sample::select(vec!["by the sea", "in a wood"]).prop_map(Step::Say),
        1 => prop::sample::select(vec![None, Some("mine")]).prop_map(Step::Write),
        1 => Just(Step::Bundle),
    ]
}

proptest! {
    #[test]
    fn a_caption_is_settled_once_and_keeps_the_words_of_a_person(
        steps in prop::collection::vec(any_step(), 0..24)
    ) {
        let shelf = Shelf::of_somebody(&[]);
        let photo = shelf.photo(shelf.model());
        let operation = shelf.describing(photo);
        let (mut written, mut said) = (None, None);
        for step in steps {
            let phase = shelf.ask(ShowOperation { operation }).unwrap().operation.phase;
            let open = !Phase::from(phase).is_final();
            match step {
                Step::Hear(heard) => hear(&shelf, operation, heard),
                Step::Say(words) => {
                    shelf.ask(says(operation, words)).unwrap();
                    said = said.or(open.then_some(words));
                }
                Step::Write(caption) => {
                    written = caption;
                    let caption = caption.map(str::to_owned);
                    shelf.ask(CaptionPhoto { photo, caption }).unwrap();
                }
                Step::Bundle => {
                    let path = "/u/2446087e115025a1/1/zips/0.zip".to_owned();
                    shelf.ask(PlanZip { model: Text(photo.model), path }).unwrap();
                }
            }
            let now = shelf.shown(photo);
            if written == Some("mine") {
                prop_assert_eq!(now.caption.as_deref(), Some("mine"));
            }
            prop_assert_eq!(now.description.as_deref(), said);
        }
        let end = shelf.ask(ShowOperation { operation }).unwrap().operation.phase;
        let (over, made) = (Phase::from(end).is_final(), end == PhaseName::Succeeded);
        prop_assert_eq!(made, said.is_some());
        let shown = shelf.account();
        prop_assert_eq!(shown.tally.captions, Some(u64::from(!over || made)));
        prop_assert_eq!(shown.user.total_predict_time_us, u64::from(made) * RUN_US);
        prop_assert_eq!(shown.user.prediction_count, 0);
        let outbox = shelf.keys(Kind::Outbox);
        prop_assert_eq!(outbox.contains(&format!("look/{operation}")), !over);
        prop_assert_eq!(outbox.contains(&format!("retire/{operation}")), over);
    }
}

#[test]
fn a_description_is_the_caption_unless_somebody_wrote_another() {
    let shelf = Shelf::of_somebody(&[]);
    let photo = shelf.photo(shelf.model());
    let write = |caption: Option<&str>| {
        let caption = caption.map(str::to_owned);
        drop(shelf.ask(CaptionPhoto { photo, caption }).unwrap());
    };
    let describe = |said: &str| {
        let said = says(shelf.describing(photo), said);
        assert!(matches!(shelf.ask(said), Ok(Observed::At { .. })));
    };
    describe("one");
    assert_eq!(words(&shelf.shown(photo)), (Some("one"), Some("one")));
    describe("two");
    assert_eq!(words(&shelf.shown(photo)), (Some("two"), Some("two")));
    write(None);
    describe("three");
    assert_eq!(words(&shelf.shown(photo)), (Some("three"), Some("three")));
    write(Some("mine"));
    describe("four");
    assert_eq!(words(&shelf.shown(photo)), (Some("mine"), Some("four")));
}

#[test]
fn a_description_that_comes_while_its_model_is_trained_changes_no_caption() {
    let shelf = Shelf::of_somebody(&[]);
    let model = shelf.bundled_model();
    let first = shelf.ask(ListPhotos { model }).unwrap().photos[0].clone();
    let photo = photo_key(*model, *first.id);
    let operation = shelf.describing(photo);
    let (reserve, _) = shelf.training(model);
    shelf.ask(reserve).unwrap();
    shelf.ask(says(operation, "too late")).unwrap();
    let now = shelf.shown(photo);
    assert_eq!((words(&now), now.captioning), ((None, None), None));
}

#[test]
fn a_photo_is_described_by_one_run_at_a_time() {
    let shelf = Shelf::of_somebody(&[("QUOTA_CAPTIONS_PER_DAY", "2")]);
    let photo = shelf.photo(shelf.model());
    let operation = shelf.describing(photo);
    assert_eq!(shelf.shown(photo).captioning, Some(Captioning::Running));
    let rows = shelf.fake.rows();
    let refused = shelf.ask(shelf.caption(photo).0).map(drop);
    assert_eq!(refused, Err(Refusal::conflict("captioning")));
    assert_eq!(shelf.fake.rows(), rows);
    hear(&shelf, operation, Heard::Failed);
    assert_eq!(shelf.shown(photo).captioning, Some(Captioning::Failed));
    shelf.ask(says(shelf.describing(photo), "one")).unwrap();
    assert_eq!(shelf.shown(photo).captioning, None);
    let reserved = shelf.ask(shelf.caption(photo).0).unwrap();
    assert!(
        matches!(reserved, CaptionReserved::Reserved(_)),
        "what failed was given back"
    );
    let other = shelf.photo(Text(photo.model));
    let refused = shelf.ask(shelf.caption(other).0).map(drop);
    assert!(
        matches!(refused, Err(Refusal::QuotaExceeded(_))),
        "{refused:?}"
    );
}

#[test]
fn a_run_for_a_photo_that_is_gone_is_found_and_stopped() {
    let shelf = Shelf::of_somebody(&[]);
    let photo = shelf.photo(shelf.model());
    let (reserve, operation) = shelf.caption(photo);
    shelf.ask(reserve).unwrap();
    let drop = DropPhoto {
        photo,
        if_abandoned: false,
    };
    shelf.ask(drop).unwrap();
    let shown = shelf.ask(ShowOperation { operation }).unwrap();
    assert!(shown.operation.cancel_requested, "it may yet be found");
    let late = Observe {
        provider_id: Some("run1".to_owned()),
        seen: SeenName::Canceled,
        ..report(operation, Heard::Canceled)
    };
    shelf.ask(late).unwrap();
    assert!(shelf.keys(Kind::Operation).is_empty());
    assert!(shelf.keys(Kind::Outbox).contains(&"cancel/run1".to_owned()));
    assert_eq!(shelf.account().tally.captions, Some(0));
}
