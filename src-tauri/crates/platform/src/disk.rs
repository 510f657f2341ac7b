//! Sizes on disks, and sizes in bytes as text.

use std::path::{Path, PathBuf};

/// The free bytes on the disk of a folder, which need not exist yet. `None` if the system does not
/// report them.
pub fn free(folder: &Path) -> Option<u64> {
    let existing = folder.ancestors().find(|folder| folder.is_dir())?;
    available(existing)
}

#[cfg(unix)]
fn available(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    // Without the blocks that are reserved for root.
    disk.f_bavail.checked_mul(disk.f_frsize)
}

#[cfg(not(unix))]
fn available(_: &Path) -> Option<u64> {
    None
}

/// A number of bytes as text, in decimal units: `13 bytes`, `2 kB`, `258 MB`, `6.4 GB`.
pub fn format_bytes(bytes: u64) -> String {
    match bytes as f64 {
        1.0 => "1 byte".to_owned(),
        bytes if bytes < 1e3 => format!("{bytes} bytes"),
        bytes if bytes < 1e6 => format!("{:.0} kB", bytes / 1e3),
        bytes if bytes < 1e9 => format!("{:.0} MB", bytes / 1e6),
        bytes => format!("{:.1} GB", bytes / 1e9),
    }
}

/// The bytes of the files in a folder and its subfolders. Links to files count, because all files in
/// the cache of the Hub are links; links to folders are not followed.
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
    use super::format_bytes;

    #[test]
    fn bytes_are_shown_in_the_unit_that_fits() {
        assert_eq!(
            [0, 1, 13, 1_600, 258_000_000, 6_400_000_000].map(format_bytes),
            ["0 bytes", "1 byte", "13 bytes", "2 kB", "258 MB", "6.4 GB"]
        );
    }
}
