//! What stands in the columns of a file, in numbers.

use std::fmt::Write as _;

use studio::{
    DatasetSource,
    datasets::{ColumnProfile, Measure, Profile, ValueKind},
    platform::Work,
};

use crate::world::World;

async fn profile(name: &str, content: impl AsRef<[u8]>) -> Profile {
    let world = World::new().await;
    let path = world.file(name, content).display().to_string();
    world.studio.datasets().profile(&DatasetSource::from_text(&path), &Work::unwatched()).await.unwrap()
}

fn commonest(column: &ColumnProfile) -> Vec<(&str, u64)> {
    column.commonest.values.iter().map(|common| (common.value.as_str(), common.rows)).collect()
}

/// Buckets as `from..to: rows`, empty ones left out.
fn buckets(column: &ColumnProfile) -> Vec<String> {
    let histogram = column.histogram.as_ref().unwrap();
    let filled = histogram.buckets.iter().filter(|bucket| bucket.rows > 0);
    filled.map(|bucket| format!("{}..{}: {}", bucket.from, bucket.to, bucket.rows)).collect()
}

#[tokio::test]
async fn of_texts_and_numbers_in_csv() {
    let rows = "label,text,score\ngood,äöü,1\nbad,,10\ngood,\"a\nb\",2\n,longer than that,3.5\n";
    let profile = profile("rows.csv", rows).await;
    let [label, text, score] = &profile.columns[..] else { panic!("{profile:?}") };
    assert_eq!((profile.rows, profile.bytes), (4, rows.len() as u64));

    assert_eq!((label.kind, label.filled), (ValueKind::Text, 3));
    assert_eq!((label.distinct.count, label.distinct.exact), (2, true));
    assert_eq!((commonest(label), label.commonest.exact), (vec![("good", 2)], true));

    let lengths = text.lengths.unwrap();
    assert_eq!((lengths.least, lengths.most, text.filled), (3, 16, 3));
    assert!((lengths.mean - 22.0 / 3.0).abs() < 1e-9);
    assert_eq!(text.histogram.as_ref().unwrap().of, Measure::Lengths);
    assert_eq!(buckets(text), ["2..4: 2", "16..18: 1"]);

    assert_eq!((score.kind, score.lengths), (ValueKind::Number, None));
    assert_eq!(score.histogram.as_ref().unwrap().of, Measure::Values);
    assert_eq!(buckets(score), ["1..2: 1", "2..3: 1", "3..4: 1", "10..11: 1"]);
}

#[tokio::test]
async fn of_nested_values() {
    let rows = r#"{"messages": [{"role": "user", "content": "Hi"}], "ok": true, "n": null}
{"messages": [{"role": "user", "content": "Hi"}], "ok": false, "meta": {"a": 1}}
"#;
    let profile = profile("rows.jsonl", rows).await;
    let [messages, ok, n, meta] = &profile.columns[..] else { panic!("{profile:?}") };
    assert_eq!((messages.kind, messages.lengths.unwrap().most), (ValueKind::List, 6));
    assert_eq!(commonest(messages), [(r#"[{"role":"user","content":"Hi"}]"#, 2)]);
    assert_eq!((ok.kind, ok.distinct.count, ok.histogram.clone()), (ValueKind::Boolean, 2, None));
    assert_eq!((n.kind, n.filled, n.distinct.count, n.histogram.clone()), (ValueKind::Empty, 0, 0, None));
    assert_eq!((meta.kind, meta.lengths.unwrap().most), (ValueKind::Object, 0));
}

#[tokio::test]
async fn of_more_values_than_are_counted() {
    let mut rows = String::from("id,kind,far\n");
    for row in 0..20_000_u32 {
        let far = if row == 7 { 1e9 } else { f64::from(row) / 1000.0 };
        writeln!(rows, "row {row},{},{far}", row % 3).unwrap();
    }
    let profile = profile("rows.csv", rows).await;
    let [id, kind, far] = &profile.columns[..] else { panic!("{profile:?}") };
    assert!(!id.distinct.exact && !id.commonest.exact);
    assert!(id.distinct.count.abs_diff(20_000) < 800, "{:?}", id.distinct);
    assert_eq!(commonest(id), []);
    assert_eq!((kind.distinct.count, kind.distinct.exact), (3, true));
    assert_eq!(commonest(kind), [("0", 6667), ("1", 6667), ("2", 6666)]);
    assert_eq!(far.histogram.as_ref().unwrap().buckets.iter().map(|b| b.rows).sum::<u64>(), 20_000);
    assert!(far.histogram.as_ref().unwrap().buckets.len() <= 12);
}
