//! The connection to a real SSH server on loopback.

#![cfg(unix)]

mod files;
mod follow;
mod host_keys;
mod place;
mod reach;
mod workers;
