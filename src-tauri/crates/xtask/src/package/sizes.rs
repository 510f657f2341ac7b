//! How large what people install may be. A size that grew beyond it is to be looked into, not raised.

use std::{fs, path::Path};

use anyhow::{Result, bail};

use super::files;

/// The largest `fts`, in bytes.
const FTS: u64 = 25_000_000;
/// The most that everything takes once it is installed, in bytes.
const INSTALLED: u64 = 60_000_000;
/// The largest Debian package, in bytes.
const DEB: u64 = 25_000_000;

/// Looks at the sizes of the staged files and of the packages made from them.
pub(super) fn check(staged: &Path, out: &Path) -> Result<()> {
    limit("fts", fs::metadata(staged.join("usr/bin/fts"))?.len(), FTS)?;
    limit("everything that is installed", size(staged)?, INSTALLED)?;
    for file in files(out)? {
        let bytes = fs::metadata(&file)?.len();
        println!("   {:>6.1} MB  {}", megabytes(bytes), file.file_name().unwrap_or_default().display());
        if file.extension().is_some_and(|ending| ending == "deb") {
            limit("the Debian package", bytes, DEB)?;
        }
    }
    Ok(())
}

/// The bytes of all files below a folder.
pub(super) fn size(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for path in files(folder)? {
        let is = fs::symlink_metadata(&path)?;
        bytes += if is.is_dir() { size(&path)? } else { is.len() };
    }
    Ok(bytes)
}

fn limit(what: &str, bytes: u64, most: u64) -> Result<()> {
    let (is, most_megabytes) = (megabytes(bytes), megabytes(most));
    println!("   {is:>6.1} MB  {what}, of {most_megabytes:.0} MB at most");
    if bytes > most {
        bail!("{what} has {is:.1} MB, and may have {most_megabytes:.0} MB");
    }
    Ok(())
}

fn megabytes(bytes: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "to be shown with one place")]
    let bytes = bytes as f64;
    bytes / 1e6
}
