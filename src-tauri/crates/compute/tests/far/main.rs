//! The connection to a real SSH server on loopback.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what it found by panicking")]

mod files;
mod follow;
mod host_keys;
mod place;
mod reach;
mod workers;
