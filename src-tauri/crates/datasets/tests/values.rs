//! Values stay as they are written, from every kind of file to the page, the prompt and the new file; what
//! can't stay is named.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::allow_attributes,
    reason = "a test stops at the first surprise"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use datasets::{Converted, LatestScan, Preview, Problem, Scan, Scanner, Shape, convert, each_row, preview};
use parquet::{
    data_type::{ByteArray, ByteArrayType, DoubleType, FloatType, Int64Type},
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::parser::parse_message_type,
};
use platform::Work;
use tempfile::TempDir;

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    fn convert(&self, from: &Path, to: Shape, name: &str) -> (Converted, String) {
        let target = self.path(name);
        let made = run(convert(from, to, &target, true, &Work::unwatched())).unwrap();
        (made, fs::read_to_string(target).unwrap())
    }
}

fn scan(path: &Path) -> Scan {
    run(Scanner::new(Work::unwatched(), LatestScan::default()).scan(path, None)).unwrap().0
}

fn page(path: &Path) -> Preview {
    run(preview(path, None, 0, 100)).unwrap()
}

fn reported(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(|problem| format!("{}{}", problem.place(), problem.message)).collect()
}

/// Numbers that no 64-bit number keeps, and what pages for the window show of them.
const NUMBERS: [&str; 6] = [
    "12345678901234567890123",
    "-12345678901234567890123",
    "18446744073709551616",
    "-0",
    "9007199254740993",
    "7",
];

#[test]
fn whole_numbers_stay_as_they_are_written() {
    let folder = Folder::new();
    let rows: Vec<String> =
        NUMBERS.iter().map(|n| format!("{{\"n\":{n},\"list\":[{n},{{\"x\":{n}}}]}}")).collect();
    let lines = folder.file("rows.jsonl", &(rows.join("\n") + "\n"));
    let list = folder.file("rows.json", &format!("[{}]", rows.join(",\n")));
    for path in [&lines, &list] {
        let shown = page(path);
        let values: Vec<String> = shown.rows.iter().map(|row| row.values[0].to_string()).collect();
        assert_eq!(values, NUMBERS);
        assert_eq!(scan(path).columns[0].kind, datasets::ValueKind::Integer);
        assert_eq!(scan(path).columns[0].samples, NUMBERS[..3]);
        // The window reads numbers as doubles: what they would round is a text there.
        let window = serde_json::to_string(&shown.rows[3].values).unwrap();
        assert_eq!(window, r#"["-0",["-0",{"x":"-0"}]]"#);
        assert_eq!(serde_json::to_string(&shown.rows[5].values).unwrap(), r#"[7,[7,{"x":7}]]"#);

        assert_eq!(folder.convert(path, Shape::Columns, "out.jsonl").1, rows.join("\n") + "\n");
        let (made, text) = folder.convert(path, Shape::Text, "text.jsonl");
        assert_eq!((made.rows, made.left_out), (6, 0));
        assert!(
            text.starts_with(r#"{"text":"n: 12345678901234567890123\nlist: [12345678901234567890123,"#),
            "{text}"
        );

        let (mut prompts, mut features) = (Vec::new(), Vec::new());
        each_row(path, None, 0, &Work::unwatched(), |row| {
            let mut text = String::new();
            row.write("n", &mut text);
            row.write("list", &mut text);
            prompts.push(text);
            features.push(datasets::Value::Object(row.object()).to_string());
            Ok(())
        })
        .unwrap();
        let expected = NUMBERS.map(|n| format!("{n}[{n}, {{'x': {n}}}]"));
        assert_eq!((prompts, features), (expected.to_vec(), rows.clone()));
    }
    let flat: Vec<String> = NUMBERS.iter().map(|n| format!("{{\"n\":{n}}}")).collect();
    let flat = folder.file("flat.jsonl", &flat.join("\n"));
    assert_eq!(folder.convert(&flat, Shape::Columns, "out.csv").1, format!("n\n{}\n", NUMBERS.join("\n")));
}

#[test]
fn a_key_that_is_there_twice_is_named_with_its_line() {
    let folder = Folder::new();
    let rows = [
        r#"{"text":"a","n":1}"#,
        r#"{"text":"b","text":"c"}"#,
        r#"{"text":"d","\u0074ext":"e"}"#,
        r#"{"text":"f","m":[{"role":"user","role":"assistant"}]}"#,
    ];
    let lines = folder.file("rows.jsonl", &rows.join("\n"));
    let list = folder.file("rows.json", &format!("[{}]", rows.join(",\n")));
    for path in [&lines, &list] {
        let twice = |key: &str, line: u64| {
            format!(
                "line {line}, '{key}': The key '{key}' is there more than once in an object; the last one counts."
            )
        };
        let expected = [twice("text", 2), twice("text", 3), twice("role", 4)];
        assert_eq!(reported(&page(path).problems), expected);
        assert_eq!(reported(&scan(path).problems)[..3], expected);
        let scanner = Scanner::new(Work::unwatched(), LatestScan::default());
        assert_eq!(reported(&run(scanner.diagnose(path.as_path())).unwrap().problems)[..3], expected);
    }
}

#[test]
fn names_are_looked_at_in_each_kind_of_file() {
    let folder = Folder::new();
    let lines = folder.file("rows.jsonl", r#"{"a.b":1,"{x}":2," c":3,"d e":4,"fine":5,"":6}"#);
    let problems = reported(&scan(&lines).problems);
    assert_eq!(problems.len(), 5, "{problems:?}");
    for (problem, words) in problems.iter().zip([
        "'a.b' can't be written",
        "'{x}' can't",
        "' c' starts",
        "'d e' has a space",
        "empty",
    ]) {
        assert!(problem.contains(words), "{problem}");
    }
}

/// A Parquet file of one row group, with these columns of this schema.
fn parquet(path: &Path, schema: &str, write: impl Fn(&mut SerializedFileWriter<fs::File>)) {
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = Arc::new(WriterProperties::builder().build());
    let mut writer = SerializedFileWriter::new(fs::File::create(path).unwrap(), schema, properties).unwrap();
    write(&mut writer);
    writer.close().unwrap();
}

#[test]
fn what_json_has_no_form_for_is_named() {
    let folder = Folder::new();
    let path = folder.path("rows.parquet");
    let schema = "message rows {
        required double x; required float y; required int64 at (TIMESTAMP(NANOS,true));
        required int64 time (TIME(NANOS,false)); required binary raw; }";
    parquet(&path, schema, |writer| {
        let mut columns = writer.next_row_group().unwrap();
        let mut column = columns.next_column().unwrap().unwrap();
        column.typed::<DoubleType>().write_batch(&[1.5, f64::NAN, f64::INFINITY], None, None).unwrap();
        column.close().unwrap();
        let mut column = columns.next_column().unwrap().unwrap();
        column.typed::<FloatType>().write_batch(&[0.1, 2.0, f32::NEG_INFINITY], None, None).unwrap();
        column.close().unwrap();
        for times in [[1_709_209_801_000_005_000_i64, 0, -1], [1, 3_600_000_000_000, 86_399_999_999_999]] {
            let mut column = columns.next_column().unwrap().unwrap();
            column.typed::<Int64Type>().write_batch(&times, None, None).unwrap();
            column.close().unwrap();
        }
        let bytes = [b"text".to_vec(), vec![0xff, 0xfe], b"".to_vec()].map(ByteArray::from);
        let mut column = columns.next_column().unwrap().unwrap();
        column.typed::<ByteArrayType>().write_batch(&bytes, None, None).unwrap();
        column.close().unwrap();
        columns.close().unwrap();
    });
    let page = page(&path);
    let column = |at: usize| page.rows.iter().map(|row| row.values[at].to_string()).collect::<Vec<_>>();
    assert_eq!(column(0), ["1.5", "null", "null"]);
    assert_eq!(column(1), ["0.1", "2.0", "null"]);
    assert_eq!(
        column(2),
        [
            "\"2024-02-29 12:30:01.000005000 +00:00\"",
            "\"1970-01-01 00:00:00.000000000 +00:00\"",
            "\"1969-12-31 23:59:59.999999999 +00:00\""
        ]
    );
    assert_eq!(column(3), ["\"00:00:00.000000001\"", "\"01:00:00.000000000\"", "\"23:59:59.999999999\""]);
    assert_eq!(column(4), ["\"text\"", "\"//4=\"", "\"\""]);
    let null = "holds NaN or infinity, which JSON has no form for; they are read as null";
    let expected = [
        format!("row 2, 'x': From row 2 on 'x' {null}."),
        "row 2, 'raw': From row 2 on 'raw' holds bytes that are no text; they are read as Base64.".to_owned(),
        format!("row 3, 'y': From row 3 on 'y' {null}."),
    ];
    assert_eq!(reported(&page.problems), expected);
    assert_eq!(reported(&scan(&path).problems), expected);
}

#[test]
fn columns_of_one_name_are_refused_as_in_csv() {
    let folder = Folder::new();
    let texts = |writer: &mut SerializedFileWriter<fs::File>, count: usize| {
        let mut columns = writer.next_row_group().unwrap();
        for _ in 0..count {
            let mut column = columns.next_column().unwrap().unwrap();
            column.typed::<ByteArrayType>().write_batch(&[ByteArray::from("a")], None, None).unwrap();
            column.close().unwrap();
        }
        columns.close().unwrap();
    };
    for (schema, words) in [
        (
            "message rows { required binary text (UTF8); required binary text (UTF8); }",
            "'text': Two columns are called 'text'.",
        ),
        (
            "message rows { required binary a (UTF8); required group s { required binary b (UTF8); required binary b (UTF8); } }",
            "'s': Two parts of the column 's' are called 'b'.",
        ),
    ] {
        let path = folder.path("same.parquet");
        parquet(&path, schema, |writer| texts(writer, if words.contains("'s'") { 3 } else { 2 }));
        let found = scan(&path);
        assert_eq!((found.rows, reported(&found.problems)), (0, vec![words.to_owned()]));
        let error = found.without_errors().unwrap_err();
        assert!(error.message.contains(words), "{error}");
        let target = folder.path("out.jsonl");
        assert!(run(convert(path.as_path(), Shape::Text, &target, true, &Work::unwatched())).is_err());
    }
}

#[test]
fn a_count_of_rows_that_is_wrong_is_named() {
    let folder = Folder::new();
    let path = folder.path("rows.parquet");
    parquet(&path, "message rows { required double x; }", |writer| {
        let mut columns = writer.next_row_group().unwrap();
        let mut column = columns.next_column().unwrap().unwrap();
        column.typed::<DoubleType>().write_batch(&[1.5, 2.5], None, None).unwrap();
        column.close().unwrap();
        columns.close().unwrap();
    });
    assert!(scan(&path).problems.is_empty());
    // In the metadata the number of rows, 2 as 4 by its code, stands before the list of groups.
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.windows(4).rposition(|bytes| bytes == [0x16, 4, 0x19, 0x1c]).unwrap();
    bytes[at + 1] = 6;
    fs::write(&path, bytes).unwrap();
    let found = scan(&path);
    let words = "The file says that it has 3 rows, but 2 are there";
    assert!(found.rows == 2 && found.problems[0].message.starts_with(words), "{found:?}");
    assert_eq!(reported(&page(&path).problems), reported(&found.problems));
}

#[test]
fn a_list_of_numbers_is_as_long_as_it_has_entries() {
    let folder = Folder::new();
    let path = folder.file("rows.jsonl", "{\"v\":[0.1,-0.2,3]}\n{\"v\":[1]}\n{\"v\":[]}\n");
    let scanner = Scanner::new(Work::unwatched(), LatestScan::default());
    let profile = run(scanner.profile(path.as_path())).unwrap();
    let lengths = profile.columns[0].lengths.unwrap();
    assert_eq!((lengths.least, lengths.most), (0, 3));
}
