//! Texts that are no snapshot.

use studio::{ErrorCode, platform::Work};

use super::{lived_in, refused, refused_text};
use crate::snapshots::{export, plan};

#[tokio::test]
async fn a_snapshot_cut_short_anywhere() {
    let world = lived_in().await;
    let snapshot = r#"{"models": {"schema": "CREATE TABLE \"x\"", "data": [{"id": "a\u00e9\n", "name": null}, {"id": "ü"}]},
        "configs": [{"id": "k", "is_default": -12, "type": "custom"}], "fine_tuning_jobs": [{"id": "j", "learning_rate": 1.5e-3}]}"#;
    let before = export(&world.studio).await;
    for end in 0..snapshot.len() {
        let source = world.file("source.json", &snapshot.as_bytes()[..end]);
        let read = world.studio.snapshots().read(&source, &Work::unwatched()).await;
        let error = read.map(|_| panic!("cut at {end}, and yet read")).unwrap_err();
        assert_eq!(error.code, ErrorCode::Invalid, "{error:?}");
        assert!(error.message.contains("source.json") && error.hint.is_some(), "{error:?}");
    }
    assert_eq!(export(&world.studio).await, before);
    let whole = world.file("source.json", snapshot);
    plan(&world.studio, &whole).await.unwrap();
}

#[tokio::test]
async fn a_snapshot_with_more_behind_it() {
    for more in ["{}", "x", "]", "\u{0}", "null"] {
        refused_text(format!("{{\"models\": []}}\n{more}")).await;
    }
}

#[tokio::test]
async fn nesting_without_end() {
    let levels = |open: &str, count: usize| open.repeat(count);
    for depth in [200, 100_000] {
        for text in [
            levels("[", depth),
            levels("{\"models\":", depth),
            format!("{{\"models\": {}", levels("[", depth)),
            format!("{{\"models\": {}", levels("{\"data\":", depth)),
            format!("{{\"models\": [{{\"id\": {}", levels("[", depth)),
            format!("{{\"models\": [{{\"other\": {}", levels("{\"a\":", depth)),
            format!("{{\"models\": {{\"schema\": {}", levels("[", depth)),
            format!("{{\"unknown\": {}", levels("{\"data\":", depth)),
        ] {
            assert_eq!(refused_text(text).await.code, ErrorCode::Invalid);
        }
    }
    // The same, closed again: a valid JSON text that no parser should follow down.
    let closed = format!("{{\"models\": [{{\"id\": {}{}}}]}}", levels("[", 100_000), levels("]", 100_000));
    refused_text(closed).await;
}

#[tokio::test]
async fn keys_that_stand_twice() {
    for text in [
        r#"{"models": [{"id": "a"}], "models": [{"id": "b"}]}"#,
        r#"{"models": {"data": [{"id": "a"}], "data": [{"id": "b"}]}}"#,
        r#"{"models": [{"id": "a", "id": "b"}]}"#,
        r#"{"models": [{"id": "a", "name": "x", "name": "x"}]}"#,
        r#"{"models": [{"id": "a", "n\u0061me": "x", "name": "y"}]}"#,
    ] {
        let error = refused_text(text).await;
        assert!(error.message.contains("twice"), "{error}");
    }
}

#[tokio::test]
async fn what_is_no_snapshot() {
    for text in [
        "[]",
        "5",
        "\"models\"",
        "null",
        "true",
        "{\"models\": 5}",
        "{\"models\": null}",
        "{\"models\": \"rows\"}",
        "{\"models\": {\"data\": 5}}",
        "{\"songs\": 5}",
        "hello",
        "{",
        "{\"models\": [{\"id\": 1e999}]}",
        "{\"models\": [{\"id\": \"\\ud800\"}]}",
        "{models: []}",
        "{'models': []}",
        "{\"models\": [NaN]}",
        "{\"models\": [{\"id\": \"a\nb\"}]}",
    ] {
        assert_eq!(refused_text(text).await.code, ErrorCode::Invalid, "{text}");
    }
    refused_text(b"{\"models\": [{\"id\": \"\xff\xfe\"}]}").await;
    refused_text(b"\xff\xfe{\0\0\xd8}\0").await;
    refused_text(b"\x1f\x8b\x08\0\0\0\0\0").await;
}

#[tokio::test]
async fn bytes_of_chance() {
    let world = lived_in().await;
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut chance = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for length in [1, 15, 16, 17, 100, 5_000, 100_000] {
        let bytes: Vec<u8> = (0..length).map(|_| chance().to_le_bytes()[0]).collect();
        refused(&world.studio, &world.file("chance", &bytes)).await;
        refused(&world.studio, &world.file("chance.db", [b"SQLite format 3\0", bytes.as_slice()].concat()))
            .await;
    }
}
