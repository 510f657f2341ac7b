//! What is chosen for a training beyond the columns of its job lives and dies with the job.

use serde_json::{Value, json};
use studio::{
    platform::Work,
    resources::{Method, RowFormat, TrainOn, TrainingChoices},
    schema::{Row, TableName},
    store::{BackupReason, Dependents, RunKind, UndeleteRequest},
};

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
    store.create_with_run(rows, JOB, RunKind::Training, "first", choices).await.unwrap();
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
    let page = store.list(JOBS, &studio::store::ListQuery { limit: 10, ..Default::default() }).await.unwrap();
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
    let refused = store.create_with_run(vec![(JOBS, job)], JOB, RunKind::Training, "first", &chosen()).await;
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
