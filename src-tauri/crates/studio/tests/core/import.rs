//! Importing: told first, then taken as decided, whole or not at all.

use serde_json::{Value, json};
use studio::{
    ErrorCode, Studio,
    platform::Work,
    schema::TableName,
    snapshot::{ExportFormat, ImportPolicy, OnConflict, SourceKind},
};
use tokio_util::sync::CancellationToken;

use crate::{
    snapshots::{clearing, counts, export, import, keep, plan, problems, replace, said, skipping},
    world::{World, row, stranger},
};

fn model(id: &str, name: &str) -> Value {
    json!({"id": id, "type": "huggingface", "name": name, "huggingface_model_name": name})
}

/// A studio with the models `a`, `b` and `c`, called `lab/a` and so on.
async fn three_models() -> World {
    let world = World::new().await;
    let models = ["a", "b", "c"].map(|id| model(id, &format!("lab/{id}")));
    let source = world.snapshot(&json!({"models": models}));
    import(&world.studio, &source, &ImportPolicy::default()).await.unwrap();
    world
}

async fn get(studio: &Studio, table: TableName, id: &str) -> Value {
    json!(studio.store().get(table, id).await.unwrap().row)
}

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
async fn references_that_find_nothing_are_taken_or_cleared() {
    let adapters = json!({
        "models": [model("m", "lab/m")],
        "adapters": [
            {"id": "x", "name": "x", "model_id": "gone", "prompt_id": "gone too"},
            {"id": "y", "name": "y", "model_id": "m"},
        ],
    });
    for (policy, model_id) in [(ImportPolicy::default(), json!("gone")), (clearing(), Value::Null)] {
        let world = World::new().await;
        let source = world.snapshot(&adapters);
        let report = import(&world.studio, &source, &policy).await.unwrap();
        assert_eq!(said(report.tables[&TableName::Adapters].found), json!({"new": 2, "dangling": 1}));
        let row = get(&world.studio, TableName::Adapters, "x").await;
        assert_eq!(row["model_id"], model_id);
        assert_eq!(row["prompt_id"].is_null(), model_id.is_null());
        assert_eq!(get(&world.studio, TableName::Adapters, "y").await["model_id"], "m");
    }
}

#[tokio::test]
async fn clearing_reaches_replaced_rows_too() {
    let world = World::new().await;
    let here = world.snapshot(&json!({"adapters": [{"id": "x", "name": "old"}]}));
    import(&world.studio, &here, &ImportPolicy::default()).await.unwrap();
    let source = world.snapshot(&json!({"adapters": [{"id": "x", "name": "new", "model_id": "gone"}]}));
    let policy = ImportPolicy { on_conflict: OnConflict::Replace, ..clearing() };
    import(&world.studio, &source, &policy).await.unwrap();
    let row = get(&world.studio, TableName::Adapters, "x").await;
    assert_eq!((&row["name"], &row["model_id"]), (&json!("new"), &Value::Null));
}

#[tokio::test]
async fn an_empty_text_is_no_reference_but_stays_a_text_elsewhere() {
    let world = World::new().await;
    let source = world.snapshot(&json!({"adapters": [
        {"id": "x", "name": "", "model_id": "", "prompt_id": ""}, {"id": "y", "name": "y", "model_id": null},
    ]}));
    let report = import(&world.studio, &source, &ImportPolicy::default()).await.unwrap();
    assert_eq!(said(report.tables[&TableName::Adapters].found), json!({"new": 2, "cleared": 1}));
    let row = get(&world.studio, TableName::Adapters, "x").await;
    assert_eq!((&row["model_id"], &row["name"]), (&Value::Null, &json!("")));
    let again = plan(&world.studio, &source).await.unwrap();
    assert_eq!(counts(&again, TableName::Adapters), json!({"same": 2, "cleared": 1}), "taken, and yet new");
}

#[tokio::test]
async fn rows_that_cannot_be_taken_stop_the_import_or_are_left_out_by_name() {
    let world = World::new().await;
    let source = world.snapshot(&json!({
        "models": [
            model("a", "lab/a"),
            {"id": "b", "name": ["a", "list"]},
            {"id": "c", "favourite": "yes"},
            {"id": "d", "name": "NUL \u{0} inside"},
            {"id": ""},
        ],
        "fine_tuning_jobs": [
            {"id": "j", "num_cpu": 1.5}, {"id": "k", "num_cpu": "2"}, {"id": "l", "learning_rate": 1},
            {"id": "m", "num_cpu": 18446744073709551615u64},
        ],
        "songs": [{"title": "La"}],
    }));
    let named = [
        "models 2 name: This is a list, but must be text.",
        "models 3 favourite: 'favourite' is not a column of models, but it has a value.",
        "models 4 name: The text contains a NUL character.",
        "models 5 id: The id is empty.",
        "fine_tuning_jobs 1 num_cpu: This is a fraction, but must be a whole number.",
        "fine_tuning_jobs 2 num_cpu: This is text, but must be a whole number.",
        "fine_tuning_jobs 4 num_cpu: 18446744073709551615 is beyond what the column can hold, 64 bits.",
        "songs - -: 'songs' is not a table of a studio. It has one row.",
    ];
    let told = plan(&world.studio, &source).await.unwrap();
    let mut found = problems(&told);
    // The tables stand in the file in any order; a problem's row is counted in its table.
    found.sort();
    let mut expected = named;
    expected.sort_unstable();
    assert_eq!(found, expected);

    let before = export(&world.studio).await;
    let error = import(&world.studio, &source, &ImportPolicy::default()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Invalid);
    assert!(error.message.contains(&source.display().to_string()), "{error}");
    assert!(error.message.contains("7 more") && error.hint.is_some(), "{error:?}");
    assert_eq!(export(&world.studio).await, before);
    assert!(world.studio.store().backups().unwrap().is_empty(), "a refusal made a backup");

    let report = import(&world.studio, &source, &skipping()).await.unwrap();
    assert_eq!((report.left_out.clone(), report.left_out_count), (told.problems, 8));
    let models = report.tables[&TableName::Models];
    assert_eq!((models.added, models.found.invalid), (1, 4));
    let jobs = report.tables[&TableName::FineTuningJobs];
    assert_eq!((jobs.added, jobs.found.invalid), (1, 3));
    assert_eq!(get(&world.studio, TableName::FineTuningJobs, "l").await["learning_rate"], json!(1.0));
}

#[tokio::test]
async fn what_loses_nothing_is_passed_over_and_named() {
    let world = World::new().await;
    let source = world.snapshot(&json!({
        "models": [
            {"id": "a", "name": "a", "later_column": null, "other": ""},
            {"id": "b", "name": "b", "later_column": "", "other": null},
        ],
        "alembic_version": [{"version_num": "52d1db1b40a8"}],
        "studio_stars": [{"row_id": "a", "stars": 5}],
        "songs": [],
    }));
    let plan = plan(&world.studio, &source).await.unwrap();
    assert_eq!(problems(&plan), [""; 0]);
    let mut skipped: Vec<&str> = plan.skipped.iter().map(|skipped| skipped.name.as_str()).collect();
    skipped.sort_unstable();
    assert_eq!(skipped, ["alembic_version", "models.later_column", "models.other", "songs", "studio_stars"]);
    assert!(plan.skipped.iter().all(|skipped| !skipped.reason.is_empty()));
    let report = import(&world.studio, &source, &ImportPolicy::default()).await.unwrap();
    assert_eq!((report.skipped, report.tables[&TableName::Models].added), (plan.skipped, 2));
}

#[tokio::test]
async fn an_id_twice_in_the_source() {
    let world = World::new().await;
    let source = world.snapshot(&json!({"models": [
        model("a", "lab/a"), model("a", "lab/a"), model("a", "lab/other"), model("b", "lab/b"),
    ]}));
    let told = plan(&world.studio, &source).await.unwrap();
    assert_eq!(counts(&told, TableName::Models), json!({"new": 2, "same": 1, "invalid": 1}));
    assert_eq!(problems(&told), ["models 3 id: An earlier row has the same id and other values."]);
    assert_eq!(
        import(&world.studio, &source, &ImportPolicy::default()).await.unwrap_err().code,
        ErrorCode::Invalid
    );
    let report = import(&world.studio, &source, &skipping()).await.unwrap();
    assert_eq!(report.tables[&TableName::Models].added, 2);
    assert_eq!(get(&world.studio, TableName::Models, "a").await["name"], "lab/a");
}

#[tokio::test]
async fn many_rows_with_one_id_are_all_counted() {
    let world = World::new().await;
    let rows: Vec<Value> = (0..301).map(|at| model("a", &format!("lab/{at}"))).collect();
    let source = world.snapshot(&json!({"models": rows}));
    let told = plan(&world.studio, &source).await.unwrap();
    assert_eq!(counts(&told, TableName::Models), json!({"new": 1, "invalid": 300}));
    assert_eq!(told.problem_count, 300, "problems nobody counted");
    assert!(told.problems.len() <= 1000);
}

#[tokio::test]
async fn times_travel_with_their_rows_and_only_with_them() {
    let world = World::new().await;
    let time = |id: &str, at: &str| json!({"table_name": "models", "row_id": id, "created_at": at, "changed_at": at});
    let source = world.snapshot(&json!({
        "models": [model("a", "lab/a")],
        "studio_times": [time("a", "2024-01-02T03:04:05Z"), time("nobody", "2024-01-02T03:04:05Z")],
    }));
    import(&world.studio, &source, &ImportPolicy::default()).await.unwrap();
    let times = |world: &World| {
        let studio = world.studio.clone();
        async move {
            let listed = studio.store().get(TableName::Models, "a").await.unwrap();
            listed.created_at
        }
    };
    assert_eq!(times(&world).await.as_deref(), Some("2024-01-02T03:04:05Z"));
    let orphans: i64 = sqlx::query_scalar("SELECT count(*) FROM studio_times WHERE row_id = 'nobody'")
        .fetch_one(&mut world.stranger().await)
        .await
        .unwrap();
    assert_eq!(orphans, 0);

    let later = world.snapshot(&json!({
        "models": [model("a", "lab/other")],
        "studio_times": [time("a", "2025-06-07T08:09:10Z")],
    }));
    import(&world.studio, &later, &keep()).await.unwrap();
    assert_eq!(times(&world).await.as_deref(), Some("2024-01-02T03:04:05Z"), "kept row, other time");
    import(&world.studio, &later, &replace()).await.unwrap();
    assert_eq!(times(&world).await.as_deref(), Some("2025-06-07T08:09:10Z"));
}

#[tokio::test]
async fn a_table_without_data_is_named_in_the_plan() {
    let world = World::new().await;
    let path = world.file("a.json", r#"{"models": {"schema": "CREATE TABLE models (id)"}}"#);
    let mut staged = world.studio.snapshots().read(&path, &Work::unwatched()).await.unwrap();
    let plan = staged.plan().await.unwrap();
    assert_eq!(plan.problem_count, 0);
    assert_eq!(plan.skipped.iter().map(|skipped| skipped.name.as_str()).collect::<Vec<_>>(), ["models"]);
}

#[tokio::test]
async fn a_database_of_the_references_first_versions() {
    let world = World::new().await;
    let path = world.path("old.db");
    sqlx::raw_sql(
        "CREATE TABLE models (id VARCHAR NOT NULL, type VARCHAR, framework VARCHAR, name VARCHAR, PRIMARY KEY (id));
         CREATE TABLE fine_tuning_jobs (id VARCHAR NOT NULL, base_model_id VARCHAR, num_epochs INTEGER,
           learning_rate DOUBLE, PRIMARY KEY (id), FOREIGN KEY(base_model_id) REFERENCES models (id));
         CREATE TABLE adapters (id VARCHAR NOT NULL, name VARCHAR, model_id VARCHAR, prompt_id VARCHAR, PRIMARY KEY (id));
         CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);
         INSERT INTO alembic_version VALUES ('first');
         INSERT INTO models VALUES ('m', 'huggingface', NULL, 'lab/tiny');
         INSERT INTO fine_tuning_jobs VALUES ('j', 'm', 2, 0.1);
         INSERT INTO adapters VALUES ('a', 'first', 'm', ''), ('b', 'second', 'gone', NULL);",
    )
    .execute(&mut stranger(&path).await)
    .await
    .unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let told = plan(&world.studio, &path).await.unwrap();
    assert_eq!(told.kind, SourceKind::Sqlite);
    assert_eq!(counts(&told, TableName::Models), json!({"new": 1}));
    assert_eq!(counts(&told, TableName::FineTuningJobs), json!({"new": 1}));
    assert_eq!(counts(&told, TableName::Adapters), json!({"new": 2, "dangling": 1, "cleared": 1}));
    let skipped: Vec<&str> = told.skipped.iter().map(|skipped| skipped.name.as_str()).collect();
    assert_eq!(skipped, ["alembic_version"]);
    import(&world.studio, &path, &ImportPolicy::default()).await.unwrap();
    let job = get(&world.studio, TableName::FineTuningJobs, "j").await;
    assert_eq!((&job["learning_rate"], &job["num_epochs"]), (&json!(0.1), &json!(2)));
    assert_eq!(get(&world.studio, TableName::Adapters, "a").await["prompt_id"], Value::Null);
    assert_eq!(std::fs::read(&path).unwrap(), bytes, "the source was written to");
}

#[tokio::test]
async fn a_database_in_use_gives_its_latest_rows() {
    let world = World::new().await;
    let other = World::new().await;
    other.model().await;
    // Its last change is still in the write-ahead log.
    let report = import(&world.studio, other.studio.path(), &ImportPolicy::default()).await.unwrap();
    assert_eq!(report.tables[&TableName::Models].added, 1);
    assert_eq!(export(&world.studio).await, export(&other.studio).await);
}

#[tokio::test]
async fn the_schema_beside_the_rows_is_not_needed() {
    let world = World::new().await;
    let wrapped = json!({"models": {"schema": "CREATE TABLE models (id)", "data": [model("a", "lab/a")]}});
    let plain = json!({"models": [model("a", "lab/a")]});
    import(&world.studio, &world.snapshot(&wrapped), &ImportPolicy::default()).await.unwrap();
    let told = plan(&world.studio, &world.snapshot(&plain)).await.unwrap();
    assert_eq!(counts(&told, TableName::Models), json!({"same": 1}));
}

#[tokio::test]
async fn a_studio_is_not_imported_into_itself() {
    let world = three_models().await;
    let error = plan(&world.studio, world.studio.path()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Invalid);
    let link = world.path("link.db");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(world.studio.path(), &link).unwrap();
        assert_eq!(plan(&world.studio, &link).await.unwrap_err().code, ErrorCode::Invalid);
    }
}

#[tokio::test]
async fn the_backup_of_an_import_brings_back_what_was_there() {
    let world = three_models().await;
    world.studio.rows().update(TableName::Models, "b", row(json!({"description": "mine"}))).await.unwrap();
    let before = export(&world.studio).await;
    let source = world.snapshot(&json!({"models": [model("b", "lab/other"), model("n", "lab/n")]}));
    let report = import(&world.studio, &source, &replace()).await.unwrap();
    let after = export(&world.studio).await;
    assert_ne!(after, before);
    let undo = world.studio.store().restore(&report.backup.id, &Work::unwatched()).await.unwrap();
    assert_eq!(export(&world.studio).await, before, "the backup is not what was there before");
    world.studio.store().restore(&undo.id, &Work::unwatched()).await.unwrap();
    assert_eq!(export(&world.studio).await, after, "a restore can't be undone");
}

#[tokio::test]
async fn a_store_that_changed_since_the_plan_is_looked_at_again() {
    let world = three_models().await;
    let source = world.snapshot(&json!({"models": [model("n", "lab/n")]}));
    let mut staged = world.studio.snapshots().read(&source, &Work::unwatched()).await.unwrap();
    assert_eq!(counts(&staged.plan().await.unwrap(), TableName::Models), json!({"new": 1}));
    sqlx::query("INSERT INTO models (id, name) VALUES ('n', 'mine')")
        .execute(&mut world.stranger().await)
        .await
        .unwrap();
    let work = Work::unwatched();
    let error =
        world.studio.snapshots().import(&mut staged, &ImportPolicy::default(), &work).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Conflict);
    // The refusal took nothing from what was read.
    world.studio.snapshots().import(&mut staged, &replace(), &work).await.unwrap();
    assert_eq!(get(&world.studio, TableName::Models, "n").await["name"], "lab/n");
}

#[tokio::test]
async fn a_cancelled_import_leaves_everything_as_it_was() {
    let world = three_models().await;
    let before = export(&world.studio).await;
    let source = world.snapshot(&json!({"models": [model("n", "lab/n")], "configs": [{"id": "k"}]}));
    for at in 0..8 {
        let stop = CancellationToken::new();
        let (asked, ticks) = (stop.clone(), std::sync::atomic::AtomicUsize::new(0));
        let work = Work::new(stop, move |_| {
            if ticks.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == at {
                asked.cancel();
            }
        });
        let mut staged = world.studio.snapshots().read(&source, &Work::unwatched()).await.unwrap();
        // The last report comes when all is done but the commit, and nobody asks after it.
        if let Err(error) =
            world.studio.snapshots().import(&mut staged, &ImportPolicy::default(), &work).await
        {
            assert_eq!(error.code, ErrorCode::Cancelled);
            assert_eq!(export(&world.studio).await, before, "cancelled after {at} reports");
        } else {
            assert!(at >= 7, "only {at} reports in an import");
        }
    }
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
