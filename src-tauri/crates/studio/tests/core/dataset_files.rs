//! Dataset files: what is read, what is said about it, what is refused.

use std::sync::{Arc, Mutex};

use serde_json::json;
use studio::{
    DatasetSource, ErrorCode,
    datasets::{Scan, Severity, ValueKind},
    platform::Work,
};
use tokio_util::sync::CancellationToken;

use crate::world::World;

async fn scan(name: &str, content: impl AsRef<[u8]>) -> Scan {
    let world = World::new().await;
    world.studio.datasets().scan(&world.file(name, content), &Work::unwatched()).await.unwrap()
}

/// Problems as `E3` or `W-`: severity and line.
fn problems(scan: &Scan) -> Vec<String> {
    let severity = |s| if s == Severity::Error { 'E' } else { 'W' };
    let line = |line: Option<u64>| line.map_or("-".to_owned(), |line| line.to_string());
    scan.problems.iter().map(|p| format!("{}{}", severity(p.severity), line(p.line))).collect()
}

fn names(scan: &Scan) -> Vec<&str> {
    scan.columns.iter().map(|column| column.name.as_str()).collect()
}

#[tokio::test]
async fn csv_quotes_line_breaks_and_byte_order_mark() {
    for newline in ["\n", "\r\n"] {
        let text = "\u{feff}q,a\n\"one\ntwo\",\"say \"\"hi\"\"\"\nü,😀\nshort\n".replace('\n', newline);
        let scan = scan("rows.csv", text).await;
        assert_eq!(names(&scan), ["q", "a"]);
        assert_eq!((scan.rows, problems(&scan)), (3, vec!["W5".to_owned()]), "{newline:?}");
        assert_eq!(scan.columns[1].filled, 2);
        assert_eq!(scan.columns[1].samples[0], "say \"hi\"");
    }
}

#[tokio::test]
async fn csv_blank_lines_are_named_where_they_are() {
    for newline in ["\n", "\r\n"] {
        for end in ["", "\n"] {
            let text = format!("\n\nq,a\n1,\"x\ny\"\n\n\n2,b\n3,c,d{end}").replace('\n', newline);
            let scan = scan("rows.csv", text).await;
            assert_eq!(problems(&scan), ["W1", "W6", "W7", "E9"], "{newline:?} {end:?}");
            assert_eq!(scan.rows, 2);
        }
    }
}

#[tokio::test]
async fn csv_that_can_not_be_imported_says_why() {
    assert_eq!(problems(&scan("a.csv", b"q,a\n1,\xff\n2,b\n3,\xfe\n").await), ["E2", "E4"]);
    assert_eq!(problems(&scan("a.csv", "q,q\n1,2\n").await), ["E1"]);
    assert_eq!(problems(&scan("a.csv", "q,\n1,2\n").await), ["E1"]);
    assert_eq!(problems(&scan("a.csv", "q,a\n").await), ["E-"]);
    assert_eq!(problems(&scan("a.csv", "q;a\n1;2\n").await), ["W1"]);
    assert_eq!(problems(&scan("a.csv", "my question,a\n1,2\n").await), ["W1"]);
}

#[tokio::test]
async fn json_lines() {
    let text = "\n{\"a\": 1, \"b\": [1]}\n{\"a\": 2.5}\n[1]\n{\"a\" 1}\n\n{\"a\": null, \"c\": \"x\"}";
    let scan = scan("rows.JSONL", text).await;
    assert_eq!(names(&scan), ["a", "b", "c"]);
    assert_eq!(problems(&scan)[..4], ["W1", "E4", "E5", "W6"]);
    assert_eq!((scan.rows, scan.errors, scan.warnings), (3, 2, 4));
    assert_eq!(scan.columns[0].kind, ValueKind::Number);
    assert_eq!(scan.columns[1].kind, ValueKind::List);
}

#[tokio::test]
async fn json_lists() {
    let good = scan("rows.json", "\u{feff}[\n {\"a\": 1},\n {\"a\": 2}\n]\n").await;
    assert_eq!((good.rows, problems(&good)), (2, vec![]));
    let odd = scan("rows.json", "[{\"a\": 1},\n7,\n{\"a\": 2}]").await;
    assert_eq!((odd.rows, problems(&odd)), (2, vec!["E2".to_owned()]));
    let broken = scan("rows.json", "[{\"a\": 1},\n{\"a\" 2}]").await;
    assert_eq!((broken.rows, problems(&broken)), (1, vec!["E2".to_owned()]));
    assert_eq!(problems(&scan("rows.json", "[{\"a\": 1}").await), ["E1"]);
    assert_eq!(problems(&scan("rows.json", "{\"a\": 1}\n").await), ["E-"]);
    assert_eq!(problems(&scan("rows.json", "[]").await), ["E-"]);
    let deep = format!("[{}{}]", "[".repeat(200), "]".repeat(200));
    assert_eq!(problems(&scan("rows.json", deep).await), ["E1"]);
}

#[tokio::test]
async fn files_that_are_no_datasets() {
    let world = World::new().await;
    for (name, content, code) in [
        ("empty.csv", &b""[..], ErrorCode::Invalid),
        ("wide.csv", b"\xff\xfea\0", ErrorCode::Invalid),
        ("notes.txt", b"hello", ErrorCode::Invalid),
    ] {
        let path = world.file(name, content);
        let error = world.studio.datasets().import(&path, None, &Work::unwatched()).await.unwrap_err();
        assert_eq!(error.code, code, "{error}");
        assert!(error.message.contains(name) && error.hint.is_some(), "{error}");
    }
    let error = world.studio.datasets().scan(&world.path("gone.csv"), &Work::unwatched()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
    std::fs::create_dir(world.path("folder.csv")).unwrap();
    let error =
        world.studio.datasets().scan(&world.path("folder.csv"), &Work::unwatched()).await.unwrap_err();
    assert!(error.message.contains("folder"), "{error}");
}

#[tokio::test]
async fn previews_reach_any_row_with_the_same_columns() {
    let world = World::new().await;
    let path = world.file("rows.jsonl", "{\"a\": 1}\n{\"b\": 2, \"a\": 3}\n{\"b\": {\"c\": 4}}\n");
    let source = path.display().to_string();
    let page = world.studio.datasets().preview(&DatasetSource::from_text(&source), 0, 2).await.unwrap();
    assert_eq!(page.rows[0].values, [json!(1), json!(null)]);
    assert!(!page.end);
    let page = world.studio.datasets().preview(&DatasetSource::from_text(&source), 2, 2).await.unwrap();
    assert_eq!(page.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(
        (page.rows[0].line, &page.rows[0].values),
        (Some(3), &vec![json!(null).into(), json!({"c": 4}).into()])
    );
    assert!(page.end);
}

#[tokio::test]
async fn a_preview_reads_no_further_than_it_shows() {
    let world = World::new().await;
    for (name, content) in [
        ("rows.csv", "a\n1\n2\n3,4\n"),
        ("rows.jsonl", "{\"a\": 1}\n{\"a\": 2}\nbroken\n"),
        ("rows.json", "[{\"a\": 1},\n{\"a\": 2},\nbroken"),
    ] {
        let source = world.file(name, content).display().to_string();
        let page = world.studio.datasets().preview(&DatasetSource::from_text(&source), 0, 1).await.unwrap();
        assert_eq!((page.rows.len(), page.end, page.problems), (1, false, vec![]), "{name}");
        let rest = world.studio.datasets().preview(&DatasetSource::from_text(&source), 1, 9).await.unwrap();
        assert_eq!((rest.rows.len(), rest.end, rest.problems.len()), (1, true, 1), "{name}");
    }
}

#[tokio::test]
async fn an_import_reads_columns_and_can_be_cancelled() {
    let world = World::new().await;
    let rows: String = (0..20_000).map(|n| format!("{n},\"line {n}\nmore\"\n")).collect();
    let path = world.file("Fragen & Antworten.csv", format!("id,frage ü\n{rows}"));

    let stop = CancellationToken::new();
    let asked = stop.clone();
    let stopping = Work::new(stop, move |progress| {
        if progress.rows > 5_000 {
            asked.cancel();
        }
    });
    let error = world.studio.datasets().import(&path, None, &stopping).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Cancelled);
    assert_eq!(world.studio.workspace().await.unwrap().counts[0].rows, 0);

    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = seen.clone();
    let watching = Work::new(CancellationToken::new(), move |progress| noted.lock().unwrap().push(progress));
    let created = world.studio.datasets().import(&path, None, &watching).await.unwrap();
    assert_eq!(created.row.row["name"], "Fragen & Antworten");
    assert_eq!(created.row.row["type"], "project_csv");
    assert_eq!(created.row.row["features"], r#"["id", "frage \u00fc"]"#);
    let seen = seen.lock().unwrap();
    assert!(seen.len() > 1 && seen.is_sorted_by_key(|progress| progress.done));
    assert_eq!(seen.last().map(|last| (last.rows, Some(last.done) == last.total)), Some((20_000, true)));
}
