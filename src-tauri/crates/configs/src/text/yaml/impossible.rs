//! Scalars that have no value.

/// Written as a number or a date that does not exist, with which PyYAML fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Impossible {
    Number,
    Date,
}
