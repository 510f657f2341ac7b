//! Where the database is when nobody says.

use std::{env, path::PathBuf};

use schema::{Error, ErrorCode, Result};

/// Names the database file, as in the reference studio.
pub const DATABASE_VARIABLE: &str = "FINE_TUNING_STUDIO_SQLITE_DB";

/// The file named by the environment, else `studio.db` in the platform's folder for application
/// data.
pub fn default_database() -> Result<PathBuf> {
    if let Some(path) = env::var_os(DATABASE_VARIABLE).filter(|path| !path.is_empty()) {
        return Ok(path.into());
    }
    Ok(data_folder()?.join("studio.db"))
}

/// Where the files of the example workspace go when nobody says.
pub fn example_folder() -> Result<PathBuf> {
    Ok(data_folder()?.join("example"))
}

fn data_folder() -> Result<PathBuf> {
    let folders = directories::ProjectDirs::from("", "", "fine-tuning-studio");
    folders.map(|folders| folders.data_dir().to_owned()).ok_or_else(|| {
        Error::new(ErrorCode::File, "This system has no folder for application data.")
            .hint(format!("Name the database with --db or {DATABASE_VARIABLE}."))
    })
}
