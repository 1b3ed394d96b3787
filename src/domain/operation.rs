//! A paid run at a provider, from the reservation to its end.
//!
//! ```text
//! reserved ─► submitted ─► starting ─► processing ─► saving ─► succeeded
//!     │            ▲           (every arrow may skip ahead)
//!     └► unknown ──┘      any open phase ─► failed | canceled
//! ```
//!
//! Polls, webhooks and the sweep all go through [`Phase::observe`], which only moves forward and
//! absorbs everything once final, so a repeated, late or reordered report is harmless.

/// Where an operation stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// Accepted and paid for in our books; the provider has not been asked, or is being asked.
    Reserved,
    /// The provider was asked and the answer was lost: it is looked for, never asked again.
    Unknown,
    /// The provider has given it an id.
    Submitted,
    /// It waits for a machine.
    Starting,
    Processing,
    /// The provider is done; what it made is being brought into our store.
    Saving,
    Succeeded,
    Failed(Reason),
    Canceled,
}

/// Why an operation failed, in the words of the API.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    ProviderError,
    NoSafeImage,
    Timeout,
    DataLost,
    BadPhotos,
}

/// What a look at the provider showed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Seen {
    /// The provider was asked and did not answer intelligibly.
    Nothing,
    /// It has an id there.
    Accepted,
    Starting,
    Processing,
    /// It is done and left something to be brought in.
    Finished,
    /// What it left is in our store, or it left nothing that needs storing.
    Stored,
    Failed(Reason),
    Canceled,
}

impl Phase {
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed(_) | Self::Canceled)
    }

    const fn rank(self) -> u8 {
        match self {
            Self::Reserved => 0,
            Self::Unknown => 1,
            Self::Submitted => 2,
            Self::Starting => 3,
            Self::Processing => 4,
            Self::Saving => 5,
            Self::Succeeded | Self::Failed(_) | Self::Canceled => 6,
        }
    }

    /// The phase after a look: further on, or unchanged.
    #[must_use]
    pub const fn observe(self, seen: Seen) -> Self {
        let next = match seen {
            Seen::Nothing => Self::Unknown,
            Seen::Accepted => Self::Submitted,
            Seen::Starting => Self::Starting,
            Seen::Processing => Self::Processing,
            Seen::Finished => Self::Saving,
            Seen::Stored => Self::Succeeded,
            Seen::Failed(reason) => Self::Failed(reason),
            Seen::Canceled => Self::Canceled,
        };
        if next.rank() > self.rank() {
            next
        } else {
            self
        }
    }
}

impl Reason {
    pub const ALL: [Self; 5] = [
        Self::ProviderError,
        Self::NoSafeImage,
        Self::Timeout,
        Self::DataLost,
        Self::BadPhotos,
    ];

    pub const fn slug(self) -> &'static str {
        match self {
            Self::ProviderError => "provider-error",
            Self::NoSafeImage => "no-safe-image",
            Self::Timeout => "timeout",
            Self::DataLost => "data-lost",
            Self::BadPhotos => "bad-photos",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_reason_has_the_word_that_clients_know_it_by() {
        assert_eq!(
            Reason::ALL.map(Reason::slug),
            [
                "provider-error",
                "no-safe-image",
                "timeout",
                "data-lost",
                "bad-photos"
            ]
        );
    }

    fn reason() -> impl Strategy<Value = Reason> {
        prop_oneof![
            Just(Reason::ProviderError),
            Just(Reason::NoSafeImage),
            Just(Reason::Timeout),
            Just(Reason::DataLost),
            Just(Reason::BadPhotos),
        ]
    }

    fn seen() -> impl Strategy<Value = Seen> {
        prop_oneof![
            Just(Seen::Nothing),
            Just(Seen::Accepted),
            Just(Seen::Starting),
            Just(Seen::Processing),
            Just(Seen::Finished),
            Just(Seen::Stored),
            reason().prop_map(Seen::Failed),
            Just(Seen::Canceled),
        ]
    }

    fn after(reports: &[Seen]) -> Phase {
        reports
            .iter()
            .fold(Phase::Reserved, |phase, seen| phase.observe(*seen))
    }

    proptest! {
        #[test]
        fn no_report_moves_an_operation_back(reports in prop::collection::vec(seen(), 0..20)) {
            let mut phase = Phase::Reserved;
            for seen in reports {
                let next = phase.observe(seen);
                prop_assert!(next.rank() >= phase.rank());
                if phase.is_final() { prop_assert_eq!(next, phase); }
                phase = next;
            }
        }

        #[test]
        fn repeated_reports_change_nothing(reports in prop::collection::vec(seen(), 1..20)) {
            let twice: Vec<Seen> = reports.iter().flat_map(|seen| [*seen, *seen]).collect();
            prop_assert_eq!(after(&reports), after(&twice));
        }

        /// One run has one end; in whatever order its reports arrive, that end is reached.
        #[test]
        fn the_order_of_delivery_does_not_matter(
            end in prop_oneof![
                Just(Seen::Stored), reason().prop_map(Seen::Failed), Just(Seen::Canceled)
            ],
            order in Just(vec![0_usize, 1, 2, 3, 4, 4, 3]).prop_shuffle(),
        ) {
            let set = [Seen::Accepted, Seen::Starting, Seen::Processing, Seen::Nothing, end];
            let delivered: Vec<Seen> = order.iter().map(|i| set[*i]).collect();
            prop_assert_eq!(after(&delivered), after(&[end]));
        }
    }

    #[test]
    fn a_lost_answer_is_only_unknown_until_the_provider_is_heard() {
        assert_eq!(after(&[Seen::Nothing]), Phase::Unknown);
        assert_eq!(after(&[Seen::Nothing, Seen::Accepted]), Phase::Submitted);
        assert_eq!(after(&[Seen::Accepted, Seen::Nothing]), Phase::Submitted);
    }
}
