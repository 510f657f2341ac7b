//! How many tokens the rows of a dataset have, as a training would see them, and what a maximum length does to
//! them.

mod count;
mod counted;
mod kept;
mod measure;
mod packing;
mod report;
mod summary;

pub use report::{LengthBin, LengthReport, LengthsRequest, PackedRows, PaddedBatches, TokenLengths};
