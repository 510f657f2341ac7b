//! Unfinished files and folders: how they are named, and the end of those that a killed program left.

use std::{
    fs,
    path::Path,
    time::{Duration, SystemTime},
};

/// Every unfinished file or folder is named by these.
pub const UNFINISHED_PREFIX: &str = ".fine-tuning-studio-";
/// The end of the names of unfinished files and folders.
pub const UNFINISHED_SUFFIX: &str = ".part";
/// No file is written for longer than this: a program that left an older one is gone.
const ABANDONED: Duration = Duration::from_hours(24);

/// Removes unfinished files and folders that a killed program left in a folder. What can't be
/// removed stays.
pub fn sweep_unfinished(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(rest) = name.to_str().and_then(|name| name.strip_prefix(UNFINISHED_PREFIX)) else {
            continue;
        };
        // SQLite keeps a journal beside a file that it writes.
        let ours = rest.ends_with(UNFINISHED_SUFFIX) || rest.ends_with(".part-journal");
        let modified = entry.metadata().and_then(|found| found.modified());
        let age = modified.ok().and_then(|modified| SystemTime::now().duration_since(modified).ok());
        if ours && age.is_some_and(|age| age > ABANDONED) {
            let path = entry.path();
            let _ = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        fs::{self, File},
        time::SystemTime,
    };

    use super::{ABANDONED, sweep_unfinished};

    #[test]
    fn only_old_unfinished_files_are_swept() {
        let folder = tempfile::tempdir().unwrap();
        let old = SystemTime::now() - ABANDONED * 2;
        let names =
            [".fine-tuning-studio-a.part", ".fine-tuning-studio-b.part-journal", "c.part", ".other-d.part"];
        for name in names {
            let file = File::create(folder.path().join(name)).unwrap();
            file.set_modified(old).unwrap();
        }
        File::create(folder.path().join(".fine-tuning-studio-new.part")).unwrap();
        sweep_unfinished(folder.path());
        let mut left: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, [".fine-tuning-studio-new.part", ".other-d.part", "c.part"]);
    }
}
