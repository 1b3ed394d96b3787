//! The wire between the product and the stand-ins: what happens there in the terms of each side.
//! A request to anybody else is never carried out, only noted.

use std::cell::{Cell, RefCell, RefMut};
use std::rc::Rc;

use selfie::fake::{Internet, Sent};
use selfie::ports::Fault;
use stand_ins::{Reaction, World};

pub struct Outside {
    world: RefCell<World>,
    /// Requests to hosts that are no stand-in.
    pub strays: RefCell<Vec<String>>,
    /// Done once, while the next delayed answer is still on its way.
    meanwhile: RefCell<Option<Box<dyn FnOnce()>>>,
    off_by_ms: Cell<i64>,
}

impl Outside {
    pub fn new(world: World) -> Self {
        let world = RefCell::new(world);
        Self {
            world,
            strays: RefCell::default(),
            meanwhile: RefCell::default(),
            off_by_ms: Cell::default(),
        }
    }

    pub fn world(&self) -> RefMut<'_, World> {
        self.world.borrow_mut()
    }

    /// Brings the providers' clock to ours.
    pub fn follow(&self, now_ms: u64) {
        let mut world = self.world();
        let theirs_ms = now_ms.saturating_add_signed(self.off_by_ms.get());
        let behind_ms = theirs_ms.saturating_sub(world.now_ms());
        world.advance(behind_ms);
    }

    /// When the next webhook is due, by our clock.
    pub fn next_due_ms(&self) -> Option<u64> {
        let theirs_ms = self.world().next_due_ms()?;
        Some(theirs_ms.saturating_add_signed(-self.off_by_ms.get()))
    }

    /// From now on the providers' clock differs from ours by this much; one that is to be behind
    /// stands still until it is.
    pub fn set_clock_off_by(&self, ms: i64) {
        self.off_by_ms.set(ms);
    }

    pub fn meanwhile(&self, act: impl FnOnce() + 'static) {
        self.meanwhile.replace(Some(Box::new(act)));
    }

    fn exchange(&self, request: http::Request<Vec<u8>>) -> Sent {
        let origin = self.world().settings().origin.clone();
        let url = request.uri().to_string();
        if !url.starts_with(&format!("{origin}/")) {
            self.strays.borrow_mut().push(url);
            return Sent {
                result: Err(Fault::Unreachable),
                took_ms: 0,
            };
        }
        let reaction = stand_ins::handle(&mut self.world(), request);
        let sent = sent(reaction, 0);
        let act = if sent.took_ms > 0 {
            self.meanwhile.take()
        } else {
            None
        };
        if let Some(act) = act {
            act();
        }
        sent
    }
}

/// The product's way out to these stand-ins.
pub fn connect(outside: Rc<Outside>) -> Internet {
    Box::new(move |request, _, now| {
        outside.follow(now.as_ms());
        outside.exchange(request)
    })
}

fn sent(reaction: Reaction, took_ms: u64) -> Sent {
    match reaction {
        Reaction::Answer(response) => Sent {
            result: Ok(response),
            took_ms,
        },
        // A body that breaks off is a broken connection to whoever reads it to its end.
        Reaction::Dropped | Reaction::Truncated { .. } => Sent {
            result: Err(Fault::Unreachable),
            took_ms,
        },
        Reaction::Delayed { ms, then } => sent(*then, took_ms + ms),
        Reaction::Never => Sent {
            result: Err(Fault::Timeout),
            took_ms: u64::MAX,
        },
    }
}
