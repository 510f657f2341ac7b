//! Parquet files, packed files, and folders of either.

use std::{fs, io::Write as _, path::Path, sync::Arc};

use flate2::{Compression, write::GzEncoder};
use parquet::{
    basic::Compression as Packed,
    data_type::{ByteArray, ByteArrayType, FloatType, Int64Type},
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::parser::parse_message_type,
};
use serde_json::json;
use studio::{
    DatasetSource, Error, ErrorCode,
    datasets::{self, Preview, Scan, Severity, Shape, ValueKind},
    platform::Work,
};

use crate::world::World;

/// A Parquet file with `groups` groups of `rows` rows: a number, a text, a measure, messages.
pub(crate) fn parquet(path: &Path, groups: i64, rows: i64) {
    let schema = "message rows {
        required int64 n; optional binary name (UTF8); required float measure;
        optional group messages (LIST) { repeated group list { optional group element {
            optional binary role (UTF8); optional binary content (UTF8); } } } }";
    let properties = WriterProperties::builder().set_compression(Packed::SNAPPY).build();
    let file = fs::File::create(path).unwrap();
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties)).unwrap();
    for group in 0..groups {
        let numbers: Vec<i64> = (group * rows..(group + 1) * rows).collect();
        let mut columns = writer.next_row_group().unwrap();
        let mut column = columns.next_column().unwrap().unwrap();
        column.typed::<Int64Type>().write_batch(&numbers, None, None).unwrap();
        column.close().unwrap();
        // Every third name is missing.
        let there: Vec<i16> = numbers.iter().map(|n| i16::from(n % 3 != 2)).collect();
        let named = numbers.iter().filter(|n| *n % 3 != 2);
        let names: Vec<ByteArray> = named.map(|n| format!("näme {n}").into_bytes().into()).collect();
        let mut column = columns.next_column().unwrap().unwrap();
        column.typed::<ByteArrayType>().write_batch(&names, Some(&there), None).unwrap();
        column.close().unwrap();
        let mut column = columns.next_column().unwrap().unwrap();
        column.typed::<FloatType>().write_batch(&vec![0.1; numbers.len()], None, None).unwrap();
        column.close().unwrap();
        let mut messages = |one: &str, two: &str| {
            let texts: Vec<ByteArray> = numbers
                .iter()
                .flat_map(|_| [one.as_bytes().to_vec().into(), two.as_bytes().to_vec().into()])
                .collect();
            let (defined, repeated) = (vec![4; texts.len()], [0, 1].repeat(numbers.len()));
            let mut column = columns.next_column().unwrap().unwrap();
            column.typed::<ByteArrayType>().write_batch(&texts, Some(&defined), Some(&repeated)).unwrap();
            column.close().unwrap();
        };
        messages("user", "assistant");
        messages("Why?", "Because.");
        columns.close().unwrap();
    }
    writer.close().unwrap();
}

fn gzip(content: impl AsRef<[u8]>) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(content.as_ref()).unwrap();
    packer.finish().unwrap()
}

fn zstd(content: impl AsRef<[u8]>) -> Vec<u8> {
    zstd::encode_all(content.as_ref(), 3).unwrap()
}

async fn scan(world: &World, name: &str) -> Result<Scan, Error> {
    world.studio.datasets().scan(&world.path(name), &Work::unwatched()).await
}

async fn preview(world: &World, name: &str, offset: u64, limit: u64) -> Result<Preview, Error> {
    world
        .studio
        .datasets()
        .preview(&DatasetSource::from_text(world.path(name).display().to_string()), offset, limit)
        .await
}

fn problems(scan: &Scan) -> Vec<(Severity, Option<&str>, Option<u64>)> {
    scan.problems.iter().map(|p| (p.severity, p.file.as_deref(), p.line)).collect()
}

fn values(preview: &Preview) -> Vec<&[datasets::Value]> {
    preview.rows.iter().map(|row| row.values.as_slice()).collect()
}

#[tokio::test]
async fn parquet_rows_are_read_with_nested_values() {
    let world = World::new().await;
    parquet(&world.path("rows.parquet"), 3, 10);
    let found = scan(&world, "rows.parquet").await.unwrap();
    assert_eq!((found.rows, found.errors, found.warnings), (30, 0, 0), "{:?}", found.problems);
    let kinds: Vec<_> = found.columns.iter().map(|c| (c.name.as_str(), c.kind, c.filled)).collect();
    let expected = [
        ("n", ValueKind::Integer, 30),
        ("name", ValueKind::Text, 20),
        ("measure", ValueKind::Number, 30),
        ("messages", ValueKind::List, 30),
    ];
    assert_eq!(kinds, expected);

    let page = preview(&world, "rows.parquet", 25, 2).await.unwrap();
    let said = json!([{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "Because."}]);
    assert_eq!(values(&page)[0], [json!(25), json!("näme 25"), json!(0.1), said]);
    assert_eq!(
        (page.rows[1].values[1].clone(), page.rows[1].line, page.end),
        (datasets::Value::Null, None, false)
    );
    let last = preview(&world, "rows.parquet", 29, 5).await.unwrap();
    assert_eq!((last.rows.len(), last.end, last.total_rows), (1, true, Some(30)));
    assert_eq!(last.columns.len(), 4);
    let beyond = preview(&world, "rows.parquet", 30, 5).await.unwrap();
    assert_eq!((beyond.rows.len(), beyond.total_rows), (0, Some(30)));

    let path = world.path("rows.parquet");
    let row = world.studio.datasets().import(&path, None, &Work::unwatched()).await.unwrap().row;
    assert_eq!((&row.row["type"], row.label.as_str()), (&json!("project_parquet"), "rows"));
    let found = world
        .studio
        .datasets()
        .diagnose(&DatasetSource::Path(path.clone()), &Work::unwatched())
        .await
        .unwrap();
    assert_eq!((found.shape, found.rows, found.errors), (Shape::Chat, 30, 0), "{:?}", found.problems);
}

/// Reading the first group would fail: it is passed over.
#[tokio::test]
async fn groups_before_the_wanted_rows_are_not_read() {
    let world = World::new().await;
    let path = world.path("rows.parquet");
    parquet(&path, 3, 1000);
    let mut bytes = fs::read(&path).unwrap();
    bytes[4..2000].fill(0xff);
    fs::write(&path, bytes).unwrap();
    let page = preview(&world, "rows.parquet", 2500, 1).await.unwrap();
    assert_eq!(page.rows[0].values[0], json!(2500));
    let error = preview(&world, "rows.parquet", 500, 1).await.unwrap_err();
    assert!(error.code == ErrorCode::Invalid && error.message.contains("rows.parquet"), "{error}");
}

#[tokio::test]
async fn packed_files_are_read_like_plain_ones() {
    let world = World::new().await;
    let csv = "\u{feff}q,a\n\"one\ntwo\",1\nü,2\n\nshort";
    let lines = "{\"q\": \"x\", \"a\": 1}\n{\"q\": \"y\"}";
    let list = "[{\"q\": \"x\", \"a\": 1},\n{\"q\": \"y\"}]";
    for (name, content) in [("rows.csv", csv), ("rows.jsonl", lines), ("rows.json", list)] {
        world.file(name, content);
        let plain = scan(&world, name).await.unwrap();
        let rows = preview(&world, name, 1, 5).await.unwrap();
        // Several streams behind each other are one text.
        let (one, two) = content.as_bytes().split_at(content.len() / 2);
        world.file(&format!("{name}.gz"), [gzip(one), gzip(two)].concat());
        world.file(&format!("{name}.ZST"), [zstd(one), zstd(two)].concat());
        for packed in [format!("{name}.gz"), format!("{name}.ZST")] {
            let found = scan(&world, &packed).await.unwrap();
            assert_eq!((found.rows, found.r#type), (plain.rows, plain.r#type), "{packed}");
            assert_eq!((&found.columns, &found.problems), (&plain.columns, &plain.problems), "{packed}");
            assert_eq!(found.bytes, fs::metadata(world.path(&packed)).unwrap().len());
            let shown = preview(&world, &packed, 1, 5).await.unwrap();
            assert_eq!((shown.rows, shown.total_rows), (rows.rows.clone(), rows.total_rows), "{packed}");
        }
    }
    let created =
        world.studio.datasets().import(&world.path("rows.csv.gz"), None, &Work::unwatched()).await.unwrap();
    assert_eq!((&created.row.row["type"], created.row.label.as_str()), (&json!("project_csv"), "rows"));
}

#[tokio::test]
async fn packed_files_that_are_cut_short_or_made_to_burst_say_so() {
    let world = World::new().await;
    let rows: String = (0..5000).map(|n| format!("{n},{}\n", n * 7919 % 1000)).collect();
    let text = format!("n,m\n{rows}");
    for (name, packed) in [("cut.csv.gz", gzip(&text)), ("cut.csv.zst", zstd(&text))] {
        world.file(name, &packed[..packed.len() / 2]);
        let error = scan(&world, name).await.unwrap_err();
        assert!(error.message.contains(name) && error.hint.is_some(), "{error:?}");
        assert!(error.message.contains("in the middle") || error.message.contains("damaged"), "{error}");
        world.file(name, "not packed at all\n");
        let error = scan(&world, name).await.unwrap_err();
        assert!(error.message.contains("damaged"), "{error}");
        world.file(name, "");
        assert!(scan(&world, name).await.unwrap_err().message.contains("empty"));
    }
    let path = world.path("bomb.jsonl.zst");
    let mut packer = zstd::Encoder::new(fs::File::create(&path).unwrap(), 1).unwrap();
    packer.write_all(b"{\"a\": \"").unwrap();
    (0..300).for_each(|_| packer.write_all(&[b'a'; 1 << 20]).unwrap());
    packer.finish().unwrap();
    let found = scan(&world, "bomb.jsonl.zst").await.unwrap();
    assert!(found.errors == 1 && found.problems[0].message.contains("64 MiB"), "{:?}", found.problems);
    fs::rename(&path, world.path("bomb.csv.zst")).unwrap();
    let error = scan(&world, "bomb.csv.zst").await.unwrap_err();
    assert!(error.message.contains("200 times"), "{error}");
    let error = scan(&world, "rows.parquet.gz").await.unwrap_err();
    assert!(error.message.contains("inside"), "{error}");
}

#[tokio::test]
async fn a_folder_is_read_split_by_split() {
    let world = World::new().await;
    fs::create_dir_all(world.path("set/data")).unwrap();
    world.file("set/README.md", "---\nlicense: mit\n---\n# Set\n");
    world.file("set/dataset_infos.json", "{}");
    world.file("set/data/test-00000-of-00001.csv", "a,q\n5,five\n");
    world.file("set/data/train-00000-of-00002.csv", "q,a\none,1\ntwo,2\n");
    world.file("set/data/train-00001-of-00002.csv.gz", gzip("q,a\nthree,3\nfour\n"));
    let found = scan(&world, "set").await.unwrap();
    assert_eq!((found.rows, found.errors), (5, 0), "{:?}", found.problems);
    let second = Some("data/train-00001-of-00002.csv.gz");
    assert_eq!(problems(&found), [(Severity::Warning, second, Some(3))]);

    let page = preview(&world, "set", 1, 9).await.unwrap();
    let questions: Vec<_> = page.rows.iter().map(|row| row.values[0].as_str().unwrap()).collect();
    assert_eq!(questions, ["two", "three", "four", "five"], "the split to train on comes first");
    let splits: Vec<_> = page.splits.iter().map(|split| (split.name.as_str(), split.files.len())).collect();
    assert_eq!(splits, [("train", 2), ("test", 1)]);
    let source = world.path("set").display().to_string();
    let test = world
        .studio
        .datasets()
        .preview_split(&DatasetSource::from_text(&source), "test", 0, 9)
        .await
        .unwrap();
    assert_eq!(values(&test), [["5".into(), "five".into()] as [datasets::Value; 2]], "as in its file");
    let error = world
        .studio
        .datasets()
        .preview_split(&DatasetSource::from_text(&source), "dev", 0, 9)
        .await
        .unwrap_err();
    assert_eq!((error.code, error.hint.as_deref()), (ErrorCode::NotFound, Some("It has train, test.")));

    let row = world.studio.datasets().import(&world.path("set"), None, &Work::unwatched()).await.unwrap().row;
    assert_eq!((&row.row["type"], row.label.as_str()), (&json!("project"), "set"));
    assert_eq!(row.row["features"], r#"["q", "a"]"#);
    assert!(world.studio.check().await.unwrap().is_empty());

    world.file("set/data/train-00002-of-00002.csv", "q,b\nsix,6\n");
    let found = scan(&world, "set").await.unwrap();
    let third = problems(&found).into_iter().find(|(severity, ..)| *severity == Severity::Error);
    assert_eq!(third, Some((Severity::Error, Some("data/train-00002-of-00002.csv"), Some(1))));
}

#[tokio::test]
async fn splits_are_known_by_names_folders_and_the_readme() {
    let world = World::new().await;
    let splits = async |name: &str| -> Result<Vec<(String, Vec<String>)>, Error> {
        let page = preview(&world, name, 0, 9).await?;
        Ok(page.splits.into_iter().map(|split| (split.name, split.files)).collect())
    };
    let split = |name: &str, files: &[&str]| {
        (name.to_owned(), files.iter().map(|file| (*file).to_owned()).collect::<Vec<_>>())
    };
    for folder in ["plain", "parts/train", "parts/dev", "card/raw", "mixed", "none", "pq"] {
        fs::create_dir_all(world.path(folder)).unwrap();
    }
    let row = "{\"a\": 1}\n";
    world.file("plain/fastest.jsonl", row);
    world.file("plain/b.jsonl", row);
    assert_eq!(splits("plain").await.unwrap(), [split("train", &["b.jsonl", "fastest.jsonl"])]);
    world.file("parts/dev/x.jsonl", row);
    world.file("parts/train/y.jsonl", row);
    let expected = [split("train", &["train/y.jsonl"]), split("validation", &["dev/x.jsonl"])];
    assert_eq!(splits("parts").await.unwrap(), expected);

    world.file("card/raw/a.jsonl", row);
    world.file("card/raw/b.jsonl", row);
    world.file("card/c.jsonl", row);
    let readme = "---\nconfigs:\n- config_name: other\n  data_files: c.jsonl\n- config_name: main\n  default: true\n  data_files:\n  - split: train\n    path: raw/*.jsonl\n  - split: held_out\n    path: [c.jsonl]\n---\n";
    world.file("card/README.md", readme);
    let expected = [split("train", &["raw/a.jsonl", "raw/b.jsonl"]), split("held_out", &["c.jsonl"])];
    assert_eq!(splits("card").await.unwrap(), expected);
    world.file("card/README.md", readme.replace("raw/*", "../plain/*"));
    let error = splits("card").await.unwrap_err();
    assert!(error.message.contains("'../plain/*.jsonl'"), "{error}");

    world.file("mixed/train.csv", "a\n1\n");
    world.file("mixed/test.jsonl", row);
    assert!(splits("mixed").await.unwrap_err().message.contains("several formats"));
    assert!(splits("none").await.unwrap_err().message.contains("without dataset files"));

    parquet(&world.path("pq/train-00000-of-00002.parquet"), 2, 5);
    parquet(&world.path("pq/train-00001-of-00002.parquet"), 2, 5);
    let page = preview(&world, "pq", 17, 9).await.unwrap();
    assert_eq!((page.rows.len(), &page.rows[0].values[0], page.total_rows), (3, &json!(7).into(), Some(20)));
}
