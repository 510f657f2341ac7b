//! axolotl: the template for its configs, and its dataset formats.

mod formats;

pub use formats::{DatasetFormat, FORMATS, FormatMatch, match_formats};

/// The initial text of a config of type `axolotl`: every setting of the reference studio's template,
/// including the empty ones.
pub const TEMPLATE: &str = include_str!("template.yaml");
