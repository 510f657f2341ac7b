//! Rows that can't be taken as they are.

use serde_json::{Value, json};
use studio::{ErrorCode, schema::TableName, snapshot::ImportPolicy};

use super::{get, model};
use crate::{
    snapshots::{counts, export, import, keep, plan, problems, replace, skipping},
    world::World,
};

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
    let planned = plan(&world.studio, &source).await.unwrap();
    let mut found = problems(&planned);
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
    assert_eq!((report.left_out.clone(), report.left_out_count), (planned.problems, 8));
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
    let planned = plan(&world.studio, &source).await.unwrap();
    assert_eq!(counts(&planned, TableName::Models), json!({"new": 2, "same": 1, "invalid": 1}));
    assert_eq!(problems(&planned), ["models 3 id: An earlier row has the same id and other values."]);
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
    let planned = plan(&world.studio, &source).await.unwrap();
    assert_eq!(counts(&planned, TableName::Models), json!({"new": 1, "invalid": 300}));
    assert_eq!(planned.problem_count, 300, "problems nobody counted");
    assert!(planned.problems.len() <= 1000);
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
