//! What several crates need of the operating system: atomic files, file locks, application folders,
//! blocking work, paths, disks, the keyring, Git LFS pointers, the hash of files, the log file, the user's
//! settings, progress and cancellation.
//!
//! May use: `schema` (errors).

mod atomic_file;
mod blocking;
mod byte_order_mark;
mod content_hash;
pub mod disk;
mod file_lock;
pub mod folders;
mod keyring;
mod lfs_pointer;
mod local_secret;
mod location;
pub mod log_file;
mod path_kinds;
mod paths;
mod secrets;
mod settings;
mod unfinished;
mod variables;
mod work;

pub use atomic_file::AtomicFile;
pub use blocking::blocking;
pub use byte_order_mark::BYTE_ORDER_MARK;
pub use content_hash::ContentHash;
pub use file_lock::FileLock;
pub use keyring::Keyring;
pub use lfs_pointer::{LFS_POINTER, is_lfs_pointer};
pub use local_secret::LocalSecret;
pub use location::{DATABASE_VARIABLE, default_database, example_folder};
pub use path_kinds::{PathKind, PathKinds};
pub use paths::absolute;
pub use secrets::{is_secret_variable, scrubbed};
pub use settings::{Settings, SettingsFile};
pub use unfinished::{UNFINISHED_PREFIX, UNFINISHED_SUFFIX, sweep_unfinished};
pub use variables::Variables;
pub use work::{Progress, Work};
