//! Damaged databases, and tables whose rows can't be rows of a resource.

use serde_json::json;
use studio::{
    ErrorCode,
    platform::Work,
    resources::TABLES,
    schema::TableName,
    snapshot::{ExportFormat, ImportPolicy},
};

use super::{lived_in, refused};
use crate::snapshots::{export, import, plan};

#[tokio::test]
async fn databases_cut_short_or_scrambled() {
    let world = lived_in().await;
    let other = lived_in().await;
    let rows: Vec<_> = (0..300).map(|at| json!({"id": format!("m{at}"), "name": "n".repeat(200)})).collect();
    let source = other.snapshot(&json!({"models": rows}));
    import(&other.studio, &source, &ImportPolicy::default()).await.unwrap();
    let copy = other.path("copy.db");
    other.studio.snapshots().export(&copy, ExportFormat::Sqlite, None, &Work::unwatched()).await.unwrap();
    let whole = std::fs::read(&copy).unwrap();

    for end in
        [16, 50, 99, 100, 512, 4095, 4096, 5000, 8192, whole.len() / 2, whole.len() - 4096, whole.len() - 1]
    {
        refused(&world.studio, &world.file("cut.db", &whole[..end])).await;
    }
    // Pages of noise may hit what nobody reads, such as an index: then the rows must be all there.
    let before = export(&world.studio).await;
    for page in 0..whole.len() / 4096 {
        let mut bytes = whole.clone();
        for (at, byte) in
            bytes[page * 4096..][..4096].iter_mut().enumerate().skip(if page == 0 { 100 } else { 0 })
        {
            *byte = (at * 31 + page * 7) as u8;
        }
        let source = world.file("scrambled.db", &bytes);
        match plan(&world.studio, &source).await {
            Err(error) => {
                assert!(
                    error.message.contains("scrambled.db") && error.hint.is_some(),
                    "page {page}: {error:?}"
                );
                assert_ne!(error.code, ErrorCode::Internal, "page {page}: {error:?}");
            }
            Ok(reported) if reported.problem_count == 0 => {
                let models = reported.tables[&TableName::Models];
                assert_eq!(
                    models.new + models.same + models.conflicting,
                    301,
                    "page {page}: rows went missing"
                );
            }
            Ok(_) => {}
        }
        assert_eq!(export(&world.studio).await, before);
    }
}

#[tokio::test]
async fn every_table_refuses_what_is_not_a_row() {
    let world = lived_in().await;
    for table in TABLES {
        let source = world.snapshot(&json!({table.name.into_str(): [1]}));
        let error = refused(&world.studio, &source).await;
        assert!(error.message.contains(table.name.into_str()), "{error}");
    }
}

#[tokio::test]
async fn short_and_long_rows_are_read_alike() {
    let world = lived_in().await;
    let mut taken = 0;
    for row in [
        r#""id": "a", "name": "{[\"}]\\""#,
        r#""id": "a", "name": "\u007b\ud83d\ude00 ü""#,
        r#""id": "a", "name": {"a": [{"b": "}"}]}"#,
        r#""id": "a", "name": [1, [2, {"]": "}"}]]"#,
        r#""id": "a", "later": null, "other": true"#,
        r#""id": "a", "name": 1.5e3"#,
        r#""id": "a", "id": "b""#,
        "",
        r#""id": "a","#,
        r#""id": "a" "name": "b""#,
        r#""id" "a""#,
        r#""id": "a"]"#,
        r#""id": "a"}}"#,
        r#""id": "a\""#,
        r#""id": "a\q""#,
        r#""id": "\ud800""#,
        "\"id\": \"a\u{1}\"",
        "\"id\": \"a\nb\"",
        r#""id": 1e999"#,
        r#""id": 01"#,
        r#"id: "a""#,
        r#""id": nul"#,
        r#""id": "a", "name": {"a": [}"#,
        r#"{"id": "a"}"#,
    ] {
        let mut said = Vec::new();
        // More than a megabyte of spaces makes a row that no reader keeps at hand.
        for pad in ["", &" ".repeat(1_100_000)] {
            let text =
                format!("{{\"models\": [{{\"id\": \"first\"}}, {{{pad}{row}}}, {{\"id\": \"last\"}}]}}");
            let source = world.file("source.json", text);
            said.push(match plan(&world.studio, &source).await {
                Ok(reported) => {
                    Ok((reported.tables[&TableName::Models], reported.problems, reported.skipped))
                }
                Err(error) => Err(error.code),
            });
        }
        taken += u32::from(said[0].is_ok());
        assert_eq!(said[0], said[1], "{row}");
    }
    assert_eq!(taken, 9, "other rows than those of valid JSON were read");
}
