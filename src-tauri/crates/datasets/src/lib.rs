//! Dataset files: CSV, JSON, JSON Lines and Parquet, packed by gzip or Zstandard, and folders of them.
//!
//! A [`Scanner`] reads a file once, from start to end: rows, kinds of columns, problems, places of rows,
//! hash, and problems of the rows as training examples. Later questions about the same, unchanged file are
//! answered from that pass. [`preview`] reads a page, [`each_row`] hands on all rows, [`convert`]
//! writes them into a new file. Files are only ever read, and streamed; but JSON that holds its rows column by
//! column is held whole, up to 64 MiB.
//!
//! May use: `schema` (errors), `resources` (the types of datasets), `rows`, `prompts` (how values are
//! written) and `platform` (progress, atomic files). It has no access to a database.

mod accumulator;
mod blocks;
mod condition;
mod convert;
mod csv;
mod dataset_file;
mod doctor;
mod each_row;
mod file_name;
mod file_reader;
mod files_hash;
mod folder;
mod form;
mod format;
mod index;
mod input;
mod json;
mod jsonl;
mod parquet;
mod parts;
mod pass;
mod preview;
mod reader;
mod reading;
mod recognize;
mod scan;
mod scanner;
mod shape;
mod source;
mod stamp;

pub use ::rows::columns::{FileColumn, ValueKind};
pub use ::rows::problem::{Problem, Severity};
pub use ::rows::profile::{
    Bucket, ColumnProfile, CommonValue, Commonest, Distinct, Histogram, Lengths, Measure, Profile,
};
pub use ::rows::shown::shown;
use ::rows::{
    columns, json_fault, json_list, json_text, names, problem, profile, repeats, row, row_event, seen_row,
    shown,
};
pub use condition::{FileCondition, FileState};
pub use convert::{Conversion, Converted, convert};
pub use dataset_file::DatasetFile;
pub use doctor::{Diagnosis, ProblemFile, list_problems};
pub use each_row::{NumberedRow, absent, each_row, split_names};
pub use file_name::{first_name, is_dataset_name};
pub use files_hash::content_hash;
pub use folder::{DatasetConfig, Repository, Split};
pub use format::detect;
pub use index::Index;
pub use preview::{Preview, PreviewRow};
pub use preview::{preview, preview_split};
pub use prompts::{Object, Value};
pub use read_options::{DatasetPart, Quote, ReadOptions, Separator, TextEncoding};
pub use reading::{FileFacts, Reading};
pub use recognize::{Recognized, recognize};
pub use scan::Scan;
pub use scanner::{LatestScan, Scanner};
pub use shape::Shape;
use sniff::{packing, read_options, unpacked};
pub use stamp::Stamp;
