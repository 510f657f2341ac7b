//! What is fetched of a project.

use std::{collections::BTreeMap, fs, io::Read as _, path::Path};

use compute::{name_within, put_in_place, staging};
use platform::{Progress, Work, blocking};
use schema::{Error, ErrorCode};
use sha2::{Digest as _, Sha256};

use crate::{client::Workbench, failure::Result};

/// The file in a run's folder with the sizes and hashes of its output, by their paths in that folder. The script that
/// starts a worker writes it once the worker has ended.
const HASHES: &str = "output.json";
/// The most bytes of that file.
const MOST: i64 = 16 << 20;

/// The files below a folder, by their paths in it, with their bytes.
type Files = BTreeMap<String, u64>;

impl Workbench {
    /// The bytes of a file or of all files below a folder; none if it does not exist.
    ///
    /// # Errors
    /// As every call: see [`Fault`](crate::Fault).
    pub async fn size(&self, path: &str) -> Result<Option<u64>> {
        let files = self.files_below(path).await?;
        Ok(files.map(|files| files.values().sum()))
    }

    /// Fetches a folder of a run to `to`, which appears whole or not at all: what is complete lies beside it until then, and
    /// the same call goes on with it. Hashes are compared where the run's folder has them. What lies at `to` is replaced.
    ///
    /// # Errors
    /// As every call: see [`Fault`](crate::Fault). It can't be written here, or is not what the worker left there.
    pub async fn fetch_folder(&self, run: &str, within: &str, to: &Path, work: &Work) -> Result<()> {
        let path = format!("{run}/{within}");
        let Some(files) = self.files_below(&path).await? else {
            return Err(Error::new(ErrorCode::NotFound, format!("'{path}' is not there any more.")).into());
        };
        let hashes = self.read_file(&format!("{run}/{HASHES}"), MOST).await?.unwrap_or_default();
        let hashes: BTreeMap<String, (u64, String)> = serde_json::from_slice(&hashes).unwrap_or_default();
        let (total, mut done) = (files.values().sum(), 0);
        let staged = staging(to);
        for (name, bytes) in files {
            let here = name_within(&staged, &name)?;
            let known = hashes.get(&format!("{within}/{name}")).filter(|(size, _)| *size == bytes);
            let hash = known.map(|(_, hash)| hash.clone());
            if !is_same(&here, bytes, hash.clone()).await? {
                if let Some(folder) = here.parent() {
                    fs::create_dir_all(folder).map_err(|error| Error::file("create", folder, &error))?;
                }
                self.download(&format!("{path}/{name}"), &here).await?;
                if !is_same(&here, bytes, hash).await? {
                    let message = format!("'{path}/{name}' changed while it was fetched.");
                    return Err(Error::new(ErrorCode::File, message).hint("Fetch it again.").into());
                }
            }
            done += bytes;
            work.tick(Progress { done, total: Some(total), rows: 0 })?;
        }
        fs::create_dir_all(&staged).map_err(|error| Error::file("create", &staged, &error))?;
        let to = to.to_owned();
        Ok(blocking("moving what was fetched into place", move || put_in_place(&staged, &to)).await?)
    }

    /// The files below a folder; none if there is no such folder.
    async fn files_below(&self, path: &str) -> Result<Option<Files>> {
        let mut found = Files::new();
        let mut open = vec![String::new()];
        while let Some(prefix) = open.pop() {
            let folder = format!("{path}/{prefix}");
            let Some(listed) = self.files(&folder).await? else {
                if prefix.is_empty() {
                    return Ok(None);
                }
                continue;
            };
            for file in listed {
                let name = format!("{prefix}{}", file.name);
                if file.is_dir {
                    open.push(format!("{name}/"));
                } else {
                    found.insert(name, file.bytes.unsigned_abs());
                }
            }
        }
        Ok(Some(found))
    }
}

/// Whether a file here has so many bytes and that hash, where it is known.
async fn is_same(path: &Path, bytes: u64, hash: Option<String>) -> Result<bool> {
    if !fs::metadata(path).is_ok_and(|about| about.is_file() && about.len() == bytes) {
        return Ok(false);
    }
    let Some(hash) = hash else { return Ok(true) };
    let path = path.to_owned();
    let compared = blocking("comparing what was fetched", move || {
        let failed = |error: std::io::Error| Error::file("read", &path, &error);
        let mut file = fs::File::open(&path).map_err(failed)?;
        let (mut found, mut block) = (Sha256::new(), vec![0; 1 << 20]);
        loop {
            let length = file.read(&mut block).map_err(failed)?;
            if length == 0 {
                break;
            }
            found.update(&block[..length]);
        }
        let found: String = found.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(found == hash)
    });
    Ok(compared.await?)
}
