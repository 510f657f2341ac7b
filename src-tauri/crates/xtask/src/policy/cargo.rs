//! Rust crates: those that are built on this machine with their licenses, from `cargo metadata`,
//! and those of every platform with their sources, from `Cargo.lock`.

use std::{env, fs};

use anyhow::{Context, Result};
use cargo_metadata::{CargoOpt, Metadata, MetadataCommand, semver::VersionReq};
use serde::Deserialize;

use super::rules::{Package, Source};
use crate::repo;

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// The crates that are built on this machine.
pub(super) fn packages() -> Result<Vec<Package>> {
    Ok(read(metadata()?))
}

/// The same with what they depend on.
pub(super) fn metadata() -> Result<Metadata> {
    // Crates of other platforms are only downloaded there.
    let options = ["--offline", "--locked", "--filter-platform", "host-tuple"];
    command()
        .features(CargoOpt::AllFeatures)
        .other_options(options.map(str::to_owned))
        .exec()
        .context("The crates can't be listed. This downloads those that are missing: cargo fetch --locked")
}

fn command() -> MetadataCommand {
    let mut command = MetadataCommand::new();
    if let Some(cargo) = env::var_os("CARGO") {
        command.cargo_path(cargo);
    }
    command.current_dir(repo::root());
    command
}

fn read(metadata: Metadata) -> Vec<Package> {
    let packages = metadata.packages.into_iter().map(|package| {
        let source = source(package.source.map(|source| source.repr));
        // What others ask for is theirs; Cargo.lock holds what is built.
        let is_own = source == Source::Here;
        let wildcards = package
            .dependencies
            .into_iter()
            .filter(|wanted| is_own && wanted.path.is_none() && wanted.req == VersionReq::STAR);
        Package {
            kind: "crate",
            wildcards: wildcards.map(|wanted| wanted.name).collect(),
            name: package.name.to_string(),
            version: package.version.to_string(),
            license: package.license,
            source,
        }
    });
    packages.collect()
}

/// The crates of all platforms, without their licenses.
pub(super) fn locked() -> Result<Vec<Package>> {
    let text = fs::read_to_string(repo::root().join("Cargo.lock")).context("Cargo.lock can't be read")?;
    read_lock(&text)
}

fn read_lock(text: &str) -> Result<Vec<Package>> {
    #[derive(Deserialize)]
    struct Lock {
        package: Vec<Locked>,
    }
    #[derive(Deserialize)]
    struct Locked {
        name: String,
        version: String,
        source: Option<String>,
    }
    let lock: Lock = toml::from_str(text).context("Cargo.lock is not understood")?;
    let packages = lock.package.into_iter().map(|Locked { name, version, source: from }| Package {
        kind: "crate",
        name,
        version,
        license: None,
        source: source(from),
        wildcards: Vec::new(),
    });
    Ok(packages.collect())
}

fn source(repr: Option<String>) -> Source {
    match repr {
        None => Source::Here,
        Some(repr) if repr == CRATES_IO => Source::Registry,
        Some(repr) => Source::Other(repr),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registry_and_git_are_distinguished_in_a_lock() {
        let lock = "
            [[package]]
            name = 'here'
            version = '0.1.0'
            [[package]]
            name = 'released'
            version = '1.0.0'
            source = 'registry+https://github.com/rust-lang/crates.io-index'
            [[package]]
            name = 'unreleased'
            version = '1.0.0'
            source = 'git+https://a.example/b#1234'
        ";
        let sources: Vec<_> = read_lock(lock).unwrap().into_iter().map(|package| package.source).collect();
        let git = Source::Other("git+https://a.example/b#1234".into());
        assert_eq!(sources, [Source::Here, Source::Registry, git]);
    }

    #[test]
    fn our_own_crates_have_a_license_and_name_versions() {
        let mut metadata = command().no_deps().other_options(["--offline".to_owned()]).exec().unwrap();
        let packages = read(metadata.clone());
        let xtask = packages.iter().find(|package| package.name == "xtask").unwrap();
        assert_eq!((xtask.license.as_deref(), &xtask.source), (Some("Apache-2.0"), &Source::Here));
        assert!(packages.iter().all(|package| package.wildcards.is_empty()));

        let xtask = metadata.packages.iter_mut().find(|package| package.name == "xtask").unwrap();
        xtask.dependencies[0].req = VersionReq::STAR;
        let wanted = xtask.dependencies[0].name.clone();
        let packages = read(metadata);
        assert_eq!(packages.iter().find(|package| package.name == "xtask").unwrap().wildcards, [wanted]);
    }
}
