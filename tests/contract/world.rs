//! One run of the product with its providers: the clock, the alarms, the webhooks and the cron.
//! It moves time only when a test says so, and everything that falls due happens at its own moment.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use selfie::api::{self, Content, Reply};
use selfie::app::run_outbox::run_outbox;
use selfie::app::sweep::{Swept, sweep};
use selfie::app::{App, Error, export_account};
use selfie::config::Config;
use selfie::domain::ownership::SignedIn;
use selfie::domain::timestamp::Timestamp;
use selfie::fake::{self, Fake};
use selfie::ports::Platform;
use stand_ins::{JobReport, Script};

use crate::answer::Answer;
use crate::browser::Browser;
use crate::document::Sent;
use crate::internet::{Outside, connect};
use crate::secrets::Secrets;

/// 4 March 2026, ten in the morning: far from the midnight at which quotas begin anew.
const START_MS: u64 = 1_772_618_400_000;
const TRAINING_MS: u64 = 80_000;
const PREDICTION_MS: u64 = 8_000;
pub const SECOND: u64 = 1000;
pub const MINUTE: u64 = 60 * SECOND;
pub const HOUR: u64 = 60 * MINUTE;

pub struct World {
    pub fake: Rc<Fake>,
    pub config: Config,
    pub outside: Rc<Outside>,
    /// The status of every webhook that was delivered, in order.
    pub heard: RefCell<Vec<u16>>,
    /// How many alarms rang, and how many messages books sent themselves from them.
    pub alarms: Cell<u64>,
    pub own_messages: Cell<u64>,
    pub secrets: Secrets,
    asked: RefCell<u64>,
}

/// Everything that a refusal must leave as it was.
#[derive(PartialEq, Debug)]
pub struct Traces {
    rows: Vec<(String, String)>,
    kv: Vec<(String, String)>,
    calls: usize,
}

impl World {
    pub fn new() -> Self {
        Self::with(&[])
    }

    /// A world where the operator has set other values.
    pub fn with(changes: &[(&str, &str)]) -> Self {
        let config = fake::config(changes).unwrap();
        let settings = stand_ins::Settings {
            app_origin: Some(config.app_origin.clone()),
            now_ms: START_MS,
            training_ms: TRAINING_MS,
            prediction_ms: PREDICTION_MS,
            ..stand_ins::Settings::default()
        };
        let outside = Rc::new(Outside::new(stand_ins::World::new(settings)));
        let now = Timestamp::from_ms(START_MS);
        let fake = Fake::new(7, now, config.rules.clone(), connect(Rc::clone(&outside)));
        let fake = Rc::new(fake);
        Self {
            fake,
            config,
            outside,
            heard: RefCell::default(),
            alarms: Cell::default(),
            own_messages: Cell::default(),
            secrets: Secrets::of_the_operator(),
            asked: RefCell::default(),
        }
    }

    pub fn app(&self) -> App<'_, Fake> {
        App::new(&self.fake, &self.config)
    }

    pub fn browser(&self, email: &'static str) -> Browser<'_> {
        Browser::new(self, email)
    }

    /// Somebody who has signed in and accepted the text.
    pub fn person(&self, email: &'static str) -> Browser<'_> {
        let browser = self.browser(email);
        browser.signs_in();
        browser.consents();
        browser
    }

    pub fn ana(&self) -> Browser<'_> {
        self.person("ana@example.com")
    }

    pub fn ben(&self) -> Browser<'_> {
        self.person("ben@example.com")
    }

    /// One more than the last time, for keys and photos that must differ.
    pub fn number(&self) -> u64 {
        *self.asked.borrow_mut() += 1;
        *self.asked.borrow()
    }

    pub fn now_ms(&self) -> u64 {
        self.fake.now().as_ms()
    }

    /// Brings a request before the product as the edge would.
    pub fn handle(&self, request: http::Request<Vec<u8>>) -> Answer {
        self.secrets.learn_from_request(&request);
        let sent = Sent::of(&request);
        let reply: Reply = fake::run(api::handle(&*self.fake, Ok(&self.config), request));
        let answer = Answer::of(reply.map(|content| match content {
            Content::Export(who) => Content::Bytes(self.export(&who)),
            content => content,
        }));
        self.secrets.learn_from_answer(&answer);
        sent.must_be_answered_as_documented(&answer);
        answer
    }

    /// What the edge would let the product write; broken off, it is what was written until then.
    fn export(&self, who: &SignedIn) -> Vec<u8> {
        let mut archive = Vec::new();
        let written = fake::run(export_account::write(self.app(), who, &mut archive));
        assert_eq!(
            written.is_ok(),
            archive.windows(4).any(|end| end == b"PK\x05\x06")
        );
        archive
    }

    /// Lets everything happen that is due now, until nothing is.
    pub fn settle(&self) {
        for _ in 0..10_000 {
            let alarms = self.run_due_alarms();
            let webhooks = self.deliver_due_webhooks();
            if !alarms && !webhooks {
                return;
            }
        }
        panic!("this world never comes to rest");
    }

    /// Runs the alarms that are due and nothing else.
    pub fn run_due_alarms(&self) -> bool {
        let mut any = false;
        for _ in 0..10_000 {
            let due = self
                .fake
                .next_alarm()
                .filter(|(due, _)| *due <= self.fake.now());
            let Some((_, book)) = due else { return any };
            any = true;
            // A ledger that fails is asked again, as the runtime repeats an alarm that failed.
            let own = || {
                let messages = self.fake.ledger_messages();
                messages.get(&book).copied().unwrap_or_default()
            };
            let before = own();
            self.fake.ring(&book, false);
            let outcome = fake::run(run_outbox(self.app(), &book));
            self.fake.ring(&book, true);
            self.alarms.set(self.alarms.get() + 1);
            self.own_messages
                .set(self.own_messages.get() + own() - before);
            assert!(
                matches!(outcome, Ok(()) | Err(Error::StorageUnavailable)),
                "{outcome:?}"
            );
        }
        panic!("these alarms never end");
    }

    /// Delivers the webhooks that are due and nothing else.
    pub fn deliver_due_webhooks(&self) -> bool {
        self.outside.follow(self.now_ms());
        let deliveries = self.outside.world().take_deliveries();
        let any = !deliveries.is_empty();
        for delivery in deliveries {
            let status = self.handle(delivery.request).status;
            self.heard.borrow_mut().push(status);
            self.outside.follow(self.now_ms());
            self.outside
                .world()
                .report_delivery(delivery.id, Some(status));
        }
        any
    }

    /// Lets time pass; whatever falls due on the way happens at its moment.
    pub fn advance(&self, ms: u64) {
        let end = self.now_ms() + ms;
        loop {
            self.settle();
            let alarm = self.fake.next_alarm().map(|(due, _)| due.as_ms());
            let webhook = self.outside.next_due_ms();
            let next = alarm
                .into_iter()
                .chain(webhook)
                .min()
                .filter(|next| *next <= end);
            let Some(next) = next else { break };
            self.skip_to(next.max(self.now_ms()));
        }
        self.skip_to(end);
        self.settle();
    }

    /// Lets time pass at the provider while nothing of ours runs: no alarm, no webhook arrives.
    pub fn sleep(&self, ms: u64) {
        self.skip_to(self.now_ms() + ms);
    }

    fn skip_to(&self, ms: u64) {
        self.fake.set_now(Timestamp::from_ms(ms));
        self.outside.follow(self.now_ms());
    }

    pub fn sweep(&self) -> Swept {
        fake::run(sweep(self.app())).unwrap()
    }

    /// From now on this happens at a provider.
    pub fn script(&self, script: Script) {
        self.outside.world().script(script);
    }

    pub fn jobs(&self) -> Vec<JobReport> {
        self.outside.follow(self.now_ms());
        self.outside.world().jobs()
    }

    pub fn jobs_of(&self, kind: &str) -> Vec<JobReport> {
        self.jobs()
            .into_iter()
            .filter(|job| job.kind == kind)
            .collect()
    }

    /// How many requests a provider has had whose `METHOD path` contains this.
    pub fn count_calls(&self, provider: &str, part: &str) -> usize {
        let world = self.outside.world();
        let calls = world
            .calls()
            .iter()
            .filter(|call| call.provider == provider);
        calls
            .filter(|call| format!("{} {}", call.method, call.path).contains(part))
            .count()
    }

    /// How many alerts the operator got whose text contains this.
    pub fn count_alerts(&self, part: &str) -> usize {
        let world = self.outside.world();
        world
            .alerts()
            .iter()
            .filter(|alert| format!("{alert:?}").contains(part))
            .count()
    }

    /// The status of a request that somebody makes to a provider directly.
    pub fn fetches(&self, url: &str) -> u16 {
        self.outside.follow(self.now_ms());
        let request = http::Request::get(url).body(Vec::new()).unwrap();
        match stand_ins::handle(&mut self.outside.world(), request) {
            stand_ins::Reaction::Answer(response) => response.status().as_u16(),
            other => panic!("{other:?}"),
        }
    }

    pub fn letters_to(&self, email: &str) -> Vec<stand_ins::Letter> {
        let world = self.outside.world();
        world
            .letters()
            .iter()
            .filter(|letter| letter.to == [email])
            .cloned()
            .collect()
    }

    /// The bytes that lie at Bytescale under paths that contain this.
    pub fn stored(&self, part: &str) -> Vec<stand_ins::StoredFile> {
        let world = self.outside.world();
        world
            .files()
            .filter(|file| file.path.contains(part))
            .cloned()
            .collect()
    }

    /// What the log and the operator's messages tell of what nobody may read there.
    pub fn told_secrets(&self) -> Vec<String> {
        let world = self.outside.world();
        for letter in world.letters() {
            self.secrets.learn_from_letter(letter);
        }
        let alerts = world.alerts().iter();
        let alerts = alerts.map(|alert| format!("{:?} {}", alert.title, alert.message));
        let told = self.fake.lines().into_iter().chain(alerts);
        told.filter_map(|text| Some(format!("{}: {text}", self.secrets.found_in(&text)?)))
            .collect()
    }

    pub fn traces(&self) -> Traces {
        let calls = self.outside.world().calls().len();
        Traces {
            rows: self.fake.rows(),
            kv: self.fake.kv_entries(),
            calls,
        }
    }

    /// Does something that must leave no trace: nothing stored, nobody called.
    pub fn without_traces<T>(&self, act: impl FnOnce() -> T) -> T {
        let before = self.traces();
        let result = act();
        assert_eq!(self.traces(), before);
        result
    }
}

impl Drop for World {
    /// Whatever a test was about, no provider may have seen what its contract forbids.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.outside.world().violations(), [] as [String; 0]);
            assert_eq!(*self.outside.strays.borrow(), [] as [String; 0]);
            assert_eq!(self.told_secrets(), [] as [String; 0]);
        }
    }
}
