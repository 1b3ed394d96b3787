//! Deleting an account: everything goes in one transaction, and a tombstone says what must still be
//! proved gone elsewhere.
//!
//! ```text
//! rows ──► tombstone with places ──► each place's effect removes and looks ──► the last look ──► end
//! ```
//!
//! A place is gone when the effect that it awaits is done, and such an effect is done only when a
//! look has shown that nothing is left. Whatever comes late finds no row and changes nothing.

use super::super::rows::{
    Deleted, Hook, Key, Kind, Outbox, Place, Receipt, Row, Sent, Tally, Tombstone,
};
use super::super::{Command, Effect, Page, Refusal};
use super::account::ONLY;
use crate::domain::ids::{DeletionCode, SessionId};
use crate::domain::timestamp::Timestamp;
use crate::ports::Text;
use crate::ports::json::json_struct;
use crate::records::{Model, Operation, Photo, SCHEMA, Session, User};

/// Longer than any token lives.
const KEPT_S: u64 = 8 * 86_400;
/// A person has fewer effects waiting.
const MOST: usize = 100_000;
/// A deletion that has not come to its end by then keeps its tombstone from day to day.
const LONGER_S: u64 = 86_400;

json_struct! {
    /// Deletes the account of this book. Asked again it names the deletion that is still going on,
    /// and of nobody it makes a receipt that says so.
    pub struct DeleteAccount {
        pub code: Text<DeletionCode>,
    }
}

json_struct! {
    pub struct AccountDeleted {
        pub receipt: Receipt,
        /// Sessions that have ended with it.
        pub sessions: Vec<Text<SessionId>>,
    }
}

impl Command for DeleteAccount {
    const NAME: &'static str = "delete-account";
    type Reply = AccountDeleted;

    fn run(self, page: &mut Page<'_>) -> Result<AccountDeleted, Refusal> {
        if let Some(stone) = page.find::<Tombstone>(self.code)? {
            // Asked for before; whoever has come back since is not meant by it.
            return Ok(AccountDeleted {
                receipt: receipt(&stone),
                sessions: Vec::new(),
            });
        }
        let Some(user) = page.find::<User>(ONLY)? else {
            let known: Vec<Tombstone> = page.list("")?;
            let open = known.iter().find(|stone| stone.finished_at.is_none());
            let receipt = open.map_or_else(|| of_nobody(self.code, page.now()), receipt);
            return Ok(AccountDeleted {
                receipt,
                sessions: Vec::new(),
            });
        };
        let sessions: Vec<Session> = page.list("")?;
        let mut places = Places::default();
        stop_runs(page, &mut places)?;
        let mut records = remove_models(page, &mut places)?;
        for session in &sessions {
            let effect = super::session::close(page, *session.id);
            places.await_gone("sessions", 1, &effect);
        }
        await_the_rest(page, &mut places)?;
        page.remove::<User>(ONLY);
        page.enqueue(Effect::MirrorUser);
        records = records.saturating_add(1);
        forget_all::<Key>(page)?;
        forget_all::<Hook>(page)?;
        page.remove::<Sent>(ONLY);
        let conclude = Effect::ConcludeDeletion { code: self.code };
        places.await_gone("records", records, &conclude);
        page.enqueue(conclude);
        let stone = Tombstone {
            schema: SCHEMA,
            code: self.code,
            epoch: user.epoch.saturating_add(1),
            last_model_ms: user.last_model_ms,
            requested_at: page.now(),
            finished_at: None,
            places: places.0,
        };
        page.put_until(self.code, &stone, page.now().plus_s(KEPT_S));
        Ok(AccountDeleted {
            receipt: receipt(&stone),
            sessions: sessions.into_iter().map(|session| session.id).collect(),
        })
    }
}

/// What must be proved gone, and where.
#[derive(Default)]
struct Places(Vec<Place>);

impl Places {
    fn await_gone(&mut self, kind: &str, count: usize, effect: &Effect) {
        if count > 0 {
            self.0.push(Place {
                kind: kind.to_owned(),
                count: u64::try_from(count).unwrap_or(u64::MAX),
                awaits: Some(effect.id()),
            });
        }
    }

    fn knows(&self, effect: &str) -> bool {
        let awaited = |place: &Place| place.awaits.as_deref() == Some(effect);
        self.0.iter().any(awaited)
    }
}

/// Stops what runs; a run whose submission was never answered is looked for until it is found or
/// was never begun.
fn stop_runs(page: &mut Page<'_>, places: &mut Places) -> Result<(), Refusal> {
    page.walk("", |page, operation: Operation| {
        if let Some(effect) = super::observe::abandon(page, &operation)? {
            places.await_gone("runs", 1, &effect);
        }
        Ok(())
    })
}

/// Removes all models, and answers how many records of theirs there were.
fn remove_models(page: &mut Page<'_>, places: &mut Places) -> Result<usize, Refusal> {
    let models: Vec<Model> = page.list("")?;
    let mut records = 0_usize;
    for model in models {
        let photos: Vec<Photo> = page.list(&super::photo::prefix(*model.id))?;
        let captions = photos
            .iter()
            .filter(|photo| photo.caption.is_some())
            .count();
        let bundles = usize::from(model.zip.is_some());
        let erase = Effect::EraseModel { model: model.id };
        places.await_gone("photos", photos.len(), &erase);
        places.await_gone("captions", captions, &erase);
        places.await_gone("bundles", bundles, &erase);
        for version in &model.versions {
            let version = version.provider_version.clone();
            places.await_gone("versions", 1, &Effect::DeleteVersion { version });
        }
        let removed = super::model::remove(page, model)?;
        places.await_gone("images", removed.images, &erase);
        records = records
            .saturating_add(removed.predictions)
            .saturating_add(1);
    }
    Ok(records)
}

/// What was on its way out before is proved gone as well; what else was to follow is not any more.
fn await_the_rest(page: &mut Page<'_>, places: &mut Places) -> Result<(), Refusal> {
    for (id, row) in page.list_from::<Outbox>("", "", MOST)? {
        let kind = match row.effect {
            _ if places.knows(&id) => continue,
            Effect::DeleteVersion { .. } => "versions",
            Effect::CancelRun { .. } => "runs",
            Effect::DeleteFile { .. }
            | Effect::DeleteFolder { .. }
            | Effect::DeleteStragglers { .. }
            | Effect::EraseModel { .. } => "files",
            Effect::ExpirePhotos { .. }
            | Effect::AbandonPhoto { .. }
            | Effect::SendTrainingEnd { .. } => {
                page.remove::<Outbox>(id);
                continue;
            }
            _ => continue,
        };
        places.await_gone(kind, 1, &row.effect);
    }
    Ok(())
}

fn forget_all<T: Row>(page: &mut Page<'_>) -> Result<(), Refusal> {
    for key in page.keys(T::KIND)? {
        page.remove_found(T::KIND, key);
    }
    Ok(())
}

fn of_nobody(code: Text<DeletionCode>, now: Timestamp) -> Receipt {
    Receipt {
        schema: SCHEMA,
        code,
        requested_at: now,
        finished_at: Some(now),
        objects: Vec::new(),
    }
}

/// What a tombstone tells: kinds and counts, and what was proved.
fn receipt(stone: &Tombstone) -> Receipt {
    let mut objects: Vec<Deleted> = Vec::new();
    for place in &stone.places {
        let gone = place.awaits.is_none();
        match objects.iter_mut().find(|known| known.kind == place.kind) {
            Some(known) => {
                known.count = known.count.saturating_add(place.count);
                known.verified_gone &= gone;
            }
            None => objects.push(Deleted {
                kind: place.kind.clone(),
                count: place.count,
                verified_gone: gone,
            }),
        }
    }
    Receipt {
        schema: SCHEMA,
        code: stone.code,
        requested_at: stone.requested_at,
        finished_at: stone.finished_at,
        objects,
    }
}

/// Notes that what an effect removes was looked for and is gone.
pub(super) fn confirm(page: &mut Page<'_>, effect: &str) -> Result<(), Refusal> {
    replace(page, effect, None)
}

/// Notes that something else is awaited now.
pub(super) fn hand_over(page: &mut Page<'_>, from: &Effect, to: &Effect) -> Result<(), Refusal> {
    replace(page, &from.id(), Some(to))
}

fn replace(page: &mut Page<'_>, awaited: &str, by: Option<&Effect>) -> Result<(), Refusal> {
    let stones: Vec<Tombstone> = page.list("")?;
    for mut stone in stones {
        let mut changed = false;
        for place in &mut stone.places {
            if place.awaits.as_deref() == Some(awaited) {
                place.awaits = by.map(Effect::id);
                changed = true;
            }
        }
        if changed {
            keep(page, &stone);
        }
    }
    Ok(())
}

fn keep(page: &mut Page<'_>, stone: &Tombstone) {
    page.put_until(stone.code, stone, stone.requested_at.plus_s(KEPT_S));
}

json_struct! {
    /// How a deletion stands; with `is_clean`, that the last look found nothing any more.
    pub struct ShowDeletion {
        pub code: Text<DeletionCode>,
        pub is_clean: bool,
    }
}

json_struct! {
    pub struct DeletionShown {
        pub receipt: Receipt,
        /// Only the last look is awaited.
        pub is_ready: bool,
        /// The highest id of a model that went with the account, and the epoch of a later one.
        pub last_model_ms: u64,
        pub epoch: u32,
    }
}

impl Command for ShowDeletion {
    const NAME: &'static str = "show-deletion";
    type Reply = DeletionShown;

    fn run(self, page: &mut Page<'_>) -> Result<DeletionShown, Refusal> {
        let mut stone: Tombstone = page.require(self.code)?;
        let last = Effect::ConcludeDeletion { code: self.code }.id();
        let is_ready = stone
            .places
            .iter()
            .all(|place| place.awaits.as_ref().is_none_or(|awaited| *awaited == last));
        if self.is_clean && is_ready && stone.finished_at.is_none() {
            for place in &mut stone.places {
                place.awaits = None;
            }
            stone.finished_at = Some(page.now());
            keep(page, &stone);
        }
        Ok(DeletionShown {
            receipt: receipt(&stone),
            is_ready,
            last_model_ms: stone.last_model_ms,
            epoch: stone.epoch,
        })
    }
}

/// The end of a tombstone's time. With the last one goes what else is left in a book of nobody.
pub(super) fn bury(page: &mut Page<'_>, key: &str) -> Result<(), Refusal> {
    let stone: Option<Tombstone> = page.find(key)?;
    if let Some(stone) = stone.filter(|stone| stone.finished_at.is_none()) {
        page.put_until(key, &stone, page.now().plus_s(LONGER_S));
        return Ok(());
    }
    page.remove::<Tombstone>(key);
    if page.find::<User>(ONLY)?.is_none() && page.keys(Kind::Tombstone)?.is_empty() {
        page.remove::<Tally>(ONLY);
    }
    Ok(())
}

/// What a new account takes over from those before it: the epoch and the highest model id.
pub(super) fn inherit(page: &mut Page<'_>) -> Result<(u32, u64), Refusal> {
    let stones: Vec<Tombstone> = page.list("")?;
    Ok(stones.iter().fold((0, 0), |(epoch, ms), stone| {
        (epoch.max(stone.epoch), ms.max(stone.last_model_ms))
    }))
}
