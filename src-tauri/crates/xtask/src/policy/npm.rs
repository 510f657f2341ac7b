//! The UI's npm packages, from its lock file.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::rules::{Package, Source};
use crate::repo;

/// <https://docs.npmjs.com/cli/configuring-npm/package-lock-json>, the keys that matter here.
#[derive(Deserialize)]
pub(super) struct Lock {
    /// By the folder they are installed in; the UI itself is "".
    pub(super) packages: BTreeMap<String, Locked>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Locked {
    #[serde(default)]
    pub(super) version: String,
    pub(super) license: Option<String>,
    resolved: Option<String>,
    integrity: Option<String>,
    #[serde(default)]
    dependencies: BTreeMap<String, String>,
    #[serde(default)]
    dev_dependencies: BTreeMap<String, String>,
    /// It only builds and tests the UI.
    #[serde(default)]
    pub(super) dev: bool,
    #[serde(default)]
    pub(super) dev_optional: bool,
}

impl Lock {
    pub(super) fn read() -> Result<Self> {
        let path = repo::ui().join("package-lock.json");
        let text = fs::read_to_string(&path).with_context(|| format!("{} can't be read", path.display()))?;
        Self::parse(&text)
    }

    pub(super) fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text).context("ui/package-lock.json is not understood")
    }
}

/// The name of the package that is installed in a folder.
pub(super) fn name_of(folder: &str) -> &str {
    folder.rsplit_once("node_modules/").map_or(folder, |(_, name)| name)
}

/// All of them, those that only build and test the UI included.
pub(super) fn packages() -> Result<Vec<Package>> {
    Ok(of_lock(Lock::read()?))
}

fn of_lock(lock: Lock) -> Vec<Package> {
    let packages = lock.packages.into_iter().map(|(folder, locked)| {
        let name = name_of(&folder);
        let own = folder.is_empty();
        let wanted = locked.dependencies.into_iter().chain(locked.dev_dependencies);
        let wildcards =
            wanted.filter(|(_, versions)| own && ["", "*", "latest"].contains(&versions.as_str()));
        Package {
            kind: "npm package",
            name: if own { "ui".into() } else { name.into() },
            version: locked.version,
            license: locked.license,
            source: match locked.resolved {
                _ if own => Source::Here,
                // Only what the registry serves has a checksum in the lock.
                resolved if locked.integrity.is_none() => {
                    Source::Other(resolved.unwrap_or_else(|| "an unknown place".into()))
                }
                Some(resolved) if resolved.starts_with("git") => Source::Other(resolved),
                _ => Source::Registry,
            },
            wildcards: wildcards.map(|(name, _)| name).collect(),
        }
    });
    packages.collect()
}

#[cfg(test)]
mod tests {
    use super::{Lock, Source, of_lock};

    #[test]
    fn packages_are_read_with_license_source_and_wildcards() {
        let lock = r#"{"packages": {
            "": {"version": "0.1.0", "license": "Apache-2.0", "dependencies": {"a": "1.0.0", "b": "*"}},
            "node_modules/a": {"version": "1.0.0", "license": "MIT", "integrity": "sha512-0"},
            "node_modules/a/node_modules/@s/b": {"version": "2.0.0", "resolved": "git+ssh://a.example/b#1"}
        }}"#;
        let packages = of_lock(Lock::parse(lock).unwrap());
        let [ui, a, b] = packages.as_slice() else { panic!("{packages:?}") };
        assert_eq!(
            (ui.name.as_str(), &ui.source, ui.wildcards.as_slice()),
            ("ui", &Source::Here, &["b".into()][..])
        );
        assert_eq!((a.license.as_deref(), &a.source), (Some("MIT"), &Source::Registry));
        assert_eq!((b.name.as_str(), &b.source), ("@s/b", &Source::Other("git+ssh://a.example/b#1".into())));
        assert_eq!(b.license, None);
    }
}
