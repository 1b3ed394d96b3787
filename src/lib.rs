//! Selfie.pr: personal picture models, made from one's own photos.
//!
//! The product is a set of plain functions from a request to a response over one trait,
//! [`ports::Platform`]. Read the modules in the order in which they stand here; each may use those
//! above it and none below.

#![cfg_attr(
    test,
    allow(clippy::arithmetic_side_effects, reason = "a test may overflow")
)]
#![allow(
    async_fn_in_trait,
    reason = "workerd runs one thread, so no future needs `Send`"
)]

/// How it speaks.
pub mod api;
/// What it does.
pub mod app;
/// What operators set.
pub mod config;
/// What it is: values and rules.
pub mod domain;
/// What must happen once.
pub mod ledger;
/// What is in a picture: bytes in, bytes out.
pub mod media;
/// What it needs from the world.
pub mod ports;
/// Whom it calls.
pub mod providers;
/// How things are written down.
pub mod records;
/// What it keeps where everybody can read it quickly.
pub mod store;

/// Where it runs.
#[cfg(target_arch = "wasm32")]
mod edge;
/// The platform in memory; a native build exists only for tests.
#[cfg(not(target_arch = "wasm32"))]
pub mod fake;
/// What arrives from outside, made up.
#[cfg(test)]
mod fuzz;
