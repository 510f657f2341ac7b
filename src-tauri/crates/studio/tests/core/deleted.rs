//! What was deleted is kept, comes back as it was, and goes for good after thirty days.

use serde_json::json;
use sqlx::Connection as _;
use studio::store::BackupReason;
use studio::{
    ErrorCode, Studio,
    platform::Work,
    schema::TableName,
    snapshot::ExportFormat,
    store::{Dependents, MissingReferences, NewName, ObstacleReason, RowKey, UndeleteRequest},
};

use crate::world::{World, id};

async fn delete(world: &World, table: TableName, row: &str, dependents: Dependents) -> i64 {
    world.studio.store().delete(table, &[row.to_owned()], dependents).await.unwrap().deletion
}

fn key(table: TableName, id: &str) -> RowKey {
    RowKey { table, id: id.to_owned() }
}

async fn adapter(world: &World, model: &str) -> String {
    let fields = json!({"name": "first", "model_id": model, "location": world.folder.path()});
    id(&world.create(TableName::Adapters, fields).await.unwrap())
}

#[tokio::test]
async fn a_row_comes_back_with_its_id_its_times_and_the_references_to_it() {
    let world = World::new().await;
    let dataset = world.dataset().await;
    let prompt = world.prompt(&dataset).await;
    let before = world.studio.store().get(TableName::Datasets, &dataset).await.unwrap();

    let deletion = delete(&world, TableName::Datasets, &dataset, Dependents::Detach).await;
    let kept = world.studio.store().deleted(0, 10).await.unwrap();
    assert_eq!((kept.total, kept.deletions[0].id, kept.deletions[0].cleared), (1, deletion, 1));
    assert_eq!(kept.deletions[0].what, "dataset 'rows'");
    let row = world.studio.store().deleted_row(deletion, &key(TableName::Datasets, &dataset)).await.unwrap();
    assert_eq!(row, before.row);

    let back = world.studio.store().undelete(deletion, &UndeleteRequest::default()).await.unwrap();
    assert_eq!((back.what.as_str(), back.references), ("dataset 'rows'", 1));
    assert_eq!(world.studio.store().get(TableName::Datasets, &dataset).await.unwrap(), before);
    let prompt = world.studio.store().get(TableName::Prompts, &prompt).await.unwrap();
    assert_eq!(prompt.row["dataset_id"], json!(dataset));
    assert_eq!(world.studio.store().deleted(0, 10).await.unwrap().total, 0, "it is not kept twice");

    let again = world.studio.store().undelete(deletion, &UndeleteRequest::default()).await.unwrap_err();
    assert_eq!(again.code, ErrorCode::NotFound);
}

#[tokio::test]
async fn a_reference_that_was_set_meanwhile_stays() {
    let world = World::new().await;
    let dataset = world.dataset().await;
    let prompt = world.prompt(&dataset).await;
    let deletion = delete(&world, TableName::Datasets, &dataset, Dependents::Detach).await;
    let other = json!({"type": "huggingface", "huggingface_name": "lab/other"});
    let other = id(&world.create(TableName::Datasets, other).await.unwrap());
    let fields = crate::world::row(json!({"dataset_id": other}));
    world.studio.rows().update(TableName::Prompts, &prompt, fields).await.unwrap();

    let back = world.studio.store().undelete(deletion, &UndeleteRequest::default()).await.unwrap();
    assert_eq!(back.references, 0);
    let prompt = world.studio.store().get(TableName::Prompts, &prompt).await.unwrap();
    assert_eq!(prompt.row["dataset_id"], json!(other));
}

#[tokio::test]
async fn a_taken_name_is_refused_with_words_and_a_new_one_is_accepted() {
    let world = World::new().await;
    let model = world.model().await;
    let deletion = delete(&world, TableName::Models, &model, Dependents::Refuse).await;
    let fields = json!({"type": "project", "name": "lab/tiny", "location": world.folder.path()});
    world.create(TableName::Models, fields).await.unwrap();

    let refused = world.studio.store().undelete(deletion, &UndeleteRequest::default()).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Conflict);
    assert_eq!(refused.message, "Another model already has the name 'lab/tiny'.");
    let obstacles = world.studio.store().obstacles(deletion, None).await.unwrap();
    assert_eq!(obstacles.len(), 1);
    assert_eq!(obstacles[0].reason, ObstacleReason::NameTaken);
    assert!(world.studio.store().get(TableName::Models, &model).await.is_err(), "nothing was undeleted");
    assert_eq!(world.studio.store().deleted(0, 10).await.unwrap().total, 1, "it is still kept");

    let names = |name: &str| UndeleteRequest {
        names: vec![NewName { row: key(TableName::Models, &model), name: name.to_owned() }],
        ..UndeleteRequest::default()
    };
    assert_eq!(
        world.studio.store().undelete(deletion, &names(" ")).await.unwrap_err().code,
        ErrorCode::Invalid
    );
    assert_eq!(
        world.studio.store().undelete(deletion, &names(" lab/tiny ")).await.unwrap_err().code,
        ErrorCode::Conflict
    );
    world.studio.store().undelete(deletion, &names(" tiny as it was ")).await.unwrap();
    let row = world.studio.store().get(TableName::Models, &model).await.unwrap().row;
    assert_eq!(row["name"], "tiny as it was");
    assert_eq!(row["huggingface_model_name"], "lab/tiny");
}

#[tokio::test]
async fn an_id_that_is_here_again_is_refused() {
    let world = World::new().await;
    let model = world.model().await;
    let deletion = delete(&world, TableName::Models, &model, Dependents::Refuse).await;
    let fields = json!({"id": model, "type": "huggingface", "huggingface_model_name": "lab/new"});
    world.create(TableName::Models, fields).await.unwrap();
    let refused = world.studio.store().undelete(deletion, &UndeleteRequest::default()).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Conflict);
    assert_eq!(refused.message, "There is a model with the id of 'lab/new' already.");
}

#[tokio::test]
async fn what_a_row_refers_to_comes_back_with_it_or_is_left_out() {
    let world = World::new().await;
    let model = world.model().await;
    let adapter = adapter(&world, &model).await;
    let deletion = delete(&world, TableName::Models, &model, Dependents::Delete).await;
    let only_adapter = |missing| UndeleteRequest {
        rows: Some(vec![key(TableName::Adapters, &adapter)]),
        missing,
        names: Vec::new(),
    };
    let refused = world.studio.store().undelete(deletion, &only_adapter(MissingReferences::Refuse)).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.message, "'first' refers to the model 'lab/tiny', which was deleted too.");
    assert!(refused.hint.unwrap().contains("Restore that row too"));

    let back =
        world.studio.store().undelete(deletion, &only_adapter(MissingReferences::Clear)).await.unwrap();
    assert_eq!(back.what, "adapter 'first'");
    let row = world.studio.store().get(TableName::Adapters, &adapter).await.unwrap().row;
    assert_eq!(row["model_id"], json!(null));
    let kept = world.studio.store().deleted(0, 10).await.unwrap();
    assert_eq!(kept.deletions[0].rows.len(), 1, "the model is still kept");

    // Deleted apart: the model by one deletion, then an adapter that refers to it by another.
    world.studio.store().undelete(deletion, &UndeleteRequest::default()).await.unwrap();
    let fields = crate::world::row(json!({"model_id": model}));
    world.studio.rows().update(TableName::Adapters, &adapter, fields).await.unwrap();
    let of_adapter = delete(&world, TableName::Adapters, &adapter, Dependents::Refuse).await;
    delete(&world, TableName::Models, &model, Dependents::Refuse).await;
    let both = UndeleteRequest { missing: MissingReferences::Undelete, ..UndeleteRequest::default() };
    let back = world.studio.store().undelete(of_adapter, &both).await.unwrap();
    assert_eq!(back.what, "1 model and 1 adapter");
    assert_eq!(world.studio.store().deleted(0, 10).await.unwrap().total, 0);
}

#[tokio::test]
async fn what_it_refers_to_may_be_gone_for_good() {
    let world = World::new().await;
    let model = world.model().await;
    let adapter = adapter(&world, &model).await;
    let of_adapter = delete(&world, TableName::Adapters, &adapter, Dependents::Refuse).await;
    let of_model = delete(&world, TableName::Models, &model, Dependents::Refuse).await;
    world.studio.trash().purge(of_model).await.unwrap();
    assert_eq!(world.studio.trash().purge(of_model).await.unwrap_err().code, ErrorCode::NotFound);

    let with = |missing| UndeleteRequest { missing, ..UndeleteRequest::default() };
    let refused =
        world.studio.store().undelete(of_adapter, &with(MissingReferences::Undelete)).await.unwrap_err();
    assert!(refused.message.contains("no longer exists"), "{}", refused.message);
    world.studio.store().undelete(of_adapter, &with(MissingReferences::Clear)).await.unwrap();
    assert!(world.studio.store().get(TableName::Adapters, &adapter).await.is_ok());
}

#[tokio::test]
async fn thirty_days_later_it_is_gone() {
    let world = World::new().await;
    let model = world.model().await;
    let kept = delete(&world, TableName::Models, &model, Dependents::Refuse).await;
    let model = world.model().await;
    delete(&world, TableName::Models, &model, Dependents::Refuse).await;
    let mut database = world.stranger().await;
    let age = |days: u32, deletion: i64| {
        sqlx::query(
            "UPDATE studio_deletions SET deleted_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', ?) WHERE id = ?",
        )
        .bind(format!("-{days} days"))
        .bind(deletion)
    };
    age(29, kept).execute(&mut database).await.unwrap();
    age(31, kept + 1).execute(&mut database).await.unwrap();
    world.studio.close().await;

    let studio = Studio::open(world.studio.path()).await.unwrap();
    let left = studio.store().deleted(0, 10).await.unwrap();
    assert_eq!((left.total, left.deletions[0].id), (1, kept));
    for table in ["studio_deleted_rows", "studio_deleted_values"] {
        let query = format!("SELECT DISTINCT deletion FROM {table}");
        let deletions: Vec<i64> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(query)).fetch_all(&mut database).await.unwrap();
        assert_eq!(deletions, [kept], "{table}");
    }
    database.close().await.unwrap();
}

#[tokio::test]
async fn an_export_leaves_it_out_and_a_backup_keeps_it() {
    let world = World::new().await;
    let model = world.model().await;
    world.dataset().await;
    delete(&world, TableName::Models, &model, Dependents::Refuse).await;
    let backup = world.studio.store().back_up(BackupReason::Manual).await.unwrap();
    for (name, format) in [("all.json", ExportFormat::Json), ("all.sqlite", ExportFormat::Sqlite)] {
        let file = world.path(name);
        world.studio.snapshots().export(&file, format, None, &Work::unwatched()).await.unwrap();
        let bytes = std::fs::read(&file).unwrap();
        assert!(!bytes.windows(8).any(|bytes| bytes == b"lab/tiny"), "{name} holds what was deleted");
    }
    let bytes = std::fs::read(backup.path).unwrap();
    assert!(bytes.windows(8).any(|bytes| bytes == b"lab/tiny"));
}
