//! Workers as jobs of a real Slurm cluster on loopback, through a real SSH server.

#![cfg(unix)]

mod away;
mod cluster;
mod end;
mod nodes;
mod queue;
mod submit;
