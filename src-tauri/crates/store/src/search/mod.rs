//! Search: all words of a search occur in a row, in any column or tag, each as the beginning of a
//! word, in any case and with or without accents.
//!
//! An index answers, in a file that lives as long as the store is open: nothing of it is in the
//! database, in its copies or in their way, and making it takes a few seconds for 100,000 rows. It
//! follows the database in the background. What it lacks is known at any moment (rows past its
//! mark, rows noted since by triggers, whoever wrote them) and read by a search itself, so every
//! answer is right, only slower.

mod everywhere;
mod found;
mod index;
mod update;
mod words;

pub use everywhere::Matches;
pub(crate) use index::Index;
