//! `.cargo/deny.toml`, in the words of cargo-deny, which can read it as well. Only what is checked
//! here is read; anything else in the file is an error, so that no rule is taken for one that holds.

use std::fs;

use anyhow::{Context, Result};
use serde::{Deserialize, Deserializer, de};
use spdx::Licensee;

use crate::repo;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    pub(super) licenses: Licenses,
    #[serde(rename = "sources")]
    _sources: Sources,
    pub(super) bans: Bans,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Licenses {
    /// Licenses that are allowed, each with its exception (`Apache-2.0 WITH LLVM-exception`).
    #[serde(deserialize_with = "licensees")]
    pub(super) allow: Vec<Licensee>,
}

/// Registries beside crates.io and git repositories are always refused. The keys are there for
/// cargo-deny, whose default for both is a warning.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Sources {
    #[serde(rename = "unknown-registry")]
    _unknown_registry: Deny,
    #[serde(rename = "unknown-git")]
    _unknown_git: Deny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Bans {
    #[serde(rename = "wildcards")]
    _wildcards: Deny,
    #[serde(rename = "allow-wildcard-paths")]
    _allow_wildcard_paths: bool,
    pub(super) deny: Vec<Ban>,
}

#[derive(Deserialize)]
enum Deny {
    #[serde(rename = "deny")]
    Deny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Ban {
    #[serde(rename = "crate")]
    pub(super) name: String,
    /// One version is allowed, two are not.
    #[serde(default)]
    pub(super) deny_multiple_versions: bool,
    pub(super) reason: String,
}

impl Settings {
    pub(super) fn read() -> Result<Self> {
        let path = repo::root().join(".cargo/deny.toml");
        let text = fs::read_to_string(&path).with_context(|| format!("{} can't be read", path.display()))?;
        toml::from_str(&text).with_context(|| format!("{} is not understood", path.display()))
    }
}

fn licensees<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Licensee>, D::Error> {
    let names = Vec::<String>::deserialize(deserializer)?;
    names
        .iter()
        .map(|name| Licensee::parse(name).map_err(|error| de::Error::custom(format!("{name}: {error}"))))
        .collect()
}
