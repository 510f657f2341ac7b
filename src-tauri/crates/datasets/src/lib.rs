//! Reading datasets: CSV, JSON, JSON Lines and Parquet files, packed ones, and folders of them; streamed,
//! never held whole.

mod blocks;
mod columns;
mod condition;
mod convert;
mod csv;
mod doctor;
mod folder;
mod format;
mod index;
mod input;
mod json;
mod jsonl;
mod notes;
mod parquet;
mod parts;
mod preview;
mod problem;
mod profile;
mod reader;
mod reading;
mod row;
mod rows;
mod scan;
mod scanner;
mod shape;

pub use columns::{FileColumn, ValueKind};
pub use condition::{FileCondition, FileState};
pub use convert::{Conversion, Converted, convert};
pub use doctor::{Diagnosis, ProblemFile, diagnose, list_problems};
pub use folder::Split;
pub use format::{detect, first_name};
pub use index::Index;
pub use preview::{Preview, PreviewRow};
pub use preview::{preview, preview_split};
pub use problem::{Problem, Severity};
pub use profile::{
    Bucket, ColumnProfile, CommonValue, Commonest, Distinct, Histogram, Lengths, Measure, Profile, profile,
};
pub use reading::{FileFacts, Reading, Stamp};
pub use rows::{NumberedRow, absent, each_row, split_names};
pub use scan::{Scan, read, scan};
pub use scanner::{LatestScan, Scanner};
pub use shape::Shape;
