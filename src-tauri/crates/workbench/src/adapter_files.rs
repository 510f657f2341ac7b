//! An adapter with a script for it, as files of the project.

use std::{fs, path::Path};

use schema::Error;

use crate::{
    client::Workbench,
    failure::{Failure, Fault, Result},
};

/// The adapter's folder, beside the script.
pub(crate) const ADAPTER: &str = "adapter";
/// What an adapter's folder has that nothing there reads. The first could run code when it is read.
const LEFT_OUT: [&str; 2] = ["training_args.bin", "README.md"];

impl Workbench {
    /// Sends a script, by its name and content, and an adapter into a folder of their own. What is there of the adapter
    /// with the same size stays.
    pub(crate) async fn send_adapter(
        &self,
        place: &str,
        (script, content): (&str, &str),
        adapter: &Path,
    ) -> Result<()> {
        self.write_file(&format!("{place}/{script}"), content.as_bytes()).await?;
        let folder = format!("{place}/{ADAPTER}");
        let there = self.files(&folder).await?.unwrap_or_default();
        let files = files_of(adapter).map_err(Failure::here)?;
        if files.is_empty() {
            let message = format!("The adapter's folder {} has no files.", adapter.display());
            return Err(Failure::new(Fault::Here, message));
        }
        for (name, bytes) in files {
            let is_there =
                there.iter().any(|file| file.name == name && u64::try_from(file.bytes) == Ok(bytes));
            if !is_there {
                self.upload(&adapter.join(&name), &format!("{folder}/{name}")).await?;
            }
        }
        Ok(())
    }
}

/// The names and sizes of an adapter's files, without folders, such as those of checkpoints.
fn files_of(folder: &Path) -> Result<Vec<(String, u64)>, Error> {
    let failed = |error: std::io::Error| Error::file("read", folder, &error);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let about = fs::metadata(entry.path()).map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if about.is_file() && !name.starts_with('.') && !LEFT_OUT.contains(&name.as_str()) {
            files.push((name, about.len()));
        }
    }
    files.sort();
    Ok(files)
}
