//! The world of the stand-ins: the clock, the providers' state, the scripts and everything that was recorded.
//! It must never sleep, open a socket or read the real time; whoever owns it moves its clock and carries its webhooks.

use crate::bytescale::{self, Bytescale, StoredFile};
use crate::facebook::Facebook;
use crate::pushover::{Alert, Pushover};
use crate::random::Random;
use crate::replicate::{self, Delivery, JobReport, Replicate};
use crate::resend::{Letter, Resend};
use crate::script::{Behaviour, Script, Scripts};
use crate::settings::Settings;
use crate::switch::{Switches, UnknownSwitch};
use crate::turnstile::Turnstile;
use crate::wire::Incoming;

/// One request that a provider received.
#[derive(Debug, Clone)]
pub struct Call {
    pub provider: &'static str,
    pub method: String,
    /// Path and query below the provider's prefix.
    pub path: String,
    pub body: Vec<u8>,
    /// The answer's status; none when there was no whole answer.
    pub status: Option<u16>,
    pub at_ms: u64,
}

/// All providers of one run.
#[derive(Debug)]
pub struct World {
    pub(crate) settings: Settings,
    pub(crate) now_ms: u64,
    pub(crate) random: Random,
    pub(crate) switches: Switches,
    pub(crate) scripts: Scripts,
    pub(crate) calls: Vec<Call>,
    pub(crate) violations: Vec<String>,
    /// How long the answer that is being made is held back.
    pub(crate) answer_delay_ms: u64,
    /// Whether the connection is cut instead of the answer that is being made.
    pub(crate) cuts_answer: bool,
    pub(crate) replicate: Replicate,
    pub(crate) bytescale: Bytescale,
    pub(crate) resend: Resend,
    pub(crate) pushover: Pushover,
    pub(crate) facebook: Facebook,
    pub(crate) turnstile: Turnstile,
}

impl World {
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            now_ms: settings.now_ms,
            random: Random::new(settings.seed),
            switches: Switches::default(),
            scripts: Scripts::default(),
            calls: Vec::new(),
            violations: Vec::new(),
            answer_delay_ms: 0,
            cuts_answer: false,
            replicate: Replicate::new(&settings),
            bytescale: Bytescale::new(&settings),
            resend: Resend::default(),
            pushover: Pushover::default(),
            facebook: Facebook::default(),
            turnstile: Turnstile::default(),
            settings,
        }
    }

    #[must_use]
    pub fn now_ms(&self) -> u64 {
        self.now_ms
    }

    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Moves the clock; everything that falls due on the way happens at its own instant.
    pub fn advance(&mut self, ms: u64) {
        let until = self.now_ms.saturating_add(ms);
        self.settle(until);
        self.now_ms = until;
    }

    /// Lets everything happen that is due now.
    pub(crate) fn settle_now(&mut self) {
        self.settle(self.now_ms);
    }

    fn settle(&mut self, until: u64) {
        replicate::settle(self, until);
        self.resend.settle(until);
        bytescale::settle(self, until);
    }

    /// The webhooks that are due, signed for this moment; each is to be reported back.
    pub fn take_deliveries(&mut self) -> Vec<Delivery> {
        self.settle_now();
        replicate::take_deliveries(self)
    }

    /// Tells how a delivery went; none is no connection or no answer in time.
    pub fn report_delivery(&mut self, id: u64, status: Option<u16>) {
        self.replicate.report_delivery(id, status, self.now_ms);
    }

    /// When the next webhook or change of a job is due.
    #[must_use]
    pub fn next_due_ms(&self) -> Option<u64> {
        self.replicate.next_due_ms()
    }

    #[must_use]
    pub fn calls(&self) -> &[Call] {
        &self.calls
    }

    pub fn clear_calls(&mut self) {
        self.calls.clear();
    }

    /// The letters that arrived.
    #[must_use]
    pub fn letters(&self) -> &[Letter] {
        self.resend.letters()
    }

    #[must_use]
    pub fn alerts(&self) -> &[Alert] {
        self.pushover.alerts()
    }

    /// Everything that is stored at Bytescale, in the order of the paths.
    pub fn files(&self) -> impl Iterator<Item = &StoredFile> {
        self.bytescale.files(self.now_ms)
    }

    pub fn script(&mut self, script: Script) {
        self.scripts.add(script);
    }

    pub fn clear_scripts(&mut self) {
        self.scripts.clear();
    }

    /// Chooses a reality where a contract leaves several.
    ///
    /// # Errors
    /// When there is no such switch or it has no such value.
    pub fn set_switch(&mut self, name: &str, value: &str) -> Result<(), UnknownSwitch> {
        self.switches.set(name, value)
    }

    /// Every switch with its value and all its values.
    pub fn switches(
        &self,
    ) -> impl Iterator<Item = (&'static str, &'static str, &'static [&'static str])> {
        self.switches.all()
    }

    /// Everything that a contract says must never happen.
    #[must_use]
    pub fn violations(&self) -> &[String] {
        &self.violations
    }

    /// What all jobs so far would have cost, in US dollars.
    #[must_use]
    pub fn dollars(&self) -> f64 {
        self.replicate.dollars()
    }

    /// Every training and prediction, oldest first.
    #[must_use]
    pub fn jobs(&self) -> Vec<JobReport> {
        self.replicate.reports(self.now_ms)
    }

    pub(crate) fn violate(&mut self, what: String) {
        self.violations.push(what);
    }

    pub(crate) fn effects(&mut self, provider: &str, request: &Incoming) -> Vec<Behaviour> {
        self.scripts.effects(provider, request)
    }
}
