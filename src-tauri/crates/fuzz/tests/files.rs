//! The seeds and the findings are read without libFuzzer, so that what was found stays found.

use std::{
    fs,
    path::{Path, PathBuf},
};

use fuzz::{Harness, Target};

#[test]
fn every_seed_and_every_finding_is_answered_well() {
    let harness = Harness::new().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in files(&root.join("findings")).into_iter().filter(|path| path.is_dir()) {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        assert!(
            Target::ALL.iter().any(|target| target.name() == name),
            "findings/{name} is read by no target"
        );
        assert!(!files(&folder).is_empty(), "findings/{name} is empty");
    }
    for target in Target::ALL {
        let seeds = files(&root.join("seeds").join(target.name()));
        assert!(!seeds.is_empty(), "{} has no seeds", target.name());
        for path in [seeds, files(&root.join("findings").join(target.name()))].concat() {
            let bytes = fs::read(&path).unwrap();
            harness.check(target, &bytes).unwrap_or_else(|finding| panic!("{}: {finding:#}", path.display()));
        }
    }
}

/// The files in a folder; none if there is no such folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}
