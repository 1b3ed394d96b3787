//! The product over the platform in memory and the stand-ins, in one thread and without a network.
//! Everything is asked from outside and judged by what was answered and what the providers
//! received; nothing here may reach into a use case or wait for a clock.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on must stop"
)]

mod answer;
mod browser;
mod dialog;
mod document;
mod hook;
mod internet;
mod person;
mod pictures;
mod receipts;
mod request;
mod schema;
mod secrets;
mod world;

mod access;
mod breakers;
mod bundles;
mod caption_refusals;
mod caption_trouble;
mod captions;
mod configuration;
mod copies;
mod costs;
mod cross_site;
mod crossings;
mod deleted_accounts;
mod deletion;
mod drafts;
mod endless_answers;
mod export;
mod facebook;
mod facebook_messages;
mod facebook_people;
mod facebook_trouble;
mod forged_tokens;
mod forgeries;
mod hostile_input;
mod image_files;
mod journey;
mod late;
mod letters;
mod limits;
mod links;
mod logs;
mod lost_answers;
mod not_given;
mod odd_cookies;
mod operations;
mod orders;
mod outputs;
mod pace;
mod photos;
mod problems;
mod reads;
mod retention;
mod retries;
mod rows;
mod sessions;
mod slow_bodies;
mod spend;
mod stale_copies;
mod storage_faults;
mod sweep;
mod tokens;
mod turnstile;
mod unwanted_runs;
mod versions;
mod webhooks;
