//! A full disk and a folder nobody may write to: said plainly, and nothing is changed or lost.

use std::fs;
use std::process::Command;

use stories::{Disk, Fts};

use crate::world::{ROWS, assert_sound, everything, first_edition, rows};

/// A studio on the disk, and its size.
fn settle(disk: &Disk) -> Fts {
    let first = first_edition();
    fs::copy(first.db(), disk.path("state.db")).expect("the disk has room for the database");
    Fts::new().with_db(disk.path("state.db"))
}

#[test]
fn a_full_disk_changes_nothing() {
    let size = fs::metadata(first_edition().db()).expect("the database").len();
    let Some(disk) = Disk::new(size * 5 / 2) else { return };
    let fts = settle(&disk);
    let old = everything(&fts);
    let source = fts.file("more.json", rows("more", 8 * ROWS).to_string());
    let refusal = fts.refused(&["import", &source, "--on-conflict", "replace"]);
    assert!(refusal.code == "file" && refusal.message.contains("full"), "{refusal:?}");
    assert!(refusal.hint.is_some());
    assert!(everything(&fts) == old);

    // Now so full that not even the small files fit that reading takes.
    let ballast = vec![0; usize::try_from(3 * size).expect("a small disk")];
    for arguments in [
        vec!["backup"],
        vec!["export", &disk.path("out.json")],
        vec!["export", &disk.path("out.sqlite")],
        vec!["import", &fts.file("few.json", rows("few", 2).to_string()), "--on-conflict", "replace"],
    ] {
        fs::write(disk.path("ballast"), &ballast).expect_err("the disk is full");
        let refusal = fts.refused(&arguments);
        assert!(refusal.code == "file" && refusal.message.contains("full"), "{arguments:?}: {refusal:?}");
        assert!(refusal.hint.is_some());
        fs::remove_file(disk.path("ballast")).unwrap();
        assert!(everything(&fts) == old, "{arguments:?}");
    }
    assert!(!fs::exists(disk.path("out.json")).unwrap() && !fs::exists(disk.path("out.sqlite")).unwrap());
    let left = fs::read_dir(disk.path(".")).unwrap().map(|entry| entry.unwrap().file_name());
    let parts: Vec<_> = left.filter(|name| name.to_string_lossy().ends_with(".part")).collect();
    assert!(parts.is_empty(), "{parts:?} fill the disk");
    assert_sound(&fts, &[]);
}

/// The same without being root: no file may grow beyond a size.
#[cfg(unix)]
#[test]
fn a_file_that_may_not_grow_changes_nothing() {
    let fts = first_edition();
    let old = everything(&fts);
    let source = fts.file("more.json", rows("more", 2 * ROWS).to_string());
    let backups = fts.json(&["backups"])["backups"].clone();
    for arguments in [
        vec!["import", &source, "--on-conflict", "replace"],
        vec!["export", &fts.path("out.json")],
        vec!["export", &fts.path("out.sqlite")],
        vec!["backup"],
        vec!["restore", backups[0]["id"].as_str().expect("a backup")],
    ] {
        let mut command = Command::new("sh");
        // In blocks of 512 bytes or of 1 KiB: much less than the database either way.
        command.args(["-c", "trap '' XFSZ; ulimit -f 100; exec \"$@\"", "sh"]);
        command.arg(stories::built::program("fts")).arg("--db").arg(fts.db()).arg("--json").args(&arguments);
        command.env("XDG_STATE_HOME", fts.path(".state"));
        let answer = stories::fts::finish(command, "");
        assert_eq!(answer.code, 1, "{arguments:?}: {}{}", answer.out, answer.err);
        assert!(answer.err.contains("\"message\""), "{arguments:?}: {}", answer.err);
        assert!(everything(&fts) == old, "{arguments:?}");
    }
    assert_sound(&fts, &["first.json", "more.json"]);
}

#[test]
fn a_folder_nobody_may_write_to() {
    let Some(disk) = Disk::new(64 << 20) else { return };
    let fts = settle(&disk);
    let all = everything(&fts);
    fs::write(disk.path("snapshot.json"), &all).expect("there is room");
    disk.make_read_only();
    let names = || {
        let entries = fs::read_dir(disk.path(".")).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<_> = entries.collect();
        names.sort();
        names
    };
    let before = names();

    // A studio there can't be worked with, and says why.
    for arguments in [vec!["list", "models"], vec!["backup"], vec!["import", &disk.path("snapshot.json")]] {
        let refusal = fts.refused(&arguments);
        assert_eq!(refusal.code, "read_only", "{arguments:?}: {refusal:?}");
        assert!(refusal.message.contains("state.db") && refusal.hint.is_some(), "{refusal:?}");
    }
    // Nothing can be exported to it.
    let elsewhere = Fts::new();
    for name in ["out.json", "out.sqlite"] {
        let refusal = elsewhere.refused(&["export", &disk.path(name)]);
        assert!(refusal.code == "file" || refusal.code == "read_only", "{refusal:?}");
        assert!(refusal.message.contains(&disk.path("")), "{refusal:?}");
    }
    assert_eq!(names(), before);
    // What lies there can be imported, be it a snapshot or the studio itself.
    elsewhere.json(&["import", &disk.path("snapshot.json")]);
    assert!(everything(&elsewhere) == all);
    let elsewhere = Fts::new();
    elsewhere.json(&["import", &disk.path("state.db")]);
    assert!(everything(&elsewhere) == all);
}
