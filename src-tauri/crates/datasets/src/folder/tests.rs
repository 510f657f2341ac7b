//! What a folder tells of its files.
#![allow(clippy::unwrap_used, clippy::allow_attributes, reason = "a test stops at the first surprise")]

use std::{fs, path::Path};

use super::Layout;

/// The splits as `train: a.csv, b.csv` and the notes, or the refusal.
fn layout(files: &[(&str, &str)]) -> Result<(Vec<String>, Vec<String>), String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    told(folder.path())
}

fn told(folder: &Path) -> Result<(Vec<String>, Vec<String>), String> {
    let layout = Layout::new(folder)
        .map_err(|error| format!("{} {}", error.message, error.hint.unwrap_or_default()))?;
    let split = |split: super::Split| format!("{}: {}", split.name, split.files.join(", "));
    let notes = layout.notes.into_iter().map(|note| format!("{}{}", note.place(), note.message));
    Ok((layout.splits.into_iter().map(split).collect(), notes.collect()))
}

const CSV: &str = "a\n1\n";

/// A folder with a.csv, b.csv and c/d.csv, and a card that says this.
fn with_card(yaml: &str) -> Result<(Vec<String>, Vec<String>), String> {
    let card = format!("---\nlicense: mit\n{yaml}\n---\n# Rows\n");
    layout(&[("README.md", &card), ("a.csv", CSV), ("b.csv", CSV), ("c/d.csv", CSV)])
}

#[test]
fn data_files_are_followed_in_each_form() {
    let over = |files: &str| vec![files.to_owned()];
    let (one, two) = ("1 file is in no split and not read: ", "2 files are in no split and not read: ");
    let cases = [
        ("data_files: a.csv", vec!["train: a.csv"], over(&format!("{two}b.csv, c/d.csv."))),
        ("data_files: ['a.csv', './c/d.csv']", vec!["train: a.csv, c/d.csv"], over(&format!("{one}b.csv."))),
        ("data_files: '*.csv'", vec!["train: a.csv, b.csv"], over(&format!("{one}c/d.csv."))),
        ("data_files: '**/*.csv'", vec!["train: a.csv, b.csv, c/d.csv"], vec![]),
        ("data_files: ['a.csv', '*.csv', 'c/*']", vec!["train: a.csv, b.csv, c/d.csv"], vec![]),
        (
            "data_files:\n    train: a.csv\n    test: b.csv",
            vec!["train: a.csv", "test: b.csv"],
            over(&format!("{one}c/d.csv.")),
        ),
        (
            "data_files:\n    held_out: [b.csv, c/d.csv]\n    train: [a.csv]",
            vec!["train: a.csv", "held_out: b.csv, c/d.csv"],
            vec![],
        ),
        (
            "data_files:\n  - split: train\n    path: a.csv\n  - split: test\n    path: [b.csv, 'c/*.csv']",
            vec!["train: a.csv", "test: b.csv, c/d.csv"],
            vec![],
        ),
        ("data_dir: c", vec!["train: c/d.csv"], over(&format!("{two}a.csv, b.csv."))),
        ("data_dir: ./c/\n  data_files: d.csv", vec!["train: c/d.csv"], over(&format!("{two}a.csv, b.csv."))),
    ];
    for (yaml, splits, notes) in cases {
        let yaml = format!("configs:\n- config_name: default\n  {yaml}");
        assert_eq!(
            with_card(&yaml).unwrap(),
            (splits.into_iter().map(str::to_owned).collect(), notes),
            "{yaml}"
        );
    }
}

#[test]
fn what_is_not_followed_is_said() {
    let cases = [
        ("configs: [", "README.md: The lines between --- are not YAML"),
        ("configs:\n- data_files: 7", "README.md: Its 'data_files' are in a form that is not known"),
        ("configs:\n- data_files:\n  - split: train", "README.md: Its 'data_files' are in a form"),
        (
            "configs:\n- config_name: en\n  data_files: a.csv\n- config_name: de\n  data_files: b.csv",
            "README.md: The configuration 'en' is read; the configuration de is not.",
        ),
        (
            "configs:\n- config_name: en\n  data_files: a.csv\n- config_name: de\n  default: true\n  data_files: b.csv\n- config_name: fr",
            "README.md: The configuration 'de' is read; the configurations en, fr are not.",
        ),
    ];
    for (yaml, words) in cases {
        let (splits, notes) = with_card(yaml).unwrap();
        assert!(notes[0].contains(words) && !splits.is_empty(), "{yaml}: {notes:?}");
    }
    let error = with_card("configs:\n- data_files:\n    train: none-*.csv").unwrap_err();
    assert!(error.contains("'none-*.csv' for 'train'"), "{error}");
    for yaml in ["tags: [a]", "configs: []", "configs:\n- config_name: a"] {
        assert_eq!(with_card(yaml).unwrap().0, ["train: a.csv, b.csv"], "{yaml}");
    }
}

#[test]
fn missing_parts_are_named() {
    let (_, notes) = layout(&[("train-00001-of-00002.csv", CSV), ("test-00000-of-00001.csv", CSV)]).unwrap();
    assert_eq!(
        notes,
        [
            "'train-00000-of-00002.csv': 1 of 2 parts is missing: train-00000-of-00002.csv. The rows in them are not in the dataset."
        ]
    );
    let (_, notes) = layout(&[("data/train-00003-of-00009.jsonl.gz", CSV)]).unwrap();
    assert!(notes[0].contains("8 of 9 parts are missing: data/train-00000-of-00009.jsonl.gz"), "{notes:?}");
    assert!(notes[0].contains("and 5 more"), "{notes:?}");
    for whole in ["one-of-two.csv", "train-1-of-x.csv", "train-00000-of-00001.csv"] {
        assert_eq!(layout(&[(whole, CSV)]).unwrap().1, [""; 0], "{whole}");
    }
}

#[test]
fn folders_of_the_datasets_library_are_refused_with_the_way_out() {
    let saved = [("dataset_info.json", "{}"), ("state.json", "{}"), ("data-00000-of-00001.arrow", "ARROW1")];
    let error = layout(&saved).unwrap_err();
    assert!(error.contains("save_to_disk") && error.contains("to_parquet(\"train.parquet\")"), "{error}");
    let error = layout(&[("dataset_dict.json", "{}"), ("train/state.json", "{}")]).unwrap_err();
    assert!(error.contains("save_to_disk") && error.contains(".items()"), "{error}");
    let error = layout(&[("x.arrow", "")]).unwrap_err();
    assert!(error.contains("save_to_disk"), "{error}");
    let error = layout(&[("notes.txt", "")]).unwrap_err();
    assert!(error.contains("without dataset files"), "{error}");
}

#[cfg(unix)]
#[test]
fn names_and_links_that_can_not_be_read_are_named() {
    use std::os::unix::{ffi::OsStrExt as _, fs::symlink};
    let folder = tempfile::tempdir().unwrap();
    let odd = folder.path().join(std::ffi::OsStr::from_bytes(b"bad\xff.csv"));
    fs::write(&odd, CSV).unwrap();
    let error = told(folder.path()).unwrap_err();
    assert!(error.contains("'bad\u{fffd}.csv' is not UTF-8"), "{error}");
    fs::write(folder.path().join("a.csv"), CSV).unwrap();
    let (splits, notes) = told(folder.path()).unwrap();
    assert!(splits == ["train: a.csv"] && notes[0].contains("'bad\u{fffd}.csv'"), "{notes:?}");

    symlink("gone/b.csv", folder.path().join("b.csv")).unwrap();
    let error = super::size(folder.path()).unwrap_err();
    assert!(error.message.contains("b.csv is a link to gone/b.csv, which does not exist"), "{error}");
}
