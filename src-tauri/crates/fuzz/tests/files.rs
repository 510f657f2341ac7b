//! The seeds and the findings are read without libFuzzer, so that what was found stays found.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use fuzz::{Harness, Target};
use proptest::prelude::*;

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

/// The corpus of the readers: each file by the target that its ending says.
#[test]
fn the_corpus_of_the_readers_is_answered_well() {
    let harness = Harness::new().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../datasets/tests/corpus");
    let mut read = 0;
    for path in files(&root) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let target = |target: &Target| name.ends_with(&target.name().replace("dataset-", "."));
        let Some(target) = Target::ALL.into_iter().find(target) else { continue };
        let checked = harness.check(target, &fs::read(&path).unwrap());
        checked.unwrap_or_else(|finding| panic!("{name}: {finding:#}"));
        read += 1;
    }
    assert!(read > 60, "{read}");
}

/// A change of a file: what is replaced there, and by what.
type Change = (prop::sample::Index, usize, Vec<u8>);

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let piece = prop::sample::select(vec![
        &b"\n"[..],
        b"\r\n",
        b",",
        b";",
        b"\"",
        b"\"\"",
        b"\\",
        b" ",
        b"1",
        b"a,b\n",
        b"{}",
        b"[",
        b"]",
        b"}\n{",
        b"null",
        b"\0",
        b"\xff",
        "é".as_bytes(),
        b"\xef\xbb\xbf",
    ]);
    let bytes = prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat());
    prop::collection::vec((any::<prop::sample::Index>(), 0..6_usize, bytes), 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    /// Each seed of text, changed, keeps the laws: rows read and rows named are the rows there. Parquet's
    /// library stops by panics, which the reader catches and the harness counts.
    #[test]
    fn changed_seeds_are_answered_well(changes in changes()) {
        static HARNESS: LazyLock<Harness> = LazyLock::new(|| Harness::new().unwrap());
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
        for target in [Target::DatasetCsv, Target::DatasetJson, Target::DatasetJsonl] {
            for path in files(&root.join(target.name())) {
                let mut bytes = fs::read(&path).unwrap();
                for (at, length, piece) in &changes {
                    let start = at.index(bytes.len() + 1);
                    let end = bytes.len().min(start + length);
                    bytes.splice(start..end, piece.iter().copied());
                }
                let checked = HARNESS.check(target, &bytes);
                prop_assert!(checked.is_ok(), "{}: {:?}: {:#}", path.display(),
                    String::from_utf8_lossy(&bytes), checked.unwrap_err());
            }
        }
    }
}

/// The files in a folder; none if there is no such folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}
