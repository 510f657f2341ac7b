//! Reading dataset files: CSV, JSON and JSON Lines, streamed, never held whole.

mod columns;
mod condition;
mod csv;
mod format;
mod json;
mod jsonl;
mod preview;
mod profile;
mod reader;
mod reading;
mod scan;

pub use columns::{FileColumn, ValueKind};
pub use condition::{FileCondition, FileState};
pub use format::detect;
pub use preview::{Preview, PreviewRow, preview};
pub use profile::{
    Bucket, ColumnProfile, CommonValue, Commonest, Distinct, Histogram, Lengths, Measure, Profile, profile,
};
pub use reader::{Problem, Severity};
pub use reading::FileFacts;
pub(crate) use reading::{Reading, Stamp};
pub(crate) use scan::read;
pub use scan::{Scan, scan};
