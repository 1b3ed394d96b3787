//! What the product is made of: values and the rules they obey.
//!
//! A value that exists is valid; the only way in is a parser or a constructor that refuses.
//! Nothing here does input or output, reads a clock, derives serde or knows a URL.

pub mod backoff;
pub mod breaker;
pub mod caption;
pub mod consent;
pub mod digest;
pub mod email;
pub mod ids;
pub mod model;
pub mod operation;
pub mod ownership;
pub mod path;
pub mod person;
pub mod photo;
pub mod prediction;
pub mod timestamp;
pub mod training;

#[cfg(test)]
mod fuzz;
