//! The world behind a lock, moved along with the real time and written down as it goes if that is wished.
//! Nobody may sleep or speak over a socket while holding the lock; the journal is written under it,
//! since its order is the order in which things happen.

use std::io;
use std::path::Path;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use stand_ins::{Delivery, Reaction, Request, Settings, World};

use crate::journal::{Beginning, Event, Journal, Step};

struct Inner {
    world: World,
    journal: Option<Journal>,
    /// Until when the world's clock has followed the real one.
    followed: Instant,
    /// How often somebody acted on the world.
    acts: u64,
}

impl Inner {
    fn note(&mut self, event: &Event) {
        let at_ms = self.world.now_ms();
        let written = self
            .journal
            .as_mut()
            .map(|journal| journal.write(at_ms, event));
        if let Some(Err(error)) = written {
            eprintln!("stand-ins: nothing is kept from here on: {error}");
            self.journal = None;
        }
    }
}

pub(crate) struct Host {
    inner: Mutex<Inner>,
    changed: Condvar,
}

/// What is due for the product.
pub(crate) struct Due {
    pub deliveries: Vec<Delivery>,
    pub messages: Vec<(u64, Request)>,
    /// In how many milliseconds more may fall due; none when nothing is foreseen.
    pub next_in_ms: Option<u64>,
    /// How often others had acted before; for `wait`.
    pub acts: u64,
}

impl Host {
    /// A world that begins now, or goes on where the journal's ends.
    pub fn new(settings: &Settings, journal: Option<&Path>) -> io::Result<Self> {
        let now_ms = now_ms();
        let mut world = World::new(Settings {
            now_ms,
            ..settings.clone()
        });
        let journal = match journal {
            None => None,
            Some(path) => {
                let fresh = Beginning {
                    seed: settings.seed,
                    now_ms,
                    origin: settings.origin.clone(),
                };
                Some(Journal::open(path, fresh, |step| match step {
                    Step::Begin(Beginning { seed, now_ms, .. }) => {
                        world = World::new(Settings {
                            seed,
                            now_ms,
                            ..settings.clone()
                        });
                    }
                    Step::Happen(at_ms, event) => {
                        world.advance(at_ms.saturating_sub(world.now_ms()));
                        happen(&mut world, event);
                    }
                })?)
            }
        };
        world.advance(now_ms.saturating_sub(world.now_ms()));
        Ok(Self {
            inner: Mutex::new(Inner {
                world,
                journal,
                followed: instant(),
                acts: 0,
            }),
            changed: Condvar::new(),
        })
    }

    /// Answers a request.
    pub fn handle(&self, request: Request) -> Reaction {
        let mut inner = self.lock();
        if stand_ins::is_mere_look(&inner.world, &request) {
            return stand_ins::handle(&mut inner.world, request);
        }
        self.act(inner, Event::Request(Box::new(request)))
            .unwrap_or(Reaction::Dropped)
    }

    /// Books how something that was due went.
    pub fn report(&self, event: Event) {
        self.act(self.lock(), event);
    }

    /// Fetches what is due.
    pub fn collect(&self) -> Due {
        let mut inner = self.lock();
        let (deliveries, messages) = (inner.world.take_deliveries(), inner.world.take_messages());
        if !deliveries.is_empty() || !messages.is_empty() {
            inner.note(&Event::Collected);
        }
        let world = &inner.world;
        let next = world.next_due_ms();
        Due {
            deliveries,
            messages,
            next_in_ms: next.map(|next| next.saturating_sub(world.now_ms())),
            acts: inner.acts,
        }
    }

    /// Lets something happen, and wakes who waits for that.
    fn act(&self, mut inner: MutexGuard<'_, Inner>, event: Event) -> Option<Reaction> {
        inner.note(&event);
        let reaction = happen(&mut inner.world, event);
        inner.acts = inner.acts.wrapping_add(1);
        drop(inner);
        self.changed.notify_all();
        reaction
    }

    /// Waits until somebody has acted since, but no longer than this.
    pub fn wait(&self, acts: u64, at_most: Duration) {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        drop(
            self.changed
                .wait_timeout_while(inner, at_most, |inner| inner.acts == acts),
        );
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let passed_ms = inner.followed.elapsed().as_millis();
        let passed_ms = u64::try_from(passed_ms).unwrap_or(u64::MAX);
        // Only whole milliseconds are taken, so that none is lost between two looks.
        if let Some(followed) = inner.followed.checked_add(Duration::from_millis(passed_ms)) {
            inner.followed = followed;
            inner.world.advance(passed_ms);
        }
        inner
    }
}

fn happen(world: &mut World, event: Event) -> Option<Reaction> {
    match event {
        Event::Request(request) => return Some(stand_ins::handle(world, *request)),
        Event::Collected => {
            world.take_deliveries();
            world.take_messages();
        }
        Event::Delivered { id, status } => world.report_delivery(id, status),
        Event::Answered { id, answer } => world.report_message(id, answer),
    }
    None
}

#[expect(
    clippy::disallowed_methods,
    reason = "this program runs on the host, where the clock exists"
)]
fn instant() -> Instant {
    Instant::now()
}

#[expect(
    clippy::disallowed_methods,
    reason = "this program runs on the host, where the clock exists"
)]
fn now_ms() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
