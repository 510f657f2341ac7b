//! Taking a snapshot or a database into the store: a source is read and staged, a plan says what
//! an import would do, and the import does it, all or nothing.

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
