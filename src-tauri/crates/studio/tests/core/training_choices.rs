//! What is chosen for a training beyond the columns of its job lives and dies with the job.

use serde_json::{Value, json};
use studio::{
    platform::Work,
    resources::{Method, RowFormat, TrainOn, TrainingChoices},
    schema::{Row, TableName},
    store::{BackupReason, Dependents, ListQuery, RunKind, UndeleteRequest},
};

use crate::snapshots::{clearing, import, keep, plan};
use crate::world::{World, row};

const JOBS: TableName = TableName::FineTuningJobs;
const JOB: &str = "2c8f3c1e-6a0b-4f0e-9a53-0d6f5a3b7c11";

fn chosen() -> TrainingChoices {
    TrainingChoices {
        method: Some(Method::Dpo),
        row_format: Some(RowFormat::Preference),
        system_prompt: Some("Answer as \"kindly\" as you can.\n".to_owned()),
        train_on: Some(TrainOn::AssistantTurns),
        early_stopping_patience: Some(3),
        ..TrainingChoices::default()
    }
}

async fn job(world: &World, name: &str) -> Row {
    let (dataset, model) = (world.dataset().await, world.model().await);
    let prompt = world.prompt(&dataset).await;
    row(json!({
        "id": JOB, "base_model_id": model, "dataset_id": dataset, "prompt_id": prompt, "adapter_name": name,
    }))
}

/// A world with a training that was started with these choices.
async fn started(choices: &TrainingChoices) -> World {
    let world = World::new().await;
    let rows = vec![(JOBS, job(&world, "first").await)];
    let store = world.studio.store();
    store.create_with_run(rows, JOB, RunKind::Training, "first", choices, None).await.unwrap();
    world
}

/// How many trainings have choices that are stored.
async fn stored(world: &World) -> i64 {
    let count = "SELECT count(*) FROM studio_training_choices";
    sqlx::query_scalar(count).fetch_one(&mut world.stranger().await).await.unwrap()
}

#[tokio::test]
async fn choices_are_stored_with_the_job_and_shown_with_it() {
    let world = started(&chosen()).await;
    let store = world.studio.store();
    assert_eq!(store.training_choices(JOB).await.unwrap(), chosen());
    assert_eq!(store.get(JOBS, JOB).await.unwrap().choices, Some(chosen()));
    let page = store.list(JOBS, &ListQuery { limit: 10, ..ListQuery::default() }).await.unwrap();
    assert_eq!(page.rows[0].choices, Some(chosen()));
    assert_eq!(store.training_choices("no job").await.unwrap(), TrainingChoices::default());

    let world = started(&TrainingChoices::default()).await;
    assert_eq!(stored(&world).await, 0, "nothing was chosen, and something is stored");
    assert_eq!(world.studio.store().get(JOBS, JOB).await.unwrap().choices, None);
}

#[tokio::test]
async fn a_refused_start_stores_no_choices() {
    let world = World::new().await;
    let mut job = job(&world, "first").await;
    job.insert("num_epochs".to_owned(), Value::from(0));
    let store = world.studio.store();
    let refused =
        store.create_with_run(vec![(JOBS, job)], JOB, RunKind::Training, "first", &chosen(), None).await;
    assert!(refused.is_err());
    assert_eq!(stored(&world).await, 0);
}

#[tokio::test]
async fn choices_are_deleted_undeleted_and_purged_with_the_job() {
    let world = started(&chosen()).await;
    let mut stranger = world.stranger().await;
    sqlx::query("UPDATE studio_runs SET state = 'failed'").execute(&mut stranger).await.unwrap();
    let store = world.studio.store();
    let delete = async || store.delete(JOBS, &[JOB.to_owned()], Dependents::Refuse).await.unwrap().deletion;
    let deletion = delete().await;
    assert_eq!(stored(&world).await, 0, "choices outlived their job");
    store.undelete(deletion, &UndeleteRequest::default()).await.unwrap();
    assert_eq!(store.training_choices(JOB).await.unwrap(), chosen());

    store.purge(delete().await).await.unwrap();
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM studio_deleted_values")
        .fetch_one(&mut stranger)
        .await
        .unwrap();
    assert_eq!((stored(&world).await, kept), (0, 0));
}

#[tokio::test]
async fn a_copy_of_a_job_has_its_choices() {
    let world = started(&chosen()).await;
    // The adapter name of a job that failed may be used again.
    let failed = sqlx::query("UPDATE studio_runs SET state = 'failed'");
    failed.execute(&mut world.stranger().await).await.unwrap();
    let copy = world.studio.rows().duplicate(JOBS, JOB).await.unwrap().row;
    assert_eq!(copy.choices, Some(chosen()));
    let id = copy.row["id"].as_str().unwrap();
    assert_ne!(id, JOB);
    assert_eq!(world.studio.store().training_choices(id).await.unwrap(), chosen());
}

#[tokio::test]
async fn a_backup_has_the_choices() {
    let world = started(&chosen()).await;
    let store = world.studio.store();
    let backup = store.back_up(BackupReason::Manual).await.unwrap();
    let forgotten = sqlx::query("DELETE FROM studio_training_choices");
    forgotten.execute(&mut world.stranger().await).await.unwrap();
    assert_eq!(store.training_choices(JOB).await.unwrap(), TrainingChoices::default());
    store.restore(&backup.id, &Work::unwatched()).await.unwrap();
    assert_eq!(store.training_choices(JOB).await.unwrap(), chosen());
}

#[tokio::test]
async fn choices_of_a_newer_version_are_kept_and_read_as_none() {
    let world = started(&chosen()).await;
    let later = r#"{"method": "later"}"#;
    let mut stranger = world.stranger().await;
    let update = sqlx::query("UPDATE studio_training_choices SET choices = ?").bind(later);
    update.execute(&mut stranger).await.unwrap();
    assert_eq!(world.studio.store().training_choices(JOB).await.unwrap(), TrainingChoices::default());
    let fields = row(json!({"num_epochs": 2}));
    world.studio.rows().update(JOBS, JOB, fields).await.unwrap();
    let kept: String = sqlx::query_scalar("SELECT choices FROM studio_training_choices")
        .fetch_one(&mut stranger)
        .await
        .unwrap();
    assert_eq!(kept, later);
}

#[tokio::test]
async fn a_continued_adapter_is_referred_to_as_by_a_column() {
    let mut choices = chosen();
    choices.adapter_init = Some("11111111-a".to_owned());
    let world = started(&choices).await;
    let mut stranger = world.stranger().await;
    let made = "INSERT INTO adapters (id, name) VALUES ('11111111-a', 'first'); \
                UPDATE studio_runs SET state = 'failed'";
    sqlx::raw_sql(made).execute(&mut stranger).await.unwrap();
    let store = world.studio.store();
    let adapters = TableName::Adapters;
    let adapter = ["11111111-a".to_owned()];

    let uses = store.used_by(adapters, &adapter[0]).await.unwrap();
    assert_eq!((uses[0].table, uses[0].column.as_str(), uses[0].total), (JOBS, "adapter_init", 1));
    let link =
        store.get(JOBS, JOB).await.unwrap().links.into_iter().find(|link| link.column == "adapter_init");
    assert_eq!(link.unwrap().label.as_deref(), Some("first"));
    for (table, id) in [(adapters, adapter[0].as_str()), (JOBS, JOB)] {
        let lineage = store.lineage(table, id, 1).await.unwrap();
        let edge = lineage.edges.iter().find(|edge| edge.role == "Continued adapter").unwrap();
        assert_eq!((edge.from.id.as_str(), edge.to.id.as_str()), ("11111111-a", JOB));
    }
    let search = ListQuery { search: Some("11111111".to_owned()), limit: 10, ..ListQuery::default() };
    assert_eq!(store.list(JOBS, &search).await.unwrap().total, 1);

    let refused = store.delete(adapters, &adapter, Dependents::Refuse).await.unwrap_err();
    assert!(refused.message.contains("1 fine-tuning job ('first')"), "{refused:?}");
    let deleted = store.delete(adapters, &adapter, Dependents::Detach).await.unwrap();
    assert_eq!(deleted.detached, 1);
    let mut without = choices.clone();
    without.adapter_init = None;
    assert_eq!(store.training_choices(JOB).await.unwrap(), without);
    store.undelete(deleted.deletion, &UndeleteRequest::default()).await.unwrap();
    assert_eq!(store.training_choices(JOB).await.unwrap(), choices);

    let job = store.delete(JOBS, &[JOB.to_owned()], Dependents::Refuse).await.unwrap();
    let gone = store.delete(adapters, &adapter, Dependents::Refuse).await.unwrap();
    let refused = store.undelete(job.deletion, &UndeleteRequest::default()).await.unwrap_err();
    assert!(refused.message.contains("refers to the adapter 'first', which was deleted too"), "{refused:?}");
    store.undelete(gone.deletion, &UndeleteRequest::default()).await.unwrap();
    store.undelete(job.deletion, &UndeleteRequest::default()).await.unwrap();
    assert_eq!(store.training_choices(JOB).await.unwrap(), choices);

    sqlx::query("DELETE FROM adapters").execute(&mut stranger).await.unwrap();
    let findings = store.check().await.unwrap();
    let dangling = findings.iter().find(|finding| finding.column.as_deref() == Some("adapter_init"));
    assert!(dangling.unwrap().message.contains("refers to an adapter that does not exist"), "{findings:?}");
}

#[tokio::test]
async fn an_import_treats_a_continued_adapter_as_a_reference() {
    let choices = TrainingChoices { adapter_init: Some("a".to_owned()), ..chosen() };
    let source = json!({
        "fine_tuning_jobs": [{"id": "j"}, {"id": "other"}],
        "studio_training_choices": [
            {"row_id": "j", "table_name": "fine_tuning_jobs", "choices": json!(choices).to_string()},
            {"row_id": "other", "table_name": "fine_tuning_jobs", "choices": json!(chosen()).to_string()},
        ],
    });
    let without = TrainingChoices { adapter_init: None, ..choices.clone() };
    for (policy, imported) in [(keep(), &choices), (clearing(), &without)] {
        let world = World::new().await;
        let file = world.snapshot(&source);
        let planned = plan(&world.studio, &file).await.unwrap();
        assert_eq!((planned.tables[&JOBS].dangling, planned.warning_count), (1, 1));
        let warned = &planned.warnings[0];
        assert_eq!((warned.row, warned.column.as_deref()), (Some(1), Some("adapter_init")));
        assert!(
            warned.message.ends_with("refers to an adapter that does not exist (a)."),
            "{}",
            warned.message
        );
        import(&world.studio, &file, &policy).await.unwrap();
        let store = world.studio.store();
        assert_eq!(store.training_choices("j").await.unwrap(), *imported);
        assert_eq!(store.training_choices("other").await.unwrap(), chosen());
    }

    let mut complete = source;
    complete["adapters"] = json!([{"id": "a", "name": "first"}]);
    let world = World::new().await;
    let file = world.snapshot(&complete);
    assert_eq!(plan(&world.studio, &file).await.unwrap().warnings, []);
    import(&world.studio, &file, &clearing()).await.unwrap();
    assert_eq!(world.studio.store().training_choices("j").await.unwrap(), choices);
}
