//! What concerns all people: the operations that have not ended, which the sweep goes over, and
//! what the operator is told.

use super::super::rows::{Day, Open, Outbox, Receipt, Told};
use super::super::{Alert, Command, Effect, Page, Refusal};
use super::spend::{self, settle};
use crate::domain::ids::{DeletionCode, OperationId};
use crate::ports::Text;
use crate::ports::json::json_struct;
use crate::records::SCHEMA;

/// An end that its owner's book knows, and that has not arrived here after this time, was lost: word
/// of it is sent once a minute until it arrives.
const LOST_S: u64 = 600;

json_struct! {
    /// Its owner's book has ended this operation, or has it no more, and yet it is listed: word of
    /// its end is on the way, or was lost.
    pub struct MissOpen {
        pub operation: Text<OperationId>,
    }
}

impl Command for MissOpen {
    const NAME: &'static str = "miss-open";
    type Reply = ();

    fn run(self, page: &mut Page<'_>) -> Result<(), Refusal> {
        let Some(mut open) = page.find::<Open>(*self.operation)? else {
            return Ok(());
        };
        let since = *open.missing_since.get_or_insert(page.now());
        if page.now() >= since.plus_s(LOST_S) {
            return settle(page, &open, None);
        }
        page.put(*self.operation, &open);
        Ok(())
    }
}

json_struct! {
    /// At most `limit` open operations, the most urgent first: what images were made dies at the
    /// provider within the hour, and the oldest first.
    pub struct ListOpen {
        pub limit: usize,
    }
}

impl Command for ListOpen {
    const NAME: &'static str = "list-open";
    type Reply = Vec<Open>;

    fn run(self, page: &mut Page<'_>) -> Result<Vec<Open>, Refusal> {
        let mut open: Vec<Open> = page.list("")?;
        open.sort_unstable_by_key(|open| (open.training == Some(true), open.since));
        open.truncate(self.limit);
        Ok(open)
    }
}

/// One message for each kind in this time; what happens meanwhile is counted.
const QUIET_S: u64 = 600;

json_struct! {
    /// Lets the operator be told.
    pub struct Tell {
        pub alert: Alert,
    }
}

impl Command for Tell {
    const NAME: &'static str = "tell";
    type Reply = ();

    fn run(self, page: &mut Page<'_>) -> Result<(), Refusal> {
        let midnight = page.now().next_midnight();
        let counted: Option<fn(&mut Day) -> &mut u64> = match self.alert.kind.as_str() {
            "new-user" => Some(|day| &mut day.users),
            "new-model" => Some(|day| &mut day.models),
            _ => None,
        };
        if let Some(counted) = counted {
            let mut day = spend::of(page, midnight)?;
            let count = counted(&mut day);
            *count = count.saturating_add(1);
            spend::save(page, midnight, &day);
        }
        tell(page, self.alert)
    }
}

/// Lets the operator be told: at once, or when the kind has been quiet for long enough.
#[expect(
    clippy::needless_pass_by_value,
    reason = "alerts are small and made for this"
)]
pub(super) fn tell(page: &mut Page<'_>, alert: Alert) -> Result<(), Refusal> {
    let kind = alert.kind.clone();
    let now = page.now();
    let told = page.find::<Told>(&kind)?.map(|told| told.at);
    let notify = |count| Effect::Notify {
        alert: alert.clone(),
        count,
        at: Some(now),
    };
    let (waits, count) = match page.find::<Outbox>(notify(1).id())? {
        // What is on its way now says nothing of this one any more.
        Some(Outbox {
            leased_at,
            again,
            attempts,
            effect: Effect::Notify { count, .. },
            ..
        }) if leased_at.is_none() || again.is_some() => (attempts == 0, count.saturating_add(1)),
        _ => (false, 1),
    };
    let due = match told {
        Some(told) if waits || told > now => told,
        Some(told) => told.plus_s(QUIET_S).max(now),
        None => now,
    };
    page.put(
        &kind,
        &Told {
            schema: SCHEMA,
            at: due,
        },
    );
    page.enqueue_at(notify(count), due);
    Ok(())
}

/// Receipts of deletions are kept for a year.
const RECEIPT_S: u64 = 365 * 86_400;

json_struct! {
    /// Keeps a receipt; a finished one is not replaced by one that was under way.
    pub struct KeepReceipt {
        pub receipt: Receipt,
    }
}

impl Command for KeepReceipt {
    const NAME: &'static str = "keep-receipt";
    type Reply = ();

    fn run(self, page: &mut Page<'_>) -> Result<(), Refusal> {
        let known: Option<Receipt> = page.find(self.receipt.code)?;
        if known.is_none_or(|known| known.finished_at.is_none()) {
            let until = self.receipt.requested_at.plus_s(RECEIPT_S);
            page.put_until(self.receipt.code, &self.receipt, until);
        }
        Ok(())
    }
}

json_struct! {
    pub struct ShowReceipt {
        pub code: Text<DeletionCode>,
    }
}

impl Command for ShowReceipt {
    const NAME: &'static str = "show-receipt";
    type Reply = Receipt;

    fn run(self, page: &mut Page<'_>) -> Result<Receipt, Refusal> {
        page.require(self.code)
    }
}
