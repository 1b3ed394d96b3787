//! The daily look at everybody: photos whose time is over and that are there all the same.
//!
//! People are gone over in the order of their keys, a slice for each effect, so that no run grows
//! with their number and one that breaks off is gone on with.

use super::{App, Error, lanes};
use crate::domain::ids::UserKey;
use crate::ledger::commands::retention::{KeepTerms, PlanTerms};
use crate::ports::{Book, Namespace, Platform};

const SLICE: usize = 100;

/// Looks at the people after the one named, and plans the next slice.
pub(super) async fn keep_terms<P: Platform>(app: App<'_, P>, after: &str) -> Result<(), Error> {
    let names = app.platform.list(Namespace::Users, "").await;
    let names = names.map_err(|_| Error::StorageUnavailable)?;
    let mut slice: Vec<&String> = names.iter().filter(|name| name.as_str() > after).collect();
    slice.truncate(SLICE);
    lanes::for_each(&slice, |name| look(app, name)).await?;
    let next = match slice.last() {
        Some(last) if slice.len() == SLICE => PlanTerms::go_on((*last).clone()),
        _ => PlanTerms::tomorrow(),
    };
    app.ask(&Book::Global, next).await
}

async fn look<P: Platform>(app: App<'_, P>, name: &str) -> Result<(), Error> {
    // A key that is none of ours is nobody's.
    let Ok(UserKey(user)) = name.parse() else {
        return Ok(());
    };
    app.ask(&Book::User(user), KeepTerms {}).await
}
