//! What all people together may spend in a day: held before a provider is asked, and settled once
//! with what it came to. For each day, what was reserved is what was settled, released, or is still
//! held for an open operation.

use super::super::rows::{Day, Open, Settled, WAIT_STEPS_S};
use super::super::{Alert, Command, Effect, Page, Refusal};
use super::breaker::{self, REPLICATE};
use super::global::tell;
use super::pace::{self, Trained, Usual};
use crate::domain::ids::{OperationId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::ports::Text;
use crate::ports::json::json_struct;
use crate::records::SCHEMA;

/// A day is kept so long after its end.
const KEPT_S: u64 = 7 * 86_400;
/// After the longest training, the digest waits this long for what is late.
const LATE_S: u64 = 600;
/// The operator is told when this part of the cap is used.
const WARN_PERCENT: u64 = 80;

/// The day that ends at that midnight; the first look at it lets its digest follow.
pub(super) fn of(page: &mut Page<'_>, midnight: Timestamp) -> Result<Day, Refusal> {
    if let Some(day) = page.find::<Day>(midnight)? {
        return Ok(day);
    }
    let digest = Effect::Digest { day: midnight };
    let longest_s = page.rules().training_timeout_s.saturating_add(LATE_S);
    page.enqueue_at(digest, midnight.plus_s(longest_s));
    Ok(Day {
        schema: SCHEMA,
        ..Day::default()
    })
}

pub(super) fn save(page: &mut Page<'_>, midnight: Timestamp, day: &Day) {
    page.put_until(midnight, day, midnight.plus_s(KEPT_S));
}

impl Day {
    /// What is spent, or held because it may be.
    const fn used(&self) -> u64 {
        self.reserved_micro_usd
            .saturating_sub(self.released_micro_usd)
    }

    /// Takes in what a held operation came to; a run that cost more than was held reserves the rest
    /// belatedly.
    fn settle(&mut self, held: u64, spent: u64) {
        let add = |sum: &mut u64, amount: u64| *sum = sum.saturating_add(amount);
        add(&mut self.settled_micro_usd, spent);
        add(&mut self.released_micro_usd, held.saturating_sub(spent));
        add(&mut self.reserved_micro_usd, spent.saturating_sub(held));
    }

    fn count(&mut self, training: bool, settled: &Settled) {
        let add = |sum: &mut u64, amount: u64| *sum = sum.saturating_add(amount);
        add(&mut self.failures, u64::from(settled.failed));
        if !settled.succeeded {
            return;
        }
        add(&mut self.unheard, u64::from(settled.unheard));
        add(&mut self.predict_time_us, settled.predict_time_us);
        if let Some(captions) = settled.captions {
            add(self.captions.get_or_insert_default(), captions);
            return;
        }
        let (runs, waits) = if training {
            (&mut self.trainings, &mut self.training_waits)
        } else {
            (&mut self.predictions, &mut self.prediction_waits)
        };
        add(runs, 1);
        waits.resize(WAIT_STEPS_S.len().saturating_add(1), 0);
        let waited_s = settled.waited_ms.div_ceil(1000);
        let step = WAIT_STEPS_S.partition_point(|most| *most < waited_s);
        if let Some(waited) = waits.get_mut(step) {
            add(waited, 1);
        }
        add(&mut self.images, settled.images);
    }
}

json_struct! {
    /// Holds what an operation may cost and lists it as open, or refuses because the day's cap is
    /// reached or Replicate is left alone for a while. Repeated for the same operation it holds nothing more.
    pub struct Hold {
        pub user: Text<UserId>,
        pub operation: Text<OperationId>,
        /// Of a training.
        pub preset: Option<String>,
        pub micro_usd: u64,
    }
}

json_struct! {
    /// What is known of others like it, and of Replicate.
    #[derive(Debug)]
    pub struct Held {
        pub usual: Option<Usual>,
        /// Replicate failed lately: how this call goes is to be reported, whichever way.
        pub troubled: bool,
    }
}

impl Command for Hold {
    const NAME: &'static str = "hold";
    type Reply = Held;

    fn run(self, page: &mut Page<'_>) -> Result<Held, Refusal> {
        let usual = match &self.preset {
            Some(preset) => pace::usual(page, preset)?,
            None => None,
        };
        if page.find::<Open>(*self.operation)?.is_some() {
            let troubled = false;
            return Ok(Held { usual, troubled });
        }
        let troubled = breaker::admit(page, REPLICATE)?;
        let midnight = page.now().next_midnight();
        let mut day = of(page, midnight)?;
        let used = day.used().saturating_add(self.micro_usd);
        if let Some(cap) = page.rules().spend_cap_micro_usd {
            if used > cap {
                return Err(Refusal::SpendCapReached);
            }
            let most = cap.saturating_mul(WARN_PERCENT) / 100;
            if used >= most && !day.warned {
                day.warned = true;
                tell(page, Alert::new("spend-at-80-percent", "today"))?;
            }
        }
        day.reserved_micro_usd = day.reserved_micro_usd.saturating_add(self.micro_usd);
        save(page, midnight, &day);
        let open = Open {
            schema: SCHEMA,
            user: self.user,
            operation: self.operation,
            since: page.now(),
            training: Some(self.preset.is_some()),
            held_micro_usd: Some(self.micro_usd),
            day: Some(midnight),
            missing_since: None,
        };
        page.put(open.operation.0, &open);
        Ok(Held { usual, troubled })
    }
}

json_struct! {
    /// Takes an operation that has ended off the list; what is held for it is spent or given back.
    /// Repeated it changes nothing more.
    pub struct Settle {
        pub operation: Text<OperationId>,
        pub settled: Option<Settled>,
        /// Of a training that succeeded.
        pub trained: Option<Trained>,
        /// What the operator is told.
        pub alert: Option<Alert>,
    }
}

impl Command for Settle {
    const NAME: &'static str = "settle";
    type Reply = ();

    fn run(self, page: &mut Page<'_>) -> Result<(), Refusal> {
        let Some(open) = page.find::<Open>(*self.operation)? else {
            return Ok(());
        };
        if let Some(trained) = &self.trained {
            pace::remember(page, trained)?;
        }
        if let Some(alert) = self.alert {
            tell(page, alert)?;
        }
        settle(page, &open, self.settled.as_ref())
    }
}

pub(super) fn settle(
    page: &mut Page<'_>,
    open: &Open,
    settled: Option<&Settled>,
) -> Result<(), Refusal> {
    page.remove::<Open>(*open.operation);
    // Without a day it was listed before there was a cap.
    let Some(midnight) = open.day else {
        return Ok(());
    };
    let Some(mut day) = page.find::<Day>(midnight)? else {
        return Ok(());
    };
    let spent = settled.map_or(0, |settled| settled.micro_usd);
    day.settle(open.held_micro_usd.unwrap_or_default(), spent);
    if let Some(settled) = settled {
        day.count(open.training == Some(true), settled);
    }
    save(page, midnight, &day);
    if settled.is_some_and(|settled| settled.unheard) {
        tell(page, Alert::new("webhook-lost", open.operation))?;
    }
    Ok(())
}

json_struct! {
    /// The day that ends at that midnight, if anything happened on it.
    pub struct ShowDay {
        pub day: Timestamp,
    }
}

impl Command for ShowDay {
    const NAME: &'static str = "show-day";
    type Reply = Option<Day>;

    fn run(self, page: &mut Page<'_>) -> Result<Option<Day>, Refusal> {
        page.find(self.day)
    }
}
