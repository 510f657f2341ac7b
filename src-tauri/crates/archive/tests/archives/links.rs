//! What is in a folder and is no plain file of it.

use std::{fs, os::unix::fs::symlink};

use archive::ArchiveRequest;
use platform::Work;
use schema::ErrorCode;
use serde_json::json;

use crate::world::{ADAPTER, World, tree};

#[tokio::test]
async fn links_are_resolved_within_their_folder_and_never_followed_out_of_it() {
    let world = World::filled().await;
    world.write("secret.txt", b"secret");
    let folder = world.path("adapter");
    symlink("inner/weights.bin", folder.join("weights.bin")).unwrap();
    symlink(world.path("secret.txt"), folder.join("out.txt")).unwrap();
    symlink(world.path("rows"), folder.join("rows")).unwrap();
    symlink("nowhere", folder.join("broken")).unwrap();
    symlink("..", folder.join("inner/circle")).unwrap();
    let listener = std::os::unix::net::UnixListener::bind(folder.join("socket")).unwrap();

    let exported = world.export("a.fts.tar.zst").await.unwrap();
    drop(listener);
    let mut left_out: Vec<(String, &str)> = exported
        .left_out
        .iter()
        .map(|left| (left.location.rsplit('/').next().unwrap().to_owned(), left.reason.as_str()))
        .collect();
    left_out.sort_unstable();
    let reasons = [
        ("broken", "It is a link to a file that does not exist."),
        ("circle", "It is a link to a folder."),
        ("out.txt", "It is a link that leads out of its folder."),
        ("rows", "It is a link that leads out of its folder."),
        ("socket", "It is a device, a socket or a pipe."),
    ];
    assert_eq!(left_out, reasons.map(|(name, reason)| (name.to_owned(), reason)));

    let new = World::new().await;
    new.import(&world.path("a.fts.tar.zst"), &Work::unwatched()).await.unwrap();
    let place = new.location("adapters", ADAPTER).await;
    assert!(!place.join("weights.bin").is_symlink());
    assert_eq!(fs::read(place.join("weights.bin")).unwrap(), [7; 3000]);
    assert_eq!(tree(&place).keys().filter(|path| !path.ends_with("inner")).count(), 3);
}

#[tokio::test]
async fn a_name_that_other_systems_could_not_have_is_refused_by_name() {
    let world = World::filled().await;
    world.write("adapter/a\nb", b"");
    let refused = world.export("a.fts.tar.zst").await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Invalid);
    assert!(refused.message.contains("a\nb") && refused.message.contains("control character"), "{refused}");
    assert!(!world.path("a.fts.tar.zst").exists());
}

#[tokio::test]
async fn what_is_in_the_cache_of_the_hub_is_archived_by_its_name() {
    let world = World::new().await;
    world.write("hub/models--acme--tiny/snapshots/1/config.json", b"{}");
    let location = world.path("hub/models--acme--tiny/snapshots/1");
    world.create("models", json!({"type": "project", "name": "Tiny", "location": location})).await;
    let request = ArchiveRequest { rows: None, with_models: true };
    let plan = archive::plan(&world.store, &request, None, &Work::unwatched()).await.unwrap();
    assert!(plan.files == 0 && plan.left_out[0].reason.contains("acme/tiny"), "{plan:?}");
}

/// The type of a row decides which of its paths has a meaning; a type of another program excludes none.
#[tokio::test]
async fn a_path_that_the_type_of_its_row_gives_no_meaning_stays_behind() {
    let world = World::new().await;
    world.write("a/config.json", b"{}");
    let rows = json!({"models": [
        {"id": "1", "type": "huggingface", "name": "Named", "location": world.path("a")},
        {"id": "2", "type": "project", "name": "Folder", "location": world.path("a")},
        {"id": "3", "type": "of_another_program", "name": "Odd", "location": world.path("a")},
    ]});
    world.write("rows.json", rows.to_string().as_bytes());
    let mut staged =
        snapshot::Staged::read(&world.store, &world.path("rows.json"), &Work::unwatched()).await.unwrap();
    staged.import(&world.store, &snapshot::ImportPolicy::default(), &Work::unwatched()).await.unwrap();
    staged.discard().await;
    let request = ArchiveRequest { rows: None, with_models: true };
    let plan = archive::plan(&world.store, &request, None, &Work::unwatched()).await.unwrap();
    let ids: Vec<&str> = plan.folders[0].references.iter().map(|reference| &*reference.id).collect();
    assert_eq!((ids, plan.files), (vec!["2", "3"], 1));
}
