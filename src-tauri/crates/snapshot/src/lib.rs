//! The whole store as a file: JSON that people and other programs read, or a database.
//!
//! May use: `schema`, `platform`, `resources`, `store`. All SQL is in `store`.

mod export;
mod import;

pub use export::{ExportFormat, Exported, RowsForm, export_json, export_rows, export_sqlite};
pub use import::{
    Conflict, Difference, ImportPolicy, ImportReport, OnConflict, OnDangling, Plan, Skipped, SourceKind,
    SourceProblem, Staged, TablePlan, TableReport,
};
