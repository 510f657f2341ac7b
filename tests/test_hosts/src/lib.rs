//! SSH servers and Slurm clusters on loopback: the real programs, started and stopped by the tests.

#![cfg(unix)]

mod port;
mod sshd;

pub use port::free_port;
pub use sshd::{Login, Sshd};
