//! What is brought from a target.

use std::path::Path;

use platform::Work;
use schema::Result;

use crate::connection::Connection;

impl Connection {
    /// The bytes of a file or of all files below a folder there; none if it does not exist.
    pub async fn size(&self, _path: &str) -> Result<Option<u64>> {
        self.missing()
    }

    /// Brings a file or a folder to `to`, which appears whole or not at all: until then its parts lie beside it, and the
    /// same call goes on with them after a cut. Each file's hash is compared. What lies at `to` is replaced.
    pub async fn fetch(&self, _path: &str, _to: &Path, _work: &Work) -> Result<()> {
        self.missing()
    }
}
