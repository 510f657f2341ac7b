//! The default paths of the database and of the example's file.

use std::{env, path::PathBuf};

use schema::{Error, ErrorCode, Result};

/// The environment variable with the path of the database, as in the reference studio.
pub const DATABASE_VARIABLE: &str = "FINE_TUNING_STUDIO_SQLITE_DB";

/// The path of the environment variable, else `studio.db` in the platform's folder for application
/// data.
pub fn default_database() -> Result<PathBuf> {
    if let Some(path) = env::var_os(DATABASE_VARIABLE).filter(|path| !path.is_empty()) {
        return Ok(path.into());
    }
    Ok(data_folder()?.join("studio.db"))
}

/// The default folder of the example's dataset file.
pub fn example_folder() -> Result<PathBuf> {
    Ok(data_folder()?.join("example"))
}

fn data_folder() -> Result<PathBuf> {
    crate::folders::data().ok_or_else(|| {
        Error::new(ErrorCode::File, "This system has no folder for application data.")
            .hint(format!("Name the database with --db or {DATABASE_VARIABLE}."))
    })
}
