//! Search: all words of a search occur in a row, in any column or tag, each as the beginning of a
//! word, in any case and with or without accents.
//!
//! The full-text index is in a temporary file that exists while the store is open, so databases and
//! their copies do not contain it. Building it takes a few seconds for 100,000 rows. It is updated in
//! the background. A search reads the rows that the index does not contain yet itself: those after the
//! last indexed rowid, and those that triggers noted since, whichever program wrote them. So every
//! result is complete, and only slower while the index is incomplete.

mod everywhere;
mod found;
mod index;
mod update;
mod words;

pub use everywhere::Matches;
pub(crate) use index::Index;
