//! How many bytes are read from the choice of a file until its dataset is stored, as the system counts
//! them. A process of its own, with one test, because the count is that of the process.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::allow_attributes, reason = "a test stops at the first surprise")]

use std::{fs, io::Write as _, path::Path, sync::Arc};

use datasets::{LatestScan, Scanner, preview};
use parquet::{
    basic::Compression,
    data_type::{ByteArray, ByteArrayType, Int64Type},
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::parser::parse_message_type,
};
use platform::Work;

const ROWS: i64 = 60_000;
/// The first page of the preview and the first rows, by which the kind of training example is known,
/// take a block or two of the file each. Opening a CSV file reads its first block for the header.
const BESIDE_THE_FILE: u64 = 4 << 18;

/// What [`proc`](https://docs.kernel.org/filesystems/proc.html) calls `rchar`.
fn bytes_read() -> u64 {
    let counts = fs::read_to_string("/proc/self/io").unwrap();
    counts.lines().find_map(|line| line.strip_prefix("rchar: ")).unwrap().parse().unwrap()
}

/// A text that packing makes only a little smaller.
fn text(row: i64) -> String {
    let mut state = row.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut letters = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(b'a' + u8::try_from(state % 26).unwrap())
    };
    (0..60).map(|_| letters()).collect()
}

fn write_files(folder: &Path) {
    let rows: Vec<(i64, String)> = (0..ROWS).map(|row| (row, text(row))).collect();
    let csv: String = rows.iter().map(|(row, text)| format!("{row},\"{text}\",{text}\n")).collect();
    let csv = format!("n,instruction,output\n{csv}");
    let objects: Vec<String> = rows
        .iter()
        .map(|(row, text)| format!(r#"{{"n": {row}, "instruction": "{text}", "output": "{text}"}}"#))
        .collect();
    fs::write(folder.join("rows.csv"), &csv).unwrap();
    fs::write(folder.join("rows.jsonl"), objects.join("\n")).unwrap();
    fs::write(folder.join("rows.json"), format!("[{}]", objects.join(",\n"))).unwrap();
    let gzip = fs::File::create(folder.join("rows.csv.gz")).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(gzip, flate2::Compression::fast());
    gzip.write_all(csv.as_bytes()).unwrap();
    gzip.finish().unwrap();
    let zstd = zstd::encode_all(objects.join("\n").as_bytes(), 1).unwrap();
    fs::write(folder.join("rows.jsonl.zst"), zstd).unwrap();
    write_parquet(&folder.join("rows.parquet"), &rows);
    let split = folder.join("folder");
    fs::create_dir(&split).unwrap();
    fs::copy(folder.join("rows.parquet"), split.join("train-0.parquet")).unwrap();
    fs::copy(folder.join("rows.parquet"), split.join("test-0.parquet")).unwrap();
}

fn write_parquet(path: &Path, rows: &[(i64, String)]) {
    let schema = "message rows {
        required int64 n; required binary instruction (UTF8); required binary output (UTF8); }";
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_data_page_size_limit(1 << 16)
        .set_dictionary_enabled(false)
        .build();
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let file = fs::File::create(path).unwrap();
    let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties)).unwrap();
    for group in rows.chunks(25_000) {
        let mut columns = writer.next_row_group().unwrap();
        let numbers: Vec<i64> = group.iter().map(|(row, _)| *row).collect();
        let mut column = columns.next_column().unwrap().unwrap();
        column.typed::<Int64Type>().write_batch(&numbers, None, None).unwrap();
        column.close().unwrap();
        let texts: Vec<ByteArray> = group.iter().map(|(_, text)| text.as_str().into()).collect();
        for _ in 0..2 {
            let mut column = columns.next_column().unwrap().unwrap();
            column.typed::<ByteArrayType>().write_batch(&texts, None, None).unwrap();
            column.close().unwrap();
        }
        columns.close().unwrap();
    }
    writer.close().unwrap();
}

/// What the dialog of the window does with a file: the first page, the pass over all of it, what is wrong
/// with its rows, and the import.
#[test]
fn a_file_is_read_once_from_its_choice_to_its_dataset() {
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let names =
        ["rows.csv", "rows.jsonl", "rows.json", "rows.csv.gz", "rows.jsonl.zst", "rows.parquet", "folder"];
    for name in names {
        let path = folder.path().join(name);
        let latest = LatestScan::default();
        let scanner = || Scanner::new(Work::unwatched(), latest.clone());
        let before = bytes_read();
        let (scan, reading) = runtime.block_on(async {
            preview(&path, None, 0, 100).await.unwrap();
            let scan = scanner().examine(&path).await.unwrap();
            let diagnosis = scanner().diagnose(&path).await.unwrap();
            assert_eq!((diagnosis.rows, diagnosis.errors), (scan.rows, 0), "{name}");
            scanner().scan(&path, None).await.unwrap()
        });
        let read = bytes_read() - before;
        let files = if name == "folder" { 2 } else { 1 };
        assert_eq!(scan.rows, ROWS.unsigned_abs() * files, "{name}");
        let size = reading.stamp.bytes;
        assert!(size > 2 << 20, "{name} has only {size} bytes");
        let most = size + size / 10 + BESIDE_THE_FILE;
        println!("{name}: {size} bytes, {read} read, {} beside them", read.saturating_sub(size));
        assert!(read <= most, "{name} has {size} bytes, and {read} were read");
        if name != "folder" {
            let hash = blake3::hash(&fs::read(&path).unwrap()).to_hex().to_string();
            assert_eq!(reading.hash, hash, "{name}");
        }
    }
}
