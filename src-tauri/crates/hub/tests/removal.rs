//! Removing repositories from the local cache, which other programs use at the same time.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test says what it found by panicking")]

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use hub::{Environment, Hub, HubKind, Keyring};
use platform::{FileLock, SettingsFile};
use schema::ErrorCode;
use tempfile::TempDir;

const HASH: &str = "ab00000000000000000000000000000000000000000000000000000000000000";

struct World {
    hub: Hub,
    folder: TempDir,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let variables = [("HF_HUB_CACHE", folder.path().display().to_string())];
        let settings = SettingsFile::from_path(folder.path().join("settings.json"));
        let environment = Environment::from_variables(variables);
        Self { hub: Hub::new(environment, settings, Keyring::new("fine-tuning-studio tests")), folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A repository with two revisions that share a content.
    fn repository(&self, folder: &str) -> PathBuf {
        let repository = self.path(folder);
        write(&repository.join("blobs/both"), &[1; 1_000]);
        write(&repository.join("blobs/new"), &[2; 500]);
        for (revision, file) in [("aaaaaaa", "both"), ("bbbbbbb", "both"), ("bbbbbbb", "new")] {
            let snapshot = repository.join("snapshots").join(revision);
            fs::create_dir_all(&snapshot).unwrap();
            symlink(Path::new("../../blobs").join(file), snapshot.join(file)).unwrap();
        }
        repository
    }

    /// A content of 3,000 bytes that these repositories share, as `huggingface_hub` lays it out.
    fn shared(&self, folders: &[&str]) -> PathBuf {
        let content = self.path("blobs/ab").join(HASH);
        write(&content, &[3; 3_000]);
        let mut links = String::new();
        for folder in folders {
            let blob = self.path(folder).join("blobs/shared");
            fs::create_dir_all(blob.parent().unwrap()).unwrap();
            symlink(format!("../../blobs/ab/{HASH}"), &blob).unwrap();
            links.push_str(&format!("{folder}/blobs/shared\n"));
        }
        fs::write(content.with_added_extension("refs"), links).unwrap();
        content
    }

    fn remove(&self, name: &str) -> schema::Result<u64> {
        self.hub.remove_cached(HubKind::Model, name).map(|removed| removed.bytes)
    }
}

fn write(path: &Path, content: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn a_removed_repository_leaves_nothing_and_others_stay() {
    let world = World::new();
    let (tiny, other) = (world.repository("models--acme--tiny"), world.repository("models--acme--tiny-2"));
    let dataset = world.repository("datasets--acme--tiny");
    assert_eq!(world.remove("acme/tiny").unwrap(), 1_500, "a content counts once");
    assert!(!tiny.exists());
    assert_eq!(names(&world.path(".locks")), [""; 0]);
    for folder in [other, dataset] {
        assert_eq!(fs::read(folder.join("snapshots/aaaaaaa/both")).unwrap().len(), 1_000);
    }
    assert_eq!(world.remove("acme/tiny").unwrap_err().code, ErrorCode::NotFound);
    for odd in ["..", "../x", "", "acme--tiny-2/../x"] {
        assert_eq!(world.remove(odd).unwrap_err().code, ErrorCode::NotFound, "{odd}");
    }
}

#[test]
fn what_a_program_is_fetching_is_not_removed() {
    let world = World::new();
    let tiny = world.repository("models--acme--tiny");
    let lock = world.path(".locks/models--acme--tiny/0123.lock");
    fs::create_dir_all(lock.parent().unwrap()).unwrap();
    let held = FileLock::try_exclusive(&lock).unwrap().unwrap();
    let error = world.remove("acme/tiny").unwrap_err();
    assert_eq!((error.code, error.message.as_str()), (ErrorCode::InUse, "acme/tiny is being fetched."));
    assert!(tiny.join("blobs/both").exists());
    drop(held);
    world.remove("acme/tiny").unwrap();
    assert!(lock.exists(), "a program may wait for the lock");
}

#[test]
fn a_removal_that_was_interrupted_is_finished_by_the_next() {
    let world = World::new();
    world.repository("models--acme--tiny");
    write(&world.path(".locks/.removed-models--acme--old-1/blobs/0"), &[0; 10]);
    world.remove("acme/tiny").unwrap();
    assert_eq!(names(&world.path(".locks")), [""; 0]);
}

#[test]
fn a_content_that_repositories_share_goes_with_the_last_of_them() {
    let world = World::new();
    let content = world.shared(&["models--acme--a", "models--acme--b"]);
    assert_eq!(world.remove("acme/a").unwrap(), 0);
    assert!(content.exists());
    assert_eq!(world.remove("acme/b").unwrap(), 3_000);
    assert!(!content.exists() && !content.with_added_extension("refs").exists());
}

#[test]
fn a_shared_content_whose_links_are_not_known_stays() {
    let world = World::new();
    let content = world.shared(&["models--acme--a"]);
    fs::remove_file(content.with_added_extension("refs")).unwrap();
    assert_eq!(world.remove("acme/a").unwrap(), 0);
    assert!(content.exists());
}
