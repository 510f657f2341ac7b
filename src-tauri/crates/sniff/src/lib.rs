//! What a dataset file is, by its first bytes and never by its name alone: packing, encoding, separator, the
//! form of JSON. And what was chosen of these instead.
//!
//! May use: `schema` (errors), `resources` (the types of datasets) and `platform`.

pub mod csv_grammar;
mod encoding;
mod head;
mod json;
mod magic;
pub mod packing;
pub mod read_options;
mod separator;
mod transcode;
pub mod unpacked;

pub use encoding::{Encodings, not_text};
pub use head::{DAMAGED, Head};
pub use json::{JsonForm, JsonObject};
pub use magic::Magic;
pub use separator::CsvForm;
