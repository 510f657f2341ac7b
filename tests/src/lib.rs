//! What the stories have in common.
//!
//! A story starts the real programs on an empty folder of its own: [`Fts`] for the command line,
//! and with the feature `window` `window::Window` for the window. It needs nothing else: its data is
//! made by [`samples`].

pub mod built;
pub mod chance;
pub mod disk;
pub mod fts;
pub mod samples;
pub mod sqlite;
pub mod trained;
pub mod wait;
#[cfg(feature = "window")]
pub mod window;

pub use chance::Chance;
pub use disk::Disk;
pub use fts::Fts;
