//! The values that columns hold.

use std::{fmt, marker::PhantomData};

use serde::{Deserialize, Serialize};

/// A row keyed by column name, in declaration order.
pub type Row = serde_json::Map<String, serde_json::Value>;

/// The identifier of a `T`: a random UUID v4 if this program made it. Other programs may have written
/// any text.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id<T> {
    text: String,
    #[serde(skip)]
    row_type: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// The identifier's text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl<T> From<String> for Id<T> {
    fn from(text: String) -> Self {
        Self { text, row_type: PhantomData }
    }
}

// Derived implementations would need `T: Clone`, `T: PartialEq` and `T: Debug`.
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

/// An enum's value, or another text that a row holds in its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Choice<E> {
    /// A value of the enum.
    Known(E),
    /// Any other text. It is kept unchanged.
    Other(String),
}

impl<E: Copy> Choice<E> {
    /// The value, if it is one of the enum's.
    pub fn known(&self) -> Option<E> {
        match self {
            Self::Known(value) => Some(*value),
            Self::Other(_) => None,
        }
    }
}
