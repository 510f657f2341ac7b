//! Work that blocks a thread: reading files, hashing, parsing.

use schema::{Error, Result};

/// Runs `work` on a thread where it delays no asynchronous task. `name` says what it does, as in
/// "reading a folder"; a panic inside becomes an error that names it.
pub async fn blocking<T: Send + 'static>(
    name: &'static str,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::internal(name, &error))?
}
