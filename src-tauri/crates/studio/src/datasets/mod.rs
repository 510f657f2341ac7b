//! Reading dataset files: CSV, JSON and JSON Lines, streamed, never held whole.

mod columns;
mod csv;
mod format;
mod json;
mod jsonl;
mod preview;
mod reader;
mod scan;

pub use columns::{FileColumn, ValueKind};
pub use format::detect;
pub use preview::{Preview, PreviewRow, preview};
pub use reader::{Problem, Severity};
pub use scan::{Scan, scan};
