//! The types a column may have.

use std::{fmt, marker::PhantomData};

use serde::{Deserialize, Serialize};

use super::{Kind, Resource, TextEnum};

/// A row keyed by column name, in declaration order.
pub type Row = serde_json::Map<String, serde_json::Value>;

/// The identifier of a `T`: a random UUID v4 where the studio made it, any text where the row
/// came from elsewhere.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id<T> {
    text: String,
    #[serde(skip)]
    of: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// The identifier's text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl<T> From<String> for Id<T> {
    fn from(text: String) -> Self {
        Self { text, of: PhantomData }
    }
}

// Derives would ask the same of `T`, which only marks what is identified.
impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        self.text.clone().into()
    }
}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

/// An enum's value, or the text that stood in its place in a row from elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Choice<E> {
    /// A value the studio knows.
    Known(E),
    /// Kept as it was found.
    Other(String),
}

impl<E: Copy> Choice<E> {
    /// The value, if the studio knows it.
    pub fn known(&self) -> Option<E> {
        match self {
            Self::Known(value) => Some(*value),
            Self::Other(_) => None,
        }
    }
}

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
impl<T: Resource> ColumnType for Option<Id<T>> {
    const KIND: Kind = Kind::Reference { table: T::NAME };
}
