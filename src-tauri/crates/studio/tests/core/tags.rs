//! Tags and saved filters: what they hold to, and that tags go where their rows go.

use serde_json::{Value, json};
use studio::store::BackupReason;
use studio::{
    ErrorCode,
    platform::Work,
    schema::TableName,
    snapshot::{ExportFormat, ImportPolicy, OnConflict},
    store::{Dependents, Filter, ListQuery, Sort, View},
};

use crate::{
    snapshots::import,
    world::{World, id, row},
};

const MODELS: TableName = TableName::Models;

async fn model(world: &World, name: &str) -> String {
    let fields = json!({"type": "huggingface", "huggingface_model_name": name});
    id(&world.create(MODELS, fields).await.unwrap())
}

async fn tags_of(world: &World, id: &str) -> Vec<String> {
    world.studio.store().get(MODELS, id).await.unwrap().tags
}

fn texts(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

async fn found(world: &World, column: &str, value: &str) -> Vec<String> {
    let filters = vec![Filter { column: column.into(), value: value.into() }];
    let query = ListQuery { filters, limit: 100, ..ListQuery::default() };
    world.studio.store().list(MODELS, &query).await.unwrap().rows.iter().map(id).collect()
}

#[tokio::test]
async fn rows_are_tagged_and_found_by_tag_in_any_case() {
    let world = World::new().await;
    let (a, b) = (model(&world, "lab/a").await, model(&world, "lab/b").await);
    assert_eq!(
        world.studio.store().tag(MODELS, &[a.clone(), b.clone()], &texts(&["Good"])).await.unwrap(),
        2
    );
    let more = texts(&["good", "  two \t words ", "good"]);
    assert_eq!(world.studio.store().tag(MODELS, std::slice::from_ref(&a), &more).await.unwrap(), 1);
    assert_eq!(tags_of(&world, &a).await, ["Good", "two words"], "the first spelling stays");
    assert_eq!(found(&world, "tag", "GOOD").await, [a.clone(), b.clone()]);
    assert_eq!(found(&world, "tag", "two words").await, std::slice::from_ref(&a));
    let counts: Vec<_> = world.studio.store().tags(None).await.unwrap();
    assert_eq!(json!(counts), json!([{"tag": "Good", "rows": 2}, {"tag": "two words", "rows": 1}]));
    assert_eq!(world.studio.store().tags(Some(TableName::Datasets)).await.unwrap(), []);

    assert_eq!(
        world.studio.store().untag(MODELS, std::slice::from_ref(&a), &texts(&["good"])).await.unwrap(),
        1
    );
    assert_eq!(tags_of(&world, &a).await, ["two words"]);
    let page =
        world.studio.store().list(MODELS, &ListQuery { limit: 9, ..ListQuery::default() }).await.unwrap();
    assert_eq!(page.rows.iter().map(|row| row.tags.len()).collect::<Vec<_>>(), [1, 1]);
}

#[tokio::test]
async fn a_tag_that_is_none_and_a_row_that_is_not_there_change_nothing() {
    let world = World::new().await;
    let a = model(&world, "lab/a").await;
    for bad in ["", " \n ", "a\u{7}b", &"x".repeat(41)] {
        let error = world.studio.store().tag(MODELS, std::slice::from_ref(&a), &texts(&["fine", bad])).await;
        assert_eq!(error.unwrap_err().code, ErrorCode::Invalid, "{bad:?}");
    }
    let nobody = [a.clone(), "nobody".to_owned()];
    let error = world.studio.store().tag(MODELS, &nobody, &texts(&["fine"])).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
    assert!(tags_of(&world, &a).await.is_empty());
}

#[tokio::test]
async fn a_tag_is_renamed_merged_and_deleted_everywhere() {
    let world = World::new().await;
    let (a, b) = (model(&world, "lab/a").await, model(&world, "lab/b").await);
    world.studio.store().tag(MODELS, std::slice::from_ref(&a), &texts(&["old", "new"])).await.unwrap();
    world.studio.store().tag(MODELS, std::slice::from_ref(&b), &texts(&["old"])).await.unwrap();
    assert_eq!(world.studio.store().rename_tag("old", "NEW").await.unwrap(), 2);
    assert_eq!((tags_of(&world, &a).await, tags_of(&world, &b).await), (texts(&["NEW"]), texts(&["NEW"])));
    assert_eq!(world.studio.store().rename_tag("old", "x").await.unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(world.studio.store().delete_tag("new").await.unwrap(), 2);
    assert_eq!(world.studio.store().tags(None).await.unwrap(), []);
    assert_eq!(world.studio.store().delete_tag("new").await.unwrap_err().code, ErrorCode::NotFound);
}

#[tokio::test]
async fn tags_go_with_their_rows() {
    let world = World::new().await;
    let a = model(&world, "lab/a").await;
    world.studio.store().tag(MODELS, std::slice::from_ref(&a), &texts(&["one", "two"])).await.unwrap();
    for (name, format) in [("out.json", ExportFormat::Json), ("out.sqlite", ExportFormat::Sqlite)] {
        world.studio.snapshots().export(&world.path(name), format, None, &Work::unwatched()).await.unwrap();
    }
    let exported = std::fs::read(world.path("out.json")).unwrap();
    let exported: Value = serde_json::from_slice(&exported).unwrap();
    let both = json!([
        {"table_name": "models", "row_id": a, "tag": "one"},
        {"table_name": "models", "row_id": a, "tag": "two"},
    ]);
    assert_eq!(exported["studio_tags"]["data"], both);

    for source in ["out.json", "out.sqlite"] {
        let other = World::new().await;
        import(&other.studio, &world.path(source), &ImportPolicy::default()).await.unwrap();
        assert_eq!(tags_of(&other, &a).await, ["one", "two"], "{source}");
    }

    let backup = world.studio.store().back_up(BackupReason::Manual).await.unwrap();
    world.studio.store().delete(MODELS, std::slice::from_ref(&a), Dependents::Refuse).await.unwrap();
    assert_eq!(world.studio.store().tags(None).await.unwrap(), [], "tags outlived their row");
    world.studio.store().restore(&backup.id, &Work::unwatched()).await.unwrap();
    assert_eq!(tags_of(&world, &a).await, ["one", "two"]);

    // A row that stays as it is here takes no tags; one that is replaced takes them too.
    world.studio.store().delete_tag("two").await.unwrap();
    world.studio.rows().update(MODELS, &a, row(json!({"description": "here"}))).await.unwrap();
    let policy = |on_conflict| ImportPolicy { on_conflict, ..ImportPolicy::default() };
    import(&world.studio, &world.path("out.json"), &policy(OnConflict::Keep)).await.unwrap();
    assert_eq!(tags_of(&world, &a).await, ["one"]);
    import(&world.studio, &world.path("out.json"), &policy(OnConflict::Replace)).await.unwrap();
    assert_eq!(tags_of(&world, &a).await, ["one", "two"]);
}

#[tokio::test]
async fn a_tag_of_a_snapshot_that_lacks_something_is_a_problem_with_its_row() {
    let world = World::new().await;
    let snapshot = json!({
        "models": [{"id": "a"}],
        "studio_tags": [{"table_name": "models", "row_id": "a"}, {"table_name": "models", "row_id": "a", "tag": "t"}],
    });
    let source = world.file("in.json", snapshot.to_string());
    let refused = import(&world.studio, &source, &ImportPolicy::default()).await.unwrap_err();
    assert!(refused.message.contains("studio_tags, row 1, column tag"), "{refused}");
    import(&world.studio, &source, &ImportPolicy { skip_invalid: true, ..ImportPolicy::default() })
        .await
        .unwrap();
    assert_eq!(tags_of(&world, "a").await, ["t"]);
}

#[tokio::test]
async fn rows_in_use_are_distinguished_from_the_rest() {
    let world = World::new().await;
    let (a, b) = (model(&world, "lab/a").await, model(&world, "lab/b").await);
    sqlx::query("INSERT INTO adapters (id, model_id) VALUES ('x', ?)")
        .bind(&a)
        .execute(&mut world.stranger().await)
        .await
        .unwrap();
    assert_eq!(found(&world, "used", "yes").await, [a]);
    assert_eq!(found(&world, "used", "no").await, [b]);
}

#[tokio::test]
async fn a_view_is_kept_overwritten_renamed_and_forgotten() {
    let world = World::new().await;
    let view = |search: &str| View {
        search: Some(search.to_owned()),
        sort: Some(Sort { column: "name".into(), descending: true }),
        filters: vec![Filter { column: "tag".into(), value: "good".into() }],
    };
    world.studio.store().save_filter(MODELS, " Mine ", &view("a")).await.unwrap();
    world.studio.store().save_filter(MODELS, "MINE", &view("b")).await.unwrap();
    world.studio.store().save_filter(MODELS, "Other", &View::default()).await.unwrap();
    let kept = world.studio.store().saved_filters(MODELS).await.unwrap();
    assert_eq!(kept.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(), ["MINE", "Other"]);
    assert_eq!(kept[0].view, view("b"));
    assert_eq!(world.studio.store().saved_filters(TableName::Prompts).await.unwrap(), []);

    let taken = world.studio.store().rename_filter(MODELS, "mine", "other").await.unwrap_err();
    assert_eq!(taken.code, ErrorCode::Conflict);
    world.studio.store().rename_filter(MODELS, "mine", "Mine").await.unwrap();
    world.studio.store().delete_filter(MODELS, "other").await.unwrap();
    assert_eq!(
        world.studio.store().delete_filter(MODELS, "other").await.unwrap_err().code,
        ErrorCode::NotFound
    );

    let unknown =
        View { filters: vec![Filter { column: "colour".into(), value: String::new() }], ..view("a") };
    assert_eq!(
        world.studio.store().save_filter(MODELS, "x", &unknown).await.unwrap_err().code,
        ErrorCode::Invalid
    );
    assert_eq!(
        world.studio.store().save_filter(MODELS, " ", &view("a")).await.unwrap_err().code,
        ErrorCode::Invalid
    );
    sqlx::query("INSERT INTO studio_filters VALUES ('models', 'newer', '{\"by\": 1}')")
        .execute(&mut world.stranger().await)
        .await
        .unwrap();
    let names: Vec<Value> =
        world.studio.store().saved_filters(MODELS).await.unwrap().iter().map(|f| json!(f.name)).collect();
    assert_eq!(names, ["Mine"]);
}
