//! What an import would do, and what it does by the policy that is chosen.

use serde_json::{Value, json};
use studio::{
    ErrorCode,
    platform::Work,
    schema::TableName,
    snapshot::{ExportFormat, ImportPolicy, OnConflict, SourceKind},
};

use super::{get, model, three_models};
use crate::{
    snapshots::{counts, export, import, keep, plan, problems, replace, said},
    world::World,
};

#[tokio::test]
async fn a_plan_counts_each_kind_and_changes_nothing() {
    let world = three_models().await;
    let before = export(&world.studio).await;
    let backups = world.studio.store().backups().unwrap();
    let source = world.snapshot(&json!({
        "models": [
            model("a", "lab/a"),
            model("b", "lab/other"),
            model("new", "lab/new"),
            model("twin", "lab/c"),
            model("new", "lab/new"),
            {"id": 7}, {"name": "no id"}, "text", [1], 5, null, true,
        ],
        "adapters": [
            {"id": "x", "model_id": "a"}, {"id": "y", "model_id": "gone"}, {"id": "z", "model_id": "", "prompt_id": ""},
        ],
    }));
    let plan = plan(&world.studio, &source).await.unwrap();
    assert_eq!(plan.kind, SourceKind::Json);
    assert_eq!(plan.source, source.display().to_string());
    assert_eq!(
        counts(&plan, TableName::Models),
        json!({"new": 2, "same": 2, "conflicting": 1, "invalid": 7, "duplicates": 1})
    );
    assert_eq!(counts(&plan, TableName::Adapters), json!({"new": 3, "dangling": 1, "cleared": 1}));
    assert_eq!(counts(&plan, TableName::Configs), json!({}));
    assert_eq!(
        problems(&plan),
        [
            "models 6 id: This is a whole number, but must be text.",
            "models 7 id: The id is missing.",
            "models 8 -: A text is in place of a row.",
            "models 9 -: A list is in place of a row.",
            "models 10 -: A number is in place of a row.",
            "models 11 -: null is in place of a row.",
            "models 12 -: True or false is in place of a row.",
        ]
    );
    assert_eq!(plan.problem_count, 7);
    assert_eq!(export(&world.studio).await, before, "a plan changed the store");
    assert_eq!(world.studio.store().backups().unwrap(), backups);
}

#[tokio::test]
async fn a_conflict_shows_each_field_that_differs_with_both_values() {
    let world = three_models().await;
    let mut changed = model("b", "lab/other");
    changed["description"] = "new words".into();
    let source = world.snapshot(&json!({"models": [model("a", "lab/a"), changed, model("c", "lab/d")]}));
    let mut staged = world.studio.snapshots().read(&source, &Work::unwatched()).await.unwrap();
    staged.plan().await.unwrap();
    let conflicts = staged.conflicts(TableName::Models, 0, 10).await.unwrap();
    assert_eq!(
        json!(conflicts[0]),
        json!({"id": "b", "label": "lab/b", "fields": [
            {"column": "name", "here": "lab/b", "there": "lab/other"},
            {"column": "description", "here": null, "there": "new words"},
            {"column": "huggingface_model_name", "here": "lab/b", "there": "lab/other"},
        ]})
    );
    let second = staged.conflicts(TableName::Models, 1, 1).await.unwrap();
    assert_eq!(second, conflicts[1..]);
    assert_eq!(second[0].id, "c");
    assert!(staged.conflicts(TableName::Models, 2, 10).await.unwrap().is_empty());
    assert!(staged.conflicts(TableName::Datasets, 0, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn conflicts_are_kept_replaced_or_stop_the_import() {
    let world = three_models().await;
    let source = world.snapshot(&json!({"models": [model("a", "lab/other"), model("n", "lab/n")]}));
    let before = export(&world.studio).await;
    let error = import(&world.studio, &source, &ImportPolicy::default()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Conflict);
    assert!(error.message.contains("1 model") && error.hint.is_some(), "{error:?}");
    assert_eq!(export(&world.studio).await, before, "a refused import changed the store");

    let report = import(&world.studio, &source, &keep()).await.unwrap();
    let models = report.tables[&TableName::Models];
    assert_eq!(said(models.found), json!({"new": 1, "conflicting": 1}));
    assert_eq!((models.added, models.replaced), (1, 0));
    assert_eq!(get(&world.studio, TableName::Models, "a").await["name"], "lab/a");

    let report = import(&world.studio, &source, &replace()).await.unwrap();
    let models = report.tables[&TableName::Models];
    assert_eq!((models.added, models.replaced), (0, 1));
    assert_eq!(get(&world.studio, TableName::Models, "a").await["name"], "lab/other");
    assert_eq!(get(&world.studio, TableName::Models, "b").await["name"], "lab/b");
}

#[tokio::test]
async fn a_replaced_row_loses_what_the_source_leaves_out() {
    let world = three_models().await;
    let source = world.snapshot(&json!({"models": [{"id": "a", "description": "only this"}]}));
    import(&world.studio, &source, &replace()).await.unwrap();
    let row = get(&world.studio, TableName::Models, "a").await;
    assert_eq!((&row["description"], &row["name"]), (&json!("only this"), &Value::Null));
}

#[tokio::test]
async fn a_table_may_have_a_policy_of_its_own() {
    let world = three_models().await;
    let config = |text: &str| json!({"id": "k", "type": "custom", "config": text});
    let old = world.snapshot(&json!({"configs": [config("{}")]}));
    import(&world.studio, &old, &ImportPolicy::default()).await.unwrap();
    let source =
        world.snapshot(&json!({"models": [model("a", "lab/other")], "configs": [config("{\"a\": 1}")]}));
    let policy = ImportPolicy { tables: [(TableName::Configs, OnConflict::Replace)].into(), ..keep() };
    import(&world.studio, &source, &policy).await.unwrap();
    assert_eq!(get(&world.studio, TableName::Models, "a").await["name"], "lab/a");
    assert_eq!(get(&world.studio, TableName::Configs, "k").await["config"], "{\"a\": 1}");

    let policy = ImportPolicy { tables: [(TableName::Models, OnConflict::Abort)].into(), ..replace() };
    let error = import(&world.studio, &source, &policy).await.unwrap_err();
    assert!(error.message.contains("1 model") && !error.message.contains("config"), "{error}");
}

#[tokio::test]
async fn only_the_chosen_tables_travel() {
    let world = three_models().await;
    world.dataset().await;
    let target = world.path("some.json");
    let chosen = [TableName::Datasets];
    world
        .studio
        .snapshots()
        .export(&target, ExportFormat::Json, Some(&chosen), &Work::unwatched())
        .await
        .unwrap();
    let other = World::new().await;
    let report = import(&other.studio, &target, &ImportPolicy::default()).await.unwrap();
    let added: u64 = report.tables.values().map(|table| table.added).sum();
    assert_eq!((added, report.tables[&TableName::Datasets].added), (1, 1));
}
