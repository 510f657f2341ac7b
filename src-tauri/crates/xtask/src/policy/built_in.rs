//! What the installed programs contain, for the licenses that go with them.

use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
};

use anyhow::{Context, Result};
use cargo_metadata::{DependencyKind, PackageId};

use super::{
    cargo,
    npm::{Lock, name_of},
};
use crate::repo;

/// Something that is built in.
#[derive(Debug)]
pub(crate) struct Component {
    /// Its name and version.
    pub(crate) name: String,
    /// An SPDX expression.
    pub(crate) license: String,
    /// Where its source is.
    pub(crate) address: Option<String>,
    /// Where its files are on this machine.
    pub(crate) folder: PathBuf,
}

/// The crates of others in these programs, without those that only test or build them.
pub(crate) fn built_in_crates(programs: &[&str]) -> Result<Vec<Component>> {
    let metadata = cargo::metadata()?;
    let resolved = metadata.resolve.context("cargo named no dependencies")?;
    let nodes: HashMap<&PackageId, _> = resolved.nodes.iter().map(|node| (&node.id, node)).collect();
    let is_program = |name: &str| programs.contains(&name);
    let mut next: Vec<&PackageId> = metadata
        .packages
        .iter()
        .filter(|package| is_program(&package.name))
        .map(|package| &package.id)
        .collect();
    let mut reached: HashSet<&PackageId> = next.iter().copied().collect();
    while let Some(node) = next.pop().and_then(|id| nodes.get(id)) {
        let normal = node
            .deps
            .iter()
            .filter(|dependency| dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal));
        next.extend(normal.map(|dependency| &dependency.pkg).filter(|id| reached.insert(id)));
    }
    let built_in =
        metadata.packages.iter().filter(|package| package.source.is_some() && reached.contains(&package.id));
    let mut components: Vec<Component> = built_in
        .map(|package| Component {
            name: format!("{} {}", package.name, package.version),
            license: package.license.clone().unwrap_or_default(),
            address: package.repository.clone(),
            folder: package.manifest_path.parent().map(Into::into).unwrap_or_default(),
        })
        .collect();
    components.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(components)
}

/// The npm packages that the pages are made of, without those that only build and test them.
pub(crate) fn built_in_modules() -> Result<Vec<Component>> {
    Ok(modules(Lock::read()?))
}

fn modules(lock: Lock) -> Vec<Component> {
    let built_in = lock
        .packages
        .into_iter()
        .filter(|(folder, locked)| !folder.is_empty() && !locked.dev && !locked.dev_optional);
    built_in
        .map(|(folder, locked)| Component {
            name: format!("{} {}", name_of(&folder), locked.version),
            license: locked.license.unwrap_or_default(),
            address: None,
            folder: repo::ui().join(&folder),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_builds_or_tests_is_left_out() {
        let crates = built_in_crates(&["fts"]).unwrap();
        let has = |name: &str| crates.iter().any(|component| component.name.starts_with(&format!("{name} ")));
        assert!(has("clap") && has("sqlx") && has("libsqlite3-sys"));
        assert!(!has("tauri"), "fts has no window");
        assert!(!has("proptest") && !has("prost-build"), "for tests and builds alone");

        let lock = r#"{"packages": {
            "": {"version": "0.1.0"},
            "node_modules/a": {"version": "1.0.0", "license": "MIT"},
            "node_modules/a/node_modules/@s/b": {"version": "2.0.0", "license": "ISC", "dev": true},
            "node_modules/@s/c": {"version": "3.0.0", "license": "ISC"}
        }}"#;
        let names: Vec<_> =
            modules(Lock::parse(lock).unwrap()).into_iter().map(|component| component.name).collect();
        assert_eq!(names, ["@s/c 3.0.0", "a 1.0.0"]);
    }
}
