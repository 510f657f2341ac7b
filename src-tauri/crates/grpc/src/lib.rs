//! The gRPC service of the wire contract, for clients of the reference studio: they call this program as they
//! call that one, and find the same rows as the window does.
//!
//! - [`server`]: where it listens, who may call, and how it ends.
//! - [`service`]: a call from its bytes to its bytes; [`body`] has the frames of HTTP/2, [`refusal`] the status.
//! - [`calls`]: what each of the contract's calls does. `CALLS.md` beside this crate says in which it differs
//!   from the reference studio.
//!
//! May use: `wire`, `studio`.

mod body;
mod calls;
mod refusal;
mod reply;
mod server;
mod service;
mod yaml;

pub use server::{Encryption, Options, Server};
