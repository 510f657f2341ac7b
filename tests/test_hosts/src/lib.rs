//! SSH servers and Slurm clusters on loopback: the real programs, started and stopped by the tests.

mod port;

pub use port::free_port;
