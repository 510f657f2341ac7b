//! Rows written by other programs: kept as they are, marked, and never a reason to fail.

use serde_json::json;
use studio::{
    platform::Work,
    resources::TABLES,
    schema::TableName,
    snapshot::ExportFormat,
    store::{Dependents, Filter, ListQuery, Sort},
};

use crate::world::{World, id, row};

fn everything() -> ListQuery {
    ListQuery { limit: 100, ..ListQuery::default() }
}

#[tokio::test]
async fn odd_values_are_shown_with_a_mark_and_survive_other_changes() {
    let world = World::new().await;
    sqlx::raw_sql(
        "INSERT INTO fine_tuning_jobs (id, adapter_name, framework_type, num_cpu, learning_rate, base_model_id, lora_config)
         VALUES ('not a uuid', 'odd', 'homemade', 'two', 'fast', 'gone', x'00ff');",
    )
    .execute(&mut world.stranger().await)
    .await
    .unwrap();
    let page = world.studio.store().list(TableName::FineTuningJobs, &everything()).await.unwrap();
    let job = &page.rows[0];
    let marked: Vec<_> = job.marks.iter().map(|mark| mark.column.as_str()).collect();
    for column in ["framework_type", "num_cpu", "learning_rate", "base_model_id", "lora_config"] {
        assert!(marked.contains(&column), "{column} is not among {marked:?}");
    }
    assert_eq!(job.row["num_cpu"], "two");
    assert_eq!(job.row["lora_config"], json!({"$blob": "00FF"}));
    assert_eq!(job.links[0].label, None);

    let fields = row(json!({"num_gpu": 1}));
    let changed = world.studio.rows().update(TableName::FineTuningJobs, "not a uuid", fields).await.unwrap();
    assert_eq!(changed.row["num_gpu"], 1);
    assert_eq!(changed.row["num_cpu"], "two");
    assert_eq!(changed.row["framework_type"], "homemade");
    assert_eq!(changed.row["base_model_id"], "gone");
    let kept: bool = sqlx::query_scalar("SELECT typeof(lora_config) = 'blob' FROM fine_tuning_jobs")
        .fetch_one(&mut world.stranger().await)
        .await
        .unwrap();
    assert!(kept, "a value nobody touched was rewritten");

    let findings = world.studio.check().await.unwrap();
    assert!(findings.iter().any(|finding| finding.message.contains("gone")), "{findings:?}");
}

/// Every table gets a row of nothing and, for each column, rows with one value of each type.
async fn of_every_type(world: &World) {
    let mut database = world.stranger().await;
    for table in TABLES {
        let insert = format!("INSERT INTO {} (id) VALUES ('nothing')", table.name);
        sqlx::query(sqlx::AssertSqlSafe(insert)).execute(&mut database).await.unwrap();
        for column in table.columns.iter().filter(|column| column.name != "id") {
            let values = ["'text'", "''", "7", "0.5", "-9e999", "x'00ff'", "'project'", "'nothing'"];
            for (at, value) in values.iter().enumerate() {
                let insert = format!(
                    "INSERT INTO {0} (id, \"{1}\") VALUES ('{1} {at}', {value})",
                    table.name, column.name
                );
                sqlx::query(sqlx::AssertSqlSafe(insert)).execute(&mut database).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn rows_with_problems_are_those_with_marks() {
    let world = World::new().await;
    of_every_type(&world).await;
    let listed = async |table: TableName, value: &str| {
        let filters = vec![Filter { column: "problems".to_owned(), value: value.to_owned() }];
        let query = ListQuery { limit: 10_000, filters, ..ListQuery::default() };
        let page = world.studio.store().list(table, &query).await.unwrap();
        assert_eq!(page.total, page.rows.len() as u64);
        page.rows
    };
    for table in TABLES {
        let (with, without) = (listed(table.name, "yes").await, listed(table.name, "no").await);
        assert!(with.iter().all(|row| !row.marks.is_empty()), "{}", table.name);
        assert!(without.iter().all(|row| row.marks.is_empty()), "{}", table.name);
        assert!(!with.is_empty() && without.iter().any(|row| id(row) == "nothing"), "{}", table.name);
        let all = world
            .studio
            .store()
            .list(table.name, &ListQuery { limit: 1, ..ListQuery::default() })
            .await
            .unwrap();
        assert_eq!(with.len() + without.len(), all.total as usize, "{}", table.name);
    }
}

#[tokio::test]
async fn a_place_that_is_not_there_is_a_problem() {
    let world = World::new().await;
    let dataset = world.dataset().await;
    let asked = ListQuery {
        limit: 10,
        filters: vec![Filter { column: "problems".to_owned(), value: "yes".to_owned() }],
        ..ListQuery::default()
    };
    assert_eq!(world.studio.store().list(TableName::Datasets, &asked).await.unwrap().total, 0);
    let gone = world.path("rows.csv");
    std::fs::remove_file(&gone).unwrap();
    let page = world.studio.store().list(TableName::Datasets, &asked).await.unwrap();
    assert_eq!(page.rows.iter().map(id).collect::<Vec<_>>(), [dataset]);
    let mark = &page.rows[0].marks[0];
    assert_eq!(mark.column, "location");
    assert!(mark.message.contains(gone.to_str().unwrap()), "{}", mark.message);
}

#[tokio::test]
async fn bytes_that_are_no_text_are_shown_marked_and_kept() {
    let world = World::new().await;
    let mut database = world.stranger().await;
    sqlx::raw_sql(
        "INSERT INTO models (id, type, name, description) VALUES ('m', 'huggingface', CAST(x'6dff6e' AS TEXT), 'fine');
         INSERT INTO adapters (id, name, model_id) VALUES ('a', 'tuned', 'm');",
    )
    .execute(&mut database)
    .await
    .unwrap();
    let page = world.studio.store().list(TableName::Models, &everything()).await.unwrap();
    assert_eq!((page.rows[0].label.as_str(), page.rows[0].marks.len()), ("m\u{fffd}n", 1));
    assert_eq!(page.rows[0].marks[0].column, "name");
    assert_eq!(world.studio.store().get(TableName::Models, "m").await.unwrap(), page.rows[0]);
    let adapters = world.studio.store().list(TableName::Adapters, &everything()).await.unwrap();
    assert_eq!(adapters.rows[0].links[0].label.as_deref(), Some("m\u{fffd}n"));

    let refused = world
        .studio
        .snapshots()
        .export(&world.path("out.json"), ExportFormat::Json, None, &Work::unwatched())
        .await;
    let error = refused.unwrap_err();
    assert!(error.message.contains("'m'") && error.hint.is_some(), "{error}");
    world.studio.rows().update(TableName::Models, "m", row(json!({"description": "new"}))).await.unwrap();
    let kept: Vec<u8> =
        sqlx::query_scalar("SELECT CAST(name AS BLOB) FROM models").fetch_one(&mut database).await.unwrap();
    assert_eq!(kept, b"m\xffn", "what nobody touched was rewritten");
}

#[tokio::test]
async fn every_table_lists_sorts_and_searches_odd_rows() {
    let world = World::new().await;
    let mut database = world.stranger().await;
    for table in TABLES {
        let insert = format!("INSERT INTO {} (id) VALUES ('x'), ('100%'), ('y')", table.name);
        sqlx::query(sqlx::AssertSqlSafe(insert)).execute(&mut database).await.unwrap();
        for column in table.columns {
            let sort = Some(Sort { column: column.name.to_owned(), descending: true });
            let page =
                world.studio.store().list(table.name, &ListQuery { sort, ..everything() }).await.unwrap();
            assert_eq!(page.total, 3);
        }
        for (search, found) in [("100%", 1), ("1%0", 0), ("%", 3)] {
            let query = ListQuery { search: Some(search.to_owned()), ..everything() };
            let page = world.studio.store().list(table.name, &query).await.unwrap();
            assert_eq!(page.total, found, "{search} is words, not a pattern");
        }
        world.studio.store().delete(table.name, &["x".to_owned()], Dependents::Refuse).await.unwrap();
    }
}

#[tokio::test]
async fn an_unknown_type_is_kept_but_not_accepted_anew() {
    let world = World::new().await;
    let model = world.model().await;
    sqlx::query("UPDATE models SET type = 'cloud' WHERE id = ?")
        .bind(&model)
        .execute(&mut world.stranger().await)
        .await
        .unwrap();
    let changed = world
        .studio
        .rows()
        .update(TableName::Models, &model, row(json!({"description": "d"})))
        .await
        .unwrap();
    assert_eq!(changed.row["type"], "cloud");
    let same = row(json!({"type": "cloud", "description": "e"}));
    world.studio.rows().update(TableName::Models, &model, same).await.unwrap();
    let other = row(json!({"type": "clouds"}));
    assert!(world.studio.rows().update(TableName::Models, &model, other).await.is_err());
}

#[tokio::test]
async fn deleting_what_others_wrote_in_a_circle() {
    let world = World::new().await;
    sqlx::raw_sql(
        "INSERT INTO models (id) VALUES ('m');
         INSERT INTO adapters (id, model_id, fine_tuning_job_id) VALUES ('a', 'm', 'j');
         INSERT INTO fine_tuning_jobs (id, adapter_id, base_model_id) VALUES ('j', 'a', 'm');
         INSERT INTO evaluation_jobs (id, adapter_id) VALUES ('e', 'a');",
    )
    .execute(&mut world.stranger().await)
    .await
    .unwrap();
    let ids = ["m".to_owned()];
    let error = world.studio.store().delete(TableName::Models, &ids, Dependents::Refuse).await.unwrap_err();
    assert!(error.message.contains("1 adapter") && error.message.contains("1 fine-tuning job"), "{error}");
    let plan = world.studio.store().deletion_plan(TableName::Models, &ids).await.unwrap();
    assert_eq!(plan.cascade.iter().map(|count| count.rows).sum::<u64>(), 4);
    let done = world.studio.store().delete(TableName::Models, &ids, Dependents::Delete).await.unwrap();
    assert_eq!(done.deleted, plan.cascade);
    assert!(world.studio.workspace().await.unwrap().counts.iter().all(|count| count.rows == 0));
}

#[tokio::test]
async fn detaching_leaves_the_rest_as_it_was() {
    let world = World::new().await;
    let dataset = world.dataset().await;
    let prompt = world.prompt(&dataset).await;
    let done =
        world.studio.store().delete(TableName::Datasets, &[dataset], Dependents::Detach).await.unwrap();
    assert_eq!(done.detached, 1);
    let prompt = world.studio.store().get(TableName::Prompts, &prompt).await.unwrap();
    assert_eq!(prompt.row["dataset_id"], json!(null));
    assert_eq!(prompt.row["name"], "ask");
    assert_eq!(id(&prompt).len(), 36);
}
