//! Everything that is under way at once, and the clock: people, alarms, webhooks and sweeps, each
//! polled in an order that chance decides; when all of them wait, time moves on to whatever is next.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use selfie::app::{App, run_outbox::run_outbox, sweep::sweep};
use selfie::ports::Book;

use crate::people::hears;
use crate::platform::Sim;

const SWEEP_EVERY_MS: u64 = 120_000;
/// An alarm that could do nothing comes again after this, as the edge sets it.
const ALARM_AGAIN_MS: u64 = 30_000;
/// The provider of a webhook waits no longer.
const WEBHOOK_MS: u64 = 5000;
/// Many times what the longest history takes.
const MOST_POLLS: usize = 400_000;

#[derive(Clone, PartialEq, Eq)]
enum Role {
    Person,
    Alarm(Book),
    /// A delivery, and when its provider gives it up.
    Webhook(u64, u64),
    Sweep,
}

struct Task {
    role: Role,
    future: Pin<Box<dyn Future<Output = u16>>>,
    wake_ms: u64,
    /// After so many steps whoever asked has left.
    patience: Option<usize>,
}

pub struct Crew {
    pub sim: Rc<Sim>,
    tasks: Vec<Task>,
    sweep_ms: u64,
    asleep: BTreeMap<Book, u64>,
    polls: usize,
}

impl Crew {
    pub fn new(sim: Rc<Sim>) -> Self {
        let sweep_ms = sim.now_ms() + SWEEP_EVERY_MS;
        Self {
            sim,
            tasks: Vec::new(),
            sweep_ms,
            asleep: BTreeMap::new(),
            polls: 0,
        }
    }

    fn begin(&mut self, role: Role, future: impl Future<Output = u16> + 'static) {
        let task = Task {
            role,
            future: Box::pin(future),
            wake_ms: 0,
            patience: None,
        };
        self.tasks.push(task);
    }

    /// Lets somebody begin something; with patience they are gone after so many steps.
    pub fn let_somebody(
        &mut self,
        patience: Option<usize>,
        deed: impl Future<Output = ()> + 'static,
    ) {
        self.begin(Role::Person, async {
            deed.await;
            0
        });
        if let Some(task) = self.tasks.last_mut() {
            task.patience = patience;
        }
    }

    pub fn begin_sweep(&mut self) {
        let sim = Rc::clone(&self.sim);
        self.begin(Role::Sweep, async move {
            // A sweep that breaks off is completed by the next.
            u16::from(sweep(App::new(&*sim, &sim.config)).await.is_err())
        });
    }

    /// A request to the product that nobody waits for.
    pub fn begin_webhook(&mut self, request: http::Request<Vec<u8>>) {
        let sim = Rc::clone(&self.sim);
        self.begin(Role::Sweep, async move { hears(&sim, request).await });
    }

    /// Ledger objects are evicted: whatever their alarms were doing is gone.
    pub fn evict(&mut self) {
        self.drop_those(|role| matches!(role, Role::Alarm(_)));
    }

    /// The Worker ends wherever it is.
    pub fn kill(&mut self) {
        self.drop_those(|_| true);
    }

    fn drop_those(&mut self, which: impl Fn(&Role) -> bool) {
        let (gone, kept) = std::mem::take(&mut self.tasks)
            .into_iter()
            .partition(|task| which(&task.role));
        self.tasks = kept;
        for task in gone {
            if let Role::Webhook(id, _) = task.role {
                self.sim.outside.borrow_mut().report_delivery(id, None);
            }
        }
        self.sim.stir();
    }

    pub fn is_idle(&self) -> bool {
        self.tasks.is_empty()
    }

    fn has_people(&self) -> bool {
        self.tasks.iter().any(|task| task.role == Role::Person)
    }

    /// Lets people come to the end of what they do, within reason.
    pub fn let_people_finish(&mut self, most_ms: u64) {
        let end_ms = self.sim.now_ms() + most_ms;
        while self.has_people() && self.sim.now_ms() < end_ms {
            self.run_until(self.sim.now_ms() + 500);
        }
    }

    /// Lets time pass; whatever falls due on the way happens.
    pub fn run_until(&mut self, end_ms: u64) {
        loop {
            if self.sim.was_stirred() {
                self.begin_what_is_due();
            }
            let now_ms = self.sim.now_ms();
            let is_ready = |task: &&Task| task.wake_ms <= now_ms;
            let ready = self.tasks.iter().filter(is_ready).count();
            if ready > 0 {
                let chosen = self.sim.below(ready);
                let mut tasks = self.tasks.iter().enumerate();
                let place = tasks
                    .by_ref()
                    .filter(|(_, task)| is_ready(task))
                    .nth(chosen);
                let (place, _) = place.unwrap();
                self.poll(place);
                continue;
            }
            let next_ms = self.next_ms();
            if next_ms > end_ms {
                self.sim.set_now(end_ms);
                return;
            }
            self.sim.set_now(next_ms.max(now_ms + 1));
        }
    }

    fn begin_what_is_due(&mut self) {
        let now_ms = self.sim.now_ms();
        for (due, book) in self.sim.fake.alarms() {
            let asleep = self.asleep.get(&book).is_some_and(|until| now_ms < *until);
            let role = Role::Alarm(book.clone());
            let is_running = self.tasks.iter().any(|task| task.role == role);
            if due.as_ms() <= now_ms && !asleep && !is_running {
                let sim = Rc::clone(&self.sim);
                self.begin(role, async move {
                    let app = App::new(&*sim, &sim.config);
                    u16::from(run_outbox(app, &book).await.is_err())
                });
            }
        }
        let deliveries = self.sim.outside.borrow_mut().take_deliveries();
        for delivery in deliveries {
            let sim = Rc::clone(&self.sim);
            let role = Role::Webhook(delivery.id, now_ms + WEBHOOK_MS);
            self.begin(role, async move { hears(&sim, delivery.request).await });
        }
        if now_ms >= self.sweep_ms {
            self.sweep_ms = now_ms + SWEEP_EVERY_MS;
            self.begin_sweep();
        }
    }

    /// When something happens next, all being asleep.
    fn next_ms(&self) -> u64 {
        let tasks = self.tasks.iter().map(|task| task.wake_ms);
        let running = |book: &Book| {
            let role = Role::Alarm(book.clone());
            self.tasks.iter().any(|task| task.role == role)
        };
        let alarms = self.sim.fake.alarms().into_iter();
        let alarms = alarms.filter(|(_, book)| !running(book));
        let alarms = alarms.map(|(due, book)| {
            let asleep = self.asleep.get(&book).copied().unwrap_or_default();
            due.as_ms().max(asleep)
        });
        let webhooks = self.sim.outside.borrow().next_due_ms();
        tasks
            .chain(alarms)
            .chain(webhooks)
            .chain([self.sweep_ms])
            .min()
            .unwrap_or(self.sweep_ms)
    }

    fn poll(&mut self, place: usize) {
        self.polls += 1;
        if self.polls > MOST_POLLS {
            self.polls = 0;
            let mut witness = self.sim.witness.borrow_mut();
            witness.complain("this history never comes to rest".to_owned());
            self.tasks.clear();
            return;
        }
        let task = &mut self.tasks[place];
        if task.patience == Some(0) {
            drop(self.tasks.swap_remove(place));
            return;
        }
        task.patience = task.patience.map(|left| left - 1);
        let mut context = Context::from_waker(Waker::noop());
        match task.future.as_mut().poll(&mut context) {
            Poll::Pending => task.wake_ms = self.sim.take_wake(),
            Poll::Ready(outcome) => {
                let task = self.tasks.swap_remove(place);
                self.finish(task.role, outcome);
            }
        }
    }

    fn finish(&mut self, role: Role, outcome: u16) {
        let now_ms = self.sim.now_ms();
        match role {
            Role::Alarm(book) if outcome > 0 => {
                self.asleep.insert(book, now_ms + ALARM_AGAIN_MS);
            }
            Role::Webhook(id, until_ms) => {
                let heard = (now_ms <= until_ms).then_some(outcome);
                self.sim.outside.borrow_mut().report_delivery(id, heard);
            }
            _ => {}
        }
        self.sim.stir();
    }
}
