//! What must hold for the repository as a whole: one test for each invariant, with a message that
//! says where the rule stands. Generated files are compared here, and rewritten with `UPDATE=1`.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on must stop"
)]

mod bindings;
mod catalogue;
mod configuration;
mod consent;
mod data;
mod documents;
mod http_contract;
mod hygiene;
mod imports;
mod length;
mod mutations;
mod openapi;
mod operations;
mod repository;
mod requests;
mod rust_source;
mod typescript;
mod wire_types;
