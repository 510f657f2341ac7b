//! Import of a snapshot or a database: its rows are read and staged, compared with the store for a plan,
//! and imported in one transaction.

mod apply;
mod intake;
mod plan;
mod source;
mod stage;

pub use apply::{ImportPolicy, ImportReport, OnConflict, OnDangling, TableReport};
pub use intake::{Skipped, SourceProblem};
pub use plan::{Conflict, Difference, Plan, TablePlan};
pub use source::SourceKind;
pub use stage::Staged;
