//! Transfers: fetches from the Hub into its local cache, in a queue.
//!
//! ```text
//! queued → running → done | failed
//!    └────────┴→ paused | cancelled      paused | failed | cancelled → queued
//! ```
//!
//! Any number of programs may supervise the transfers of a database at once, and each may end at any moment: a
//! transfer is carried out by the program that holds the lock of its file, which the system releases when that
//! program ends. Another one then goes on behind the last byte received. To pause or cancel is to change the
//! row; the program that carries the transfer out looks at it several times a second.
//!
//! May use: `schema`, `platform`, `hub`, `store`.

mod carry;
mod rate;
mod supervise;
mod transfer;
mod transfers;
mod wait;

pub use store::{TransferRule, TransferState};
pub use transfer::{Transfer, TransferRequest};
pub use transfers::Transfers;
