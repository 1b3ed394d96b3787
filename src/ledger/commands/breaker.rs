//! The breakers of the providers, over all isolates: what costs money is asked of nobody who fails.

use super::super::rows::Breaker;
use super::super::{Alert, Command, Page, Refusal};
use super::global::tell;
use crate::domain::breaker;
use crate::ports::json::{json_enum, json_struct};
use crate::records::SCHEMA;

/// The only provider whose calls cost money one by one.
pub const REPLICATE: &str = "replicate";
/// By which the operator is told. Its own trouble is not told: a message that is refused would be
/// followed by the next about that refusal, for as long as it lasts.
const OPERATORS: &str = "pushover";
/// An account in trouble is not mended in seconds.
const ACCOUNT_REST_S: u64 = 300;
/// An isolate that has had enough of a provider says so for all.
const REST_S: u64 = 30;

fn find(page: &Page<'_>, provider: &str) -> Result<Option<breaker::Breaker>, Refusal> {
    let row = page.find::<Breaker>(provider)?;
    Ok(row.map(|row| breaker::Breaker {
        failures: row.failures,
        open_until: row.open_until,
    }))
}

fn save(page: &mut Page<'_>, provider: &str, breaker: breaker::Breaker) {
    let row = Breaker {
        schema: SCHEMA,
        failures: breaker.failures,
        open_until: breaker.open_until,
    };
    page.put(provider, &row);
}

/// Lets a call pass, and says whether the provider failed lately.
pub(super) fn admit(page: &mut Page<'_>, provider: &str) -> Result<bool, Refusal> {
    let Some(mut breaker) = find(page, provider)? else {
        return Ok(false);
    };
    let admitted = breaker.admit(page.now());
    admitted.map_err(|retry_after_s| Refusal::Resting { retry_after_s })?;
    save(page, provider, breaker);
    Ok(true)
}

json_enum! {
    /// How a call of a provider went.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub enum Went {
        "well" = Well,
        /// It failed, or its answer was lost.
        "badly" = Badly,
        /// Our account there is not served.
        "account" = Account,
        /// So badly and so often that an isolate asks it no more.
        "resting" = Resting,
    }
}

json_struct! {
    /// Counts a call of a provider.
    pub struct ReportCall {
        pub provider: String,
        pub went: Went,
    }
}

impl Command for ReportCall {
    const NAME: &'static str = "report-call";
    type Reply = ();

    fn run(self, page: &mut Page<'_>) -> Result<(), Refusal> {
        if self.went == Went::Well {
            page.remove::<Breaker>(&self.provider);
            return Ok(());
        }
        let now = page.now();
        let mut breaker = find(page, &self.provider)?.unwrap_or_default();
        let opened = match self.went {
            Went::Account => {
                breaker.rest(now, ACCOUNT_REST_S);
                // The account's own alert says more.
                false
            }
            Went::Resting => {
                breaker.rest(now, REST_S);
                true
            }
            Went::Well | Went::Badly => breaker.fail(now),
        };
        save(page, &self.provider, breaker);
        if opened && self.provider != OPERATORS {
            tell(page, Alert::new("breaker-opened", self.provider))?;
        }
        Ok(())
    }
}

json_struct! {
    /// The providers that are not asked now.
    pub struct ListBreakers {}
}

impl Command for ListBreakers {
    const NAME: &'static str = "list-breakers";
    type Reply = Vec<String>;

    fn run(self, page: &mut Page<'_>) -> Result<Vec<String>, Refusal> {
        let now = page.now();
        let rows = page.list_from::<Breaker>("", "", 100)?;
        Ok(rows
            .into_iter()
            .filter(|(_, row)| row.open_until.is_some_and(|until| now < until))
            .map(|(provider, _)| provider)
            .collect())
    }
}
