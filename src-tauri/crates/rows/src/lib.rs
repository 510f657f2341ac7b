//! The rows of a dataset file, whatever its format: their values as a reader reports them, the columns
//! that they add up to, the problems with them, and a profile of each column.
//!
//! May use: `resources` (the types of datasets), `prompts` (values, names that templates can hold).

pub mod columns;
pub mod json_fault;
pub mod json_list;
pub mod json_text;
pub mod names;
pub mod problem;
pub mod profile;
pub mod repeats;
pub mod row;
pub mod row_event;
pub mod seen_row;
pub mod shown;
