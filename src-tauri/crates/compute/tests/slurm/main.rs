//! Workers as jobs of a real Slurm cluster on loopback, through a real SSH server.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::allow_attributes,
    reason = "a test says what it found by panicking"
)]

mod away;
mod cluster;
mod end;
mod nodes;
mod queue;
mod submit;
