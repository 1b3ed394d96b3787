//! Six bugs that the product does not have, put between it and its books and providers, to prove
//! that the simulation would find them.

use selfie::domain::operation::Phase;
use selfie::ledger::Kind;
use selfie::ports::{Book, Fault, Kv, Ledger, Namespace};
use selfie::records::{self, Operation};

use crate::platform::Sim;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bug {
    /// An idempotency key is never recognised.
    SkipDedupe,
    /// A creation that was not answered in time is asked for again.
    PostTwice,
    /// The end of an operation is booked as often as it is reported.
    SettleTwice,
    /// What came to nothing is not given back.
    ForgetRelease,
    /// A session is believed as KV last showed it, also where the ledger decides.
    TrustStale,
    /// An effect is removed when it is taken, and not when it is done.
    DropEffect,
}

impl Bug {
    pub const ALL: [Self; 6] = [
        Self::SkipDedupe,
        Self::PostTwice,
        Self::SettleTwice,
        Self::ForgetRelease,
        Self::TrustStale,
        Self::DropEffect,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::SkipDedupe => "skip-dedupe",
            Self::PostTwice => "post-twice",
            Self::SettleTwice => "settle-twice",
            Self::ForgetRelease => "forget-release",
            Self::TrustStale => "trust-stale",
            Self::DropEffect => "drop-effect",
        }
    }
}

/// Whether a request would begin a paid run.
pub fn creates(request: &http::Request<Vec<u8>>) -> bool {
    let path = request.uri().path();
    request.method() == http::Method::POST
        && path.contains("/replicate/")
        && (path.ends_with("/predictions") || path.ends_with("/trainings"))
}

/// Brings a message to a book, with the bug of this history on the way, and has it witnessed.
pub async fn post(sim: &Sim, book: &Book, mut message: String) -> Result<String, Fault> {
    let command = message.lines().next().unwrap_or_default().to_owned();
    match sim.bug {
        Some(Bug::SkipDedupe) if command.starts_with("reserve-") => {
            message = with_another_key(sim, &message);
        }
        Some(Bug::TrustStale) => message = without_caller(sim, message).await,
        _ => {}
    }
    let before = Before::look(sim, book);
    let answer = sim.fake.post(book, message.clone()).await;
    match sim.bug {
        Some(Bug::SettleTwice) if before.ended(sim, book, |end| end == Phase::Succeeded) => {
            before.put_back(sim, book, Kind::Operation);
            let unhooked = without_hook(&message);
            // What is settled here a second time was answered the first time.
            let _ = sim.fake.post(book, unhooked).await;
        }
        Some(Bug::ForgetRelease) if before.ended(sim, book, |end| end != Phase::Succeeded) => {
            before.put_back(sim, book, Kind::Tally);
        }
        Some(Bug::DropEffect) if command == "take-due" => {
            for (key, value) in sim.fake.rows_of(book, Kind::Outbox) {
                if !value.contains("\"leased_at\":null") {
                    sim.fake.plant_row(book, Kind::Outbox, &key, None);
                }
            }
        }
        _ => {}
    }
    sim.witness
        .borrow_mut()
        .look(&sim.fake, book, &command, answer.as_deref().ok());
    answer
}

fn with_another_key(sim: &Sim, message: &str) -> String {
    const FIELD: &str = "\"key_sha256\":\"";
    let Some((head, tail)) = message.split_once(FIELD) else {
        return message.to_owned();
    };
    let fresh = sim.chance.borrow_mut().draw();
    format!("{head}{FIELD}{fresh:016x}{}", &tail[16..])
}

async fn without_caller(sim: &Sim, message: String) -> String {
    let mut lines = message.splitn(3, '\n');
    let (Some(command), Some(caller), Some(body)) = (lines.next(), lines.next(), lines.next())
    else {
        return message;
    };
    let session = caller.split(' ').next().unwrap_or_default();
    let kept = sim.fake.get(Namespace::Sessions, session).await;
    if session.is_empty() || kept.ok().flatten().is_none() {
        return message;
    }
    format!("{command}\n\n{body}")
}

fn without_hook(message: &str) -> String {
    const FIELD: &str = "\"hook\":\"";
    match message.split_once(FIELD) {
        Some((head, tail)) => {
            let (_, rest) = tail.split_once('"').unwrap_or_default();
            format!("{head}\"hook\":null{rest}")
        }
        None => message.to_owned(),
    }
}

/// What a book said before a message, kept only for the bugs that bring it back.
struct Before(Vec<(Kind, String, String)>);

impl Before {
    fn look(sim: &Sim, book: &Book) -> Self {
        let wanted = matches!(sim.bug, Some(Bug::SettleTwice | Bug::ForgetRelease));
        let kinds = [Kind::Operation, Kind::Tally];
        let rows = |kind| {
            let rows = sim.fake.rows_of(book, kind).into_iter();
            rows.map(move |(key, value)| (kind, key, value))
        };
        Self(
            kinds
                .into_iter()
                .filter(|_| wanted)
                .flat_map(rows)
                .collect(),
        )
    }

    /// Whether an operation has ended like this since.
    fn ended(&self, sim: &Sim, book: &Book, like: impl Fn(Phase) -> bool) -> bool {
        let phase = |text: &str| records::read::<Operation>(text).map(|o| Phase::from(o.phase));
        let now = sim.fake.rows_of(book, Kind::Operation);
        let open = self.0.iter().filter(|(kind, _, text)| {
            *kind == Kind::Operation && phase(text).is_some_and(|phase| !phase.is_final())
        });
        open.into_iter().any(|(_, key, _)| {
            let after = now.iter().find(|(known, _)| known == key);
            let after = after.and_then(|(_, text)| phase(text));
            after.is_some_and(|after| after.is_final() && like(after))
        })
    }

    fn put_back(&self, sim: &Sim, book: &Book, kind: Kind) {
        for (_, key, text) in self.0.iter().filter(|(known, _, _)| *known == kind) {
            sim.fake.plant_row(book, kind, key, Some(text));
        }
    }
}
