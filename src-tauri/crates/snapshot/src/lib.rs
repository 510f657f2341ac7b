//! Snapshots: export of a store to a JSON or SQLite file, and import of such files.

mod export;
mod import;

pub use export::{
    ExportFormat, Exported, OtherTexts, RowsForm, export_extent, export_json, export_plain_extent,
    export_rows, export_sqlite,
};
pub use import::{
    Conflict, Difference, ImportPolicy, ImportReport, OnConflict, OnDangling, Plan, Skipped, SourceKind,
    SourceProblem, Staged, TablePlan, TableReport,
};
