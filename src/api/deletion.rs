//! Deleting one's account, and reading what has become of it.

use super::account::forget;
use super::fields::Fields;
use super::guard::refuse;
use super::problem::Problem;
use super::reply::{Reply, json};
use super::{Call, wire};
use crate::app::delete_account;
use crate::domain::digest;
use crate::domain::ids::DeletionCode;
use crate::domain::timestamp::Timestamp;
use crate::ledger::Receipt;
use crate::ports::Platform;
use crate::ports::json::to_string;

const LABEL: &str = "deletion-receipt";

/// 202: it has begun, and nothing that the browser holds is good for anything any more.
pub async fn delete_account<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let mut fields = Fields::read(&call.body)?;
    let confirm = fields.text("confirm");
    fields.finish()?;
    if confirm != "delete" {
        return Err(refuse("/confirm", "Must be the word delete."));
    }
    let code = delete_account::delete_own_account(call.app, call.who()?).await?;
    let mut reply = json(202, &started(call, code));
    forget(&mut reply);
    Ok(reply)
}

/// Where it can be read what becomes of a deletion.
pub fn started<P: Platform>(call: &Call<'_, P>, code: DeletionCode) -> wire::DeletionStarted {
    wire::DeletionStarted {
        url: delete_account::receipt_url(call.app, code),
        confirmation_code: code.to_string(),
    }
}

pub async fn show_receipt<P: Platform>(call: &Call<'_, P>) -> Result<Reply, Problem> {
    let receipt = delete_account::show_receipt(call.app, call.id()?).await?;
    let mut shown = wire::Receipt::from(&receipt);
    // Over everything that is said: the same text with an empty signature.
    let text = to_string(&shown);
    let mac = call.app.config.keys.sign(LABEL, &[text.as_bytes()]);
    shown.signature = digest::base64url(&mac);
    Ok(json(200, &shown))
}

impl From<&Receipt> for wire::Receipt {
    fn from(receipt: &Receipt) -> Self {
        let objects = receipt.objects.iter();
        Self {
            code: receipt.code.to_string(),
            state: match receipt.finished_at {
                Some(_) => "done",
                None => "running",
            },
            requested_at: receipt.requested_at.to_rfc3339(),
            finished_at: receipt.finished_at.map(Timestamp::to_rfc3339),
            objects: objects
                .map(|object| wire::DeletedKind {
                    kind: object.kind.clone(),
                    count: object.count,
                    verified_gone: object.verified_gone,
                })
                .collect(),
            signature: String::new(),
        }
    }
}
