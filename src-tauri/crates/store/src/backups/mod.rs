//! Copies of the database, made before anything drastic and on request, kept by a rule, and restored
//! in one transaction.

mod backup;
mod kept;
mod restore;

pub use backup::{Backup, BackupReason};
pub(crate) use backup::{folder, make};
pub use kept::BackupRule;
