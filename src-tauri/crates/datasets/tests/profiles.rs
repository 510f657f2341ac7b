//! The profile and the scan of a Parquet file are those of the same rows as JSON Lines, however the file is
//! written: with dictionaries or without, in one group of rows or many, in large pages or small ones.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::allow_attributes,
    reason = "a test stops at the first surprise"
)]

use std::{fs, path::Path, sync::Arc};

use datasets::{Profile, Scan, Scanner};
use parquet::{
    basic::Compression,
    column::writer::{ColumnWriter, ColumnWriterImpl},
    data_type::{ByteArray, DataType},
    file::{
        properties::{WriterProperties, WriterVersion},
        writer::SerializedFileWriter,
    },
    schema::parser::parse_message_type,
};
use proptest::{prelude::*, sample::select, test_runner::TestCaseResult};
use serde_json::{Value, json};

/// A column of each kind of value, of lists, and of objects in lists.
const SCHEMA: &str = "message rows {
    optional int64 number; required int64 id; optional int32 small; optional double score;
    optional boolean solved; optional binary text (UTF8); required binary name (UTF8);
    optional group tags (LIST) { repeated group list { optional binary element (UTF8); } }
    optional group turns (LIST) { repeated group list { optional group element {
        optional binary role (UTF8); required binary content (UTF8); } } } }";

/// Who says something, and what.
type Turn = (Option<&'static str>, String);

#[derive(Debug, Clone)]
struct Row {
    number: Option<i64>,
    id: i64,
    small: Option<i32>,
    score: Option<f64>,
    solved: Option<bool>,
    text: Option<String>,
    name: String,
    tags: Option<Vec<Option<&'static str>>>,
    turns: Option<Vec<Option<Turn>>>,
}

impl Row {
    fn json(&self) -> Value {
        let turn = |(role, content): &(Option<&str>, String)| json!({ "role": role, "content": content });
        let turns = self
            .turns
            .as_ref()
            .map(|turns| turns.iter().map(|at| at.as_ref().map_or(Value::Null, turn)).collect::<Vec<_>>());
        json!({
            "number": self.number, "id": self.id, "small": self.small, "score": self.score,
            "solved": self.solved, "text": self.text, "name": self.name, "tags": self.tags, "turns": turns,
        })
    }
}

const TEXTS: &[&str] =
    &["", "a", "größer", "a", "1", "true", "null", "a text that is longer, with \"quotes\"\n\u{1f600}"];
const ROLES: &[Option<&str>] = &[None, Some("user"), Some("assistant"), Some("")];

fn row() -> impl Strategy<Value = Row> {
    let numbers = select(&[None, Some(0), Some(-7), Some(i64::MAX), Some(i64::MIN), Some(12)][..]);
    let scores = select(&[None, Some(0.5), Some(-0.0), Some(0.0), Some(3.0), Some(1e300), Some(-2e-9)][..]);
    let text = || prop_oneof![select(TEXTS).prop_map(str::to_owned), "[a-zé]{0,90}"];
    let tags = prop::option::of(prop::collection::vec(prop::option::of(select(TEXTS)), 0..4));
    let turn = (select(ROLES), text());
    let turns = prop::option::of(prop::collection::vec(prop::option::of(turn), 0..3));
    let plain = (numbers, any::<i64>(), prop::option::of(-3..3_i32), scores, any::<Option<bool>>());
    (plain, prop::option::of(text()), text(), tags, turns).prop_map(
        |((number, id, small, score, solved), text, name, tags, turns)| Row {
            number,
            id,
            small,
            score,
            solved,
            text,
            name,
            tags,
            turns,
        },
    )
}

/// How a file is written.
#[derive(Debug, Clone)]
struct Written {
    group: usize,
    dictionary: bool,
    /// The largest dictionary, in bytes: what comes when it is full stands in the pages themselves.
    dictionary_size: usize,
    page_rows: usize,
    second_version: bool,
    compression: Compression,
}

fn written() -> impl Strategy<Value = Written> {
    let compression = select(&[Compression::UNCOMPRESSED, Compression::SNAPPY][..]);
    let dictionary = (any::<bool>(), select(&[8, 60, 1 << 20][..]));
    (1..40_usize, dictionary, 1..20_usize, any::<bool>(), compression).prop_map(
        |(group, (dictionary, dictionary_size), page_rows, second_version, compression)| Written {
            group,
            dictionary,
            dictionary_size,
            page_rows,
            second_version,
            compression,
        },
    )
}

/// Values, and for each entry the levels: how much of it is there, and whether it goes on with a list.
#[derive(Default)]
struct Leaf<T> {
    values: Vec<T>,
    there: Vec<i16>,
    goes_on: Vec<i16>,
}

impl<T> Leaf<T> {
    /// Of a column without lists.
    fn flat<V>(rows: &[Row], value: impl Fn(&Row) -> Option<V>, make: impl Fn(V) -> T) -> Self {
        let there = rows.iter().map(|row| i16::from(value(row).is_some())).collect();
        Self { values: rows.iter().filter_map(value).map(make).collect(), there, goes_on: Vec::new() }
    }

    /// Of a column of lists: of each entry how much is there, and its value.
    fn of_lists<E>(
        lists: impl Iterator<Item = Option<Vec<E>>>,
        entry: impl Fn(E) -> (i16, Option<T>),
    ) -> Self {
        let mut leaf = Self { values: Vec::new(), there: Vec::new(), goes_on: Vec::new() };
        for list in lists {
            let empty = i16::from(list.is_some());
            let entries = list.unwrap_or_default();
            if entries.is_empty() {
                leaf.there.push(empty);
                leaf.goes_on.push(0);
            }
            for (at, (there, value)) in entries.into_iter().map(&entry).enumerate() {
                leaf.there.push(there);
                leaf.goes_on.push(i16::from(at > 0));
                leaf.values.extend(value);
            }
        }
        leaf
    }

    fn write<D: DataType<T = T>>(&self, writer: &mut ColumnWriterImpl<'_, D>) {
        let goes_on = Some(&self.goes_on[..]).filter(|levels| !levels.is_empty());
        writer.write_batch(&self.values, Some(&self.there), goes_on).unwrap();
    }
}

fn bytes(text: &str) -> ByteArray {
    text.into()
}

fn parquet(rows: &[Row], how: &Written) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
    let version = if how.second_version { WriterVersion::PARQUET_2_0 } else { WriterVersion::PARQUET_1_0 };
    let properties = WriterProperties::builder()
        .set_writer_version(version)
        .set_compression(how.compression)
        .set_dictionary_enabled(how.dictionary)
        .set_dictionary_page_size_limit(how.dictionary_size)
        .set_data_page_row_count_limit(how.page_rows)
        .set_write_batch_size(how.page_rows.min(1_000))
        .build();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
    for rows in rows.chunks(how.group) {
        let mut columns = writer.next_row_group().unwrap();
        let mut at = 0;
        while let Some(mut column) = columns.next_column().unwrap() {
            write_column(column.untyped(), at, rows);
            column.close().unwrap();
            at += 1;
        }
        columns.close().unwrap();
    }
    writer.into_inner().unwrap()
}

fn write_column(writer: &mut ColumnWriter<'_>, at: usize, rows: &[Row]) {
    let turns = || rows.iter().map(|row| row.turns.clone());
    match (at, writer) {
        (0, ColumnWriter::Int64ColumnWriter(to)) => Leaf::flat(rows, |row| row.number, |n| n).write(to),
        (1, ColumnWriter::Int64ColumnWriter(to)) => Leaf::flat(rows, |row| Some(row.id), |n| n).write(to),
        (2, ColumnWriter::Int32ColumnWriter(to)) => Leaf::flat(rows, |row| row.small, |n| n).write(to),
        (3, ColumnWriter::DoubleColumnWriter(to)) => Leaf::flat(rows, |row| row.score, |n| n).write(to),
        (4, ColumnWriter::BoolColumnWriter(to)) => Leaf::flat(rows, |row| row.solved, |b| b).write(to),
        (5, ColumnWriter::ByteArrayColumnWriter(to)) => {
            Leaf::flat(rows, |row| row.text.clone(), |text| bytes(&text)).write(to);
        }
        (6, ColumnWriter::ByteArrayColumnWriter(to)) => {
            Leaf::flat(rows, |row| Some(row.name.clone()), |name| bytes(&name)).write(to);
        }
        (7, ColumnWriter::ByteArrayColumnWriter(to)) => {
            let lists = rows.iter().map(|row| row.tags.clone());
            Leaf::of_lists(lists, |tag| (2 + i16::from(tag.is_some()), tag.map(bytes))).write(to);
        }
        (8, ColumnWriter::ByteArrayColumnWriter(to)) => {
            let role = |turn: Option<(Option<&str>, String)>| match turn {
                None => (2, None),
                Some((role, _)) => (3 + i16::from(role.is_some()), role.map(bytes)),
            };
            Leaf::of_lists(turns(), role).write(to);
        }
        (9, ColumnWriter::ByteArrayColumnWriter(to)) => {
            let content = |turn: Option<(_, String)>| {
                (2 + i16::from(turn.is_some()), turn.map(|(_, content)| bytes(&content)))
            };
            Leaf::of_lists(turns(), content).write(to);
        }
        _ => panic!("a column of another kind"),
    }
}

fn read(path: &Path) -> (Profile, Scan) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let profile = Scanner::unwatched().profile(path).await.unwrap();
        (profile, Scanner::unwatched().scan(path, None).await.unwrap().0)
    })
}

fn agree(rows: &[Row], how: &Written) -> TestCaseResult {
    let folder = tempfile::tempdir().unwrap();
    let [lines, columns] = ["rows.jsonl", "rows.parquet"].map(|name| folder.path().join(name));
    let text: String = rows.iter().map(|row| format!("{}\n", row.json())).collect();
    fs::write(&lines, text).unwrap();
    fs::write(&columns, parquet(rows, how)).unwrap();
    let [(of_lines, lines), (of_columns, columns)] = [lines, columns].map(|path| read(&path));
    prop_assert_eq!(of_lines.columns, of_columns.columns);
    prop_assert_eq!((of_lines.rows, lines.rows), (of_columns.rows, columns.rows));
    prop_assert_eq!(lines.columns, columns.columns);
    prop_assert_eq!(lines.problems, columns.problems);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(120) })]

    #[test]
    fn of_parquet_and_json_lines_are_the_same(
        rows in prop::collection::vec(row(), 1..80),
        how in written(),
    ) {
        agree(&rows, &how)?;
    }
}

/// More different values than are counted, or than are known at once, some of which come again in the same
/// group of rows and in later ones, before and after as many are known.
#[test]
fn of_more_values_than_are_counted_are_the_same() {
    let value = |row: i64| match row % 5 {
        0 => row / 1_000,
        1 => row % 7_000,
        _ => row,
    };
    let rows: Vec<Row> = (0..30_000)
        .map(|row| Row {
            number: Some(value(row)).filter(|number| number % 11 != 0),
            id: row,
            small: i32::try_from(value(row)).ok(),
            #[expect(clippy::cast_precision_loss, reason = "small numbers")]
            score: Some(value(row) as f64 / 8.0),
            solved: Some(row % 3 == 0).filter(|_| row % 4 > 0),
            text: Some(format!("text {}", value(row))),
            name: format!("{}", value(29_999 - row)),
            tags: Some(vec![Some("a"); usize::try_from(row % 3).unwrap()]),
            turns: None,
        })
        .collect();
    for (group, dictionary, dictionary_size) in
        [(1_000, true, 1 << 20), (9_000, true, 1 << 20), (40_000, true, 10_000), (7_000, false, 0)]
    {
        let compression = Compression::SNAPPY;
        let how = Written {
            group,
            dictionary,
            dictionary_size,
            page_rows: 2_000,
            second_version: false,
            compression,
        };
        agree(&rows, &how).unwrap();
    }
}
