//! SSH servers and Slurm clusters on loopback: the real programs, started and stopped by the tests.

#![cfg(unix)]

mod network;
mod port;
#[cfg(unix)]
mod processes;
#[cfg(unix)]
mod slurm;
mod sshd;
mod starts;
mod wire;

pub use port::free_port;
#[cfg(unix)]
pub use slurm::{Slurm, SlurmOptions};
pub use sshd::{Login, Sshd};
pub use starts::Starts;
pub use wire::Wire;
