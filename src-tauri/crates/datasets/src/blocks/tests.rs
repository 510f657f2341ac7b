//! The fast way finds exactly what the slow way finds, whatever is in the file.
#![allow(clippy::unwrap_used, clippy::allow_attributes, reason = "a test stops at the first surprise")]

use std::path::Path;

use platform::Work;
use proptest::{prelude::*, sample::select, test_runner::TestCaseResult};
use resources::DatasetType;

use super::{Job, ScanAccumulator, ScanOptions};
use crate::{
    dataset_file::DatasetFile,
    doctor::Diagnosis,
    pass::row_by_row,
    profile::ColumnProfile,
    shape::{Recognized, Shape},
    source::Source,
};

/// Reads the file both ways, the fast one in blocks of many sizes. Returns whether the fast way read it.
pub(super) fn agree(kind: DatasetType, content: &[u8]) -> Result<bool, TestCaseError> {
    agree_on(kind, content, all_options())
}

pub(super) fn agree_on(
    kind: DatasetType,
    content: &[u8],
    all_options: impl Iterator<Item = ScanOptions>,
) -> Result<bool, TestCaseError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(match kind {
        DatasetType::ProjectCsv => "rows.csv",
        DatasetType::ProjectParquet => "rows.parquet",
        _ => "rows.jsonl",
    });
    std::fs::write(&path, content).unwrap();
    let file = DatasetFile::from(&path);
    let work = Work::unwatched();
    let bytes = content.len() as u64;
    let mut read = true;
    for options in all_options {
        let slowly =
            || row_by_row(&Source::new(&file), kind, bytes, options, &work).map(ScanAccumulator::finish);
        let slow = slowly();
        for block in [16, 50, 200, 1 << 20] {
            let fast = Job { file: &file, bytes, block, options, work: &work }.read(kind);
            match (fast, &slow) {
                (Ok(None), _) => read = false,
                (Ok(Some((accumulator, hash))), Ok(slow)) => {
                    prop_assert_eq!(hash, blake3::hash(content).to_hex().to_string());
                    let accumulator = accumulator.finish();
                    same(&accumulator, slow, &path)?;
                    let [fast, slow] = [accumulator, slowly().unwrap()].map(beside);
                    prop_assert_eq!(fast, slow, "{:?}", String::from_utf8_lossy(content));
                }
                (fast, slow) => {
                    let errors = (fast.err(), slow.as_ref().err());
                    prop_assert_eq!(errors.0.as_ref(), errors.1);
                }
            }
        }
    }
    Ok(read)
}

/// Nothing beside the file, a profile, and a diagnosis by shapes that ask for some of the columns.
fn all_options() -> impl Iterator<Item = ScanOptions> {
    let shapes = [Shape::Columns, Shape::Text].map(Some);
    let profile = ScanOptions { profile: true, shape: None };
    let examined = shapes.map(|shape| ScanOptions { profile: false, shape });
    [ScanOptions::default(), profile].into_iter().chain(examined)
}

/// The profile and the diagnosis.
fn beside(found: ScanAccumulator) -> (Option<Vec<ColumnProfile>>, Option<Diagnosis>) {
    let diagnosis = found.examination.map(|mut examination| {
        examination.finish_whole();
        let recognized = Recognized { shape: Shape::Columns, why: String::new(), messages: None };
        examination.into_diagnosis(String::new(), DatasetType::ProjectCsv, recognized)
    });
    (found.tally.map(|tally| tally.finish(found.columns.all)), diagnosis)
}

fn same(fast: &ScanAccumulator, slow: &ScanAccumulator, path: &Path) -> TestCaseResult {
    let content = || String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned();
    prop_assert_eq!(&fast.columns.all, &slow.columns.all, "{:?}", content());
    prop_assert_eq!(&fast.problems.kept, &slow.problems.kept, "{:?}", content());
    let numbers = |accumulator: &ScanAccumulator| {
        (accumulator.rows, accumulator.problems.errors, accumulator.problems.warnings)
    };
    prop_assert_eq!(numbers(fast), numbers(slow), "{:?}", content());
    let first = |accumulator: &ScanAccumulator| {
        accumulator.index.places().next().map(|row_offset| (row_offset.rows, row_offset.line))
    };
    if slow.problems.errors == 0 {
        prop_assert_eq!(first(fast), first(slow), "{:?}", content());
    }
    Ok(())
}

/// Some of these texts, one after the other.
fn made_of(pieces: &'static [&'static str], at_most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(select(pieces), 0..at_most).prop_map(|pieces| pieces.concat())
}

const CSV_FIELDS: &[&str] = &[
    "",
    "a",
    "1",
    "007",
    "-2.5",
    "true",
    "größer",
    "\"\"",
    "\"x, y\"",
    "\"he said \"\"no\"\"\"",
    "\"two\nlines\"",
    "\"\"\"\"",
    "a rather long text that goes on and on, but not in quotes \u{1f600}",
];
const CSV_PIECES: &[&str] = &[
    "a",
    ",",
    ",",
    "\n",
    "\n",
    "\r\n",
    "\r",
    "\"",
    "\"\"",
    "\"\n\"",
    "1",
    "1.5",
    "é",
    "\n\n",
    "\0",
    "\u{1a}",
    "x,y\n",
    "\"a b\",2\n",
];
const JSON_LINES: &[&str] = &[
    r#"{"a": 1, "b": "x"}"#,
    r#"{"a": 2, "b": "y"}"#,
    r#"{"b": "z", "a": 2.5}"#,
    r#"{"a": null, "b": "\u00e9 \"quoted\" \n"}"#,
    r#"{"a": [1, {"c": "d"}], "b": {"e": []}}"#,
    r#"{"a": 3, "a": "twice", "b": 1}"#,
    r#"{"a": 18446744073709551616, "late": true}"#,
    r#"{"a": 1e999, "b": 1}"#,
    r#"{"a": "\ud800", "b": 1}"#,
    r#"{"a": ["\ud800"], "b": 1}"#,
    r#"{"a": [1e999], "b": [[]]}"#,
    r#"{"a": 1, "b": "never closed"#,
    r#"{"a": 1} {"b": 2}"#,
    r#"{"a": -0, "b": [-0, {"c": -12345678901234567890123}]}"#,
    r#"{"a": {"x": 1, "x": 2}, "b": 1}"#,
    r#"{"a": [{"x": {"y": 1, "y": 1}}], "b": -0.0}"#,
    r#"{"a": {"1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "8": 8, "9": 9}, "b": 1}"#,
    r#"{"a": {"1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "8": 8, "9": 9, "9": 0}, "b": 1}"#,
    "{}",
    "[1]",
    "7",
    "",
    "  ",
    "nonsense",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn of_csv_as_people_have_it(
        rows in prop::collection::vec(prop::collection::vec(select(CSV_FIELDS), 3), 1..40),
        blank in prop::collection::vec(0..40_usize, 0..3),
        crlf in any::<bool>(),
        row_offset in any::<bool>(),
        finished in any::<bool>(),
    ) {
        let mut lines: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
        // The header is on one line: the slow way knows the line breaks by the first.
        lines.insert(0, "one,two,three".to_owned());
        blank.iter().filter(|at| **at < rows.len()).for_each(|at| lines.insert(at + 1, String::new()));
        let mut text = lines.join("\n") + if finished { "\n" } else { "" };
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        let text = if row_offset { format!("\u{feff}{text}") } else { text };
        prop_assert!(agree(DatasetType::ProjectCsv, text.as_bytes())? || text.len() > 250, "{text:?}");
    }

    #[test]
    fn of_csv_with_rows_of_other_lengths(
        rows in prop::collection::vec(prop::collection::vec(select(CSV_FIELDS), 1..5), 1..60),
    ) {
        let rows: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
        agree(DatasetType::ProjectCsv, format!("a,b,c\n{}\n", rows.join("\n")).as_bytes())?;
    }

    #[test]
    fn of_hostile_csv(text in made_of(CSV_PIECES, 80), header in any::<bool>()) {
        let text = if header { format!("a,b\n{text}") } else { text };
        agree(DatasetType::ProjectCsv, text.as_bytes())?;
    }

    #[test]
    fn of_csv_with_bytes_that_are_no_text(text in made_of(CSV_PIECES, 60), at in prop::collection::vec(any::<u16>(), 1..4)) {
        let mut bytes = format!("a,b\n{text}").into_bytes();
        for at in at {
            let at = usize::from(at) % bytes.len();
            bytes[at] = 0xff;
        }
        agree(DatasetType::ProjectCsv, &bytes)?;
    }

    #[test]
    fn of_json_lines(
        lines in prop::collection::vec(select(JSON_LINES), 1..60),
        broken in prop::option::of(any::<u16>()),
        crlf in any::<bool>(),
        finished in any::<bool>(),
    ) {
        let end = if crlf { "\r\n" } else { "\n" };
        let mut bytes = (lines.join(end) + if finished { end } else { "" }).into_bytes();
        if let Some(at) = broken.filter(|_| !bytes.is_empty()) {
            let at = usize::from(at) % bytes.len();
            bytes[at] = 0xff;
        }
        agree(DatasetType::ProjectJsonl, &bytes)?;
    }
}

/// Rows as a file has them, and whether they can be read: each of the others costs itself alone.
const CSV_ROWS: &[(&[u8], bool)] = &[
    (b"1,a", true),
    (b"2,\"x, y\"", true),
    (b"3,\"he said \"\"no\"\"\"", true),
    (b"4,\"two\nlines\"", true),
    (b"5,\"\"", true),
    (b"\"Red Lamp\" broke,6", true),
    (b"7", true),
    (b"\xef\xbb\xbf8,b", true),
    (b"a,b,c", false),
    (b"9,\"never closed", false),
    (b"10,caf\xe9", false),
    (b"11,\0\0", false),
    (b"\0\0\0\0", false),
    (b"\xef\xbb\xbfid,text", false),
    (b"12,\"a\" and, \"b\"", false),
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    /// Rows that are read and rows that are left out are all the rows there are, in every reader.
    #[test]
    fn of_csv_no_row_is_lost(
        rows in prop::collection::vec(select(CSV_ROWS), 1..30),
        crlf in any::<bool>(),
        finished in any::<bool>(),
    ) {
        let end: &[u8] = if crlf { b"\r\n" } else { b"\n" };
        let mut bytes = [b"id,text", end].concat();
        for (row, _) in &rows {
            bytes.extend_from_slice(row);
            bytes.extend_from_slice(end);
        }
        if !finished {
            bytes.truncate(bytes.len() - end.len());
        }
        agree(DatasetType::ProjectCsv, &bytes)?;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv");
        std::fs::write(&path, &bytes).unwrap();
        let file = DatasetFile::from(&path);
        let work = Work::unwatched();
        let size = bytes.len() as u64;
        let found =
            row_by_row(&Source::new(&file), DatasetType::ProjectCsv, size, ScanOptions::default(), &work).unwrap();
        let good = rows.iter().filter(|(_, good)| *good).count() as u64;
        let counts = (found.rows, found.rows + found.problems.errors);
        prop_assert_eq!(counts, (good, rows.len() as u64), "{:?}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn of_a_header_that_ends_in_a_return_of_its_own() {
    for text in ["1\r\r\r\n\"\"", "a,b\r1,2\r\n3,4\r\n", "\r\n\r\na,b\r\n1,2\r\n", "\"a\r\nb\",c\r\n1,2\r\n"]
    {
        agree(DatasetType::ProjectCsv, text.as_bytes()).unwrap();
    }
    assert!(agree(DatasetType::ProjectCsv, b"a,b\r\n1,2\r\n3,4\r\n").unwrap(), "the fast way is taken");
}

#[test]
fn of_many_problems_only_the_first_are_kept() {
    let rows: String = (0..400).map(|row| if row % 3 == 0 { "1,2,3\n" } else { "1\n\n" }).collect();
    agree(DatasetType::ProjectCsv, format!("a,b\n{rows}").as_bytes()).unwrap();
    let lines: String = (0..400).map(|row| if row % 3 == 0 { "nonsense\n" } else { "\n" }).collect();
    agree(DatasetType::ProjectJsonl, lines.as_bytes()).unwrap();
}

#[test]
fn of_keys_without_end() {
    let lines: String = (0..10_500).map(|row| format!("{{\"key {row}\": {row}}}\n")).collect();
    assert!(!agree(DatasetType::ProjectJsonl, lines.as_bytes()).unwrap(), "left to the slow way");
}

/// More different values than are counted, some of which stand in rows before and after that many are known.
#[test]
fn of_more_values_than_are_counted() {
    let value = |row: u32| if row.is_multiple_of(3) { row / 1_000 } else { row };
    let lines = |text: &dyn Fn(u32) -> String| (0..7_000).map(text).collect::<String>();
    let csv = lines(&|row| format!("row {},{},{row}.5\n", value(row), value(row)));
    let profile = || [ScanOptions { profile: true, shape: None }].into_iter();
    let csv = format!("a,b,c\n{csv}");
    assert!(agree_on(DatasetType::ProjectCsv, csv.as_bytes(), profile()).unwrap());
    let json = lines(&|row| {
        let late = if row > 6_500 { ", \"late\": [1]" } else { "" };
        format!("{{\"a\": \"row\\n{}\", \"b\": {}, \"c\": {row}.5{late}}}\n", value(row), value(row))
    });
    assert!(agree_on(DatasetType::ProjectJsonl, json.as_bytes(), profile()).unwrap());
}

#[test]
fn of_a_row_over_many_lines() {
    let text = format!("a,b\n1,\"{}\"\n2,3\n", "x\n".repeat(1_200));
    agree(DatasetType::ProjectCsv, text.as_bytes()).unwrap();
}
