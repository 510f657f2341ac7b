//! The Python environment that the studio makes in a target's folder, at `env/HASH`: HASH is that of the packages, so
//! that one that was made for another version of the program is recognized. What it is made from, and its log, lie in
//! `env/HASH.making`, whose lock is held while it is made.
//!
//! Its making is a process of the target that outlives the connection. On a cluster that is one of the login node,
//! where packages can be downloaded.

mod answer;
mod log;
mod make;
mod there;

pub use self::there::{CREATE_THERE, EnvironmentThere, EnvironmentThereState};
