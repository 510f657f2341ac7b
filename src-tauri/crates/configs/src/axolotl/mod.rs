//! axolotl: the configuration one starts with, and the forms a dataset may have.

mod formats;

pub use formats::{DatasetFormat, FORMATS, FormatMatch, match_formats};

/// The configuration a new one of type `axolotl` starts with: every setting of the studio's
/// template (section 13.5 of its description), the empty ones included.
pub const TEMPLATE: &str = include_str!("template.yaml");
