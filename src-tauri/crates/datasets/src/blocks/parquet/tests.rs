//! Parquet: a group of rows that is read column by column gives the same results as its rows one by one.

use std::sync::Arc;

use ::parquet::{
    column::writer::ColumnWriter,
    data_type::{ByteArray, DataType, FixedLenByteArray, Int96},
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::parser::parse_message_type,
};
use proptest::{prelude::*, sample::select};
use resources::DatasetType;

use crate::{
    accumulator::ScanOptions,
    blocks::tests::{agree, agree_on},
    shape::Shape,
};

const SCHEMA: &str = "message rows {
    optional int64 number; required binary text (UTF8); optional double score; optional float weight;
    optional boolean solved; optional int32 opened (DATE); optional binary raw; required int64 id;
    required fixed_len_byte_array(2) code; optional int96 changed; repeated double scores; }";

const RAW: &[Option<&[u8]>] = &[None, Some(b"text"), Some(b"\xff\x00"), Some(b"")];

#[derive(Debug, Clone)]
struct Row {
    number: Option<i64>,
    text: &'static str,
    score: Option<f64>,
    solved: Option<bool>,
    opened: Option<i32>,
    raw: Option<&'static [u8]>,
}

fn row() -> impl Strategy<Value = Row> {
    let numbers = select(&[None, Some(0), Some(-7), Some(i64::MAX)][..]);
    let texts = select(&["", "a", "größer", "a text that is longer than the others, with \"quotes\"\n"][..]);
    let scores = select(
        &[None, Some(0.5), Some(-0.0), Some(3.0), Some(1e300), Some(f64::NAN), Some(f64::INFINITY)][..],
    );
    let days = select(&[None, Some(0), Some(20_000)][..]);
    let raw = select(RAW);
    (numbers, texts, scores, any::<Option<bool>>(), days, raw).prop_map(
        |(number, text, score, solved, opened, raw)| Row { number, text, score, solved, opened, raw },
    )
}

/// The values that are there, and for each row whether it has one.
fn values<T, V>(
    rows: &[Row],
    value: impl Fn(&Row) -> Option<V>,
    make: impl Fn(V) -> T,
) -> (Vec<T>, Vec<i16>) {
    let levels = rows.iter().map(|row| i16::from(value(row).is_some())).collect();
    (rows.iter().filter_map(value).map(make).collect(), levels)
}

fn write<D: DataType>(
    writer: &mut ::parquet::column::writer::ColumnWriterImpl<'_, D>,
    (values, levels): (Vec<D::T>, Vec<i16>),
) {
    writer.write_batch(&values, Some(&levels), None).unwrap();
}

fn file(rows: &[Row], group: usize) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
    let properties =
        WriterProperties::builder().set_data_page_row_count_limit(5).set_write_batch_size(2).build();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
    for (number, rows) in rows.chunks(group).enumerate() {
        let mut columns = writer.next_row_group().unwrap();
        let mut at = 0;
        while let Some(mut column) = columns.next_column().unwrap() {
            match column.untyped() {
                ColumnWriter::Int64ColumnWriter(writer) if at == 0 => {
                    write(writer, values(rows, |row| row.number, |number| number));
                }
                ColumnWriter::Int64ColumnWriter(writer) => {
                    let first = i64::try_from(number * group).unwrap();
                    let ids: Vec<i64> = (first..).take(rows.len()).collect();
                    writer.write_batch(&ids, None, None).unwrap();
                }
                ColumnWriter::ByteArrayColumnWriter(writer) if at == 1 => {
                    let texts: Vec<ByteArray> = rows.iter().map(|row| row.text.into()).collect();
                    writer.write_batch(&texts, None, None).unwrap();
                }
                ColumnWriter::ByteArrayColumnWriter(writer) => {
                    write(writer, values(rows, |row| row.raw, |raw| raw.to_vec().into()));
                }
                ColumnWriter::DoubleColumnWriter(writer) if at == 2 => {
                    write(writer, values(rows, |row| row.score, |score| score));
                }
                ColumnWriter::DoubleColumnWriter(writer) => {
                    // A list of one or of none.
                    let (scores, levels) = values(rows, |row| row.score, |score| score);
                    writer.write_batch(&scores, Some(&levels), Some(&vec![0; levels.len()])).unwrap();
                }
                #[expect(clippy::cast_possible_truncation, reason = "a shorter one")]
                ColumnWriter::FloatColumnWriter(writer) => {
                    write(writer, values(rows, |row| row.score, |score| score as f32));
                }
                ColumnWriter::BoolColumnWriter(writer) => {
                    write(writer, values(rows, |row| row.solved, |solved| solved));
                }
                ColumnWriter::Int32ColumnWriter(writer) => {
                    write(writer, values(rows, |row| row.opened, |opened| opened));
                }
                ColumnWriter::FixedLenByteArrayColumnWriter(writer) => {
                    let code = |row: &Row| row.raw.filter(|raw| raw.len() == 2).unwrap_or(b"ab").to_vec();
                    let codes: Vec<FixedLenByteArray> = rows.iter().map(|row| code(row).into()).collect();
                    writer.write_batch(&codes, None, None).unwrap();
                }
                ColumnWriter::Int96ColumnWriter(writer) => {
                    let day = |day: i32| Int96::from(vec![0, 0, 2_440_588 + day.unsigned_abs()]);
                    write(writer, values(rows, |row| row.opened, day));
                }
            }
            column.close().unwrap();
            at += 1;
        }
        columns.close().unwrap();
    }
    writer.into_inner().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn columns_give_the_same_as_rows(rows in prop::collection::vec(row(), 1..60), group in 1..40_usize) {
        let file = file(&rows, group);
        let without_examination = [false, true].map(|profile| ScanOptions { profile, shape: None });
        let read = agree_on(DatasetType::ProjectParquet, &file, without_examination.into_iter())?;
        prop_assert!(read, "the fast way is taken");
        prop_assert!(agree(DatasetType::ProjectParquet, &file)?, "the fast way is taken where rows are examined");
    }
}

#[test]
fn more_values_than_are_counted_give_the_same() {
    let row = Row { number: Some(1), text: "a", score: None, solved: None, opened: None, raw: None };
    let bytes = file(&vec![row; 6_000], 500);
    let profile = ScanOptions { profile: true, shape: None };
    assert!(agree_on(DatasetType::ProjectParquet, &bytes, [profile].into_iter()).unwrap());
}

/// More problems than are kept, and warnings that come again in later batches.
#[test]
fn batches_give_the_same_as_rows() {
    let row = |number: i32| Row {
        number: (number % 3 > 0).then_some(i64::from(number)),
        text: if number % 7 == 0 { "" } else { "a" },
        score: Some(if number % 5 == 0 { f64::NAN } else { 0.5 }),
        solved: None,
        opened: None,
        raw: if number % 2 == 0 { Some(b"\xff\x00") } else { None },
    };
    let examined = || [Shape::Columns, Shape::Text].into_iter();
    for group in [400, 1_200] {
        let bytes = file(&(0..1_200).map(row).collect::<Vec<_>>(), group);
        let options = examined().map(|shape| ScanOptions { profile: false, shape: Some(shape) });
        assert!(agree_on(DatasetType::ProjectParquet, &bytes, options).unwrap());
    }
}

#[test]
fn a_damaged_file_is_refused_in_the_same_words() {
    let row = Row { number: Some(1), text: "a", score: None, solved: None, opened: None, raw: None };
    let mut bytes = file(&vec![row; 100], 10);
    let middle = bytes.len() / 3;
    bytes[middle..middle + 40].fill(0xff);
    agree_on(DatasetType::ProjectParquet, &bytes, [ScanOptions::default()].into_iter()).unwrap();
}
