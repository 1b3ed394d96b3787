//! What the log says of effects.

use super::super::App;
use super::{Performed, Trouble};
use crate::ledger::Effect;
use crate::ports::{Book, Platform, Text};

/// Every step of a deletion is in the log, and whatever did not work.
pub fn note<P: Platform>(app: App<'_, P>, book: &Book, effect: &Effect, performed: &Performed) {
    let deletes = matches!(
        effect,
        Effect::DeleteFile { .. }
            | Effect::DeleteFolder { .. }
            | Effect::DeleteVersion { .. }
            | Effect::EraseModel { .. }
            | Effect::RecheckModel { .. }
            | Effect::ConcludeDeletion { .. }
            | Effect::ExpirePhotos { .. }
    );
    let outcome = match performed {
        Ok(()) if !deletes => return,
        Ok(()) => "done",
        Err(Trouble::Again { .. }) => "again",
        Err(Trouble::Waiting { .. }) => "waiting",
        Err(Trouble::Hopeless) => "given-up",
    };
    let event = if deletes { "deletion" } else { "effect" };
    let id = effect.id();
    let step = id.split('/').next().unwrap_or_default();
    let whose = match book {
        Book::User(user) => Some(Text(user.clone())),
        Book::Link(_) | Book::Global => None,
    };
    app.note(
        event,
        &[("step", &step), ("outcome", &outcome), ("user", &whose)],
    );
}
