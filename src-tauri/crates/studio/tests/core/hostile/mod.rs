//! Files that mean harm or are broken: each ends in a clear error, and the store stays as it was.

mod code;
mod damaged;
mod endless;
mod texts;

use std::path::Path;

use studio::{Error, ErrorCode, Studio, platform::Work, snapshot::ImportPolicy};

use crate::{snapshots::export, world::World};

/// A studio with a row in most tables.
async fn lived_in() -> World {
    let world = World::new().await;
    let dataset = world.dataset().await;
    world.prompt(&dataset).await;
    world.model().await;
    world
}

/// Reads what can't be read, and holds the store to be the same after.
async fn refused(studio: &Studio, source: &Path) -> Error {
    let before = export(studio).await;
    let error = match studio.snapshots().read(source, &Work::unwatched()).await {
        Err(error) => error,
        Ok(mut staged) => {
            let result =
                studio.snapshots().import(&mut staged, &ImportPolicy::default(), &Work::unwatched()).await;
            result.map(|report| panic!("{} was taken: {report:?}", source.display())).unwrap_err()
        }
    };
    assert!(error.message.contains(&source.display().to_string()), "the file is not named: {error:?}");
    assert!(error.hint.is_some(), "no way out: {error:?}");
    assert_ne!(error.code, ErrorCode::Internal, "{error:?}");
    assert_eq!(export(studio).await, before, "the store changed");
    assert!(studio.store().backups().unwrap().is_empty(), "a refusal left a backup");
    error
}

async fn refused_text(text: impl AsRef<[u8]>) -> Error {
    let world = lived_in().await;
    let source = world.file("source.json", text);
    refused(&world.studio, &source).await
}
