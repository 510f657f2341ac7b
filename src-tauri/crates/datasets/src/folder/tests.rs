//! How a folder reports what it reads and what it leaves out.
#![allow(clippy::unwrap_used, clippy::allow_attributes, reason = "a test stops at the first surprise")]

use std::{fs, path::Path};

use super::{Layout, Repository};
use crate::read_options::DatasetPart;

/// The splits as `train: a.csv, b.csv` and the notes, or the refusal.
fn layout(files: &[(&str, &str)]) -> Result<(Vec<String>, Vec<String>), String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    reported(folder.path())
}

fn reported(folder: &Path) -> Result<(Vec<String>, Vec<String>), String> {
    let layout = Layout::new(&folder.into())
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
    let error = reported(folder.path()).unwrap_err();
    assert!(error.contains("'bad\u{fffd}.csv' is not UTF-8"), "{error}");
    fs::write(folder.path().join("a.csv"), CSV).unwrap();
    let (splits, notes) = reported(folder.path()).unwrap();
    assert!(splits == ["train: a.csv"] && notes[0].contains("'bad\u{fffd}.csv'"), "{notes:?}");

    symlink("gone/b.csv", folder.path().join("b.csv")).unwrap();
    let error = super::size(&folder.path().into()).unwrap_err();
    assert!(error.message.contains("b.csv is a link to gone/b.csv, which does not exist"), "{error}");
}

/// A link to a folder that it is in would have all files found again, folder by folder.
#[cfg(unix)]
#[test]
fn a_link_that_leads_back_is_not_followed() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("data")).unwrap();
    fs::write(folder.path().join("data/train.csv"), CSV).unwrap();
    symlink("..", folder.path().join("data/up")).unwrap();
    symlink(".", folder.path().join("here")).unwrap();
    let read = reported(folder.path()).unwrap();
    assert_eq!(read, (vec!["train: data/train.csv".to_owned()], Vec::new()));
}

const CONFIGS: &str = "---\nconfigs:\n- config_name: en\n  data_files:\n  - split: train\n    path: en/train-*\n  \
    - split: test\n    path: en/test-*\n- config_name: de\n  default: true\n  data_dir: de\n---\n";

#[test]
fn a_configuration_and_a_split_are_chosen_by_the_card_else_by_names() {
    let files = ["en/train-1.csv", "en/train-2.csv", "en/test-1.csv", "de/train.csv", "de/dev.csv"];
    let files = files.map(str::to_owned);
    let of = |card, config: Option<&str>, split: Option<&str>| {
        let part = DatasetPart { config: config.map(str::to_owned), split: split.map(str::to_owned) };
        let repository =
            Repository { place: "acme/rows", card_place: "The card of acme/rows", card, files: &files };
        let files = repository.files_of(&part).map(|files| files.join(", "));
        files.map_err(|error| format!("{} {}", error.message, error.hint.unwrap_or_default()))
    };
    let card = Some(CONFIGS);
    let cases = [
        (of(card, None, None), Ok("de/train.csv, de/dev.csv")),
        (of(card, Some("en"), Some("train")), Ok("en/train-1.csv, en/train-2.csv")),
        (of(card, Some("en"), Some("test")), Ok("en/test-1.csv")),
        (of(card, None, Some("validation")), Ok("de/dev.csv")),
        (of(card, Some("fr"), None), Err("acme/rows has no configuration 'fr'. It has en, de.")),
        (of(card, Some("en"), Some("dev")), Err("acme/rows has no split 'dev'. It has train, test.")),
        (of(None, Some("en"), None), Err("acme/rows has no configuration 'en'. It has default.")),
        (
            of(None, Some("default"), Some("dev")),
            Err("acme/rows has no split 'dev'. It has train, validation, test."),
        ),
        (of(None, None, Some("validation")), Ok("de/dev.csv")),
    ];
    for (found, wanted) in cases {
        assert_eq!(found.as_deref().map_err(String::as_str), wanted);
    }
    let repository =
        Repository { place: "acme/rows", card_place: "The card of acme/rows", card, files: &files };
    let configs: Vec<String> = repository
        .configs()
        .iter()
        .map(|config| {
            let splits: Vec<&str> = config.splits.iter().map(|split| split.name.as_str()).collect();
            format!("{} {} {}", config.name, config.is_default, splits.join(" "))
        })
        .collect();
    assert_eq!(configs, ["de true train validation", "en false train test"]);
}

#[test]
fn a_chosen_part_is_read_although_the_files_of_others_are_not_there() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("en")).unwrap();
    for (name, text) in [("README.md", CONFIGS), ("en/test-1.csv", CSV)] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let part = DatasetPart { config: Some("en".to_owned()), split: Some("test".to_owned()) };
    let mut file = crate::DatasetFile::from(folder.path());
    file.options.part = part;
    let layout = Layout::new(&file).unwrap();
    assert_eq!((layout.splits.len(), layout.splits[0].name.as_str()), (1, "test"));
    assert_eq!(layout.notes, []);
    file.options.part.split = None;
    let error = Layout::new(&file).err().unwrap();
    assert!(error.message.ends_with("names 'en/train-*' for 'train', but there is no such file."), "{error}");
}
