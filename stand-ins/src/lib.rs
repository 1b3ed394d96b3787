//! Stand-ins for every provider of the product, strict and scripted, in memory and without a network.
//! They are written from the providers' contracts alone and must never share code with the product, so that both cannot be wrong together.
//!
//! `route` finds the provider, `world` holds what all of them share, and each provider is one module.

#![cfg_attr(
    test,
    allow(
        clippy::arithmetic_side_effects,
        reason = "an overflow in a test is a failed test"
    )
)]

mod clock;
mod random;
mod script;
mod settings;
mod switch;
mod wire;
mod world;

mod bytescale;
mod facebook;
mod picture;
mod pushover;
mod replicate;
mod resend;
mod turnstile;

mod control;
mod route;

pub use bytescale::StoredFile;
pub use facebook::{Message, Seal};
pub use pushover::Alert;
pub use replicate::{Delivery, JobReport, ZipEntry};
pub use resend::Letter;
pub use route::{handle, is_mere_look};
pub use script::{Behaviour, Script};
pub use settings::Settings;
pub use switch::UnknownSwitch;
pub use turnstile::Verification;
pub use wire::{Reaction, Request, Response};
pub use world::{Call, World};
