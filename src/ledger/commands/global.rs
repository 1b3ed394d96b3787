//! What concerns all people: the operations that have not ended, which the sweep goes over, and
//! what the operator is told.

use super::super::rows::{Open, Outbox, Receipt, Told};
use super::super::{Alert, Command, Effect, Page, Refusal};
use super::pace::{Trained, Usual, remember, usual};
use crate::domain::ids::{DeletionCode, OperationId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::ports::Text;
use crate::ports::json::json_struct;
use crate::records::SCHEMA;

json_struct! {
    pub struct AddOpen {
        pub user: Text<UserId>,
        pub operation: Text<OperationId>,
        pub since: Timestamp,
        /// Of a training: how long those like it take is answered.
        pub preset: Option<String>,
    }
}

impl Command for AddOpen {
    const NAME: &'static str = "add-open";
    type Reply = Option<Usual>;

    fn run(self, page: &mut Page<'_>) -> Result<Option<Usual>, Refusal> {
        let open = Open {
            schema: SCHEMA,
            user: self.user,
            operation: self.operation,
            since: self.since,
        };
        page.put(open.operation.0, &open);
        match &self.preset {
            Some(preset) => usual(page, preset),
            None => Ok(None),
        }
    }
}

json_struct! {
    pub struct RemoveOpen {
        pub operation: Text<OperationId>,
        /// Of a training that succeeded.
        pub trained: Option<Trained>,
    }
}

impl Command for RemoveOpen {
    const NAME: &'static str = "remove-open";
    type Reply = ();

    fn run(self, page: &mut Page<'_>) -> Result<(), Refusal> {
        // What was removed before was remembered before.
        if let Some(trained) = &self.trained
            && page.find::<Open>(*self.operation)?.is_some()
        {
            remember(page, trained)?;
        }
        page.remove::<Open>(*self.operation);
        Ok(())
    }
}

json_struct! {
    /// At most `limit` open operations after the one named, in the order of their ids.
    pub struct ListOpen {
        pub after: String,
        pub limit: usize,
    }
}

impl Command for ListOpen {
    const NAME: &'static str = "list-open";
    type Reply = Vec<Open>;

    fn run(self, page: &mut Page<'_>) -> Result<Vec<Open>, Refusal> {
        let rows = page.list_from::<Open>("", &self.after, self.limit)?;
        Ok(rows.into_iter().map(|(_, open)| open).collect())
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
        let kind = self.alert.kind.clone();
        let first = Effect::Notify {
            alert: self.alert.clone(),
            count: 1,
        };
        if let Some(row) = page.find::<Outbox>(first.id())?
            && let Effect::Notify { count, .. } = row.effect
        {
            let due = page.find::<Told>(&kind)?.map_or(page.now(), |told| told.at);
            let count = count.saturating_add(1);
            page.enqueue_at(
                Effect::Notify {
                    alert: self.alert,
                    count,
                },
                due,
            );
            return Ok(());
        }
        let now = page.now();
        let quiet_until = page
            .find::<Told>(&kind)?
            .map(|told| told.at.plus_s(QUIET_S));
        let due = quiet_until.filter(|until| *until > now).unwrap_or(now);
        page.put(
            &kind,
            &Told {
                schema: SCHEMA,
                at: due,
            },
        );
        page.enqueue_at(first, due);
        Ok(())
    }
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
