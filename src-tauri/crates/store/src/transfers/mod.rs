//! Transfers: their rows, and the only statements that change a transfer's state.

mod progress;
mod queue;
mod stored;
mod transfer;

pub(crate) use stored::select;
pub use transfer::{NewTransfer, StoredTransfer, TransferProgress, TransferRule, TransferState};
