//! Files there that are followed.

use schema::Result;

use crate::connection::Connection;

/// Follows files of a folder there. Dropping it ends that.
#[derive(Debug)]
pub struct Follower;

/// What happened to followed files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Followed {
    /// Bytes were appended.
    Appended {
        /// The file's name in its folder.
        file: String,
        /// Where they begin in the file.
        at: u64,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// The file is shorter than what was received of it, or another file has its name: it begins anew, at 0.
    Anew {
        /// The file's name in its folder.
        file: String,
    },
}

impl Connection {
    /// Follows files of a folder there, each from a length that is here already. Files may appear later.
    pub async fn follow(&self, _folder: &str, _files: &[(&str, u64)]) -> Result<Follower> {
        self.missing()
    }
}

impl Follower {
    /// What happens next. An error with the code `Unreachable` ends it: follow again from the lengths that are here.
    pub async fn next(&mut self) -> Result<Followed> {
        std::future::pending().await
    }
}
