//! How often something may be done: the moments at which it was, one row for each limit and whom it
//! limits. A row is forgotten when nothing in it counts any more.

use super::super::rows::Recent;
use super::super::{Alert, Command, Page, Refusal};
use super::global::Tell;
use crate::domain::timestamp::Timestamp;
use crate::ports::json::{json_enum, json_struct};
use crate::records::SCHEMA;

/// Within so many seconds, at most so many.
type Limit = (u64, usize);

/// Requests for a sign-in letter by one client.
const LINKS: &[Limit] = &[(60, 10), (3600, 30)];
/// Attempts to confirm one by one client.
const CONFIRMATIONS: &[Limit] = &[(60, 10)];
/// Sign-in letters to all addresses together.
const LETTERS: &[Limit] = &[(3600, 200)];

/// Counts one more, or says when one more would be within all limits.
pub(super) fn count(
    page: &mut Page<'_>,
    key: &str,
    limits: &[Limit],
) -> Result<Option<Timestamp>, Refusal> {
    let now = page.now();
    let longest_s = limits.iter().fold(0, |longest, (s, _)| longest.max(*s));
    let mut recent: Recent = page.find(key)?.unwrap_or_default();
    recent
        .moments
        .retain(|moment| moment.plus_s(longest_s) > now);
    // The moments are in order: of `most` in a row, the first must be past its time.
    let free_at = limits.iter().filter_map(|(seconds, most)| {
        let place = recent.moments.len().checked_sub(*most)?;
        Some(recent.moments.get(place)?.plus_s(*seconds))
    });
    if let Some(free_at) = free_at.max().filter(|free_at| *free_at > now) {
        return Ok(Some(free_at));
    }
    recent.schema = SCHEMA;
    recent.moments.push(now);
    page.put_until(key, &recent, now.plus_s(longest_s));
    Ok(None)
}

json_enum! {
    /// What a client asks for.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub enum Asked {
        "link" = Link,
        "confirmation" = Confirmation,
    }
}

json_struct! {
    /// Whether a client may ask for this once more; counted over all people, in the global book.
    pub struct Admit {
        pub asked: Asked,
        /// Who is asking: a code that stands for an address and does not tell it.
        pub client: String,
    }
}

json_enum! {
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub enum Admitted {
        /// This client asks too often.
        "too-often" = TooOften {
            free_at: Timestamp,
        },
        /// All clients together do.
        "full" = Full {
            free_at: Timestamp,
        },
        "yes" = Yes,
    }
}

impl Command for Admit {
    const NAME: &'static str = "admit";
    type Reply = Admitted;

    fn run(self, page: &mut Page<'_>) -> Result<Admitted, Refusal> {
        let (kind, limits) = match self.asked {
            Asked::Link => ("link/", LINKS),
            Asked::Confirmation => ("confirmation/", CONFIRMATIONS),
        };
        if let Some(free_at) = count(page, &(kind.to_owned() + &self.client), limits)? {
            return Ok(Admitted::TooOften { free_at });
        }
        if self.asked == Asked::Link
            && let Some(free_at) = count(page, "letters", LETTERS)?
        {
            let alert = Alert::new("letters-exhausted", "mail");
            Tell { alert }.run(page)?;
            return Ok(Admitted::Full { free_at });
        }
        Ok(Admitted::Yes)
    }
}
