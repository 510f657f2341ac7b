//! Where the files of a model of the Hugging Face Hub lie on this machine, if they were fetched
//! (<https://huggingface.co/docs/huggingface_hub/guides/manage-cache>).

use std::{env, fs, path::PathBuf};

/// The folder of the revision that `main` points to.
pub(crate) fn folder_of(name: &str) -> Option<PathBuf> {
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    let repository =
        cache().filter(|_| name.chars().all(known))?.join(format!("models--{}", name.replace('/', "--")));
    let main = fs::read_to_string(repository.join("refs/main")).ok()?;
    // A commit is a name, never a path.
    let commit = Some(main.trim()).filter(|commit| commit.chars().all(|c| c.is_ascii_alphanumeric()))?;
    Some(repository.join("snapshots").join(commit))
}

/// The cache, by the variables the Hugging Face libraries go by. A blank one counts as unset.
fn cache() -> Option<PathBuf> {
    let path = |name| env::var(name).ok().filter(|value| !value.trim().is_empty()).map(PathBuf::from);
    path("HF_HUB_CACHE").or_else(|| {
        let home = path("HF_HOME").or_else(|| {
            let caches = path("XDG_CACHE_HOME").or_else(|| Some(env::home_dir()?.join(".cache")));
            Some(caches?.join("huggingface"))
        });
        Some(home?.join("hub"))
    })
}
