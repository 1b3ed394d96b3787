//! The inbox page.
//! Everything on it came from outside and is escaped.

use crate::world::World;

pub(super) fn page(world: &World) -> String {
    format!(
        "<!doctype html><title>Stand-ins</title><p>{} letters",
        world.letters().len()
    )
}
