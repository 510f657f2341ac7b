//! What goes into an archive comes out of it, once.

use std::fs;

use archive::{ArchiveRequest, ArchivedRows, Placement};
use platform::Work;
use proptest::prelude::*;
use schema::{ErrorCode, TableName};
use serde_json::json;

use crate::world::{ADAPTER, DATASET, MODEL, World, tree};

const PROMPT: &str = "5f0ae4a5-7d2e-4c70-9b3b-000000000004";
const PART: &str = "5f0ae4a5-7d2e-4c70-9b3b-000000000005";

#[tokio::test]
async fn rows_and_files_are_the_same_after_two_moves() {
    let old = World::filled().await;
    old.export("a.fts.tar.zst").await.unwrap();
    let new = World::new().await;
    let report = new.import(&old.path("a.fts.tar.zst"), &Work::unwatched()).await.unwrap();
    assert_eq!(report.placed.len(), 3);
    new.export("b.fts.tar.zst").await.unwrap();
    let first = archive::list(&old.path("a.fts.tar.zst")).await.unwrap();
    let second = archive::list(&new.path("b.fts.tar.zst")).await.unwrap();
    // The hashes are those of the rows and of all files.
    assert_eq!(first.rows, second.rows);
    assert_eq!(first.folders, second.folders);
    assert_eq!(first.folders.len(), 3);
    for (table, id) in [("datasets", DATASET), ("adapters", ADAPTER), ("models", MODEL)] {
        let place = new.location(table, id).await;
        assert!(place.starts_with(new.path("put")), "{}", place.display());
    }
    assert_eq!(tree(&new.location("adapters", ADAPTER).await), tree(&old.path("adapter")));
    assert_eq!(new.location("datasets", DATASET).await.file_name().unwrap(), "Größe 1.csv");
}

#[tokio::test]
async fn a_second_import_changes_nothing() {
    let old = World::filled().await;
    old.export("a.fts.tar.zst").await.unwrap();
    let file = old.path("a.fts.tar.zst");
    let new = World::new().await;
    new.import(&file, &Work::unwatched()).await.unwrap();
    // Also on the machine that wrote it, where the files never moved.
    for world in [&new, &old] {
        let before = world.on_disk();
        let mut archive = world.read(&file).await.unwrap();
        let plan = archive.plan().await.unwrap();
        assert!(plan.folders.iter().all(|folder| folder.placement == Placement::Same), "{plan:?}");
        assert!(plan.rows.tables.values().all(|table| table.new + table.conflicting == 0), "{plan:?}");
        archive.discard().await;
        let rows = world.rows().await;
        assert_eq!(world.import(&file, &Work::unwatched()).await.unwrap().placed, []);
        assert_eq!((world.rows().await, world.on_disk()), (rows, before));
    }
}

#[tokio::test]
async fn files_never_go_over_others() {
    let old = World::filled().await;
    old.export("a.fts.tar.zst").await.unwrap();
    let new = World::new().await;
    let name = archive::list(&old.path("a.fts.tar.zst")).await.unwrap().folders[0].name.clone();
    new.write(&format!("put/{name}/mine.txt"), b"mine");
    new.import(&old.path("a.fts.tar.zst"), &Work::unwatched()).await.unwrap();
    assert_eq!(tree(&new.path(&format!("put/{name}"))).len(), 1);
    assert!(new.location("datasets", DATASET).await.starts_with(new.path(&format!("put/{name}-2"))));
}

#[tokio::test]
async fn a_row_brings_what_it_refers_to_and_a_file_of_two_rows_goes_once() {
    let world = World::filled().await;
    world.create("prompts", json!({"id": PROMPT, "name": "P", "dataset_id": DATASET, "input_template": "{question}", "completion_template": "{answer}"})).await;
    world
        .create(
            "models",
            json!({"id": PART, "type": "project", "name": "Part", "location": world.path("adapter/inner")}),
        )
        .await;
    let request = |table: TableName, id: &str| ArchiveRequest {
        rows: Some(ArchivedRows { table, ids: vec![id.to_owned()] }),
        with_models: true,
    };
    let plan = async |request| archive::plan(&world.store, &request, None, &Work::unwatched()).await;
    let prompt = plan(request(TableName::Prompts, PROMPT)).await.unwrap();
    assert_eq!((prompt.files, prompt.folders[0].references[0].id.as_str()), (1, DATASET));
    let adapter = plan(request(TableName::Adapters, ADAPTER)).await.unwrap();
    assert_eq!(adapter.tables.iter().map(|count| count.rows).sum::<u64>(), 2, "with its model");
    let all = plan(ArchiveRequest { rows: None, with_models: true }).await.unwrap();
    let shared = all.folders.iter().find(|folder| folder.references.len() == 2).unwrap();
    let inner = shared.references.iter().find(|reference| reference.id == PART).unwrap();
    assert!(inner.path.ends_with("/inner") && shared.files == 2, "{shared:?}");
    assert_eq!(plan(request(TableName::Adapters, "gone")).await.unwrap_err().code, ErrorCode::NotFound);

    world.export("a.fts.tar.zst").await.unwrap();
    let new = World::new().await;
    new.import(&world.path("a.fts.tar.zst"), &Work::unwatched()).await.unwrap();
    let [outer, inner] = [new.location("adapters", ADAPTER).await, new.location("models", PART).await];
    assert_eq!(inner, outer.join("inner"));
    assert_eq!(fs::read(inner.join("weights.bin")).unwrap(), [7; 3000]);
}

fn files() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    let name = prop::sample::select(vec!["a", "b.txt", "ü x", ".hidden", "-", "c'\"$", "ab", "日本"]);
    let long = Just("long-".repeat(30));
    let part = prop_oneof![8 => name.prop_map(str::to_owned), 1 => long];
    let path = prop::collection::vec(part, 1..4).prop_map(|parts| parts.join("/"));
    // Tar counts in blocks of 512 bytes.
    let bytes = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40),
        prop::sample::select(vec![511usize, 512, 513, 1024]).prop_map(|size| vec![1; size]),
    ];
    prop::collection::vec((path, bytes), 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    /// Whatever files a folder has: they arrive with their names and bytes.
    #[test]
    fn any_folder_arrives_as_it_was(files in files()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let old = World::new().await;
            fs::create_dir(old.path("any")).unwrap();
            for (name, bytes) in files {
                // A path may need a folder where another has a file.
                let path = old.path("any").join(name);
                if fs::create_dir_all(path.parent().unwrap()).is_ok() {
                    let _ = fs::write(path, bytes);
                }
            }
            old.create("models", json!({"id": MODEL, "type": "project", "name": "../M", "location": old.path("any")})).await;
            old.export("a.fts.tar.zst").await.unwrap();
            let new = World::new().await;
            new.import(&old.path("a.fts.tar.zst"), &Work::unwatched()).await.unwrap();
            let mut before = tree(&old.path("any"));
            // Empty folders do not go along.
            let paths: Vec<_> = before.iter().filter(|(_, bytes)| bytes.is_some()).map(|(path, _)| path.clone()).collect();
            before.retain(|folder, bytes| bytes.is_some() || paths.iter().any(|path| path.starts_with(folder)));
            assert_eq!(tree(&new.location("models", MODEL).await), before);
        });
    }
}
