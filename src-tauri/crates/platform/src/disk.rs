//! How much room is left on a disk.

use std::path::{Path, PathBuf};

/// The bytes that may still be written where this folder is or would be made. `None` where the
/// system does not tell.
pub fn free(folder: &Path) -> Option<u64> {
    let there = folder.ancestors().find(|folder| folder.is_dir())?;
    available(there)
}

#[cfg(unix)]
fn available(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    // What is kept back for root is not counted.
    disk.f_bavail.checked_mul(disk.f_frsize)
}

#[cfg(not(unix))]
fn available(_: &Path) -> Option<u64> {
    None
}

/// Bytes as people count them on disks and in memory.
pub fn words(bytes: u64) -> String {
    match bytes as f64 {
        few if few < 1e6 => format!("{:.0} kB", few / 1e3),
        some if some < 1e9 => format!("{:.0} MB", some / 1e6),
        many => format!("{:.1} GB", many / 1e9),
    }
}

/// The bytes of the files in a folder and the folders below it. Links to files count, as in the
/// hub's cache all files are; links to folders are not followed.
pub fn folder_size(folder: &Path) -> u64 {
    let mut folders = vec![PathBuf::from(folder)];
    let mut bytes = 0;
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        for entry in entries.flatten() {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(entry.path());
            } else if let Ok(metadata) = std::fs::metadata(entry.path())
                && metadata.is_file()
            {
                bytes += metadata.len();
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn bytes_are_told_in_the_unit_that_fits() {
        assert_eq!([words(1_600), words(258_000_000), words(6_400_000_000)], ["2 kB", "258 MB", "6.4 GB"]);
    }
}
