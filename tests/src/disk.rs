//! A small disk, to be filled.

use std::process::Command;

use tempfile::TempDir;

/// A small disk of its own, on a folder, for as long as this lives.
pub struct Disk {
    folder: TempDir,
}

impl Disk {
    /// One of that size. None, with a reason printed, where one may not be made.
    pub fn new(bytes: u64) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let made = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={bytes}"), "tmpfs"])
            .arg(folder.path())
            .output();
        if made.is_ok_and(|output| output.status.success()) {
            return Some(Self { folder });
        }
        println!("Skipped: only root may mount a small disk, on Linux.");
        None
    }

    /// Nothing can be written to it from now on.
    pub fn make_read_only(&self) {
        let status = Command::new("mount").args(["-o", "remount,ro"]).arg(self.folder.path()).status();
        assert!(status.expect("mount runs").success());
    }

    /// A path on it, as text for an argument.
    pub fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().expect("plain text").to_owned()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily, so that nothing that still has a file open keeps the mount.
        let _ = Command::new("umount").arg("-l").arg(self.folder.path()).status();
    }
}
