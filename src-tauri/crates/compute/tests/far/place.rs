//! A server, a folder on it, and what tests do with them.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use compute::{Connection, TargetKind, TargetOptions, TargetSettings};
use tempfile::TempDir;
use test_hosts::Sshd;

/// A server with a target's folder.
pub(crate) struct Place {
    pub(crate) sshd: Sshd,
    folder: TempDir,
}

impl Place {
    /// None, with a line that says so, where there is no SSH server.
    pub(crate) fn new() -> Option<Self> {
        Self::with(&[])
    }

    /// The same with further lines for the server's configuration.
    pub(crate) fn with(lines: &[&str]) -> Option<Self> {
        Some(Self { sshd: Sshd::start_with(lines)?, folder: tempfile::tempdir().unwrap() })
    }

    pub(crate) fn settings(&self) -> TargetSettings {
        TargetSettings {
            kind: TargetKind::Ssh,
            host: Sshd::HOST.to_owned(),
            folder: self.there("").to_string_lossy().trim_end_matches('/').to_owned(),
            python: None,
            ssh_config: Some(self.sshd.config().to_string_lossy().into_owned()),
            options: TargetOptions::default(),
        }
    }

    pub(crate) fn connection(&self) -> Connection {
        self.connect(self.settings())
    }

    pub(crate) fn connect(&self, settings: TargetSettings) -> Connection {
        Connection::with_hashes(settings, Some(self.here("hashes.json")))
    }

    /// A path below the target's folder.
    pub(crate) fn there(&self, path: &str) -> PathBuf {
        self.folder.path().join("there").join(path)
    }

    /// A path of this machine.
    pub(crate) fn here(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file of this machine.
    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.here(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }
}

/// A run folder that lies there.
pub(crate) async fn run_folder(connection: &Connection, id: &str) -> String {
    let folder = format!("runs/{id}");
    connection.prepare().await.unwrap();
    connection.write(&format!("{folder}/job.json"), b"{}").await.unwrap();
    folder
}

/// Bytes that compress badly and differ everywhere.
pub(crate) fn bytes(length: usize, seed: u64) -> Vec<u8> {
    let mut chance = Chance(seed);
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        bytes.extend_from_slice(&chance.next().to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

/// Numbers that look random, the same each time.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}

/// The files of a folder with their bytes, by their names.
pub(crate) fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.push((name, fs::read(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// Waits until something holds, for at most 20 seconds.
pub(crate) async fn until<F: Future<Output = bool>>(mut holds: impl FnMut() -> F) {
    let waiting = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waiting).await.unwrap();
}
