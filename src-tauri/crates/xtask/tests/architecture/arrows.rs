//! Which crate may use which.

use std::{collections::BTreeSet, fs};

use cargo_metadata::{DependencyKind, MetadataCommand};

use crate::sources::{crates_folder, sources};

/// The crates of the core from the inside out: each may use those before it.
pub(crate) const LAYERS: [&str; 30] = [
    "schema",
    "wire",
    "platform",
    "prompts",
    "configs",
    "resources",
    "rows",
    "sniff",
    "datasets",
    "weights",
    "hub",
    "python",
    "estimate",
    "compute",
    "workbench",
    "store",
    "snapshot",
    "archive",
    "inspect",
    "transfers",
    "run_folder",
    "executors",
    "runs",
    "playground",
    "serving",
    "exports",
    "exchange",
    "studio",
    "grpc",
    "cli",
];
/// Crates around the core.
const AROUND: [&str; 3] = ["xtask", "fuzz", "ui-host"];
/// No crate of the core is longer than this, blank lines, comments and tests included.
const MOST_LINES: usize = 9_000;

#[test]
fn each_crate_uses_only_those_inside_of_it() {
    let manifest = crates_folder().join("../../Cargo.toml");
    let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec().unwrap();
    let place =
        |name: &str| LAYERS.iter().position(|layer| *layer == if name == "fts" { "cli" } else { name });
    let mut arrows = 0;
    for package in metadata.workspace_packages() {
        let Some(own) = place(&package.name) else { continue };
        for dependency in package.dependencies.iter().filter(|d| d.kind == DependencyKind::Normal) {
            let Some(used) = place(&dependency.name) else { continue };
            assert!(used < own, "{} must not use {}", package.name, dependency.name);
            arrows += 1;
        }
        for window in ["tauri", "wry", "gtk", "webkit2gtk"] {
            assert!(
                !package.dependencies.iter().any(|d| d.name == window),
                "{} needs {window}",
                package.name
            );
        }
    }
    assert!(arrows > 20, "only {arrows} arrows were seen");
}

/// `specta` is a pre-release: only the window, which needs types for TypeScript, builds the core with it.
#[test]
fn the_core_needs_no_pre_release() {
    let manifest = crates_folder().join("../../Cargo.toml");
    let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec().unwrap();
    let mut typed = 0;
    for package in metadata.workspace_packages() {
        let core = package.name == "fts" || LAYERS.contains(&package.name.as_str());
        for dependency in &package.dependencies {
            assert!(
                !core
                    || dependency.req.comparators.iter().all(|version| version.pre.is_empty())
                    || dependency.optional,
                "{} needs {} {}",
                package.name,
                dependency.name,
                dependency.req
            );
            let typescript = dependency.features.iter().any(|feature| feature == "typescript");
            assert!(
                !core || !typescript,
                "{} has the types for TypeScript of {} without its own feature",
                package.name,
                dependency.name
            );
        }
        for (feature, parts) in &package.features {
            let specta = parts.iter().any(|part| part.contains("specta") || part.ends_with("/typescript"));
            assert!(!core || !specta || feature == "typescript", "{}: {feature} needs specta", package.name);
            typed += usize::from(core && specta);
        }
    }
    assert!(typed > 10, "only {typed} crates have types for TypeScript");
}

#[test]
fn every_crate_has_its_place() {
    let folders = fs::read_dir(crates_folder()).unwrap().map(|entry| entry.unwrap().file_name());
    let folders: BTreeSet<String> = folders.map(|name| name.into_string().unwrap()).collect();
    let known: BTreeSet<String> = LAYERS.iter().chain(&AROUND).map(|name| (*name).to_owned()).collect();
    assert_eq!(folders, known);
}

#[test]
fn no_crate_of_the_core_is_too_long() {
    for name in LAYERS {
        let lines: usize =
            sources(name).iter().map(|s| fs::read_to_string(&s.path).unwrap().lines().count()).sum();
        assert!(lines < MOST_LINES, "{name} has {lines} lines");
    }
}
