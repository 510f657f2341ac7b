//! What several crates need of the system they run on: durable files, blocking work, absolute
//! paths, disks, a person's settings, progress and cancel.
//!
//! May use: `schema` (errors).

pub mod atomic_file;
mod blocking;
pub mod disk;
pub mod log_file;
mod paths;
mod secrets;
mod settings;
mod variables;
mod work;

pub use blocking::blocking;
pub use paths::absolute;
pub use secrets::scrubbed;
pub use settings::{Settings, SettingsFile};
pub use variables::Variables;
pub use work::{Progress, Work};
