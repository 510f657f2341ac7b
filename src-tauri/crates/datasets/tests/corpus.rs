//! Every reader finds the same in every file of the corpus: as many rows, as many that are left out, and
//! the same words for what is wrong.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::allow_attributes,
    reason = "a test stops at the first surprise"
)]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use datasets::{
    DatasetFile, LatestScan, ReadOptions, Scanner, Severity, convert, each_row, list_problems, preview,
};
use platform::Work;

/// A file of the corpus, and what its line says.
struct Case {
    name: String,
    path: PathBuf,
    /// The rows it has, and those that are read; none if it is refused as a whole.
    rows: Option<(u64, u64)>,
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

fn cases() -> Vec<Case> {
    let text = fs::read_to_string(corpus().join("README.txt")).unwrap();
    let lines = text.lines().filter(|line| line.contains('\t'));
    let cases = lines.map(|line| {
        let [name, there, read, shows] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        assert!(!shows.is_empty(), "{name} has no line on what it shows");
        let rows = there.parse().ok().map(|there| (there, read.parse().unwrap()));
        Case { name: name.to_owned(), path: corpus().join(name), rows }
    });
    cases.collect()
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn scanner() -> Scanner {
    Scanner::new(Work::unwatched(), LatestScan::default())
}

#[test]
fn every_file_has_a_line_and_every_line_a_file() {
    let named: BTreeSet<String> = cases().into_iter().map(|case| case.name).collect();
    let there =
        fs::read_dir(corpus()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let there: BTreeSet<String> = there.filter(|name| name != "README.txt").collect();
    assert_eq!(named, there);
}

#[test]
fn all_readers_find_the_same() {
    for case in cases() {
        let file = DatasetFile::from(&case.path);
        match case.rows {
            Some(rows) => agree(&case.name, &file, rows),
            None => refuse(&case.name, &file),
        }
    }
}

fn agree(name: &str, file: &DatasetFile, (there, read): (u64, u64)) {
    let work = Work::unwatched();
    let (scan, reading) = run(scanner().scan(file, None)).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(scan.rows, read, "{name}: {:#?}", scan.problems);
    assert_eq!(reading.rows, read, "{name}");
    let page = run(preview(file, None, 0, 100)).unwrap();
    assert_eq!((page.rows.len() as u64, page.total_rows), (read, Some(read)), "{name}");
    // What the whole file shows comes at its end, after what the rows show.
    let shown = scan.problems.get(..page.problems.len()).unwrap_or_default();
    assert_eq!(page.problems, shown, "{name}");
    assert_eq!(each_row(file, None, 0, &work, |_| Ok(())).unwrap(), read, "{name}");
    let profile = run(scanner().profile(file)).unwrap();
    assert_eq!(profile.rows, read, "{name}");
    let diagnosis = run(scanner().diagnose(file)).unwrap();
    assert_eq!(diagnosis.rows, read, "{name}");
    assert!(scan.problems.iter().all(|problem| diagnosis.problems.contains(problem)), "{name}");
    let folder = tempfile::tempdir().unwrap();
    let (list, again) = run(list_problems(file, &folder.path().join("list.csv"), &work)).unwrap();
    assert_eq!(again, diagnosis, "{name}");
    assert_eq!(list.problems, diagnosis.errors + diagnosis.warnings, "{name}");
    // A problem of the file itself has no line.
    let left_out = page.problems.iter().filter(|p| p.severity == Severity::Error && p.line.is_some());
    if there > read {
        assert_eq!(read + left_out.count() as u64, there, "{name}: {:#?}", page.problems);
    }
    let target = folder.path().join("out.jsonl");
    if let Some(offer) = diagnosis.conversions.first() {
        let made = run(convert(file, offer.to, &target, false, &work)).unwrap();
        assert_eq!(made.rows, read, "{name}");
        if there > read {
            assert_eq!(made.rows + made.left_out, there, "{name}");
        }
    }
}

fn refuse(name: &str, file: &DatasetFile) {
    let work = Work::unwatched();
    let scanned = run(scanner().scan(file, None));
    // A file without rows is read, and refused at its import.
    let error = match scanned {
        Err(error) => error,
        Ok((scan, _)) => {
            assert_eq!(scan.rows, 0, "{name}: {:?}", scan.problems);
            scan.without_errors().unwrap_err();
            return;
        }
    };
    for other in [
        run(preview(file, None, 0, 100)).err(),
        run(scanner().profile(file)).err(),
        run(scanner().diagnose(file)).err(),
        each_row(file, None, 0, &work, |_| Ok(())).err(),
    ] {
        assert_eq!(other.map(|other| other.message).as_ref(), Some(&error.message), "{name}");
    }
    assert!(error.hint.is_some(), "{name}: {error} has no way out");
}

/// What is read once it is chosen how.
#[test]
fn what_is_chosen_is_what_is_read() {
    let encoding = |name: &str| ReadOptions { encoding: name.parse().ok(), ..ReadOptions::default() };
    let list = |key: &str| ReadOptions { list: Some(key.to_owned()), ..ReadOptions::default() };
    let separator = |text: &str| ReadOptions { separator: text.parse().ok(), ..ReadOptions::default() };
    let backslash = ReadOptions { quote: "backslash".parse().ok(), ..ReadOptions::default() };
    for (name, options, rows, says) in [
        ("windows-1252.csv", encoding("windows-1252"), 3, "“au lait”"),
        ("latin1.jsonl", encoding("latin1"), 2, "naïve"),
        ("data-key.json", list("data"), 2, "2"),
        ("pretty-data-key.json", list("train"), 2, "2"),
        ("backslash.csv", backslash, 2, r#"He said "no", twice"#),
        ("semicolon.csv", separator(","), 2, "Hi;Yes"),
        ("prose.csv", separator("|"), 1, "See you there."),
    ] {
        let file = DatasetFile::new(corpus().join(name), options.clone());
        let (scan, _) = run(scanner().scan(&file, None)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(scan.rows, rows, "{name}: {:?}", scan.problems);
        let page = run(preview(&file, None, 0, 100)).unwrap();
        let values: Vec<String> =
            page.rows.iter().flat_map(|row| &row.values).map(ToString::to_string).collect();
        let wanted = serde_json::Value::from(says).to_string();
        assert!(values.contains(&wanted), "{name}: {values:?}");
        let mut texts = Vec::new();
        each_row(&file, None, 0, &Work::unwatched(), |row| {
            texts.extend(row.object().into_iter().map(|(_, value)| value.to_string()));
            Ok(())
        })
        .unwrap();
        assert!(texts.contains(&wanted), "{name}: {texts:?}");
    }
}

/// Each refusal says in a sentence what the file is, and a way out.
#[test]
fn what_is_no_dataset_is_called_by_its_name() {
    for (name, says, way) in [
        ("lfs-pointer.csv", "Git LFS pointer", "git lfs pull"),
        ("lfs-pointer.json", "Git LFS pointer", "git lfs pull"),
        ("lfs-pointer.jsonl", "Git LFS pointer", "git lfs pull"),
        ("lfs-pointer.parquet", "Git LFS pointer", "git lfs pull"),
        ("lfs-pointer.csv.gz", "Git LFS pointer", "git lfs pull"),
        ("zip.csv", "zip archive", "Unpack"),
        ("zip-inside.jsonl.gz", "zip archive", "Unpack"),
        ("workbook.csv", "Excel workbook", "as CSV"),
        ("database.csv", "SQLite", "Export"),
        ("document.csv", "PDF", "Choose a CSV"),
        ("stream.arrow", "save_to_disk", "Parquet"),
        ("web-page.jsonl", "web page", "again"),
        ("utf32.csv", "UTF-32", "UTF-8"),
        ("pretty.jsonl", "several lines", "on one line"),
        ("data-key.json", "'data'", "--list data"),
        ("pretty-data-key.json", "'train'", "--list train"),
        ("uneven-columns.json", "'q' has 2 values and 'a' has 1", "records"),
        ("one-object.json", "one object", "brackets"),
        ("prose.csv", "plain text", "first line"),
        ("xml.csv", "XML document", "Choose a CSV"),
        ("pickle.jsonl", "Python pickle", "Choose a CSV"),
        ("tar.jsonl.gz", "tar archive", "Unpack"),
        ("encrypted.parquet", "encrypted", "without encryption"),
        ("avro.parquet", "Avro", "as Parquet"),
        ("broken-foot.parquet", "is damaged, or a Parquet file that can't be read here.", "new copy"),
        ("returns-only.jsonl", "a carriage return alone", "line feed"),
        ("yaml.jsonl", "YAML", "JSON"),
        ("comment-first.json", "comment", "JSON"),
    ] {
        let scanned =
            run(scanner().scan(corpus().join(name), None)).and_then(|(scan, _)| scan.without_errors());
        let error = scanned.unwrap_err();
        let reported = format!("{} {}", error.message, error.hint.unwrap_or_default());
        assert!(reported.contains(says) && reported.contains(way), "{name}: {reported}");
    }
}

/// What is odd is said with its line and the way out, by preview and scan alike.
#[test]
fn what_is_odd_is_named_with_its_line() {
    for (name, line, says) in [
        ("semicolon.csv", Some(1), "separated by ';'"),
        ("tabs.csv", Some(1), "separated by tabs"),
        ("sep-line.csv", Some(1), "separated by ';'"),
        ("utf16le.csv", None, "UTF-16LE"),
        ("windows-1252.csv", Some(3), "--encoding windows-1252"),
        ("never-closed.csv", Some(2), "never closed"),
        ("never-closed-early.csv", Some(3), "never closed"),
        ("never-closed-last.csv", Some(3), "never closed"),
        ("stray-quote.csv", Some(4), "quotes"),
        ("spaced-quote.csv", Some(2), "blank stands before a quote"),
        ("backslash.csv", Some(2), "--quote backslash"),
        ("nul-end.csv", Some(4), "64 NUL bytes of padding"),
        ("nul-middle.csv", Some(3), "16 NUL bytes"),
        ("end-mark.csv", Some(4), "Ctrl+Z"),
        ("glued.csv", Some(3), "second header"),
        ("glued-mark.csv", Some(3), "byte-order mark"),
        ("trailing-columns.csv", Some(1), "empty columns"),
        ("no-header.csv", Some(1), "may be a row"),
        ("no-header-texts.csv", Some(1), "may be a row"),
        ("gzip-inside.csv", None, "gzip"),
        ("json-lines.csv", None, "JSON Lines"),
        ("columns.json", None, "column by column"),
        ("pandas-columns.json", None, "column by column"),
        ("list.jsonl", None, "JSON list"),
        ("csv.json", None, "CSV"),
        ("broken-list.json", Some(2), "half of a character"),
        ("broken-list.json", Some(3), "a closing bracket is missing"),
        ("unclosed-row.json", Some(3), "the text is not closed"),
        ("missing-comma.json", Some(1), "A comma is missing"),
        ("cut-list.json", Some(2), "not closed"),
        ("joined-lists.json", None, "on line 2"),
        ("repeated-keys.jsonl", Some(1), "'t' is there more than once"),
        ("repeated-keys.jsonl", Some(2), "'x' is there more than once"),
        ("repeated-keys.json", Some(1), "'t' is there more than once"),
        ("commas.jsonl", Some(3), "a comma stands behind the object"),
        ("comments.jsonl", Some(2), "a comment"),
        ("comments.jsonl", Some(3), "a comment"),
        ("python.jsonl", Some(2), "single quotes"),
        ("python.jsonl", Some(3), "None, as Python writes it"),
        ("not-numbers.jsonl", Some(2), "NaN"),
        ("not-numbers.jsonl", Some(3), "Infinity"),
        ("latin1.jsonl", Some(2), "or choose that encoding (--encoding"),
        ("gbk.jsonl", Some(2), "--encoding gbk"),
        ("gbk.json", Some(2), "--encoding gbk"),
        ("record-separators.jsonl", Some(1), "a record separator"),
        ("half-emoji.jsonl", Some(2), "half of a character"),
        ("two-on-a-line.jsonl", Some(2), "another object"),
        ("nested-lists.jsonl", Some(2), "\"conversations\""),
        ("odd-names.jsonl", None, "can't be written in a prompt template"),
        ("odd-names.jsonl", None, "starts or ends with a space"),
        ("odd-names.jsonl", None, "no name"),
        ("odd-names.csv", Some(1), "'a.b' can't be written in a prompt template"),
        ("odd-names.csv", Some(1), "'{x}' can't be written in a prompt template"),
        ("odd-names.csv", Some(1), "Column 3 has no name"),
        ("nested-lists.json", Some(2), "\"conversations\""),
        ("times.parquet", None, "'took' holds durations, which are read as whole numbers of milliseconds"),
        ("times.parquet", None, "'steps' holds durations, which are read as whole numbers of seconds"),
        ("times.parquet", None, "'berlin' holds times of the zone Europe/Berlin, which are read in UTC"),
    ] {
        let path = corpus().join(name);
        let (scan, _) = run(scanner().scan(&path, None)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let page = run(preview(&path, None, 0, 100)).unwrap();
        for problems in [&scan.problems, &page.problems] {
            let found = problems.iter().any(|p| p.line == line && p.message.contains(says));
            assert!(found, "{name}: {problems:#?}");
        }
    }
}

/// The problems that the doctor finds in rows, in files that every reader takes.
#[test]
fn what_is_wrong_with_rows_is_named() {
    for (name, rows, says) in [
        (
            "padded.parquet",
            vec![Some(3), Some(4)],
            vec!["Message 2 has no 'content'.", "Message 2 is empty."],
        ),
        ("optional-keys.jsonl", vec![None], vec!["Only 1 of 3 rows has the key 'id'."]),
    ] {
        let problems = run(scanner().diagnose(corpus().join(name))).unwrap().problems;
        let reported: Vec<_> = problems.iter().map(|problem| problem.message.as_str()).collect();
        assert_eq!(reported, says, "{name}");
        assert_eq!(problems.iter().map(|problem| problem.row).collect::<Vec<_>>(), rows, "{name}");
    }
}

#[test]
fn times_are_shown_with_the_zone_that_they_have() {
    let page = run(preview(corpus().join("times.parquet"), None, 0, 1)).unwrap();
    let shown: Vec<String> = page.rows[0].values.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "5000",
            "[1,2]",
            "\"2024-02-29 12:30:01.000000 +00:00\"",
            "\"2024-02-29 12:30:01.000 +00:00\"",
            "\"2024-02-29 12:30:01.000000\"",
            "\"2024-02-29 12:30:01.000000000\"",
        ]
    );
}
