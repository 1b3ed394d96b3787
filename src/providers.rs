//! Whom the product calls: one file (and its folder) for each provider.
//!
//! Building a request and reading a response are pure functions; sending is in [`call`] alone.
//! A provider knows no other provider, no table and no user, and what it says in words goes no
//! further than this module: outside there is only [`crate::ports::Fault`] and plain values.

pub mod bytescale;
mod call;
pub mod facebook;
#[cfg(test)]
mod fuzz;
pub mod mail;
pub mod pushover;
pub mod replicate;
pub mod resend;
#[cfg(test)]
mod scripted;
pub mod turnstile;

pub use call::service_of;
