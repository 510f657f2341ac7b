//! The Rust types that a field of a resource may have.

use crate::{Choice, Kind, TextEnum};

/// What the Rust type of a field says about its column. Every column but the key is nullable,
/// hence `Option` everywhere.
pub trait ColumnType {
    /// The column's kind, with the widest bounds of the type.
    const KIND: Kind;
}

impl ColumnType for Option<String> {
    const KIND: Kind = Kind::Text;
}
impl ColumnType for Option<i64> {
    const KIND: Kind = Kind::Integer { min: None, max: None };
}
impl ColumnType for Option<f64> {
    const KIND: Kind = Kind::Number { above: None, max: None };
}
impl<E: TextEnum> ColumnType for Option<Choice<E>> {
    const KIND: Kind = Kind::Choice { options: E::OPTIONS };
}
