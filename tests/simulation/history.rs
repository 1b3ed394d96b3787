//! One history: people are let in, the plan is carried out, the trouble ends, and everything that
//! was begun is given its time.

use std::rc::Rc;

use selfie::fake::{self, LedgerFault, PutFault};

use crate::bug::Bug;
use crate::crew::Crew;
use crate::deed::Deed;
use crate::forgery;
use crate::people::Person;
use crate::plan::{PEOPLE, Plan, Step};
use crate::platform::Sim;
use crate::verdict;

/// 4 March 2026, eight in the morning: far from the midnight at which quotas begin anew.
const START_MS: u64 = 1_772_611_200_000;
const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
/// The longest that anything is tried again, and a training may take, together.
const PATIENCE_MS: u64 = 30 * HOUR;
const SETTINGS: [(&str, &str); 2] = [
    ("QUOTA_PREDICTIONS_PER_DAY", "6"),
    ("QUOTA_TRAININGS_PER_DAY", "3"),
];
const EMAILS: [&str; PEOPLE] = ["ana@example.com", "ben@example.com"];

pub struct Outcome {
    pub violations: Vec<String>,
    pub operations: usize,
    pub faults: usize,
}

pub struct History<'p> {
    pub plan: &'p Plan,
    pub crew: Crew,
    pub sim: Rc<Sim>,
    pub people: Vec<Rc<Person>>,
    faults: usize,
}

pub fn run(plan: &Plan, bug: Option<Bug>) -> Outcome {
    let config = fake::config(&SETTINGS).unwrap();
    let settings = stand_ins::Settings {
        app_origin: Some(config.app_origin.clone()),
        seed: plan.seed,
        now_ms: START_MS,
        training_ms: 80_000,
        prediction_ms: 8000,
        picture_divisor: 16,
        ..stand_ins::Settings::default()
    };
    let mut outside = stand_ins::World::new(settings);
    for (name, value) in &plan.realities {
        outside.set_switch(name, value).unwrap();
    }
    let sim = Rc::new(Sim::new(config, outside, plan.seed, bug));
    let mut history = History {
        plan,
        crew: Crew::new(Rc::clone(&sim)),
        people: EMAILS.into_iter().map(Person::new).collect(),
        sim,
        faults: 0,
    };
    history.let_people_in();
    for step in &plan.steps {
        history.take(step);
    }
    history.end_trouble();
    verdict::judge(&mut history);
    let witness = history.sim.witness.borrow();
    Outcome {
        violations: witness.violations.clone(),
        operations: witness.operations.len(),
        faults: history.faults,
    }
}

impl History<'_> {
    pub fn everybody(&self) -> Vec<(Rc<Sim>, Rc<Person>)> {
        let people = self.people.iter();
        people
            .map(|person| (Rc::clone(&self.sim), Rc::clone(person)))
            .collect()
    }

    /// Signs people in, gives each a model with photos, and trains the first one.
    fn let_people_in(&mut self) {
        for (number, (sim, person)) in (0..).zip(self.everybody()) {
            self.crew.let_somebody(None, async move {
                // Ids of models are times: nobody's may be somebody else's as well.
                sim.until(sim.now_ms() + 1777 * number).await;
                person.signs_in(&sim).await;
                person.consents(&sim).await;
                person.does(&sim, Deed::NewModel).await;
                for photo in 0..4 {
                    person.does(&sim, Deed::Upload { model: 0, photo }).await;
                }
            });
        }
        self.crew.let_people_finish(5 * MINUTE);
        if self.plan.trained {
            let (sim, person) = self.everybody().swap_remove(0);
            let deed = Deed::Train { model: 0, key: 0 };
            self.crew
                .let_somebody(None, async move { person.does(&sim, deed).await });
            self.crew.run_until(self.sim.now_ms() + 2 * MINUTE);
        }
        self.sim.fake.limit_puts();
        if self.plan.stale {
            self.sim.fake.make_kv_stale();
        }
    }

    fn take(&mut self, step: &Step) {
        let fake = &self.sim.fake;
        match step.clone() {
            Step::Do {
                who,
                deed,
                clicks,
                leaves,
            } => {
                for click in 0..clicks {
                    let (sim, person) = self.everybody().swap_remove(who);
                    // Only the first click is left alone: the others are answered.
                    let patience = leaves.filter(|_| click == 0);
                    self.crew
                        .let_somebody(patience, async move { person.does(&sim, deed).await });
                }
            }
            Step::Wait { ms } => self.crew.run_until(self.sim.now_ms() + ms),
            Step::Jump { ms } => self.sim.jump(ms),
            Step::Provider(script) => {
                self.faults += 1;
                self.sim.outside.borrow_mut().script(script);
            }
            Step::Ledger { after, fault } => {
                self.faults += 1;
                let passes = std::iter::repeat_n(LedgerFault::Pass, after);
                fake.fail_ledger(passes.chain([fault]));
            }
            Step::Write { after, fault } => {
                self.faults += 1;
                let passes = std::iter::repeat_n(PutFault::Pass, after);
                fake.fail_puts(passes.chain([fault]));
            }
            Step::Reads { failing } => {
                self.faults += 1;
                fake.fail_gets(failing);
            }
            Step::Evict => {
                self.faults += 1;
                self.crew.evict();
            }
            Step::Kill => {
                self.faults += 1;
                self.crew.kill();
            }
            Step::Sweep => self.crew.begin_sweep(),
            Step::Webhook { job, forgery } => {
                self.faults += 1;
                if let Some(request) = forgery::webhook(&self.sim, job, forgery) {
                    self.crew.begin_webhook(request);
                }
            }
        }
        let pause_ms = self.sim.below(400) as u64;
        self.crew.run_until(self.sim.now_ms() + pause_ms);
    }

    /// No new trouble; what was ordered before still behaves as it was told to.
    fn end_trouble(&mut self) {
        self.sim.outside.borrow_mut().clear_scripts();
        self.sim.fake.forget_faults();
        self.crew.let_people_finish(5 * MINUTE);
        self.rest();
        // Whoever never heard what became of a wish asks once more, under the same key.
        for (sim, person) in self.everybody() {
            self.crew.let_somebody(None, async move {
                person.signs_in(&sim).await;
                let wishes = person.known.borrow().wishes.clone();
                for wish in wishes.iter().filter(|wish| wish.accepted.is_empty()) {
                    person.wishes(&sim, wish).await;
                }
            });
        }
        self.crew.let_people_finish(10 * MINUTE);
        self.rest();
    }

    /// Lets everything come to its end.
    fn rest(&mut self) {
        let end_ms = self.sim.now_ms() + PATIENCE_MS;
        while self.sim.now_ms() < end_ms {
            self.crew.run_until(self.sim.now_ms() + 2 * MINUTE);
            if self.crew.is_idle() && verdict::left_to_do(&self.sim).is_empty() {
                return;
            }
        }
    }
}
