//! What must follow elsewhere, as rows with fixed ids, so that writing one twice is writing it once.

use super::commands::pace::Trained;
use super::rows::Settled;
use crate::domain::ids::{DeletionCode, ModelId, OperationId, PhotoKey, PredictionId, SessionId};
use crate::domain::timestamp::Timestamp;
use crate::ports::Text;
use crate::ports::json::{json_enum, json_struct};

json_enum! {
    #[derive(Clone, PartialEq, Debug)]
    pub enum Effect {
        /// Write the present state to KV, or delete it there when there is none any more.
        "mirror-user" = MirrorUser,
        "mirror-session" = MirrorSession {
            session: Text<SessionId>,
        },
        "mirror-model" = MirrorModel {
            model: Text<ModelId>,
        },
        "mirror-prediction" = MirrorPrediction {
            prediction: Text<PredictionId>,
        },
        "mirror-attempt" = MirrorAttempt,
        /// Mail the link and the code.
        "send-sign-in" = SendSignIn(letter: SignInLetter),
        /// Mail the owner that a training has ended, and how.
        "send-training-end" = SendTrainingEnd {
            model: Text<ModelId>,
            operation: Text<OperationId>,
        },
        /// Have the global book tell the operator.
        "alert" = Alert(alert: Alert),
        /// Tell the operator; a row of the global book, which counts what happens more than once.
        "notify" = Notify {
            alert: Alert,
            count: u32,
            /// When it happened last.
            at: Option<Timestamp>,
        },
        /// Look at an operation and bring it on.
        "look" = Look {
            operation: Text<OperationId>,
        },
        /// Was written while an operation had to be listed apart from holding what it may cost.
        "announce" = Announce {
            operation: Text<OperationId>,
        },
        /// Tell the global book what an operation came to, and through it the operator.
        "retire" = Retire {
            operation: Text<OperationId>,
            settled: Option<Settled>,
            trained: Option<Trained>,
            alert: Option<Alert>,
        },
        /// Tell the operator what happened on a day.
        "digest" = Digest {
            day: Timestamp,
        },
        /// Remove the photos of a model whose last training is long enough ago.
        "expire-photos" = ExpirePhotos {
            model: Text<ModelId>,
        },
        /// Give up the place of a photo that never arrived.
        "abandon-photo" = AbandonPhoto {
            photo: Text<PhotoKey>,
        },
        /// Once a day: look at everybody's things whose time is over, after this person; a row of
        /// the global book.
        "keep-terms" = KeepTerms {
            after: String,
        },
        "delete-file" = DeleteFile {
            path: String,
        },
        "delete-folder" = DeleteFolder {
            path: String,
        },
        /// Remove whatever lies at Bytescale of a model that is deleted.
        "erase-model" = EraseModel {
            model: Text<ModelId>,
        },
        /// The same once more, for what was under way while the model was deleted.
        "recheck-model" = RecheckModel {
            model: Text<ModelId>,
        },
        /// Remove what was on its way into a folder while that was removed.
        "delete-stragglers" = DeleteStragglers {
            path: String,
        },
        "delete-version" = DeleteVersion {
            version: String,
        },
        /// Stop a run at Replicate that nobody waits for any more, and remove what it has made.
        "cancel-run" = CancelRun {
            provider_id: String,
            training: bool,
        },
        /// Look whether everything of a deleted account is gone, and bring its receipt up to date.
        "conclude-deletion" = ConcludeDeletion {
            code: Text<DeletionCode>,
        },
    }
}

json_struct! {
    /// What the sign-in letter says; the row is removed with the letter's sending or the link's end.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct SignInLetter {
        pub to: String,
        pub token: String,
        pub code: String,
        /// The kind of browser that asked, in words.
        pub browser: String,
        pub asked_at: Timestamp,
        pub expires_at: Timestamp,
    }
}

json_struct! {
    /// Something the operator should know: what kind, how urgent, and the operation it is about. Never
    /// personal data.
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Alert {
        pub kind: String,
        pub priority: i8,
        pub about: String,
    }
}

impl Alert {
    #[expect(
        clippy::needless_pass_by_value,
        reason = "ids are small and made for this"
    )]
    pub fn new(kind: &str, about: impl ToString) -> Self {
        Self {
            kind: kind.to_owned(),
            priority: priority(kind),
            about: about.to_string(),
        }
    }
}

/// How urgent a kind is: 1 rings at night, 0 by day, -1 makes no sound.
fn priority(kind: &str) -> i8 {
    match kind {
        "address-collision" | "breaker-opened" | "internal-error" | "letters-exhausted"
        | "mail-account" | "mail-quota" | "replicate-account" | "spend-cap-reached"
        | "webhook-mismatch" => 1,
        "new-model" | "new-prediction" | "new-user" | "training-ready" => -1,
        _ => 0,
    }
}

impl Effect {
    /// The fixed id of the row; a mirror that is due already is not due twice.
    pub fn id(&self) -> String {
        match self {
            Self::MirrorUser => "mirror/user".to_owned(),
            Self::MirrorSession { session } => format!("mirror/session/{session}"),
            Self::MirrorModel { model } => format!("mirror/model/{model}"),
            Self::MirrorPrediction { prediction } => format!("mirror/prediction/{prediction}"),
            Self::MirrorAttempt => "mirror/attempt".to_owned(),
            Self::SendSignIn(_) => "letter/sign-in".to_owned(),
            Self::SendTrainingEnd { operation, .. } => format!("letter/training/{operation}"),
            Self::Alert(alert) => format!("alert/{}/{}", alert.kind, alert.about),
            Self::Notify { alert, .. } => format!("notify/{}", alert.kind),
            Self::Look { operation } => format!("look/{operation}"),
            Self::Announce { operation } => format!("announce/{operation}"),
            Self::Retire { operation, .. } => format!("retire/{operation}"),
            Self::Digest { day } => format!("digest/{day}"),
            Self::ExpirePhotos { model } => format!("expire/{model}"),
            Self::AbandonPhoto { photo } => format!("abandon/{photo}"),
            Self::KeepTerms { .. } => "keep-terms".to_owned(),
            Self::DeleteFile { path } => format!("delete-file{path}"),
            Self::DeleteFolder { path } => format!("delete-folder{path}"),
            Self::EraseModel { model } => format!("erase-model/{model}"),
            Self::RecheckModel { model } => format!("recheck-model/{model}"),
            Self::DeleteStragglers { path } => format!("delete-stragglers{path}"),
            Self::DeleteVersion { version } => format!("delete-version/{version}"),
            Self::CancelRun { provider_id, .. } => format!("cancel/{provider_id}"),
            Self::ConcludeDeletion { code } => format!("conclude-deletion/{code}"),
        }
    }

    /// Whether it takes something away and has looked that it is gone when it is done.
    pub const fn removes(&self) -> bool {
        matches!(
            self,
            Self::MirrorSession { .. }
                | Self::DeleteFile { .. }
                | Self::DeleteFolder { .. }
                | Self::DeleteStragglers { .. }
                | Self::EraseModel { .. }
                | Self::DeleteVersion { .. }
                | Self::CancelRun { .. }
        )
    }

    /// How long it may be tried for; nothing when there is no such limit. A letter of which we do not
    /// know whether it went out is safe to send again only while its id is remembered where it
    /// goes, and that is a day.
    pub const fn repeats_for_s(&self) -> Option<u64> {
        match self {
            Self::SendSignIn(_) | Self::SendTrainingEnd { .. } => Some(23 * 3600),
            _ => None,
        }
    }

    /// How often it is tried again before it is given up; nothing when it is never given up.
    pub const fn repeats(&self) -> Option<u32> {
        match self {
            Self::SendSignIn(_) | Self::SendTrainingEnd { .. } | Self::Alert(_) => Some(5),
            // Pushover wants no more, and shuts out whoever insists.
            Self::Notify { .. } | Self::Digest { .. } => Some(3),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_wait_rings_and_what_is_good_news_makes_no_sound() {
        for (kind, priority) in [
            ("breaker-opened", 1),
            ("replicate-account", 1),
            ("spend-cap-reached", 1),
            ("training-failed", 0),
            ("webhook-lost", 0),
            ("new-user", -1),
            ("training-ready", -1),
        ] {
            assert_eq!(Alert::new(kind, "x").priority, priority, "{kind}");
        }
    }
}
