//! The world behind a lock, moved along with the real time.
//! Nobody may sleep or speak over a socket while holding the lock.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use stand_ins::{Settings, World};

struct Inner {
    world: World,
    /// Until when the world's clock has followed the real one.
    followed: Instant,
    /// How often somebody acted on the world.
    acts: u64,
}

pub(crate) struct Host {
    inner: Mutex<Inner>,
    changed: Condvar,
}

impl Host {
    pub fn new(settings: Settings) -> Self {
        let now_ms = now_ms();
        let world = World::new(Settings { now_ms, ..settings });
        Self {
            inner: Mutex::new(Inner {
                world,
                followed: instant(),
                acts: 0,
            }),
            changed: Condvar::new(),
        }
    }

    /// Acts on the world as it is now, and wakes who waits for that.
    pub fn with<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        let mut inner = self.lock();
        let result = act(&mut inner.world);
        inner.acts = inner.acts.wrapping_add(1);
        drop(inner);
        self.changed.notify_all();
        result
    }

    /// Acts on the world, and tells how often others had acted before; for `wait`.
    pub fn quietly<T>(&self, act: impl FnOnce(&mut World) -> T) -> (T, u64) {
        let mut inner = self.lock();
        (act(&mut inner.world), inner.acts)
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
