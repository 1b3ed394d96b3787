//! Taking what is due, and saying how it went.

use super::super::page::LEASE_S;
use super::super::rows::{Kind, Outbox};
use super::super::{Alert, Command, Effect, Page, Refusal};
use crate::domain::timestamp::Timestamp;
use crate::ports::json::{json_enum, json_struct};
use crate::records;

/// Forgetting is cheap, so it is done for many rows at once.
const MOST_FORGOTTEN: usize = 100;
/// When a failed effect is tried again: after 1, 5, 30 min, 2 h, 8 h.
const BACKOFF_S: [u64; 5] = [60, 300, 1800, 7200, 28_800];
/// When an effect that this version cannot read is looked at again.
const UNREADABLE_S: u64 = 28_800;

json_struct! {
    /// Takes at most `limit` due effects, and forgets whatever else is due to be forgotten.
    pub struct TakeDue {
        pub limit: usize,
    }
}

json_struct! {
    /// An effect to perform.
    #[derive(Clone, Debug)]
    pub struct Due {
        pub id: String,
        pub effect: Effect,
        pub attempts: u32,
        pub leased_at: Timestamp,
    }
}

impl Command for TakeDue {
    const NAME: &'static str = "take-due";
    type Reply = Vec<Due>;

    fn run(self, page: &mut Page<'_>) -> Result<Vec<Due>, Refusal> {
        take(page, self.limit)
    }
}

fn take(page: &mut Page<'_>, limit: usize) -> Result<Vec<Due>, Refusal> {
    let now = page.now();
    let mut taken = Vec::new();
    for found in page.due(limit.max(MOST_FORGOTTEN))? {
        if found.kind != Kind::Outbox {
            forget(page, found.kind, found.key)?;
            continue;
        }
        if taken.len() >= limit {
            continue;
        }
        let Some(mut row) = records::read::<Outbox>(&found.value) else {
            // A newer version may have noted it before it was rolled back, and will know it again.
            page.enqueue(Effect::Alert(Alert::new("effect-unreadable", "outbox")));
            page.put_off(found, now.plus_s(UNREADABLE_S));
            continue;
        };
        if let Some(most_s) = row.effect.repeats_for_s() {
            let first_at = *row.first_at.get_or_insert(now);
            if now >= first_at.plus_s(most_s) {
                give_up(page, &found.key, &row);
                continue;
            }
        }
        row.leased_at = Some(now);
        row.again = None;
        page.put_until(&found.key, &row, now.plus_s(LEASE_S));
        taken.push(Due {
            id: found.key,
            effect: row.effect,
            attempts: row.attempts,
            leased_at: now,
        });
    }
    Ok(taken)
}

fn forget(page: &mut Page<'_>, kind: Kind, key: String) -> Result<(), Refusal> {
    match kind {
        Kind::Tombstone => return super::deletion::bury(page, &key),
        Kind::Attempt => page.enqueue(Effect::MirrorAttempt),
        Kind::Session => {
            if let Ok(session) = key.parse() {
                page.enqueue(Effect::MirrorSession {
                    session: crate::ports::Text(session),
                });
            }
        }
        _ => {}
    }
    page.remove_found(kind, key);
    Ok(())
}

json_enum! {
    /// How an effect went.
    #[derive(Clone, Debug)]
    pub enum Outcome {
        "done" = Done,
        /// To be tried again, after the time that was told if one was.
        "failed" = Failed {
            retry_after_s: Option<u64>,
        },
        /// Nothing went wrong; it takes its time elsewhere.
        "waiting" = Waiting {
            look_again_in_s: u64,
        },
        /// Trying again cannot help.
        "hopeless" = Hopeless,
    }
}

json_struct! {
    /// Says how effects went, and takes the next. One that was noted again meanwhile is due again,
    /// however it went.
    pub struct Finish {
        pub done: Vec<Finished>,
        pub limit: usize,
    }
}

json_struct! {
    #[derive(Clone, Debug)]
    pub struct Finished {
        pub id: String,
        pub leased_at: Timestamp,
        pub outcome: Outcome,
    }
}

impl Command for Finish {
    const NAME: &'static str = "finish";
    type Reply = Vec<Due>;

    fn run(self, page: &mut Page<'_>) -> Result<Vec<Due>, Refusal> {
        for finished in self.done {
            let Some(mut row) = page.find::<Outbox>(&finished.id)? else {
                continue;
            };
            if row.leased_at != Some(finished.leased_at) {
                continue;
            }
            if let Some(due) = row.again.take() {
                row.leased_at = None;
                page.put_until(&finished.id, &row, due);
                continue;
            }
            match finished.outcome {
                Outcome::Done => {
                    page.remove::<Outbox>(&finished.id);
                    if row.effect.removes() {
                        super::deletion::confirm(page, &finished.id)?;
                    }
                }
                Outcome::Waiting { look_again_in_s } => {
                    row.leased_at = None;
                    page.put_until(&finished.id, &row, page.now().plus_s(look_again_in_s));
                }
                Outcome::Hopeless => give_up(page, &finished.id, &row),
                Outcome::Failed { retry_after_s } => {
                    let step = usize::try_from(row.attempts).unwrap_or(usize::MAX);
                    match row.effect.repeats() {
                        Some(most) if row.attempts >= most => {
                            give_up(page, &finished.id, &row);
                            continue;
                        }
                        None if step >= BACKOFF_S.len() => tell(page, &row.effect),
                        _ => {}
                    }
                    let planned = BACKOFF_S
                        .get(step)
                        .or(BACKOFF_S.last())
                        .copied()
                        .unwrap_or(60);
                    let wait = retry_after_s.map_or(planned, |told| told.clamp(1, 28_800));
                    row.attempts = row.attempts.saturating_add(1);
                    row.leased_at = None;
                    page.put_until(&finished.id, &row, page.now().plus_s(wait));
                }
            }
        }
        take(page, self.limit)
    }
}

fn give_up(page: &mut Page<'_>, id: &str, row: &Outbox) {
    page.remove::<Outbox>(id);
    tell(page, &row.effect);
}

/// An alert about an alert would go the same way.
fn tell(page: &mut Page<'_>, effect: &Effect) {
    if !matches!(
        effect,
        Effect::Alert(_) | Effect::Notify { .. } | Effect::Digest { .. }
    ) {
        let kind = effect.id();
        let kind = kind.split('/').next().unwrap_or_default();
        page.enqueue(Effect::Alert(Alert::new("effect-failed", kind)));
    }
}
